"""Tables of alignment pulses. Who was asked and what was answered never meet: neither knows of the other."""

import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from portal.people.public import TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in
from roadmaps.goals.public import Objective


class PulseQuerySet(TeamOwnedQuerySet):
    """Pulses as rows of a list."""

    def dressed(self) -> "PulseQuerySet":
        """Fetch along what lists and pages show beside it."""
        return self.select_related("product__team", "team", "owner")

    def matching(self, text: str) -> "PulseQuerySet":
        """Keep those whose name holds each word."""
        return self.filter(words_in(text, "name", "product__name"))

    def with_counts(self) -> "PulseQuerySet":
        """Count along how many were asked, and how many of them answered."""
        mine = PulseFunction.objects.filter(pulse=models.OuterRef("pk")).order_by().values("pulse")
        asked = models.Subquery(mine.annotate(n=models.Sum("n_asked")).values("n"))
        answered = models.Subquery(mine.annotate(n=models.Sum("n_answered")).values("n"))
        nothing = models.Value(0)
        return self.annotate(
            n_asked=models.functions.Coalesce(asked, nothing), n_answered=models.functions.Coalesce(answered, nothing)
        )


class Pulse(TeamOwned):
    """Three questions to the functions around a product: which goals matter most, one vision, smooth execution?

    `results` are worked out once, when it is closed, and nobody sees a number before; then it never opens again. Else
    the numbers of before and after one more answer would tell what that answer was.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="pulses")
    name = models.CharField(max_length=120, help_text="People read it in the mail that asks them.")
    sender = models.CharField(max_length=120, blank=True, help_text="Who asks, as people read it.")
    closes_on = models.DateField(help_text="The last day on which it can be answered.")
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    results = models.JSONField(default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = PulseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_pulse_has_a_name"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None, results={})),
                name="a_pulse_has_results_once_it_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("pulses:pulse-page", args=[self.pk])

    def takes_answers(self, today: date) -> bool:
        """Say whether it can be answered on a day."""
        return self.state == self.State.OPEN and today <= self.closes_on


class PulseGoal(models.Model):
    """One of the goals to be ranked, in the words that it had when the pulse was made."""

    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="goals")
    objective = models.ForeignKey(Objective, on_delete=models.SET_NULL, null=True, related_name="pulse_goals")
    title = models.CharField(max_length=200)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pulse", "place"]
        constraints = [models.UniqueConstraint(fields=["pulse", "place"], name="goals_of_a_pulse_have_places")]

    def __str__(self) -> str:
        return self.title


class PulseFunction(models.Model):
    """A function that is asked, such as Design: of its people no more is kept for good than how many there were."""

    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="functions")
    name = models.CharField(max_length=60)
    n_asked = models.PositiveIntegerField(default=0)
    n_answered = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pulse", "pk"]
        constraints = [
            models.UniqueConstraint("pulse", Lower("name"), name="a_function_is_asked_by_a_pulse_once"),
            models.CheckConstraint(
                condition=Q(n_answered__lte=models.F("n_asked")), name="no_more_answer_than_were_asked"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Invitee(models.Model):
    """Somebody who is asked, until the pulse is closed; nothing here says whether they answered, or by which link."""

    PERSONAL_FIELDS = frozenset({"address"})

    function = models.ForeignKey(PulseFunction, on_delete=models.CASCADE, related_name="invitees")
    address = models.EmailField(max_length=254)
    is_written_to = models.BooleanField(default=False)

    class Meta:
        ordering = ["function", "address"]
        constraints = [models.UniqueConstraint("function", Lower("address"), name="an_address_is_in_a_function_once")]
        indexes = [models.Index(fields=["function"], condition=Q(is_written_to=False), name="invitees_to_write_to")]

    def __str__(self) -> str:
        return f"invitee {self.pk}"


class Ticket(models.Model):
    """The right to answer once, of whoever has the link: of its secret the hash is kept, and of its holder nothing.

    It has no number, so it tells no order; it is deleted in the transaction that keeps the answer.
    """

    secret_hash = models.CharField(max_length=64, primary_key=True)
    function = models.ForeignKey(PulseFunction, on_delete=models.CASCADE, related_name="tickets")

    class Meta:
        ordering = ["secret_hash"]

    def __str__(self) -> str:
        return "ticket"


class PulseAnswer(models.Model):
    """What somebody of a function answered; no time, no order, no way back to who it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    function = models.ForeignKey(PulseFunction, on_delete=models.CASCADE, related_name="answers")
    ranks = ArrayField(models.PositiveSmallIntegerField(null=True), default=list, blank=True)
    vision = models.PositiveSmallIntegerField(null=True)
    execution = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(vision=None) | Q(vision__range=(1, 5))) & (Q(execution=None) | Q(execution__range=(1, 5))),
                name="a_rating_is_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return "answer"
