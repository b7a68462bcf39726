"""Statuses of what people asked for, and who was told of each."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse

from insights.events.public import Account, DistinctId
from insights.voice.closing.contracts import TELL_WITHIN_DAYS, ToldShare

_DAYS = timedelta(days=TELL_WITHIN_DAYS)


class Status(models.TextChoices):
    """What we say about something that people asked for."""

    CONSIDERED = "considered", "We look into it"
    PLANNED = "planned", "Planned"
    STARTED = "started", "In progress"
    DONE = "done", "Done"
    DECLINED = "declined", "Not planned"


class StatusChangeQuerySet(models.QuerySet):
    """Status changes, by whose they are."""

    def visible_to(self, user: Any) -> "StatusChangeQuerySet":
        """Keep those of the user's teams; everything for ops."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(team_id__in=user.team_ids)

    def current(self) -> "StatusChangeQuerySet":
        """Keep the newest of each thing."""
        return self.filter(is_current=True)

    def dressed(self) -> "StatusChangeQuerySet":
        """Fetch along what lists and pages show beside it."""
        return self.select_related("product", "team", "made_by")

    def with_shares(self, now: Any) -> "StatusChangeQuerySet":
        """Add how many were told in time, missed, are open, were left out and wait, as `n_…`."""
        states, outs = Telling.State, Telling.LeftOut
        left_out = Q(tellings__left_out__in=[outs.REPLACED, outs.MAY_NOT])
        end = F("made_at") + _DAYS
        in_time = Q(tellings__state=states.TOLD, tellings__told_at__lte=end)
        is_over = Q(made_at__lt=now - _DAYS)
        told = Q(tellings__state=states.TOLD)
        is_open = ~told & ~left_out & Q(tellings__isnull=False)
        late = told & Q(tellings__told_at__gt=end)
        return self.annotate(
            n_people=Count("tellings"),
            n_told=Count("tellings", filter=told),
            n_waiting=Count("tellings", filter=Q(tellings__state__in=[states.DRAFT, states.FAILED])),
            n_in_time=Count("tellings", filter=in_time),
            n_missed=Count("tellings", filter=late | (is_open & is_over)),
            n_open=Count("tellings", filter=is_open & ~is_over),
            n_left_out=Count("tellings", filter=left_out),
        )


class StatusChange(models.Model):
    """One time that somebody said what becomes of a thing that people asked for, and what can be told of it.

    The thing is named by kind and number; `title` is what it was called then. `letter` is what drafts are made from.
    """

    kind = models.CharField(max_length=30)
    thing_id = models.PositiveBigIntegerField()
    title = models.CharField(max_length=200)
    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("portal_people.Team", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices)
    said = models.TextField(blank=True, help_text="What can be told about it, in words for customers.")
    subject = models.CharField(max_length=150, blank=True)
    letter = models.TextField(blank=True)
    is_told = models.BooleanField(default=True, help_text="Those who asked are to hear of it.")
    is_current = models.BooleanField(default=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "thing_id"], condition=Q(is_current=True), name="a_thing_has_one_status_now"
            )
        ]
        indexes = [models.Index(fields=["kind", "thing_id", "-made_at"], name="statuses_of_a_thing")]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_status_display().lower()}"

    def get_absolute_url(self) -> str:
        """Return the page of who asked for it and who was told."""
        return reverse("closing:thing-page", args=[self.kind, self.thing_id])

    @property
    def tell_until(self) -> Any:
        """Return when the days are over in which those who asked should hear of it."""
        return self.made_at + _DAYS

    @property
    def share(self) -> ToldShare:
        """Return who heard of it in time, from the counts that `with_shares` read."""
        return ToldShare(self.n_in_time, self.n_missed, self.n_open, self.n_left_out)


class TellingQuerySet(models.QuerySet):
    """Who is to be told, by whose they are."""

    def visible_to(self, user: Any) -> "TellingQuerySet":
        """Keep those of the user's teams; everything for ops."""
        return self.filter(change__in=StatusChange.objects.visible_to(user))

    def of_person(self, no: int) -> "TellingQuerySet":
        """Keep those of a person, by whichever of their ids."""
        return self.filter(Q(person=no) | Q(person__person_no=no))

    def dressed(self) -> "TellingQuerySet":
        """Fetch along what lists and pages show beside it."""
        return self.select_related("change__product", "change__team", "person", "account", "told_by")


class Telling(models.Model):
    """That a person, or an account of which nobody is known, is to hear of a status: a draft, until they were told."""

    PERSONAL_FIELDS = frozenset({"name", "subject", "text", "note", "person_id"})

    class State(models.TextChoices):
        DRAFT = "draft", "Not told yet"
        SENDING = "sending", "On its way"
        TOLD = "told", "Told"
        FAILED = "failed", "Could not be sent"
        LEFT_OUT = "left_out", "Left out"

    class Way(models.TextChoices):
        MAIL = "mail", "By mail"
        HAND = "hand", "By hand"

    class LeftOut(models.TextChoices):
        REPLACED = "replaced", "A newer status was told instead"
        MAY_NOT = "may_not", "They want no messages"
        OTHER = "other", "Somebody left them out"

    change = models.ForeignKey(StatusChange, on_delete=models.CASCADE, related_name="tellings")
    person = models.ForeignKey(DistinctId, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200, blank=True, help_text="What they were called when it was drafted.")
    importance = models.SmallIntegerField(help_text="The highest with which they asked for it.")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    way = models.CharField(max_length=5, choices=Way.choices, blank=True)
    left_out = models.CharField(max_length=10, choices=LeftOut.choices, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="How they were told, or why they were not.")
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    n_sent = models.PositiveSmallIntegerField(default=0, help_text="How often a mail was tried: part of its key.")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TellingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "person"], name="a_person_is_told_of_a_status_once"),
            models.UniqueConstraint(
                fields=["change", "account"], condition=Q(person=None), name="an_account_is_told_of_a_status_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(account__isnull=False), name="somebody_is_told"
            ),
            models.CheckConstraint(
                condition=~Q(state="told") | (Q(told_at__isnull=False) & ~Q(way="")),
                name="who_was_told_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(state="left_out", left_out__in=["replaced", "may_not", "other"])
                | (~Q(state="left_out") & Q(left_out="")),
                name="who_was_left_out_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-told_at"], condition=Q(state="told"), name="tellings_of_a_person"),
            models.Index(fields=["account", "-told_at"], condition=Q(state="told"), name="tellings_of_an_account"),
            models.Index(fields=["id"], condition=Q(state="sending"), name="tellings_on_their_way"),
        ]

    def __str__(self) -> str:
        return f"telling {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the page of its words."""
        return reverse("closing:telling-edit", args=[self.pk])

    @property
    def key(self) -> str:
        """Return the key of its newest letter: one try is one letter."""
        return f"telling:{self.pk}:{self.n_sent}"

    @property
    def ask_key(self) -> str:
        """Return the key of the ask that it claims."""
        return f"telling:{self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Say whether somebody has to tell them still."""
        return self.state in (self.State.DRAFT, self.State.FAILED)
