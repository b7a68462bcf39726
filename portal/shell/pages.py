"""HTTP helpers of every page: one way to render a page or its fragment, one to answer a page that is a form."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from portal.shell.errors import BadInput, Conflict, Stale
from portal.shell.form_faults import show_faults, show_theirs

_DRAFT = re.compile(r"[a-z0-9-]{8,64}")


def wants_fragment(request: HttpRequest) -> bool:
    """Say whether htmx asked for a piece: not for a whole page by a boosted link or the back button."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def was_pressed(request: HttpRequest, act: str) -> bool:
    """Say whether a form was sent by its button `act`; a piece that htmx asks for late names the last one pressed."""
    return request.POST.get("act") == act and not wants_fragment(request)


def page_of_form(request: HttpRequest) -> str:
    """Return the address of the page that a form was sent from, or Home: the form's own may take nothing but forms."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        return resolve_url("shell:home")
    return urlsplit(came_from)._replace(scheme="", netloc="", fragment="").geturl() or resolve_url("shell:home")


def is_script(request: HttpRequest) -> bool:
    """Say whether a script of a page asks."""
    return request.headers.get("Accept") == "application/json"


def wants_json(request: HttpRequest) -> bool:
    """Say whether a program asks, or a script of a page: not a browser that opens one."""
    return request.path.startswith("/api/") or is_script(request)


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """Render a page, or only its named partial when htmx asked for a piece of it."""
    is_fragment = fragment and wants_fragment(request)
    response = render(request, f"{template}#{fragment}" if is_fragment else template, context, status=status)
    response["Vary"] = ", ".join(filter(None, [response.get("Vary", ""), "HX-Request"]))
    return response


def tell_draft_saved(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the browser drop the draft of a form that was saved: the page's script reads which (static/js/drafts.js)."""
    if _DRAFT.fullmatch(token := request.POST.get("draft", "")):
        response.set_cookie("saved_draft", token, max_age=3600, samesite="Lax", secure=request.is_secure())
    return response


def answer_form(
    request: HttpRequest,
    template: str,
    form: BaseForm,
    save: Callable[..., Any],
    said: str,
    *,
    fresh: Callable[[], Mapping[str, Any]] | None = None,
    **context: Any,
) -> HttpResponse:
    """Answer a page that is one form: valid, save by one action and go to the saved thing; else show the form.

    `save` takes the form's values by name and returns the thing; `said` is the sentence about it, with {} for its name.
    `fresh` returns what the form would start with now: where somebody else saved meanwhile, both versions are shown.
    Whatever an action refuses, what was typed stays.
    """
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            thing = save(**form.cleaned_data)
        except BadInput as fault:
            show_faults(form, fault)
        except Conflict as conflict:
            status = 409
            if fresh and isinstance(conflict, Stale):
                show_theirs(form, fresh())
            else:
                form.add_error(None, conflict.message)
        else:
            messages.success(request, said.format(thing))
            return redirect(thing)
    return render_page(request, template, {"form": form, **context}, status=status)
