"""Who may open the addresses of suggestions: they quote what people said, so insiders alone see proposals."""

import datetime as dt

from insights.voice.feedback.actions import add_feedback
from insights.voice.suggestions.actions import judge
from insights.voice.suggestions.models import ProposedPiece, ThemeProposal
from insights.voice.themes.actions import create_theme
from portal.people.public import SYSTEM
from tests.factories import make_channel
from tests.house.access_table import Row, from_role, insiders, signed_in


def _feedback(world):
    values = {"channel": make_channel("call"), "visibility": "company"}
    return add_feedback(world.product, actor=SYSTEM, today=dt.date(2024, 1, 20), text="It is slow.", **values)[0]


def _piece(world):
    return {"pk": _feedback(world).pk}


def _proposal(world, state="open"):
    values = {"name": "Dark mode", "words": ["dark mode"], "marks": ["x"], "closeness": 0.8, "n_pieces": 1}
    made = ThemeProposal.objects.create(product=world.product, state=state, **values)
    ProposedPiece.objects.create(proposal=made, feedback=_feedback(world), position=0)
    return {"pk": made.pk}


def _rejected(world):
    return _proposal(world, "rejected")


def _verdict(world):
    theme = create_theme(world.product, name="Speed", actor=SYSTEM)
    return {"pk": judge(_feedback(world), theme, False, actor=SYSTEM).pk}


EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 404}
POSTED = {**from_role("product_manager", 302, else_=403), "outsider": 404}

ROWS = [
    Row("suggestions:proposal-list", signed_in(200)),
    Row("suggestions:proposal-accept", EDITORS, _proposal),
    Row("suggestions:proposal-reject", POSTED, _proposal, method="post", data={"version": "1"}),
    Row("suggestions:proposal-reopen", POSTED, _rejected, method="post", data={"version": "1"}),
    Row(
        "suggestions:learn-now",
        {**POSTED, "outsider": 403},
        lambda world: {"slug": world.product.slug},
        method="post",
    ),
    Row("api:theme-proposal-list", signed_in(200, anonymous=401)),
    Row("api:theme-proposal-detail", insiders(200, anonymous=401), _proposal),
    *(
        Row(f"api:theme-proposal-{act}", signed_in(405, anonymous=401), {"pk": 1})
        for act in ("accept", "reject", "reopen")
    ),
    Row("api:theme-suggestion-detail", insiders(200, anonymous=401), _piece),
    Row("api:suggestion-verdict-list", signed_in(200, anonymous=401)),
    Row("api:suggestion-verdict-detail", signed_in(200, anonymous=401), _verdict),
]
