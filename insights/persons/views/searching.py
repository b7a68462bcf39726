"""What both lists share: the product in force, the words, the sort, the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from insights.persons.access import get_insider_product, list_insider_products
from insights.persons.contracts import Found
from insights.persons.forms import MAX_TEXT, SearchForm
from portal.people.public import Product, get_current_product
from portal.shell.public import BadInput


@dataclass(frozen=True)
class Search:
    """One page of a list as the templates read it: `list.form`, `list.sort`, `list.page`."""

    form: SearchForm
    sort: str
    page: Page | None
    product: Product | None
    text: str
    is_cut: bool = False

    @property
    def is_filtered(self) -> bool:
        """Say whether words were given."""
        return bool(self.text)


class _OnePage:
    """Stands for the whole list while one page of it is held."""

    def __init__(self, found: Found):
        self.found = found

    def __len__(self) -> int:
        return self.found.total

    def __getitem__(self, piece: slice) -> list[Any]:
        return list(self.found.rows)


def as_page(found: Found) -> Page:
    """Return a found page as Django's, for the pagination below a table."""
    return Paginator(_OnePage(found), found.page_size).get_page(found.number)


def page_number(request: HttpRequest) -> int:
    """Return the page that the address names, 1 without one."""
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def search(
    request: HttpRequest, find: Callable[..., Found], sorts: dict[str, str], sort: str, label: str = ""
) -> Search:
    """Run the search that the address names; the product is the reader's own where none is named."""
    products = list_insider_products(request.user)
    slug = request.GET.get("product", "")
    current = get_current_product(request.user)
    preferred = [product for product in products if current and product.pk == current.pk] or products
    product = get_insider_product(request.user, slug) if slug else next(iter(preferred), None)
    text = request.GET.get("q", "").strip()
    if len(text) > MAX_TEXT or "\0" in text:
        raise BadInput(f"Search with at most {MAX_TEXT} characters.")
    asked = request.GET.get("sort", sort)
    asked = asked if asked.lstrip("-") in sorts else sort
    form = SearchForm(initial={"q": text, "product": product.slug if product else ""}, products=products, label=label)
    if product is None:
        return Search(form, asked, None, None, text)
    found = find(product, text, sort=asked, page=page_number(request))
    return Search(form, asked, as_page(found), product, text, found.is_cut)
