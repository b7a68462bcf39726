"""What both lists share: the product in force, the words, the sort, the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.timezone import get_current_timezone_name, localtime

from insights.persons.access import get_insider_product, list_insider_products
from insights.persons.actions import note_download
from insights.persons.contracts import Counted, Found, Taken
from insights.persons.forms import MAX_TEXT, SearchForm
from portal.people.public import Product, get_current_product
from portal.shell.public import MOST_PEOPLE_IN_FILE, BadInput, NotFound, Reader, about_cut, file_answer, say_reach


@dataclass(frozen=True)
class Search:
    """One page of a list as the templates read it: `list.form`, `list.sort`, `list.page`."""

    form: SearchForm
    sort: str
    page: Page | None
    product: Product | None
    text: str
    is_cut: bool = False
    counted: Counted | None = None
    total: int = 0
    is_narrowed: bool = False
    known: Any = None

    @property
    def is_filtered(self) -> bool:
        """Say whether words were given, or something else that narrows the list."""
        return bool(self.text) or self.is_narrowed

    @property
    def files_hold(self) -> str:
        """Return what the files of the list hold, where that is not all of it."""
        return say_reach(self.total)


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


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a product, None for those without one, words and a sort."""

    form: SearchForm
    product: Product | None
    text: str
    sort: str


def read_asked(request: HttpRequest, sorts: dict[str, str], sort: str, label: str = "") -> Asked:
    """Return what the address asks for; the product is the reader's own where none is named."""
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
    return Asked(form, product, text, asked)


def search(request: HttpRequest, asked: Asked, find: Callable[..., Found], *, is_narrowed: bool = False) -> Search:
    """Run the search that the address asks for."""
    if asked.product is None:
        return Search(asked.form, asked.sort, None, None, asked.text)
    found = find(asked.product, asked.text, sort=asked.sort, page=page_number(request))
    page = as_page(found)
    return Search(
        asked.form,
        asked.sort,
        page,
        asked.product,
        asked.text,
        found.is_cut,
        found.counted,
        found.total,
        is_narrowed,
        found.known,
    )


def take_list(
    request: HttpRequest, asked: Asked, kind: str, take: Callable[..., Taken], noun: str, columns: dict[str, Reader]
) -> HttpResponse | StreamingHttpResponse:
    """Answer with all that the address asks for as a file; who took it along is kept in the audit trail."""
    if asked.product is None:
        raise NotFound()
    taken = take(asked.product, asked.text, sort=asked.sort, most=MOST_PEOPLE_IN_FILE)
    note_download(asked.product, noun, taken.n_rows, kind, actor=request.user)
    about = about_cut(taken.n_rows, taken.total, noun)
    if taken.is_cut:
        about.append(("Left out", "very many fit these words, and not all were looked at. Search for more letters."))
    if taken.counted and not taken.counted.is_current:
        at = localtime(taken.counted.at).strftime("%-d %b %Y, %H:%M:%S")
        about.append(("Counted at", f"{at} ({get_current_timezone_name()}); newer data came in since"))
    if kind == "xlsx":
        about = [("These are", f"{noun} of {asked.product}"), ("Search", asked.text or "none"), *about]
    return file_answer(kind, f"{asked.product.slug}-{noun}", columns, taken.rows, about)
