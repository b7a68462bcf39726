"""Who may open the addresses of scoring models, scores and blind rounds."""

import uuid

from portal.people.models import User
from portal.people.public import SYSTEM
from roadmaps.planning.initiatives.public import create_initiative
from roadmaps.planning.scoring import actions
from roadmaps.planning.scoring.models import ScoringModel
from tests.house.access_table import Row, from_role, signed_in

GIVEN = {
    "reach": {"likely": 600, "label": "estimated", "source": "Counted"},
    "impact": {"likely": 2},
    "confidence": {"likely": 0.8},
    "effort": {"likely": 3},
}


def _model(slug="rice"):
    return ScoringModel.objects.select_related("current").get(slug=slug)


def make_initiative(world, visibility="company", title="Guide new teams"):
    return create_initiative(world.product, title=title, actor=SYSTEM, visibility=visibility)


def make_score(world, visibility="company"):
    return actions.score_initiative(make_initiative(world, visibility), _model(), actor=SYSTEM, inputs=GIVEN)


def model(world):
    return {"slug": "rice"}


def archived(world):
    actions.archive_model(_model("ice"), actor=SYSTEM)
    return {"slug": "ice"}


def scored(world):
    return {"pk": make_score(world).initiative_id, "slug": "rice"}


def hidden(world):
    return {"pk": make_score(world, "team").initiative_id, "slug": "rice"}


def score(world):
    return {"pk": make_score(world).pk}


def hidden_score(world):
    return {"pk": make_score(world, "team").pk}


def batch(world):
    return {"batch": make_score(world).changes.get().batch}


def no_batch(world):
    return {"batch": uuid.UUID(int=7)}


def _round(world, visibility="company"):
    people = list(User.objects.filter(teams=world.product.team, is_active=True))
    things = [make_initiative(world)]
    return actions.open_round(
        world.product, _model(), title="New year", initiatives=things, people=people, actor=SYSTEM,
        visibility=visibility,
    )  # fmt: skip


def opened(world):
    return {"pk": _round(world).pk}


def asked(world):
    opened(world)
    return {}


def hidden_round(world):
    return {"pk": _round(world, "team").pk}


def handed_in(world):
    made = _round(world)
    number = made.items.get().initiative_id
    for one in made.scorers.select_related("user"):
        actions.hand_in(made, actor=one.user, ballots={number: {"reach": 5}})
    return {"pk": made.pk}


def _revealed(world):
    made = handed_in(world)
    from roadmaps.planning.scoring.models import Round

    return actions.reveal_round(Round.objects.get(pk=made["pk"]), actor=SYSTEM)


def revealed(world):
    return {"pk": _revealed(world).pk}


def item(world):
    made = _revealed(world)
    return {"pk": made.pk, "item": made.items.get().pk}


def editors(status, *, else_=403, anonymous=302):
    """The team's product managers, ops and admins; others may look but not change."""
    return {**signed_in(status, anonymous=anonymous), "viewer": else_, "outsider": else_}


SEEN_INSIDE = {**signed_in(200), "outsider": 404}
OPS = from_role("ops", 200, else_=403)
OPS_DO = from_role("ops", 302, else_=403)
# Those who are of the team are asked; ops and admins lead, and are not.
ASKED = {**signed_in(302), "ops": 403, "admin": 403, "outsider": 403}
BALLOT = {"act": "keep"}
API_INSIDE = {**signed_in(200, anonymous=401), "outsider": 404}

ROWS = [
    Row("scoring:model-list", signed_in(200)),
    Row("scoring:model-new", OPS),
    Row("scoring:model-page", signed_in(200), model),
    Row("scoring:model-edit", OPS, model),
    Row("scoring:model-archive", signed_in(405), model),
    Row("scoring:model-archive", OPS_DO, model, "post"),
    Row("scoring:model-restore", signed_in(405), model),
    Row("scoring:model-restore", OPS_DO, archived, "post"),
    Row("scoring:score-page", signed_in(200), scored),
    Row("scoring:score-page", SEEN_INSIDE, hidden),
    Row("scoring:score-delete", editors(200), scored),
    Row("scoring:score-delete", editors(302), scored, "post"),
    Row("scoring:score-confirm", signed_in(405), scored),
    Row("scoring:score-confirm", editors(302), scored, "post"),
    Row("scoring:undo", signed_in(405), batch),
    Row("scoring:undo", editors(302), batch, "post"),
    Row("scoring:undo", signed_in(404), no_batch, "post"),
    Row("scoring:round-list", signed_in(200)),
    Row("scoring:round-mine", signed_in(200), asked),
    Row("scoring:round-new", editors(200)),
    Row("scoring:round-page", signed_in(200), opened),
    Row("scoring:round-page", SEEN_INSIDE, hidden_round),
    Row("scoring:round-page", signed_in(200), revealed),
    Row("scoring:ballot", signed_in(405), opened),
    Row("scoring:ballot", ASKED, opened, "post", BALLOT),
    Row("scoring:ballot-take-back", signed_in(405), handed_in),
    Row("scoring:ballot-take-back", ASKED, handed_in, "post"),
    Row("scoring:round-reveal", signed_in(405), opened),
    Row("scoring:round-reveal", editors(302), handed_in, "post"),
    Row("scoring:round-cancel", signed_in(405), opened),
    Row("scoring:round-cancel", editors(302), opened, "post"),
    Row("scoring:remark-new", signed_in(405), item),
    Row("scoring:remark-new", {**signed_in(302), "outsider": 403}, item, "post", {"text": "Why?"}),
    Row("scoring:item-settle", editors(200), item),
    Row("api:scoring-model-list", signed_in(200, anonymous=401)),
    Row("api:scoring-model-detail", signed_in(200, anonymous=401), model),
    Row("api:scoring-model-write-version", signed_in(405, anonymous=401), model),
    Row("api:scoring-model-archive", signed_in(405, anonymous=401), model),
    Row("api:scoring-model-restore", signed_in(405, anonymous=401), model),
    Row("api:score-list", signed_in(200, anonymous=401)),
    Row("api:score-detail", API_INSIDE, hidden_score),
    Row("api:score-confirm", signed_in(405, anonymous=401), score),
    Row("api:score-confirm", editors(200, anonymous=401), score, "post"),
    Row("api:scoring-round-list", signed_in(200, anonymous=401)),
    Row("api:scoring-round-detail", API_INSIDE, hidden_round),
    Row("api:scoring-round-items", API_INSIDE, hidden_round),
    Row("api:scoring-round-ballot", signed_in(405, anonymous=401), opened),
    Row("api:scoring-round-take-back", signed_in(405, anonymous=401), opened),
    Row("api:scoring-round-reveal", signed_in(405, anonymous=401), opened),
    Row("api:scoring-round-cancel", signed_in(405, anonymous=401), opened),
]
