"""What conversations hang into the shell: navigation, search, commands, panels, my next steps, eraser, demo."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from insights.contacts.public import Consent, ConsentUse
from insights.persons.contracts import AccountFacts, NameTeller, PersonFacts, StoryTeller
from insights.voice.conversations import demo
from insights.voice.conversations.erasing import CONVERSATION_MENTIONS, erase_person, names_given
from insights.voice.conversations.models import Conversation
from insights.voice.conversations.showing import show_found
from insights.voice.conversations.telling import export_person, recordings_of, tell_conversations
from insights.voice.texts.public import TextKind, Words, keep_fitting
from portal.people.public import Role, Visibility
from portal.shell.public import (
    Command,
    DemoSeed,
    HomePanel,
    NavItem,
    Panel,
    PersonEraser,
    PersonExporter,
    registry,
)


@dataclass(frozen=True)
class TalkedPanel:
    """Where the conversations with a person or an account's people are read, and where to write one down."""

    url: str
    new_url: str


def _words_of(team_id: int | None) -> Any:
    """Return the words of a team's conversations, or of what is shared, for search to count them."""
    if team_id is None:
        return Conversation.objects.filter(visibility=Visibility.COMPANY).values_list(Words("shared_words"))
    return Conversation.objects.filter(team=team_id).values_list(Words())


def _talked(thing: Any, user: Any) -> TalkedPanel | None:
    """Return where a person's or an account's conversations are read; the page asks for it once it stands."""
    if isinstance(thing, PersonFacts):
        query, new = {"person": thing.no}, {"person": thing.distinct_id}
    elif isinstance(thing, AccountFacts):
        query, new = {"account": thing.account_id}, {"account": thing.account_id}
    else:
        return None
    talked, form = reverse("conversations:conversations-with"), reverse("conversations:conversation-new")
    return TalkedPanel(f"{talked}?{urlencode(query)}", f"{form}?{urlencode(new)}" if _may_add(user) else "")


def _may_add(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


def _build_home(request: HttpRequest) -> dict[str, Any] | None:
    """Return the place of the reader's next steps; Home has no query to spare, so they are asked for once it stands."""
    return {} if _may_add(request.user) else None


registry.add(
    NavItem(
        "Insights",
        "Conversations",
        "conversations:conversation-list",
        order=31,
        keys="g n",
        icon="people",
        under="Voice",
    )
)
registry.add(
    Command(
        "Write a conversation down",
        "conversations:conversation-new",
        can_see=_may_add,
        order=25,
        detail="An interview or a call with a customer",
    )
)
registry.add(Panel("conversations", "insights/voice/_talked_panel.html", _talked, order=21))
registry.add(HomePanel("next steps", "insights/voice/_next_steps_panel.html", _build_home, order=90))
registry.add(StoryTeller("conversations", tell_conversations, order=30))
registry.add(PersonEraser("conversations", erase_person))
registry.add(NameTeller("conversations", names_given, is_sure=False))
registry.add(CONVERSATION_MENTIONS)
registry.add(ConsentUse("conversations", Consent.Purpose.RECORDING, recordings_of))
registry.add(DemoSeed("conversations", demo.seed_conversations, order=55))
registry.add(PersonExporter("conversations", export_person))
registry.add(
    TextKind(
        name="conversation",
        label="Conversation",
        plural="Conversations",
        rows=lambda user: Conversation.objects.visible_to(user),
        fits=keep_fitting,
        inside=lambda rows, user: rows.inside_of(user),
        dress=lambda rows: rows.with_names(),
        show=show_found,
        paths={
            "product": ("product",),
            "day": ("held_on",),
            "account": ("participants__account",),
            "person": ("participants__person",),
            "language": ("language",),
        },
        words_of=_words_of,
        order=20,
    )
)
