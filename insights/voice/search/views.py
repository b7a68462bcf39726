"""Pages of search: what is found, all filters, what is alike, and the searches that people keep."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from insights.voice.search.access import get_saved_search, may_change
from insights.voice.search.actions import change_search, delete_search, save_search
from insights.voice.search.contracts import Hit, Wish
from insights.voice.search.finding import candidates_of, find, read_hits
from insights.voice.search.forms import SaveForm, WishForm, read_asked
from insights.voice.search.models import SavedSearch
from portal.shell.public import BadInput, answer_form, file_answer, render_page, wants_file

MOST_ALIKE = 5
_PIECE = 200
COLUMNS = {
    "kind": lambda hit: hit.label,
    "title": lambda hit: hit.found.title,
    "text": lambda hit: hit.found.text,
    "said on": lambda hit: hit.found.day or "",
    "who": lambda hit: hit.found.who,
    "account": lambda hit: hit.found.account,
    "about": lambda hit: hit.found.detail,
    "address": lambda hit: hit.found.url,
}


@require_GET
def find_page(request: HttpRequest) -> HttpResponse:
    """Show what fits the words and filters of the address, or the searches that were kept."""
    form, today = WishForm(request.GET, user=request.user), timezone.localdate()
    wish = form.to_wish() if form.is_valid() else Wish()
    if kind := wants_file(request):
        return _file(request, kind, form, wish)
    page = request.GET.get("page", "")
    answer = find(wish, request.user, today=today, page=int(page) if page.isdecimal() and len(page) < 9 else 1)
    context = {"form": form, "answer": answer, "wish": wish, "chips": form.chips() if form.is_valid() else []}
    if wish.is_empty:
        context["saved"] = list(SavedSearch.objects.visible_to(request.user).select_related("owner", "team")[:12])
    status = 200 if form.is_valid() else 422
    return render_page(request, "insights/voice/search_page.html", context, fragment="results", status=status)


def _file(request: HttpRequest, kind: str, form: WishForm, wish: Wish) -> HttpResponse:
    found = candidates_of(wish, request.user, timezone.localdate()) if not (wish.is_empty or wish.like) else []

    def hits() -> Iterator[Hit]:
        for start in range(0, len(found), _PIECE):
            yield from read_hits(found[start : start + _PIECE], request.user)

    filters = "; ".join(f"{label}: {value}" for label, value, _ in form.chips()) if form.is_valid() else ""
    about = [] if kind == "csv" else [("Looked for", wish.text or "everything"), ("Filters", filters or "none")]
    return file_answer(kind, "search", COLUMNS, hits(), about)


@require_GET
def filter_page(request: HttpRequest) -> HttpResponse:
    """Show all filters to choose from, with what is asked already."""
    form = WishForm(request.GET, user=request.user)
    form.offer()
    names = [name for name in form.fields if name not in ("sort", "kind", "like", "person")]
    context = {"form": form, "fields": [form[name] for name in names]}
    context["kept"] = [(name, form.asked[name]) for name in ("sort", "kind", "person") if name in form.asked]
    return render_page(request, "insights/voice/search_filters.html", context, fragment="filters")


@require_GET
def alike_piece(request: HttpRequest) -> HttpResponse:
    """Show the few texts that are most alike to one, as a piece of its page."""
    form = WishForm(request.GET, user=request.user)
    if not form.is_valid() or not form.cleaned_data["like"]:
        raise BadInput(fields={"like": ["Name a text, as feedback-12."]})
    answer = find(Wish(like=form.cleaned_data["like"]), request.user, today=timezone.localdate(), per_page=MOST_ALIKE)
    context = {"answer": answer, "query": form.query}
    return render_page(request, "insights/voice/search_alike.html", context, fragment="alike")


@require_GET
def saved_list(request: HttpRequest) -> HttpResponse:
    """List the searches that the user kept and those that were shared with their teams."""
    rows = list(SavedSearch.objects.visible_to(request.user).select_related("owner", "team")[:500])
    for row in rows:
        row.may_change = may_change(request.user, row)
    return render_page(request, "insights/voice/saved_search_list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def saved_new(request: HttpRequest) -> HttpResponse:
    """Keep the search of the address under a name."""
    asked = read_asked(request.GET, request.user)
    if not asked:
        messages.error(request, "Search for something first: words, or a filter. Then it can be kept.")
        return redirect("search:find")
    form = SaveForm(request.POST or None, user=request.user, initial={"name": asked.get("q", "")[:120]})

    def save(version: int | None, **values: Any) -> SavedSearch:
        return save_search(asked=asked, actor=request.user, **values)

    query = QueryDict(mutable=True)
    query.update(asked)
    context = {"asked": asked, "back": f"?{query.urlencode()}"}
    return answer_form(request, "insights/voice/saved_search_form.html", form, save, "Kept.", **context)


@require_http_methods(["GET", "POST"])
def saved_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name of a saved search, and who sees it."""
    search = get_saved_search(request.user, pk, write=True)
    form = SaveForm(request.POST or None, user=request.user, team=search.team, initial=_start_of(search))

    def save(version: int | None, **values: Any) -> SavedSearch:
        return change_search(search, actor=request.user, version=version or 0, **values)

    def fresh() -> dict[str, Any]:
        search.refresh_from_db()
        return _start_of(search)

    context = {"search": search, "asked": search.asked}
    return answer_form(request, "insights/voice/saved_search_form.html", form, save, "Saved.", fresh=fresh, **context)


def _start_of(search: SavedSearch) -> dict[str, Any]:
    return {"name": search.name, "team": search.team_id or "", "version": search.version}


@require_http_methods(["GET", "POST"])
def saved_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a saved search."""
    search = get_saved_search(request.user, pk, write=True)
    if request.method == "POST":
        delete_search(search, actor=request.user)
        messages.success(request, "The search is deleted; what it finds stays where it is.")
        return redirect("search:saved-list")
    return render(request, "insights/voice/saved_search_delete.html", {"search": search})
