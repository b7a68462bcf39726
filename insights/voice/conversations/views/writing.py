"""Writing a conversation down and changing it; what was typed is never lost, whatever is refused."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from insights.voice.conversations.access import get_conversation, products_to_talk_about
from insights.voice.conversations.actions import add_conversation, update_conversation
from insights.voice.conversations.forms import ConversationForm, ParticipantRows, rows_of, start_of
from insights.voice.conversations.models import Conversation
from portal.people.public import get_current_product
from portal.shell.public import (
    BadInput,
    NotAllowed,
    Stale,
    own_body_limit,
    render_page,
    show_faults,
    show_theirs,
    tell_draft_saved,
)

_NO_PRODUCT = "Conversations are written down by members of a product's team. Ask one of them, or an admin for a role."
_MORE_ROWS = 3


@own_body_limit
@require_http_methods(["GET", "POST"])
def conversation_new(request: HttpRequest) -> HttpResponse:
    """Write a conversation down."""
    user, products = request.user, products_to_talk_about(request.user)
    if not products:
        raise NotAllowed(_NO_PRODUCT)
    given = {name: request.GET[name][:400] for name in ("person", "account") if request.GET.get(name)}
    form = ConversationForm(
        request.POST or None, request.FILES or None, initial=_start(request), user=user, products=products
    )
    rows = ParticipantRows(request.POST or None, initial=[given] if given else [], prefix="who")

    def save(values: dict[str, Any]) -> Conversation:
        del values["version"]
        return add_conversation(values.pop("product"), actor=user, today=timezone.localdate(), **values)

    return _answer(request, form, rows, save, {})


@own_body_limit
@require_http_methods(["GET", "POST"])
def conversation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a conversation."""
    conversation = get_conversation(request.user, pk, write=True)
    form = ConversationForm(
        request.POST or None,
        request.FILES or None,
        initial=start_of(conversation),
        user=request.user,
        conversation=conversation,
    )
    rows = ParticipantRows(request.POST or None, initial=rows_of(conversation), prefix="who")

    def save(values: dict[str, Any]) -> Conversation:
        version = values.pop("version") or 0
        today = timezone.localdate()
        return update_conversation(conversation, actor=request.user, today=today, version=version, **values)

    return _answer(request, form, rows, save, {"conversation": conversation})


def _start(request: HttpRequest) -> dict[str, Any]:
    slugs = [product.slug for product in products_to_talk_about(request.user)]
    current = get_current_product(request.user)
    asked = request.GET.get("product", current.slug if current else "")
    return {
        "product": asked if asked in slugs else slugs[0],
        "held_on": timezone.localdate(),
        "led_by": [request.user.pk],
    }


def _answer(
    request: HttpRequest,
    form: ConversationForm,
    rows: Any,
    save: Callable[[dict[str, Any]], Conversation],
    context: dict[str, Any],
) -> HttpResponse:
    """Save, or show the form again: with more rows, with faults, with what somebody else saved meanwhile."""
    status = 200
    if "more_rows" in request.POST:
        rows = _with_more_rows(request)
        form.is_valid()  # a file that was chosen stands in its field then
        form.errors.clear()
    elif form.is_bound:
        status = 422
        if form.is_valid() & rows.is_valid():
            try:
                saved = save({**form.cleaned_data, "participants": rows.typed()})
            except BadInput as fault:
                show_faults(form, fault)
            except Stale:
                status = 409
                now = Conversation.objects.dressed().get(pk=context["conversation"].pk)
                names = [one["name"] or one["person"] or one["account"] for one in rows_of(now)]
                show_theirs(form, start_of(now), also=[("Who took part", ", ".join(names) or "nobody")])
            else:
                messages.success(request, "Saved." if "conversation" in context else "Written down.")
                return tell_draft_saved(request, redirect(saved))
    context = {**context, "form": form, "rows": rows}
    return render_page(request, "insights/voice/conversation_form.html", context, status=status)


def _with_more_rows(request: HttpRequest) -> Any:
    data = request.POST.copy()
    total = data.get("who-TOTAL_FORMS", "0")
    data["who-TOTAL_FORMS"] = str((int(total) if total.isdecimal() and len(total) < 4 else 0) + _MORE_ROWS)
    return ParticipantRows(data, prefix="who")
