"""Public links: the list, making one, its page, revoking it; and products that no link shows."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.dashboards.access import get_dashboard
from insights.dashboards.models import Dashboard
from insights.dashboards.views.parts import ROOM, trail_of
from insights.sharing import actions
from insights.sharing.access import get_link
from insights.sharing.filters import LinkFilter
from insights.sharing.forms import ClosingForm, LinkForm
from insights.sharing.models import ClosedProduct, PublicLink
from insights.sharing.public_boards import why_dead
from portal.audit.public import history_of
from portal.people.public import Product, can, get_product, require
from portal.shell.public import BadInput, answer_list, render_page

SORTS = {
    "created": "created_at",
    "name": "name",
    "dashboard": "dashboard__title",
    "expires": "expires_at",
    "opened": "n_openings",
}
COLUMNS = {
    "for": lambda link: link.name,
    "dashboard": lambda link: link.dashboard.title,
    "state": lambda link: link.state,
    "password": lambda link: "yes" if link.has_password else "no",
    "embeddable": lambda link: "yes" if link.is_embeddable else "no",
    "made": lambda link: link.created_at,
    "by": lambda link: str(link.created_by or "the portal"),
    "expires": lambda link: link.expires_at,
    "openings": lambda link: link.n_openings,
    "last opening": lambda link: link.last_opened_at,
}


def _closable(user) -> list[Product]:
    return [product for product in user.visible_products if can(user, "links.close_product", product)]


@require_GET
def link_list(request: HttpRequest) -> HttpResponse:
    """Show the public links of one's teams' dashboards, and the products that are closed to them."""
    links = PublicLink.objects.visible_to(request.user).select_related("dashboard", "created_by")
    found = LinkFilter(request.GET, queryset=links)
    closed = ClosedProduct.objects.filter(product__in=request.user.visible_products)
    closable = {product.pk for product in _closable(request.user)}
    form = ClosingForm(products=Product.objects.filter(pk__in=closable))
    more = {"closed": list(closed.select_related("product", "closed_by")), "closable": closable, "here": "links"}
    more |= {"closing": form, "can_close": bool(closable)}
    more["is_on"] = settings.PUBLIC_LINKS
    return answer_list(request, "insights/sharing/link_list.html", found, COLUMNS, SORTS, "-created", **more)


@never_cache
@require_http_methods(["GET", "POST"])
def link_new(request: HttpRequest) -> HttpResponse:
    """Make a public link; its address is in the answer to its form, and nowhere else."""
    dashboard = get_dashboard(request.user, request.GET.get("dashboard", ""))
    require(request.user, "links.create", dashboard)
    form = LinkForm(request.POST or None)
    made = None
    if form.is_valid():
        try:
            made = actions.create_link(dashboard, actor=request.user, **form.values())
        except BadInput as error:
            _tell(form, error)
    context = {"form": form, "dashboard": dashboard, "trail": trail_of(dashboard), "is_on": settings.PUBLIC_LINKS}
    context["links"] = _running(dashboard, request.user)
    if made:
        context |= {"link": made[0], "address": public_address(request, made[1])}
        context["embed_code"] = embed_code(request, *made) if made[0].is_embeddable else ""
    status = 422 if form.is_bound and not made else 200
    return render_page(request, "insights/sharing/link_new.html", context, status=status)


def _running(dashboard: Dashboard, user) -> list[PublicLink]:
    links = PublicLink.objects.visible_to(user).filter(dashboard=dashboard, revoked_at=None)
    return [link for link in links.select_related("created_by") if link.state == "works"]


def _tell(form: LinkForm, error: BadInput) -> None:
    names = {"expires_at": "expires_on"}
    for name, said in error.fields.items():
        field = names.get(name, name)
        form.add_error(field if field in form.fields else None, said)
    if not error.fields:
        form.add_error(None, error.message)


def public_address(request: HttpRequest, token: str) -> str:
    """Return the address that opens a dashboard for whoever has it."""
    return request.build_absolute_uri(reverse("shared:dashboard", args=[token]))


def embed_code(request: HttpRequest, link: PublicLink, token: str) -> str:
    """Return the element that a wiki puts into its page."""
    address = request.build_absolute_uri(reverse("shared:embed", args=[token]))
    return f'<iframe src="{address}" title="Dashboard" width="100%" height="800" referrerpolicy="no-referrer"></iframe>'


@require_GET
def link_page(request: HttpRequest, link_id: int) -> HttpResponse:
    """Show what a public link opens, how often it was opened, and its history."""
    link = get_link(request.user, link_id)
    context = {
        "link": link,
        "why_dead": why_dead(link),
        "trail": [*ROOM, ("Public links", reverse("sharing:link-list"))],
        "may_revoke": link.revoked_at is None and can(request.user, "links.revoke", link),
        "history": history_of(link),
    }
    return render_page(request, "insights/sharing/link_page.html", context)


@require_POST
def link_revoke(request: HttpRequest, link_id: int) -> HttpResponse:
    """Make a public link useless at once."""
    link = get_link(request.user, link_id, write=True)
    actions.revoke_link(link, actor=request.user)
    messages.success(request, f"The link for “{link}” works no more.")
    return redirect(link)


@require_POST
def product_close(request: HttpRequest) -> HttpResponse:
    """Show a product's numbers on no public link from now on."""
    form = ClosingForm(request.POST, products=Product.objects.visible_to(request.user))
    if not form.is_valid():
        raise BadInput(fields={name: [str(one) for one in said] for name, said in form.errors.items()})
    product = form.cleaned_data["product"]
    actions.close_product(product, actor=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, f"No public link shows numbers of {product} any more.")
    return redirect("sharing:link-list")


@require_POST
def product_open(request: HttpRequest, slug: str) -> HttpResponse:
    """Let public links show a product's numbers again."""
    product = get_product(request.user, slug)
    actions.open_product(product, actor=request.user)
    messages.success(request, f"Public links may show numbers of {product} again.")
    return redirect("sharing:link-list")
