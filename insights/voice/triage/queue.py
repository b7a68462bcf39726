"""The queue of pieces that wait: whose, which, and what comes before and after one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Aggregate, Count, Exists, FloatField, OuterRef, Q, QuerySet
from django.utils import timezone

from insights.voice.feedback.public import Channel, Feedback
from insights.voice.texts.public import LANGUAGE_CHOICES
from insights.voice.triage.models import Decision, Inquiry

PACE_DAYS = 30
_MOST_LOOKED_AT = 5  # pieces that others work on are passed over, so many of them
WHOSE = [("me", "Given to me"), ("all", "All that wait"), ("asked", "Asked back")]


class QueueFilter(django_filters.FilterSet):
    """What waits, by product, channel, language, and whose it is."""

    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")
    channel = django_filters.ChoiceFilter(field_name="channel__slug", label="Channel", empty_label="All channels")
    language = django_filters.ChoiceFilter(choices=LANGUAGE_CHOICES, empty_label="All languages")
    whose = django_filters.ChoiceFilter(choices=WHOSE, label="Whose", empty_label="Mine or free", method="leave")

    class Meta:
        model = Feedback
        fields: list[str] = []

    def __init__(self, data: Any, *, user: Any):
        super().__init__(data, Feedback.objects.inside_of(user).waiting())
        self.user = user
        own = [one for one in user.visible_products if user.is_ops or one.team_id in user.team_ids]
        self.filters["product"].extra["choices"] = [(one.slug, one.name) for one in own]
        self.filters["channel"].extra["choices"] = list(Channel.objects.values_list("slug", "name"))

    def leave(self, feedback, name, value):
        """Keep all: whose they are is looked at below, where nothing chosen means something too."""
        return feedback

    def filter_queryset(self, queryset):
        """Keep what the filters say; what was asked back rests, what is given to others is theirs."""
        found = super().filter_queryset(queryset)
        return of_whom(found, self.form.cleaned_data.get("whose") or "", self.user)


def of_whom(feedback: QuerySet, whose: str, user: Any) -> QuerySet:
    """Keep what waits for a user or anybody; or what is given to them, all, or what was asked back about."""
    asked = Exists(Inquiry.objects.open().filter(feedback=OuterRef("pk")))
    if whose == "asked":
        return feedback.filter(asked)
    if whose == "all":
        return feedback
    found = feedback.filter(~asked)
    if whose == "me":
        return found.filter(assignee_id=user.pk)
    return found.filter(Q(assignee=None) | Q(assignee_id=user.pk))


@dataclass(frozen=True)
class Place:
    """Where in the queue a piece stands."""

    said_on: Any
    pk: int


def place_of(pk: int) -> Place | None:
    """Return where a piece stands or stood, if it is still there."""
    row = Feedback.objects.filter(pk=pk).values_list("said_on", "pk").first()
    return Place(*row) if row else None


def next_pieces(queue: QuerySet, after: Place | None = None) -> list[Feedback]:
    """Return the next pieces of a queue, the newest first: as many as are looked at for one that is free."""
    if after is not None:
        queue = queue.filter(Q(said_on__lt=after.said_on) | Q(said_on=after.said_on, pk__lt=after.pk))
    return list(dress(queue).order_by("-said_on", "-pk")[:_MOST_LOOKED_AT])


def pieces_before(queue: QuerySet, before: Place) -> list[Feedback]:
    """Return the pieces that came before one, the nearest first."""
    earlier = Q(said_on__gt=before.said_on) | Q(said_on=before.said_on, pk__gt=before.pk)
    return list(dress(queue.filter(earlier)).order_by("said_on", "pk")[:_MOST_LOOKED_AT])


def dress(pieces: QuerySet) -> QuerySet:
    """Fetch along what the inbox shows of a piece, and whether somebody asked back about it."""
    asked = Exists(Inquiry.objects.open().filter(feedback=OuterRef("pk")))
    return pieces.dressed().select_related("assignee", "split_from").annotate(is_asked_about=asked)


def count_waiting(user: Any) -> int:
    """Return how many pieces wait for a user or for anybody of their teams."""
    return of_whom(Feedback.objects.inside_of(user).waiting(), "", user).count()


class Median(Aggregate):
    """The middle value."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Pace:
    """How fast the teams of a user decide: the middle of the seconds that a piece was on the screen, of how many."""

    median_s: float | None
    n_decisions: int


def read_pace(user: Any, now: Any = None) -> Pace:
    """Return the pace of the last PACE_DAYS days, for the user's teams."""
    since = (now or timezone.now()) - timedelta(days=PACE_DAYS)
    own = Decision.objects.standing().filter(created_at__gt=since, seconds__isnull=False)
    own = own if user.is_ops else own.filter(team_id__in=user.team_ids)
    found = own.aggregate(median=Median("seconds"), n=Count("pk"))
    return Pace(found["median"], found["n"])
