"""Who may open the addresses of opportunities and their evidence."""

import datetime as dt

from insights.explore.models import Insight
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.feedback.actions import add_feedback
from insights.voice.findings.actions import create_finding
from insights.voice.surveys.actions import create_survey, open_survey
from insights.voice.themes.actions import create_theme
from portal.people.public import SYSTEM
from roadmaps.planning.initiatives.public import create_initiative
from roadmaps.planning.opportunities import actions
from roadmaps.planning.opportunities.gathering import add_evidence, quote_for_opportunity
from roadmaps.planning.opportunities.models import Evidence
from tests.factories import make_channel
from tests.house.access_table import Row, from_role, signed_in


def make_opportunity(world, visibility="company"):
    return actions.create_opportunity(world.product, title="Getting in", visibility=visibility, actor=SYSTEM)


def opportunity(world):
    return {"pk": make_opportunity(world).pk}


def full(world):
    """An opportunity on which everything stands that can."""
    made = make_opportunity(world)
    values = {"channel": make_channel("call"), "person": "ann"}
    piece, _ = add_feedback(world.product, actor=SYSTEM, today=dt.date(2024, 1, 20), text="It is so slow.", **values)
    talk = add_conversation(
        world.product,
        actor=SYSTEM,
        today=dt.date(2024, 1, 20),
        title="First week",
        held_on=dt.date(2024, 1, 20),
        transcript="Ann: It is slow.",
        participants=[ParticipantInput("ann", "Ann")],
    )
    quote_for_opportunity(made, piece, actor=SYSTEM, quote="slow")
    quote_for_opportunity(made, talk, actor=SYSTEM, quote="slow")
    of = {"product": world.product, "team": world.team}
    things = {
        "finding": create_finding(world.product, claim="Speed keeps them away", actor=SYSTEM),
        "theme": create_theme(world.product, name="Speed", actor=SYSTEM),
        "feedback": piece,
        "insight": Insight.objects.create(title="Opened", question={"kind": "trend"}, chart="line", **of),
        "survey": open_survey(create_survey(world.product, actor=SYSTEM, kind="nps", name="Autumn"), actor=SYSTEM),
    }
    for kind, thing in things.items():
        add_evidence(made, actor=SYSTEM, kind=kind, thing_id=thing.pk, note="It says so.")
    actions.decide(made, actor=SYSTEM, what="Look closer")
    create_initiative(world.product, title="Make it quick", opportunities=[made], actor=SYSTEM)
    return {"pk": made.pk}


def hidden(world):
    return {"pk": make_opportunity(world, "team").pk}


def evidence(world):
    values = {"channel": make_channel("call"), "person": "ann"}
    piece, _ = add_feedback(world.product, actor=SYSTEM, today=dt.date(2024, 1, 20), text="It is slow.", **values)
    made, _ = add_evidence(make_opportunity(world), actor=SYSTEM, kind="feedback", thing_id=piece.pk)
    return {"pk": made.pk}


def said(world):
    proof = Evidence.objects.get(pk=evidence(world)["pk"])
    quote_for_opportunity(proof.opportunity, proof.feedback, actor=SYSTEM, quote="slow")
    return {"of": "feedback", "pk": proof.feedback_id}


def slug(world):
    return {**opportunity(world), "slug": "initiatives"}


OWN = {**from_role("product_manager", 200, else_=403), "outsider": 403}
POSTED = {**from_role("product_manager", 302, else_=403), "outsider": 403}
HIDDEN = {**signed_in(200), "outsider": 404}
API_OWN = {**from_role("product_manager", 200, else_=403, anonymous=401), "outsider": 403}

ROWS = [
    Row("opportunities:opportunity-list", signed_in(200), lambda world: full(world) and {}),
    Row("opportunities:opportunity-new", OWN),
    Row("opportunities:opportunity-bulk", signed_in(302), method="post"),
    Row("opportunities:opportunity-page", HIDDEN, hidden),
    Row("opportunities:opportunity-page", signed_in(200), full),
    Row("opportunities:opportunity-row", signed_in(302), opportunity),
    Row("opportunities:opportunity-edit", OWN, opportunity),
    Row("opportunities:opportunity-delete", OWN, opportunity),
    Row("opportunities:opportunity-demand", HIDDEN, hidden),
    Row("opportunities:opportunity-demand", signed_in(200), full),
    Row("opportunities:evidence-list", HIDDEN, hidden),
    Row("opportunities:evidence-list", signed_in(200), full),
    Row("opportunities:evidence-list", signed_in(200), full, data={"of": "things"}),
    Row("opportunities:opportunity-similar", HIDDEN, hidden),
    Row("opportunities:opportunity-similar", signed_in(200), full),
    Row("opportunities:opportunity-history", HIDDEN, hidden),
    Row("opportunities:opportunity-history", signed_in(200), full),
    Row("opportunities:decision-new", OWN, opportunity),
    Row("opportunities:panel", signed_in(302), slug),
    Row("opportunities:evidence-new", OWN, full),
    Row("opportunities:of-piece", HIDDEN, said),
    Row("opportunities:quote-new", {**OWN, "outsider": 404}, said),
    Row("opportunities:evidence-edit", {**OWN, "outsider": 404}, evidence),
    Row("opportunities:evidence-delete", {**POSTED, "outsider": 404}, evidence, method="post"),
    Row("api:opportunity-list", signed_in(200, anonymous=401)),
    Row("api:opportunity-detail", signed_in(200, anonymous=401), opportunity),
    Row("api:opportunity-detail", {**HIDDEN, "anonymous": 401}, hidden),
    Row("api:opportunity-demand", signed_in(200, anonymous=401), opportunity),
    Row("api:opportunity-decisions", signed_in(200, anonymous=401), opportunity),
    Row(
        "api:opportunity-decide",
        {**from_role("product_manager", 201, else_=403, anonymous=401), "outsider": 403},
        opportunity,
        method="post",
        data={"what": "Wait"},
    ),
    Row("api:opportunity-evidence-list", signed_in(200, anonymous=401), lambda world: full(world) and {}),
    Row("api:opportunity-evidence-detail", {**HIDDEN, "anonymous": 401}, evidence),
]
