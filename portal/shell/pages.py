"""HTTP helpers of every page: one way to render a page or its fragment, one to answer a page that is a form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def wants_fragment(request: HttpRequest) -> bool:
    """Say whether htmx asked for a piece: not for a whole page by a boosted link or the back button."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """Render a page, or only its named partial when htmx asked for a piece of it."""
    is_fragment = fragment and wants_fragment(request)
    response = render(request, f"{template}#{fragment}" if is_fragment else template, context, status=status)
    response["Vary"] = ", ".join(filter(None, [response.get("Vary", ""), "HX-Request"]))
    return response


def answer_form(
    request: HttpRequest, template: str, form: BaseForm, save: Callable[..., Any], said: str, **context: Any
) -> HttpResponse:
    """Answer a page that is one form: valid, save by one action and go to the saved thing; else show the form.

    `save` takes the form's values by name and returns the thing; `said` is the sentence about it, with {} for its name.
    """
    if form.is_valid():
        thing = save(**form.cleaned_data)
        messages.success(request, said.format(thing))
        return redirect(thing)
    return render_page(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)
