"""Teams and products, for admins: a list, a form for a new one, and the page of one, alike for both."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from portal.audit.public import history_of
from portal.people import actions
from portal.people.access import get_product, get_team, require
from portal.people.filters import ProductListFilter, TeamListFilter
from portal.people.forms import MemberForm, ProductForm, TeamForm
from portal.people.models import Product, Team
from portal.shell.public import answer_form, answer_list


@dataclass(frozen=True)
class Thing:
    """What the pages of one noun need: `said` is the sentence about a new one, `more` what else its page shows."""

    noun: str
    rule: str
    get: Callable[..., Any]
    list_rows: Callable[[], QuerySet]
    filterset: type
    columns: dict[str, Callable[[Any], Any]]
    sorts: dict[str, str]
    form: type[ModelForm]
    create: Callable[..., Any]
    change: Callable[..., Any]
    said: str
    more: Callable[[Any], dict[str, Any]] = lambda thing: {}


def _around_team(team: Team) -> dict[str, Any]:
    return {
        "member_form": MemberForm(team=team),
        "members": team.members.order_by("name"),
        "products": Product.objects.filter(team=team),
    }


TEAM = Thing(
    noun="team",
    rule="teams.edit",
    get=get_team,
    list_rows=lambda: Team.objects.annotate(n_members=Count("membership")),
    filterset=TeamListFilter,
    columns={
        "name": lambda team: team.name,
        "short name": lambda team: team.slug,
        "members": lambda team: team.n_members,
    },
    sorts={"name": "name", "members": "n_members"},
    form=TeamForm,
    create=actions.create_team,
    change=actions.change_team,
    said="The team {} is there. Put people into it.",
    more=_around_team,
)
PRODUCT = Thing(
    noun="product",
    rule="products.edit",
    get=get_product,
    list_rows=lambda: Product.objects.select_related("team", "owner"),
    filterset=ProductListFilter,
    columns={
        "name": lambda product: product.name,
        "short name": lambda product: product.slug,
        "team": lambda product: product.team.name,
        "owner": lambda product: str(product.owner or ""),
        "visibility": lambda product: product.visibility,
        "created": lambda product: product.created_at,
    },
    sorts={"name": "name", "team": "team__name", "created": "created_at"},
    form=ProductForm,
    create=actions.create_product,
    change=actions.change_product,
    said="The product {} is there. Load what people do in it under Data.",
)


@require_GET
def thing_list(request: HttpRequest, kind: Thing) -> HttpResponse:
    """List things of a kind."""
    require(request.user, kind.rule)
    found = kind.filterset(request.GET, queryset=kind.list_rows())
    return answer_list(request, f"portal/people/{kind.noun}_list.html", found, kind.columns, kind.sorts)


@require_http_methods(["GET", "POST"])
def thing_new(request: HttpRequest, kind: Thing) -> HttpResponse:
    """Create a thing of a kind."""
    require(request.user, kind.rule)
    form, save = kind.form(request.POST or None), partial(kind.create, actor=request.user)
    words = {"title": f"New {kind.noun}", "action": f"Create {kind.noun}", "here": f"{kind.noun}s"}
    return answer_form(request, "portal/people/thing_new.html", form, save, kind.said, **words)


@require_http_methods(["GET", "POST"])
def thing_page(request: HttpRequest, slug: str, kind: Thing) -> HttpResponse:
    """Show a thing, and save what an admin changes."""
    thing = kind.get(request.user, slug, write=True)
    form = kind.form(request.POST or None, instance=copy(thing))  # a form writes into its instance
    save = partial(kind.change, thing, actor=request.user)
    context = {kind.noun: thing, "history": history_of(thing), **kind.more(thing)}
    return answer_form(request, f"portal/people/{kind.noun}_page.html", form, save, "{} is saved.", **context)
