"""Who may open the addresses of conversations, and of highlights and themes in them."""

import datetime as dt

from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.conversations.steps import add_next_step
from portal.people.public import SYSTEM
from tests.house.access_table import Row, from_role, insiders, signed_in


def _made(world, visibility="team"):
    return add_conversation(
        world.product,
        actor=SYSTEM,
        today=dt.date(2024, 1, 20),
        title="With Ann",
        notes="**Slow**, says a@b.example.",
        transcript="Ann: It is slow.",
        visibility=visibility,
        participants=[ParticipantInput("ann", "Ann", "acme")],
    )


def _conversation(world):
    made = _made(world)
    add_next_step(made, actor=SYSTEM, text="Call again", owner=world.product_manager)
    return {"pk": made.pk}


def _shared(world):
    return {"pk": _made(world, "company").pk}


def _step(world):
    return {"pk": add_next_step(_made(world), actor=SYSTEM, text="Call again").pk}


EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
HIDDEN = {**from_role("product_manager", 200, else_=403), "outsider": 404}
TICKS = {**from_role("product_manager", 302, else_=403), "outsider": 404}

ROWS = [
    Row("conversations:conversation-list", signed_in(200)),
    Row("conversations:conversation-new", EDITORS),
    Row("conversations:conversations-with", signed_in(200)),
    Row("conversations:conversation-page", insiders(200), _conversation),
    Row("conversations:conversation-page", signed_in(200), _shared),
    Row("conversations:conversation-history", insiders(200), _conversation),
    Row("conversations:conversation-edit", HIDDEN, _conversation),
    Row("conversations:conversation-edit", EDITORS, _shared),
    Row("conversations:conversation-delete", HIDDEN, _conversation),
    Row("conversations:conversation-people", insiders(302), _conversation),
    Row("conversations:conversation-people", insiders(302), _shared),
    Row("conversations:conversation-steps", insiders(200), _conversation),
    Row("conversations:conversation-steps", insiders(200), _shared),
    Row("conversations:my-steps", signed_in(200)),
    Row("conversations:step-new", HIDDEN, _conversation),
    Row("conversations:step-edit", HIDDEN, _step),
    Row("conversations:step-tick", TICKS, _step, method="post", data={"is_done": "yes"}),
    Row("conversations:step-delete", HIDDEN, _step),
    Row("highlights:conversation-highlight-new", HIDDEN, _conversation),
    Row("highlights:conversation-highlight-new", EDITORS, _shared),
    Row("themes:conversation-themes", insiders(200), _conversation),
    Row("themes:conversation-link-new", HIDDEN, _conversation),
    Row("api:conversation-list", signed_in(200, anonymous=401)),
    Row("api:conversation-detail", insiders(200, anonymous=401), _conversation),
    Row("api:conversation-uses", insiders(200, anonymous=401), _conversation),
    Row("api:conversation-transcript", signed_in(405, anonymous=401), _conversation),
    Row("api:next-step-list", signed_in(200, anonymous=401)),
    Row("api:next-step-detail", insiders(200, anonymous=401), _step),
]
