"""What the inbox shows: one piece with its forms, and beside it what is suggested."""

from dataclasses import dataclass, field
from typing import Any

from insights.voice.feedback.public import Feedback, show_all
from insights.voice.suggestions.public import Suggestions, suggest
from insights.voice.themes.public import Theme
from insights.voice.triage.actions import last_decision_of
from insights.voice.triage.forms import ArchiveForm, AskForm, AssignForm, LinkForm, SplitForm
from insights.voice.triage.holding import held_by_others, hold
from insights.voice.triage.models import Decision, Inquiry
from insights.voice.triage.queue import QueueFilter
from portal.people.public import Product, User, can, possible_owners


@dataclass(frozen=True)
class InboxPage:
    """One piece of the queue, how many wait, and what can be done; no piece: the queue is empty, or at its end.

    place: "after" or "before" where the end of the queue was reached by walking; holder: who else looks at the piece.
    """

    piece: Feedback | None
    n_waiting: int
    is_filtered: bool
    place: str = ""
    holder: User | None = None
    inquiry: Inquiry | None = None
    decided: Decision | None = None
    last: Decision | None = None
    themes: list[tuple[str, str]] = field(default_factory=list)
    forms: dict[str, Any] = field(default_factory=dict)
    opened: str = ""


@dataclass(frozen=True)
class Beside:
    """What stands beside a piece: what is suggested for it."""

    suggestions: Suggestions
    piece: Feedback


def theme_names(product: Product, user: Any) -> dict[str, int]:
    """Return the live themes of a product that a user may link to, by name."""
    live = Theme.objects.visible_to(user).filter(product=product).live()
    return dict(live.order_by("name").values_list("name", "pk"))


def read_inbox(
    queue: QueueFilter,
    pieces: list[Feedback],
    user: Any,
    *,
    is_asked: bool = False,
    place: str = "",
    forms: dict[str, Any],
) -> InboxPage:
    """Return the first of some pieces that nobody else looks at, with all that the inbox shows round it."""
    piece = next(iter(pieces), None)
    if not is_asked and len(pieces) > 1:
        others = held_by_others([one.pk for one in pieces], user)
        piece = next((one for one in pieces if one.pk not in others), piece)
    common = {
        "n_waiting": queue.qs.order_by().count(),
        "is_filtered": any(queue.form.cleaned_data.values()) if queue.form.is_valid() else False,
        "place": place,
        "last": last_decision_of(user),
    }
    if piece is None:
        return InboxPage(None, **common)
    show_all([piece], user, has_names=False)
    if piece.state != Feedback.State.NEW:
        return InboxPage(piece, **common, decided=_decided(piece))
    holder = hold(piece.pk, user)
    people = list(possible_owners([piece.team_id])[:200])
    names = theme_names(piece.product, user)
    made = {
        "link": LinkForm(piece=piece, themes=names),
        "archive": ArchiveForm(piece=piece),
        "split": SplitForm(piece=piece),
        "assign": AssignForm(piece=piece, people=people),
        "ask": AskForm(piece=piece, people=people),
    }
    return InboxPage(
        piece,
        **common,
        holder=User.objects.filter(pk=holder).first() if holder else None,
        inquiry=_inquiry(piece),
        themes=[(name, "") for name in names],
        forms={**made, **forms},
        opened=next(iter(forms), ""),
    )


def _inquiry(piece: Feedback) -> Inquiry | None:
    """Return what was asked about a piece and not answered; pieces of the queue say whether there is something."""
    if not getattr(piece, "is_asked_about", True):
        return None
    return Inquiry.objects.open().filter(feedback=piece).select_related("colleague", "created_by").first()


def _decided(piece: Feedback) -> Decision | None:
    found = Decision.objects.standing().filter(feedback=piece, version=piece.version)
    return found.select_related("created_by", "theme", "assignee").order_by("-pk").first()


def read_beside(piece: Feedback, user: Any) -> Beside:
    """Return what stands beside a piece."""
    show_all([piece], user, has_names=False)
    return Beside(suggest(piece, user), piece)


@dataclass(frozen=True)
class PieceHistory:
    """What was decided about a piece, what was asked back, and whether the reader may decide."""

    piece: Feedback
    decisions: list[Decision]
    inquiries: list[Inquiry]
    may_decide: bool


def read_history(piece: Feedback, user: Any) -> PieceHistory:
    """Return the triage of a piece, the newest first."""
    decisions = Decision.objects.filter(feedback=piece).select_related("created_by", "theme", "assignee")
    decisions = decisions.select_related("inquiry__colleague", "inquiry__created_by")
    rows = list(decisions.order_by("-pk")[:10])
    inquiries = [row.inquiry for row in rows if hasattr(row, "inquiry")]
    return PieceHistory(piece, rows, inquiries, can(user, "feedback.edit", piece))
