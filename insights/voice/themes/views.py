"""Pages of themes: the tree of a product, one theme with its evidence, and what can be done to it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.voice.texts.public import excerpt
from insights.voice.themes.access import get_theme
from insights.voice.themes.actions import (
    create_theme,
    delete_theme,
    merge_theme,
    split_theme,
    unmerge_theme,
    update_theme,
)
from insights.voice.themes.forms import MergeForm, SplitForm, ThemeForm, start_of, theme_choices
from insights.voice.themes.models import Theme
from insights.voice.themes.queries import ThemeRow, dress_links, links_of, list_rows, read_tree
from insights.voice.themes.showing import LINK_COLUMNS, LINK_SORTS, LinkListFilter, columns_for, read_theme_page
from portal.people.public import Product, can, get_current_product, require
from portal.shell.public import NotFound, answer_form, answer_list, file_answer, render_page, wants_file

COLUMNS = {
    "id": lambda row: row.theme.pk,
    "theme": lambda row: row.theme.name,
    "part of": lambda row: row.theme.parent_id or "",
    "people": lambda row: row.size.n_people,
    "accounts": lambda row: row.size.n_accounts,
    "accounts to which it is critical": lambda row: row.size.n_critical,
    "accounts to which it is important": lambda row: row.size.n_important,
    "accounts to which it is nice to have": lambda row: row.size.n_nice,
    "accounts in the last 90 days": lambda row: row.size.n_recent_accounts,
    "pieces of feedback": lambda row: row.size.n_pieces,
    "last said on": lambda row: row.size.last_said_on or "",
    "owner": lambda row: str(row.theme.owner or ""),
}
SORTS = {
    "tree": lambda row: 0,
    "name": lambda row: row.theme.name.casefold(),
    "people": lambda row: row.size.n_people,
    "accounts": lambda row: row.size.n_accounts,
    "critical": lambda row: row.size.n_critical,
    "pieces": lambda row: row.size.n_pieces,
    "recent": lambda row: row.size.n_recent_accounts,
    "last": lambda row: str(row.size.last_said_on or ""),
}


def _product(request: HttpRequest) -> Product | None:
    """Return the product that the address names, else the reader's own, else the first that they may see."""
    products = request.user.visible_products
    if slug := request.GET.get("product", ""):
        product = next((one for one in products if one.slug == slug), None)
        if product is None:
            raise NotFound()
        return product
    return get_current_product(request.user) or next(iter(products), None)


def _sorted(rows: list[ThemeRow], sort: str) -> list[ThemeRow]:
    key = SORTS[sort.lstrip("-")]
    return sorted(rows, key=key, reverse=sort.startswith("-"))


@require_GET
def theme_list(request: HttpRequest) -> HttpResponse:
    """Show a product's themes as a tree, or by what stands behind them."""
    product, text = _product(request), request.GET.get("q", "").strip()[:200].replace("\0", "")
    sort = request.GET.get("sort", "tree")
    sort = sort if sort.lstrip("-") in SORTS else "tree"
    rows = list_rows(product, request.user, today=timezone.localdate(), text=text) if product else []
    rows = _sorted(rows, sort)
    if kind := wants_file(request):
        about = [] if kind == "csv" else [("Product", str(product)), ("Words", text or "none")]
        return file_answer(kind, "themes", COLUMNS, rows, about)
    context = {
        "rows": rows,
        "product": product,
        "products": request.user.visible_products,
        "text": text,
        "sort": sort,
        "is_tree": sort == "tree" and not text,
        "may_make": product is not None and can(request.user, "themes.create", product),
    }
    return render_page(request, "insights/voice/theme_list.html", context, fragment="rows")


