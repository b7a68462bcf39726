"""Pages of a product's vision and strategy: what they say, what they said before, and who has read them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.people.public import can, require
from portal.shell.public import NotFound, answer_form, render_markdown, render_page
from roadmaps.goals.access import get_statement
from roadmaps.goals.actions import mark_read, write_statement
from roadmaps.goals.forms import StatementForm
from roadmaps.goals.models import Statement, StatementVersion
from roadmaps.goals.statements import list_directions, readers_of


@require_GET
def statement_list(request: HttpRequest) -> HttpResponse:
    """Show each product's vision and strategy, and how many of its team have read them."""
    return render_page(request, "roadmaps/goals/statement_list.html", {"rows": list_directions(request.user)})


@require_GET
def statement_page(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Show a vision or a strategy, in its newest version or the one that the address names."""
    product, statement = get_statement(request.user, slug, kind)
    context: dict[str, Any] = {"product": product, "kind": kind, "name": Statement.Kind(kind).label}
    context["may_write"] = can(request.user, "statements.write", product)
    if statement is not None:
        version = _version(statement, request.GET.get("version", ""))
        context |= {
            "statement": statement,
            "version": version,
            "text": render_markdown(version.text, top_level=2),
            "versions": statement.versions.select_related("written_by"),
            "readers": readers_of(statement, version),
            "is_read": version.readings.filter(user_id=request.user.pk).exists(),
        }
    return render_page(request, "roadmaps/goals/statement_page.html", context)


def _version(statement: Statement, number: str) -> StatementVersion:
    if not number:
        return statement.current
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
    found = statement.versions.select_related("written_by").filter(number=wanted).first()
    if found is None:
        raise NotFound("There is no such version.")
    return found


@require_http_methods(["GET", "POST"])
def statement_edit(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Write the next version."""
    product, statement = get_statement(request.user, slug, kind)
    require(request.user, "statements.write", product)
    start: dict[str, Any] = {"seen": 0, "visibility": "company", "owner": request.user.pk}
    if statement is not None:
        start = {
            "text": statement.current.text,
            "seen": statement.current.number,
            "visibility": statement.visibility,
            "owner": statement.owner_id,
        }
    form = StatementForm(request.POST or None, initial=start, product=product, user=request.user)

    def save(**values: Any) -> Statement:
        return write_statement(product, kind, actor=request.user, **values)

    context = {"product": product, "kind": kind, "name": Statement.Kind(kind).label, "statement": statement}
    return answer_form(request, "roadmaps/goals/statement_form.html", form, save, "{} is saved.", **context)


@require_POST
def statement_read(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Say that one has read it."""
    _, statement = get_statement(request.user, slug, kind)
    if statement is None:
        raise NotFound()
    number = request.POST.get("version", "")
    mark_read(statement, number=int(number) if number.isdecimal() and len(number) < 6 else 0, actor=request.user)
    messages.success(request, "Thank you. The team sees that you have read this version.")
    return redirect(statement)
