"""The page of the map."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal.people.public import Product, can, get_current_product
from portal.shell.public import NotFound, file_answer, render_page, wants_file
from roadmaps.plan.goal_map.files import COLUMNS, list_rows
from roadmaps.plan.goal_map.reading import read_map

_SHOWN = 8  # of each kind of what hangs on nothing


@require_GET
def map_page(request: HttpRequest) -> HttpResponse:
    """Show what a product wants and what it does for it, from the vision to the numbers."""
    products = request.user.visible_products
    product = _chosen(request, products)
    found = read_map(request.user, product, today=timezone.localdate()) if product else None
    if found and (kind := wants_file(request)):
        about = [] if kind == "csv" else [("Product", product.name)]
        return file_answer(kind, "goal map", COLUMNS, list_rows(found), about)
    context = {
        "products": products,
        "found": found,
        "loose": _say_loose(found, request.user) if found else [],
        "may_set": can(request.user, "objectives.create"),
    }
    return render_page(request, "roadmaps/plan/goal_map/map_page.html", context, fragment="map")


def _chosen(request: HttpRequest, products: list[Product]) -> Product | None:
    slug = request.GET.get("product", "")
    if not slug:
        current = get_current_product(request.user)
        return current if current in products else next(iter(products), None)
    found = next((one for one in products if one.slug == slug), None)
    if found is None:
        raise NotFound("There is no such product.")
    return found


def _say_loose(found: Any, user: Any) -> list[dict[str, Any]]:
    """Return each kind of what hangs on nothing with its title, what to do about it, and its first things."""
    loose = found.tree.loose
    kinds = (
        ("Goals that nothing serves", "No initiative that you can see works towards them.", loose.unserved),
        ("Goals without a number", "Nothing will say whether they are reached.", loose.unmeasured),
        ("Initiatives without a goal", "Work that nobody can say what it is for.", loose.aimless),
        ("Initiatives of goals that are over", "Their goal is closed, or not shared with you.", loose.past),
        ("Initiatives without an opportunity", "Solutions of which nobody wrote down the problem.", loose.baseless),
        ("Opportunities that nobody works on", "Problems without an open initiative.", loose.waiting),
    )
    return [
        {
            "title": title,
            "why": why,
            "n": len(leaves),
            "leaves": leaves[:_SHOWN],
            "n_more": max(0, len(leaves) - _SHOWN),
        }
        for title, why, leaves in kinds
    ]
