"""Pages of the contact clock: of product managers and teams, of segments, and what a team wants."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from insights.voice.listening.access import get_team_to_target
from insights.voice.listening.actions import FIELDS, set_target
from insights.voice.listening.files import CLOCK_COLUMNS, clock_rows
from insights.voice.listening.forms import TargetForm
from insights.voice.listening.models import ContactTarget
from insights.voice.listening.queries import GROUPINGS, chosen_products, read_clock, read_mine, read_segments
from portal.people.public import Product, get_current_product
from portal.shell.public import NotFound, answer_form, file_answer, render_page, wants_file

SORTS = {
    "days": lambda one: (one.clock.days_since is not None, -(one.clock.days_since or 0)),
    "name": lambda one: one.name.casefold(),
    "week": lambda one: one.clock.per_week,
}


def _products(request: HttpRequest) -> list[Product]:
    """Return the product that the address names, else all that the reader may see."""
    slug = request.GET.get("product", "")
    products = chosen_products(request.user, slug)
    if slug and not products:
        raise NotFound()
    return products


def _product(request: HttpRequest) -> Product | None:
    """Return the product whose segments are shown: the one that was chosen, else the reader's own, else the first."""
    products = _products(request)
    current = get_current_product(request.user) if len(products) > 1 else None
    return current or next(iter(products), None)


@require_GET
def clock_page(request: HttpRequest) -> HttpResponse:
    """Show when each product manager and team last talked with a customer, and how often."""
    products, today = _products(request), timezone.localdate()
    page = read_clock(products, request.user, today=today)
    if kind := wants_file(request):
        segments = [(product, read_segments(product, today=today)) for product in products]
        names = ", ".join(str(product) for product in products) or "none"
        about = [] if kind == "csv" else [("Products", names), ("Whole weeks to", str(page.weeks.ends_on))]
        return file_answer(kind, "contact-clock", CLOCK_COLUMNS, clock_rows(page, segments), about)
    sort = request.GET.get("sort", "days")
    sort = sort if sort.lstrip("-") in SORTS else "days"
    people = sorted(page.people, key=SORTS[sort.lstrip("-")], reverse=sort.startswith("-"))
    context = {
        "page": page,
        "people": people,
        "sort": sort,
        "products": request.user.visible_products,
        "chosen": products[0] if len(products) == 1 and request.GET.get("product") else None,
        "product": _product(request),
    }
    return render_page(request, "insights/voice/clock_page.html", context, fragment="rows")


@require_GET
def clock_segments(request: HttpRequest) -> HttpResponse:
    """Show the clock of a product's segments, as a piece of the page: it reads all accounts there are."""
    product, by = _product(request), request.GET.get("by", "")
    found = read_segments(product, today=timezone.localdate(), by=by) if product else None
    context = {"product": product, "segments": found, "groupings": GROUPINGS}
    return render_page(request, "insights/voice/clock_segments.html", context, fragment="segments")


@require_http_methods(["GET", "POST"])
def target_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Say how often a team wants to talk with customers."""
    team = get_team_to_target(request.user, slug)

    def start() -> dict[str, Any]:
        known = ContactTarget.objects.filter(team=team).first() or ContactTarget(team=team, version=0)
        return {name: getattr(known, name) for name in (*FIELDS, "version")}

    form = TargetForm(request.POST or None, initial=start())

    def save(**values: Any) -> str:
        set_target(team, actor=request.user, **values)
        return "listening:clock"

    return answer_form(request, "insights/voice/target_form.html", form, save, "Saved.", fresh=start, team=team)


@require_GET
def clock_home(request: HttpRequest) -> HttpResponse:
    """Say on Home how long ago the reader's own last conversation was."""
    mine = read_mine(request.user, today=timezone.localdate())
    return render_page(request, "insights/voice/clock_home.html", {"mine": mine}, fragment="home")


@require_GET
def clock_unheard(request: HttpRequest) -> HttpResponse:
    """Say on Home which segments of the reader's product nobody hears."""
    product = _product(request)
    unheard = read_segments(product, today=timezone.localdate()).unheard if product else ()
    context = {"unheard": unheard, "product": product}
    return render_page(request, "insights/voice/clock_unheard.html", context, fragment="unheard")
