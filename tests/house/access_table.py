"""The table of who may open what: every address of the portal by role, with the expected status.

Each room lists its own addresses in `tests/<package>/<room>/access_rows.py`:

    from tests.house.access_table import Row, from_role, signed_in

    ROWS = [
        Row("gadgets:gadget-list", signed_in(200)),                            # anonymous is sent to the login: 302
        Row("gadgets:gadget-page", signed_in(200), lambda world: {"gadget_id": make_gadget(world.product).pk}),
        Row("gadgets:gadget-new", from_role("ops", 200, else_=403)),
        Row("gadgets:gadget-delete", signed_in(405), {"gadget_id": 1}),        # POST only: a GET is refused
        Row("api:gadget-list", signed_in(200, anonymous=401)),
        Row("gadgets:gadget-run", {**signed_in(302), "viewer": 403}, method="post", data={"name": "x"}),
    ]

A plain tuple (url_name, kwargs_or_callable, {role: status}) is a row too. Every role of ROLES needs a status. The
request is a GET unless the row says otherwise; one address may have several rows. `world` has .team, .product and a
person for each role.
"""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.http import urlencode

from portal.people.models import Product, Team, User
from tests import factories

ROLES = ("anonymous", "viewer", "product_manager", "ops", "admin", "outsider")
SIGNED_IN = ROLES[1:]
_RANKS = {"viewer": 0, "outsider": 1, "product_manager": 1, "ops": 2, "admin": 3}
_TESTS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class World:
    """What exists while the table is walked: a team with a product, and a person for each role."""

    team: Team
    product: Product
    people: dict[str, User]

    def __getattr__(self, role: str) -> User:
        try:
            return self.people[role]
        except KeyError:
            raise AttributeError(role) from None


@dataclass(frozen=True)
class Row:
    """One address with the status that each role gets."""

    url_name: str
    statuses: dict[str, int]
    kwargs: dict[str, Any] | Callable[[World], dict[str, Any]] = field(default_factory=dict)
    method: str = "get"
    data: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def kwargs_in(self, world: World) -> dict[str, Any]:
        """Return the address's parts."""
        return self.kwargs(world) if callable(self.kwargs) else self.kwargs

    def path(self, kwargs: dict[str, Any]) -> str:
        """Return the address with what a GET asks for."""
        asked = f"?{urlencode(self.data, doseq=True)}" if self.data and self.method == "get" else ""
        return reverse(self.url_name, kwargs=kwargs) + asked

    def ask(self, client: Client, kwargs: dict[str, Any]) -> HttpResponse:
        """Send the row's request."""
        url = reverse(self.url_name, kwargs=kwargs)
        return getattr(client, self.method)(url, self.data or {}, headers=self.headers)


def signed_in(status: int, *, anonymous: int = 302) -> dict[str, int]:
    """Return the same status for everybody who is signed in."""
    return {"anonymous": anonymous, **dict.fromkeys(SIGNED_IN, status)}


def from_role(role: str, status: int, *, else_: int, anonymous: int = 302) -> dict[str, int]:
    """Return a status for a role and those above it, another for the rest."""
    least = _RANKS[role]
    return {"anonymous": anonymous, **{one: status if rank >= least else else_ for one, rank in _RANKS.items()}}


def insiders(status: int, *, else_: int = 404, anonymous: int = 302) -> dict[str, int]:
    """Return a status for the team's members, ops and admins, another for the outsider."""
    return {**signed_in(status, anonymous=anonymous), "outsider": else_}


def telling_roles(statuses: dict[str, int]) -> list[str]:
    """Return the roles whose answers tell the others': the lowest of each that gets the same."""
    ladder = [role for role in ROLES if role != "outsider"]
    steps = [role for below, role in pairwise(ladder) if statuses[role] != statuses[below]]
    outside = ["outsider"] if statuses["outsider"] != statuses["viewer"] else []
    return ["anonymous", *dict.fromkeys(["viewer", *steps]), *outside]


def build_world() -> World:
    """Make the world of the table."""
    team, other = factories.make_team("Planner team"), factories.make_team("Other team")
    people = {
        "viewer": factories.make_user("viewer", "viewer", team),
        "product_manager": factories.make_user("manager", "product_manager", team),
        "ops": factories.make_user("ops", "ops"),
        "admin": factories.make_user("admin", "admin"),
        "outsider": factories.make_user("outsider", "product_manager", other),
    }
    return World(team, factories.make_product("Planner", team), people)


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo all that is written within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sign_in(world: World, role: str) -> dict[str, str]:
    """Sign a role in and return the cookies that say so; none for nobody."""
    client = Client()
    if role != "anonymous":
        client.force_login(world.people[role])
    return {name: morsel.value for name, morsel in client.cookies.items()}


def client_with(cookies: dict[str, str]) -> Client:
    """Return a fresh client that is signed in by its cookies."""
    client = Client()
    client.cookies.load(cookies)
    return client


def list_rows() -> list[Row]:
    """Return the rows of all rooms."""
    rows = []
    for path in sorted(_TESTS.glob("**/access_rows.py")):
        name = "tests_" + "_".join(path.relative_to(_TESTS).with_suffix("").parts)
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        rows += [row if isinstance(row, Row) else Row(row[0], row[2], row[1] or {}) for row in module.ROWS]
    return rows


def list_url_names() -> set[str]:
    """Return every named address but the admin's, which has its own test."""
    return set(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from _walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or entry.pattern}"
