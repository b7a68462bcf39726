"""Products, for admins."""

from copy import copy
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from portal.audit.public import history_of
from portal.people import actions
from portal.people.access import get_product, require
from portal.people.filters import ProductListFilter
from portal.people.forms import ProductForm
from portal.people.models import Product
from portal.shell.public import answer_form, answer_list

SORTS = {"name": "name", "team": "team__name", "created": "created_at"}
COLUMNS = {
    "name": lambda product: product.name,
    "short name": lambda product: product.slug,
    "team": lambda product: product.team.name,
    "owner": lambda product: str(product.owner or ""),
    "visibility": lambda product: product.visibility,
    "created": lambda product: product.created_at,
}


@require_GET
def product_list(request: HttpRequest) -> HttpResponse:
    """List products."""
    require(request.user, "products.edit")
    found = ProductListFilter(request.GET, queryset=Product.objects.select_related("team", "owner"))
    return answer_list(request, "portal/people/product_list.html", found, COLUMNS, SORTS)


@require_http_methods(["GET", "POST"])
def product_new(request: HttpRequest) -> HttpResponse:
    """Create a product."""
    require(request.user, "products.edit")
    form, save = ProductForm(request.POST or None), partial(actions.create_product, actor=request.user)
    words = {"title": "New product", "action": "Create product", "here": "products"}
    return answer_form(request, "portal/people/thing_new.html", form, save, "The product {} is there.", **words)


@require_http_methods(["GET", "POST"])
def product_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a product, and save what an admin changes."""
    product = get_product(request.user, slug, write=True)
    form = ProductForm(request.POST or None, instance=copy(product))  # a form writes into its instance
    save = partial(actions.change_product, product, actor=request.user)
    context = {"product": product, "history": history_of(product)}
    return answer_form(request, "portal/people/product_page.html", form, save, "{} is saved.", **context)
