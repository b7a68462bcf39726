"""What feedback hangs into the shell: navigation, search, commands, panels of persons and accounts, eraser, demo."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from insights.persons.contracts import AccountFacts, NameTeller, PersonFacts, StoryTeller
from insights.voice.feedback import demo
from insights.voice.feedback.attachments import sweep_files
from insights.voice.feedback.contracts import FeedbackWork
from insights.voice.feedback.models import Attachment, Channel, Feedback
from insights.voice.feedback.personal import FEEDBACK_MENTIONS, erase_person, export_person, names_given
from insights.voice.feedback.showing import show_found
from insights.voice.feedback.telling import tell_feedback
from insights.voice.texts.public import TextFilter, TextKind, Words, keep_fitting
from portal.people.public import Role, Visibility
from portal.shell.public import (
    Command,
    DemoSeed,
    NavItem,
    NightStep,
    Panel,
    PersonEraser,
    PersonExporter,
    registry,
)


@dataclass(frozen=True)
class SaidPanel:
    """Where to read what a person or an account's people said, and where to write more down."""

    url: str
    new_url: str


def _words_of(team_id: int | None) -> Any:
    """Return the words of a team's feedback, or of what is shared, for search to count them."""
    if team_id is None:
        return Feedback.objects.filter(visibility=Visibility.COMPANY).values_list(Words("shared_words"))
    return Feedback.objects.filter(team=team_id).values_list(Words())


def _by_channel(kind: str, rows: Any, value: str, user: Any) -> Any:
    return rows.filter(channel__slug=value) if kind == "feedback" else None


def _said(thing: Any, user: Any) -> SaidPanel | None:
    """Return where a person's or an account's feedback is read; the page asks for it once it stands."""
    if isinstance(thing, PersonFacts):
        query, new = {"person": thing.no}, {"person": thing.distinct_id}
    elif isinstance(thing, AccountFacts):
        query, new = {"account": thing.account_id}, {"account": thing.account_id}
    else:
        return None
    said, form = reverse("feedback:feedback-said"), reverse("feedback:feedback-new")
    return SaidPanel(f"{said}?{urlencode(query)}", f"{form}?{urlencode(new)}" if _may_add(user) else "")


def _may_add(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


registry.add(NavItem("Insights", "Voice", "feedback:feedback-list", order=30, keys="g v", icon="voice"))
registry.add(
    Command("Write feedback down", "feedback:feedback-new", can_see=_may_add, order=26, detail="What a customer said")
)
registry.add(
    Command("Paste feedback", "feedback:feedback-paste", can_see=_may_add, order=27, detail="Many pieces at once")
)
registry.add(Panel("feedback", "insights/voice/_said_panel.html", _said, order=20))
registry.add(StoryTeller("feedback", tell_feedback, order=20))


def _sweep(night: Any) -> None:
    sweep_files(night.now, progress=night.progress)


registry.add(NightStep("feedback.sweep_files", "Remove files that no feedback has any more", _sweep, order=92))
registry.add(
    FeedbackWork(
        "files",
        "got a file",
        lambda pieces: Attachment.objects.filter(feedback__in=pieces).values_list("feedback", flat=True),
    )
)
registry.add(PersonEraser("feedback", erase_person))
registry.add(NameTeller("feedback", names_given, is_sure=False))
registry.add(FEEDBACK_MENTIONS)
registry.add(
    FeedbackWork("changed", "was changed", lambda pieces: pieces.filter(version__gt=1).values_list("pk", flat=True))
)
registry.add(PersonExporter("feedback", export_person))
registry.add(DemoSeed("feedback", demo.seed_feedback, order=55))
registry.add(
    TextKind(
        name="feedback",
        label="Feedback",
        plural="Feedback",
        rows=lambda user: Feedback.objects.visible_to(user),
        fits=keep_fitting,
        inside=lambda rows, user: rows.inside_of(user),
        dress=lambda rows: rows.dressed(),
        show=show_found,
        paths={name: (name,) for name in ("product", "account", "person", "language")} | {"day": ("said_on",)},
        words_of=_words_of,
        order=10,
    )
)
registry.add(
    TextFilter(
        name="channel",
        label="Channel",
        choices=lambda user: list(Channel.objects.values_list("slug", "name")),
        narrow=_by_channel,
        empty_label="All channels",
        order=10,
    )
)
