"""The write keys of a source: make one, replace it, revoke it, and what to tell a client."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from insights.capture.access import EDIT, get_write_key
from insights.capture.actions import OVERLAP, create_write_key, revoke_write_key, rotate_write_key
from insights.capture.models import WriteKey
from insights.capture.queries import describe_traffic
from insights.events.public import get_source
from portal.people.public import can
from portal.shell.public import render_page


class KeyForm(forms.Form):
    """What makes a write key."""

    name = forms.CharField(
        max_length=100, label="Where is it used?", help_text="For example “web shop” or “backend, staging”."
    )


def _page(request: HttpRequest, source, form=None, new_key: str = "") -> HttpResponse:
    context = {
        "source": source,
        "keys": WriteKey.objects.filter(source=source),
        "form": (form or KeyForm()) if can(request.user, EDIT, source) else None,
        "new_key": new_key,
        "host": f"{request.scheme}://{request.get_host()}",
        "overlap_days": OVERLAP.days,
        "traffic": describe_traffic(source),
    }
    return render_page(request, "insights/capture/key_list.html", context, status=422 if form else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def key_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a source's keys; a POST makes one and shows its text this once."""
    source = get_source(request.user, slug, write=EDIT if request.method == "POST" else False)
    if request.method == "GET":
        return _page(request, source)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, source, form=form)
    _, text = create_write_key(source, name=form.cleaned_data["name"], actor=request.user)
    return _page(request, source, new_key=text)


@never_cache
@require_POST
def key_rotate(request: HttpRequest, key_id: int) -> HttpResponse:
    """Make a successor of a key, and show its text this once."""
    key = get_write_key(request.user, key_id, write=True)
    _, text = rotate_write_key(key, actor=request.user)
    return _page(request, key.source, new_key=text)


@require_http_methods(["GET", "POST"])
def key_revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """Ask, then close a key at once."""
    key = get_write_key(request.user, key_id, write=True)
    if request.method == "GET":
        return render_page(request, "insights/capture/key_revoke.html", {"key": key})
    key = revoke_write_key(key, actor=request.user)
    messages.success(request, f"The key {key} is revoked. Senders that use it are refused from now on.")
    return redirect("capture:key-list", slug=key.source.slug)
