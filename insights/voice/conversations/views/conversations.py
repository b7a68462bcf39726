"""The list of conversations, one's page, and its deletion."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from insights.voice.conversations.access import get_conversation, products_to_talk_about
from insights.voice.conversations.actions import delete_conversation
from insights.voice.conversations.filters import ConversationListFilter
from insights.voice.conversations.models import Conversation
from insights.voice.conversations.queries import build_conversation_page
from insights.voice.conversations.showing import columns_for, show_conversations
from portal.audit.public import history_of
from portal.people.public import can, is_insider
from portal.shell.public import NotFound, answer_list, render_page, wants_fragment

MOST_WITH = 8
SORTS = {
    "held": "held_on",
    "title": "title",
    "kind": "kind",
    "product": "product__name",
    "minutes": "minutes",
    "added": "created_at",
}


@require_GET
def conversation_list(request: HttpRequest) -> HttpResponse:
    """List the conversations that the user may read."""
    user = request.user
    found = ConversationListFilter(request.GET, queryset=Conversation.objects.visible_to(user).dressed(), user=user)
    return answer_list(
        request,
        "insights/voice/conversation_list.html",
        found,
        columns_for(user),
        SORTS,
        "-held",
        dress=partial(show_conversations, user=user, has_names=False),
        may_add=bool(products_to_talk_about(user)),
    )


@require_GET
def conversations_with(request: HttpRequest) -> HttpResponse:
    """Show the newest conversations with a person or an account's people, as a piece of their page."""
    user = request.user
    conversations = Conversation.objects.visible_to(user).inside_of(user).dressed()
    found = ConversationListFilter(request.GET, queryset=conversations, user=user)
    asked = {name: request.GET[name] for name in ("person", "account") if request.GET.get(name)}
    rows = list(found.qs.order_by("-held_on", "-pk")[: MOST_WITH + 1]) if asked else []
    context = {"rows": rows[:MOST_WITH], "has_more": len(rows) > MOST_WITH, "query": urlencode(asked)}
    return render_page(request, "insights/voice/conversation_with.html", context, fragment="with")


@require_GET
def conversation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a conversation: who took part, what was said, what comes next."""
    user = request.user
    conversation = get_conversation(user, pk)
    context = {"page": build_conversation_page(conversation, user), "conversation": conversation}
    return render_page(request, "insights/voice/conversation_page.html", context)


@require_GET
def conversation_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who took part as they are known now, as a piece of the page; the page itself has the names as noted."""
    conversation = get_conversation(request.user, pk)
    if not is_insider(request.user, conversation.team_id):
        raise NotFound()
    if not wants_fragment(request):
        return redirect(conversation)
    show_conversations([conversation], request.user)
    context = {"conversation": conversation, "may_edit": can(request.user, "conversations.edit", conversation)}
    return render(request, "insights/voice/_participants.html", context)


@require_GET
def conversation_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was changed of a conversation, as a piece of its page."""
    conversation = get_conversation(request.user, pk)
    show_conversations([conversation], request.user, has_names=False)
    context = {"conversation": conversation, "history": history_of(conversation)}
    return render_page(request, "insights/voice/conversation_history.html", context, fragment="history")


@require_http_methods(["GET", "POST"])
def conversation_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a conversation."""
    conversation = get_conversation(request.user, pk, write=True)
    if request.method == "POST":
        delete_conversation(conversation, actor=request.user)
        return redirect("conversations:conversation-list")
    return render(request, "insights/voice/conversation_delete.html", {"conversation": conversation})
