"""Links to the roadmap: the list, making one with a look at what it shows, its page, changing and revoking it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people.public import Product, can, require
from portal.shell.public import BadInput, NotAllowed, answer_list, render_page, show_faults, was_pressed
from roadmaps.plan.sharing import actions
from roadmaps.plan.sharing.access import get_link
from roadmaps.plan.sharing.contracts import FILTERS, NEVER
from roadmaps.plan.sharing.filters import LinkFilter
from roadmaps.plan.sharing.forms import ChangeLinkForm, LinkForm, NewLinkForm, initial_for, initial_of
from roadmaps.plan.sharing.models import Audience, RoadmapLink
from roadmaps.plan.sharing.reading import build_shown, count_hidden, why_dead
from roadmaps.plan.sharing.words import say_filters

SORTS = {
    "created": "created_at",
    "name": "name",
    "audience": "audience",
    "product": "product__name",
    "expires": "expires_at",
    "opened": "n_openings",
}
COLUMNS = {
    "for": lambda link: link.name,
    "audience": lambda link: link.get_audience_display(),
    "product": lambda link: link.product.name,
    "shows": lambda link: ", ".join(link.field_labels),
    "state": lambda link: link.state,
    "sign-in": lambda link: "yes" if link.needs_login else "no",
    "password": lambda link: "yes" if link.has_password else "no",
    "made": lambda link: link.created_at,
    "by": lambda link: str(link.created_by or "the portal"),
    "expires": lambda link: link.expires_at,
    "openings": lambda link: link.n_openings,
    "last opening": lambda link: link.last_opened_at,
}
_FORM_NAMES = {"expires_at": "expires_on", "fields": "fields_shown"}


def shareable(user: Any) -> Any:
    """Return the products whose roadmap a user may share."""
    mine = [one.pk for one in user.visible_products if can(user, "roadmap_links.edit", one)]
    return Product.objects.filter(pk__in=mine).select_related("team")


@require_GET
def link_list(request: HttpRequest) -> HttpResponse:
    """Show the links to the roadmaps of one's teams' products."""
    links = RoadmapLink.objects.visible_to(request.user).select_related("product", "created_by")
    found = LinkFilter(request.GET, queryset=links)
    more = {"is_on": settings.PUBLIC_LINKS, "may_make": can(request.user, "roadmap_links.edit")}
    template = "roadmaps/plan/sharing/link_list.html"
    return answer_list(request, template, found, COLUMNS, SORTS, "-created", **more)


@never_cache
@require_http_methods(["GET", "POST"])
def link_new(request: HttpRequest) -> HttpResponse:
    """Make a link, after a look at what it shows; its address is in the answer to its form, and nowhere else."""
    user, products = request.user, shareable(request.user)
    require(user, "roadmap_links.edit")
    named = request.GET.get("product", "")
    product = next((one for one in products if one.slug == named), None) or products.first()
    if product is None:
        raise NotAllowed("Links are made by product managers of a product's own team. Ask one of them.")
    form = NewLinkForm(
        request.POST or None, products=products, initial=initial_for(request.GET.get("audience", ""), product)
    )
    asked = actions.narrow({name: request.GET[name] for name in (*FILTERS, "day") if name in request.GET})
    context: dict[str, Any] = {"form": form, "audiences": _audiences(request), "filters": say_filters(asked, user)}
    if form.is_valid():
        values = form.values()
        product = values.pop("product")
        try:
            if was_pressed(request, "make"):
                link, token = actions.create_link(product, actor=user, asked=asked, **values)
                return _show_made(request, link, token)
            context |= _preview(actions.build_link(product, actor=user, asked=asked, **values), user)
        except BadInput as fault:
            _tell(form, fault)
    status = 422 if form.errors else 200
    return render_page(request, "roadmaps/plan/sharing/link_new.html", context, status=status)


def _show_made(request: HttpRequest, link: RoadmapLink, token: str) -> HttpResponse:
    page = request.build_absolute_uri(reverse("shared_roadmap:page", args=[token]))
    context = {"link": link, "address": page, "json_address": f"{page.removesuffix('/')}.json"}
    return render_page(request, "roadmaps/plan/sharing/link_made.html", context)


def _audiences(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the addresses of the form with each audience's preset, and what they are called."""
    found = []
    for value, label in Audience.choices:
        query = request.GET.copy()
        query["audience"] = value
        found.append((f"?{query.urlencode()}", label))
    return found


def _preview(link: RoadmapLink, user: Any) -> dict[str, Any]:
    link.created_by = link.created_by or user
    return {
        "link": link,
        "roadmap": build_shown(link, timezone.localdate()),
        "n_hidden": count_hidden(link),
        "never": NEVER,
    }


def _tell(form: LinkForm, fault: BadInput) -> None:
    fields = {_FORM_NAMES.get(name, name): said for name, said in fault.fields.items()}
    show_faults(form, BadInput(fault.message, fields=fields))


@require_GET
def link_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a link opens, as its audience sees it, how often it was opened, and its history."""
    link = get_link(request.user, pk)
    dead = why_dead(link)
    context = {
        "link": link,
        "why_dead": dead,
        "filters": say_filters(link.asked, request.user),
        "may_edit": link.revoked_at is None and can(request.user, "roadmap_links.edit", link),
        "history": history_of(link),
    }
    if not dead:
        context |= _preview(link, request.user)
    return render_page(request, "roadmaps/plan/sharing/link_page.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def link_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a link shows and until when; its address stays."""
    link = get_link(request.user, pk, write=True)
    form = ChangeLinkForm(request.POST or None, link=link, initial=initial_of(link))
    if form.is_valid():
        try:
            actions.change_link(link, actor=request.user, **form.values())
        except BadInput as fault:
            _tell(form, fault)
        else:
            messages.success(request, f"The link for “{link}” shows this from now on.")
            return redirect(link)
    status = 422 if form.errors else 200
    return render_page(request, "roadmaps/plan/sharing/link_edit.html", {"form": form, "link": link}, status=status)


@require_POST
def link_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link useless at once."""
    link = get_link(request.user, pk, write=True)
    actions.revoke_link(link, actor=request.user)
    messages.success(request, f"The link for “{link}” works no more.")
    return redirect(link)
