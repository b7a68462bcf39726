"""Opportunities: problems that people have, the evidence for them, and what was decided about them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from insights.voice.feedback.public import Feedback
from insights.voice.highlights.public import Highlight
from portal.people.public import TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in


class OpportunityQuerySet(TeamOwnedQuerySet):
    """Opportunities, read."""

    def matching(self, text: str) -> "OpportunityQuerySet":
        """Keep those whose title, problem or account of who has it hold each word."""
        return self.filter(words_in(text, "title", "problem", "who"))

    def of_rows(self) -> "OpportunityQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("product", "team", "owner")


class Opportunity(TeamOwned):
    """A problem of a product's users that could be worth solving; what we would do about it are initiatives."""

    # In words, and they may name somebody by mistake: the trail, which cannot be changed, keeps none of them.
    PERSONAL_FIELDS = frozenset({"problem", "who"})

    class State(models.TextChoices):
        OPEN = "open", "Open"
        EXPLORING = "exploring", "Exploring"
        PLANNED = "planned", "Planned"
        SOLVED = "solved", "Solved"
        DROPPED = "dropped", "Dropped"

    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="opportunities")
    title = models.CharField(max_length=200, help_text="The problem in a few words, as those say it who have it.")
    problem = models.TextField(blank=True, help_text="What goes wrong today, when, and what it costs. Markdown.")
    who = models.CharField(max_length=300, blank=True, help_text="Who has it.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name_plural = "opportunities"
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="an_opportunity_has_a_title")]
        indexes = [models.Index(fields=["product", "-updated_at"], name="opportunities_of_a_product")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("opportunities:opportunity-page", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Say whether something may still be done about it."""
        return self.state not in (self.State.SOLVED, self.State.DROPPED)


def visible_opportunities(user: Any) -> Any:
    """Return the ids of the opportunities that a user may read, for what hangs on them."""
    return Opportunity.objects.visible_to(user).order_by().values("pk")


class EvidenceQuerySet(models.QuerySet):
    """Evidence, by whose opportunity it is of; what it shows is for those alone who may see the thing itself."""

    def visible_to(self, user: Any) -> "EvidenceQuerySet":
        """Keep that of opportunities that the user may read, without words of texts that they may not."""
        quote = Q(highlight=None) | Q(highlight__in=Highlight.objects.visible_to(user).order_by().values("pk"))
        piece = Q(feedback=None) | Q(feedback__in=Feedback.objects.visible_to(user).order_by().values("pk"))
        return self.filter(quote, piece, opportunity__in=visible_opportunities(user))


class Evidence(models.Model):
    """Says that something shows an opportunity to be real, and how much that weighs.

    What somebody said is named by a foreign key: it goes with the person who said it. All else is named by kind and
    number, and keeps what it was called when it was taken as evidence, also once the thing itself is gone.
    """

    PERSONAL_FIELDS = frozenset({"note"})

    class Weight(models.IntegerChoices):
        NICE = 1, "Nice to have"
        IMPORTANT = 2, "Important"
        CRITICAL = 3, "Critical"

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=30, help_text="A kind of evidence that a room registered.")
    highlight = models.ForeignKey(Highlight, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    thing_id = models.PositiveBigIntegerField(null=True, blank=True, help_text="Its number, where nobody said it.")
    title = models.CharField(max_length=200, blank=True, help_text="What it was called then, where nobody said it.")
    weight = models.PositiveSmallIntegerField(choices=Weight.choices, default=Weight.IMPORTANT)
    note = models.CharField(max_length=500, blank=True, help_text="What it shows.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(highlight__isnull=False, feedback=None, thing_id=None)
                | Q(highlight=None, feedback__isnull=False, thing_id=None)
                | Q(highlight=None, feedback=None, thing_id__isnull=False),
                name="proof_is_a_quote_or_feedback_or_another_thing",
            ),
            models.CheckConstraint(condition=Q(weight__range=(1, 3)), name="proof_weighs_one_to_three"),
            models.UniqueConstraint(fields=["opportunity", "highlight"], name="a_quote_shows_an_opportunity_once"),
            models.UniqueConstraint(fields=["opportunity", "feedback"], name="feedback_shows_an_opportunity_once"),
            models.UniqueConstraint(
                fields=["opportunity", "kind", "thing_id"], name="a_thing_shows_an_opportunity_once"
            ),
        ]
        indexes = [models.Index(fields=["kind", "thing_id"], name="proof_by_thing")]

    def __str__(self) -> str:
        return f"evidence {self.pk}"

    def get_absolute_url(self) -> str:
        """Return its place on the page of its opportunity."""
        return f"{reverse('opportunities:opportunity-page', args=[self.opportunity_id])}#evidence-{self.pk}"

    @property
    def thing_no(self) -> int:
        """Return the number of what it is, whichever kind."""
        return self.highlight_id or self.feedback_id or self.thing_id


class Decision(models.Model):
    """One line of what was decided about an opportunity, and why; never changed."""

    PERSONAL_FIELDS = frozenset({"what", "why"})

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="decisions")
    what = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(what=""), name="a_decision_says_what")]

    def __str__(self) -> str:
        return self.what
