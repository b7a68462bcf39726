"""Who may open the addresses of initiatives."""

from portal.people.public import SYSTEM
from roadmaps.goals.actions import create_objective
from roadmaps.planning.initiatives.dependencies import add_dependency, add_link
from roadmaps.planning.initiatives.models import StageName
from roadmaps.planning.initiatives.public import change_initiative, create_initiative
from roadmaps.planning.initiatives.stage_names import note_names
from roadmaps.planning.opportunities.actions import create_opportunity
from tests.house.access_table import Row, from_role, signed_in
from tests.roadmaps.goals.access_rows import make_cycle


def make_initiative(world, visibility="company", title="Guide"):
    return create_initiative(world.product, title=title, visibility=visibility, actor=SYSTEM)


def initiative(world):
    return {"pk": make_initiative(world).pk}


def full(world):
    """An initiative with all that hangs on it."""
    cycle = make_cycle()
    goal = create_objective(title="Faster", cycle=cycle, product=world.product, actor=SYSTEM)
    problem = create_opportunity(world.product, title="Slow", actor=SYSTEM)
    first, made, last = (make_initiative(world, title=title) for title in ("First", "Guide", "Last"))
    change_initiative(made, actor=SYSTEM, changes={"objective": goal, "opportunities": [problem], "stage": "building"})
    add_dependency(made, first, actor=SYSTEM)
    add_dependency(last, made, actor=SYSTEM)
    add_link(made, actor=SYSTEM, url="https://example.com")
    return {"pk": made.pk}


def hidden(world):
    return {"pk": make_initiative(world, "team").pk}


def dependency(world, visibility="company"):
    needed = make_initiative(world, visibility, "Link")
    return {"pk": add_dependency(make_initiative(world), needed, actor=SYSTEM)[0].pk}


def hidden_dependency(world):
    return dependency(world, "team")


def link(world):
    return {"pk": add_link(make_initiative(world), actor=SYSTEM, url="https://example.com").pk}


def slug(world):
    return {**initiative(world), "slug": "nothing"}


def named(world):
    note_names(world.product, ["Deferred"])
    return {"pk": StageName.objects.get(sent="Deferred").pk}


OWN = {**from_role("product_manager", 200, else_=403), "outsider": 403}
POSTED = {**from_role("product_manager", 302, else_=403), "outsider": 403}
HIDDEN = {**signed_in(200), "outsider": 404}

ROWS = [
    Row("initiatives:initiative-list", signed_in(200), lambda world: full(world) and {}),
    Row("initiatives:initiative-new", OWN),
    Row("initiatives:initiative-bulk", signed_in(302), method="post"),
    Row("initiatives:initiative-page", HIDDEN, hidden),
    Row("initiatives:initiative-page", signed_in(200), full),
    Row("initiatives:initiative-row", signed_in(302), initiative),
    Row("initiatives:initiative-edit", OWN, full),
    Row("initiatives:initiative-delete", OWN, initiative),
    Row("initiatives:initiative-history", HIDDEN, hidden),
    Row("initiatives:initiative-history", signed_in(200), full),
    Row("initiatives:stage-names", signed_in(200), lambda world: named(world) and {}),
    Row("initiatives:stage-name", POSTED, named, method="post", data={"stage": "done", "version": 1}),
    Row("initiatives:panel", signed_in(404), slug),
    Row("initiatives:dependency-new", OWN, full),
    Row("initiatives:offers", signed_in(200), initiative),
    Row("initiatives:offers", HIDDEN, hidden),
    Row("initiatives:dependency-delete", POSTED, dependency, method="post"),
    Row("initiatives:dependency-delete", {**POSTED, "outsider": 404}, hidden_dependency, method="post"),
    Row("initiatives:link-new", OWN, initiative),
    Row("initiatives:link-delete", POSTED, link, method="post"),
    Row("api:initiative-list", signed_in(200, anonymous=401), lambda world: full(world) and {}),
    Row("api:initiative-detail", signed_in(200, anonymous=401), initiative),
    Row("api:initiative-detail", {**HIDDEN, "anonymous": 401}, hidden),
    Row("api:initiative-bulk", signed_in(400, anonymous=401), method="post"),
    Row("api:initiative-as-of", signed_in(400, anonymous=401)),
    Row("api:initiative-versions", signed_in(200, anonymous=401), initiative),
    Row("api:initiative-versions", {**HIDDEN, "anonymous": 401}, hidden),
    Row("api:initiative-dependency-list", signed_in(200, anonymous=401)),
    Row("api:initiative-dependency-detail", signed_in(200, anonymous=401), dependency),
    Row("api:initiative-dependency-detail", {**HIDDEN, "anonymous": 401}, hidden_dependency),
    Row("api:initiative-link-list", signed_in(200, anonymous=401)),
    Row("api:initiative-link-detail", signed_in(200, anonymous=401), link),
]
