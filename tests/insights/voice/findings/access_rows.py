"""Who may open the addresses of findings and of their evidence."""

import datetime as dt

from insights.explore.models import Insight
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.feedback.actions import add_feedback
from insights.voice.findings.actions import create_finding, review_finding
from insights.voice.findings.gathering import add_evidence, quote_for_finding
from insights.voice.surveys.actions import create_survey, open_survey
from portal.people.public import SYSTEM
from tests.factories import make_channel
from tests.house.access_table import Row, from_role, signed_in


def _feedback(world, visibility="company"):
    values = {"channel": make_channel("call"), "visibility": visibility, "person": "ann"}
    return add_feedback(world.product, actor=SYSTEM, today=dt.date(2024, 1, 20), text="It is slow.", **values)[0]


def _finding(world, visibility="company", text="company"):
    finding = create_finding(world.product, claim="Speed keeps them away", actor=SYSTEM, visibility=visibility)
    return finding, quote_for_finding(finding, _feedback(world, text), actor=SYSTEM, quote="slow")[0]


def _one(world):
    _finding(world)
    return {}


def _all_kinds(world):
    """A finding on which everything stands that can: quotes of both kinds of text, an insight, a survey."""
    finding, _ = _finding(world)
    talk = add_conversation(
        world.product,
        actor=SYSTEM,
        today=dt.date(2024, 1, 20),
        title="First week",
        held_on=dt.date(2024, 1, 20),
        transcript="Ann: It is slow.",
        participants=[ParticipantInput("ann", "Ann")],
    )
    quote_for_finding(finding, talk, actor=SYSTEM, quote="slow")
    of = {"product": world.product, "team": world.team}
    insight = Insight.objects.create(title="Opened", question={"kind": "trend"}, chart="line", **of)
    survey = open_survey(create_survey(world.product, actor=SYSTEM, kind="nps", name="Autumn"), actor=SYSTEM)
    for kind, thing in (("insight", insight), ("survey", survey)):
        add_evidence(finding, actor=SYSTEM, kind=kind, thing_id=thing.pk, note="Fell.")
    return {"pk": finding.pk}


def _draft(world):
    return {"pk": _finding(world)[0].pk}


def _stated(world):
    finding, _ = _finding(world)
    review_finding(finding, actor=SYSTEM, version=1, outcome="stands")
    return {"pk": finding.pk}


def _hidden(world):
    return {"pk": _finding(world, "team")[0].pk}


def _evidence(world):
    return {"pk": _finding(world)[1].pk}


def _hidden_evidence(world):
    return {"pk": _finding(world, text="team")[1].pk}


def _text(world):
    _finding(world)
    return {"pk": _feedback(world).pk}


def _hidden_text(world):
    return {"pk": _feedback(world, "team").pk}


def _conversation(world):
    of = {"title": "First week", "held_on": dt.date(2024, 1, 20), "transcript": "Ann: It is slow."}
    return {"pk": add_conversation(world.product, actor=SYSTEM, today=dt.date(2024, 1, 20), **of).pk}


EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
HIDDEN = {**EDITORS, "outsider": 404}
POSTED = {**from_role("product_manager", 302, else_=403), "outsider": 403}
NOT_HERE = {"outsider": 404}

ROWS = [
    Row("findings:finding-list", signed_in(200), _one),
    Row("findings:finding-new", EDITORS),
    Row("findings:finding-mine", signed_in(200)),
    Row("findings:finding-page", signed_in(200), _stated),
    Row("findings:finding-page", signed_in(200), _all_kinds),
    Row("findings:finding-page", {**signed_in(200), **NOT_HERE}, _hidden),
    Row("findings:finding-history", signed_in(200), _stated),
    Row("findings:finding-history", {**signed_in(200), **NOT_HERE}, _hidden),
    *(Row(f"findings:finding-{act}", EDITORS, _draft) for act in ("edit", "review", "delete")),
    *(Row(f"findings:finding-{act}", HIDDEN, _hidden) for act in ("edit", "review", "delete")),
    Row("findings:evidence-new", EDITORS, _draft),
    Row("findings:evidence-new", HIDDEN, _hidden),
    Row("findings:evidence-edit", EDITORS, _evidence),
    Row("findings:evidence-edit", HIDDEN, _hidden_evidence),
    Row("findings:evidence-delete", POSTED, _evidence, method="post"),
    Row("findings:evidence-delete", {**POSTED, **NOT_HERE}, _hidden_evidence, method="post"),
    Row("findings:feedback-findings", signed_in(200), _text),
    Row("findings:feedback-findings", {**signed_in(200), **NOT_HERE}, _hidden_text),
    Row("findings:quote-new", EDITORS, _text),
    Row("findings:quote-new", HIDDEN, _hidden_text),
    Row("findings:conversation-findings", {**signed_in(200), **NOT_HERE}, _conversation),
    Row("findings:conversation-quote-new", HIDDEN, _conversation),
    Row("api:finding-list", signed_in(200, anonymous=401)),
    Row("api:finding-detail", signed_in(200, anonymous=401), _stated),
    Row("api:finding-detail", {**signed_in(200, anonymous=401), **NOT_HERE}, _hidden),
    *(Row(f"api:finding-{part}", signed_in(200, anonymous=401), _stated) for part in ("reviews", "backing")),
    Row("api:finding-review", signed_in(405, anonymous=401), {"pk": 1}),
    Row("api:evidence-list", signed_in(200, anonymous=401)),
    Row("api:evidence-detail", signed_in(200, anonymous=401), _evidence),
    Row("api:evidence-detail", {**signed_in(200, anonymous=401), **NOT_HERE}, _hidden_evidence),
]