@require_GET
def theme_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a theme: how many stand behind it, and what they said."""
    theme = get_theme(request.user, pk)
    _, nodes = read_tree(theme.product)
    found = LinkListFilter(request.GET, links_of(theme, request.user, nodes))
    page = read_theme_page(theme, request.user, nodes, today=timezone.localdate())
    dress = partial(dress_links, user=request.user)
    columns = columns_for(request.user, LINK_COLUMNS)
    more = {"theme": theme, "page": page, "dress": dress}
    return answer_list(request, "insights/voice/theme_page.html", found, columns, LINK_SORTS, "-weight", **more)


@require_http_methods(["GET", "POST"])
def theme_new(request: HttpRequest) -> HttpResponse:
    """Add a theme to a product's tree."""
    product = _product(request)
    if product is None:
        raise NotFound()
    require(request.user, "themes.create", product)
    choices = theme_choices(*read_tree(product))
    given = {name: request.GET.get(name, "")[:120] for name in ("parent", "name")}
    start = {"visibility": "company", **given}
    form = ThemeForm(request.POST or None, initial=start, choices=choices)

    def save(*, version: int | None, parent: int | None, **values: Any) -> Theme:
        return create_theme(product, actor=request.user, parent=_theme(parent, product), **values)

    return answer_form(request, "insights/voice/theme_form.html", form, save, "“{}” is added.", product=product)


@require_http_methods(["GET", "POST"])
def theme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a theme's name, description or place."""
    theme = get_theme(request.user, pk, write=True)
    branches, nodes = read_tree(theme.product)
    own = next((node.counts for node in nodes if node.id == theme.pk), ())
    choices = [one for one in theme_choices(branches, nodes) if one[0] not in own]
    form = ThemeForm(request.POST or None, initial=start_of(theme), choices=choices)

    def save(*, version: int | None, parent: int | None, **values: Any) -> Theme:
        values["parent"] = _theme(parent, theme.product)
        return update_theme(theme, actor=request.user, version=version or 0, **values)

    context = {"product": theme.product, "theme": theme, "fresh": lambda: start_of(get_theme(request.user, pk))}
    return answer_form(request, "insights/voice/theme_form.html", form, save, "“{}” is saved.", **context)


@require_http_methods(["GET", "POST"])
def theme_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a theme count as another."""
    theme = get_theme(request.user, pk, write=True)
    branches, nodes = read_tree(theme.product)
    own = next((node.counts for node in nodes if node.id == theme.pk), ())
    choices = [one for one in theme_choices(branches, nodes) if one[0] not in own]
    form = MergeForm(request.POST or None, choices=choices)

    def save(into: int) -> Theme:
        return merge_theme(theme, _theme(into, theme.product), actor=request.user)

    said = "“" + theme.name.replace("{", "(").replace("}", ")") + "” counts as “{}” now."
    return answer_form(request, "insights/voice/theme_merge.html", form, save, said, theme=theme)


@require_POST
def theme_unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    theme = unmerge_theme(get_theme(request.user, pk, write=True), actor=request.user)
    messages.success(request, f"“{theme}” counts for itself again.")
    return redirect(theme)


@require_http_methods(["GET", "POST"])
def theme_split(request: HttpRequest, pk: int) -> HttpResponse:
    """Take some of what is linked to a theme into a new one."""
    theme = get_theme(request.user, pk, write=True)
    links = list(links_of(theme, request.user, []).order_by("-pk")[:200])
    dress_links(links, request.user)
    choices = [(link.pk, excerpt(link.quote or link.piece.shown.text)) for link in links]
    form = SplitForm(request.POST or None, choices=choices)

    def save(*, name: str, links: list[int], chosen: Any = tuple(links)) -> Theme:
        return split_theme(theme, name=name, links=[one for one in chosen if one.pk in links], actor=request.user)

    return answer_form(request, "insights/voice/theme_split.html", form, save, "“{}” is split off.", theme=theme)


@require_http_methods(["GET", "POST"])
def theme_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a theme on which nothing hangs."""
    theme = get_theme(request.user, pk, write=True)
    if request.method == "POST":
        delete_theme(theme, actor=request.user)
        return redirect("themes:theme-list")
    return render(request, "insights/voice/theme_delete.html", {"theme": theme})


def _theme(pk: int | None, product: Product) -> Theme | None:
    return Theme.objects.select_related("product", "team").filter(pk=pk, product=product).first() if pk else None
