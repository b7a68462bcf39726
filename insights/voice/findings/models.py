"""Findings: claims about customers, the evidence for and against them, and each time that somebody reviewed them."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from insights.voice.findings.contracts import AGAINST, ENDS_SOON_DAYS, FOR
from insights.voice.highlights.public import Highlight
from insights.voice.texts.public import Fits, build_query
from portal.people.public import TeamOwned, TeamOwnedQuerySet


class FindingQuerySet(TeamOwnedQuerySet):
    """Findings, by where they stand."""

    def matching(self, text: str) -> "FindingQuerySet":
        """Keep those whose claim, meaning or account of how it was found holds the words."""
        return self.fitting(build_query(text))

    def fitting(self, query: str) -> "FindingQuerySet":
        """Keep those that fit a query of words; who reads a finding at all reads it whole."""
        return self.filter(Fits("words", query)) if query else self.none()

    def standing(self, name: str, today: dt.date) -> "FindingQuerySet":
        """Keep those that stand so on a day, by the names of `Finding.Standing`."""
        soon = today + dt.timedelta(days=ENDS_SOON_DAYS)
        stands = Q(state=Finding.State.STANDS)
        by_name = {
            Finding.Standing.DRAFT: Q(state=Finding.State.DRAFT),
            Finding.Standing.STANDS: stands & Q(valid_until__gt=soon),
            Finding.Standing.ENDS_SOON: stands & Q(valid_until__gte=today, valid_until__lte=soon),
            Finding.Standing.EXPIRED: stands & Q(valid_until__lt=today),
            Finding.Standing.IN_QUESTION: Q(state=Finding.State.IN_QUESTION),
            Finding.Standing.WITHDRAWN: Q(state=Finding.State.WITHDRAWN),
        }
        return self.filter(by_name[name])

    def to_review(self, today: dt.date) -> "FindingQuerySet":
        """Keep those that somebody has to review: in question, expired, or soon to be."""
        soon = today + dt.timedelta(days=ENDS_SOON_DAYS)
        ends = Q(state=Finding.State.STANDS, valid_until__lte=soon)
        return self.filter(ends | Q(state=Finding.State.IN_QUESTION))

    def with_counts(self) -> "FindingQuerySet":
        """Add how many pieces of evidence speak for each and against it."""
        return self.annotate(
            n_for=Count("evidence", filter=Q(evidence__side=FOR)),
            n_against=Count("evidence", filter=Q(evidence__side=AGAINST)),
        )

    def with_cause(self) -> "FindingQuerySet":
        """Say of each whether new evidence was what changed it last, as `was_contradicted`."""
        newest = Review.objects.filter(finding=models.OuterRef("pk")).order_by("-pk").values("is_by_evidence")[:1]
        return self.annotate(was_contradicted=models.Subquery(newest))

    def dressed(self) -> "FindingQuerySet":
        """Fetch along what lists and pages show beside it."""
        return self.select_related("product", "team", "owner")


class Finding(TeamOwned):
    """A claim about a product's customers that others may build on, until it expires or is contradicted.

    It is a draft while its evidence is gathered; it stands once somebody has stated it, until `valid_until`; evidence
    that contradicts it puts it in question, until somebody reviews it. Expiry is a fact of the day, not a state.
    """

    # In words, and they may name somebody by mistake: the trail, which cannot be changed, keeps none of them.
    PERSONAL_FIELDS = frozenset({"claim", "meaning", "how"})

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        STANDS = "stands", "Stands"
        IN_QUESTION = "in_question", "In question"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Standing(models.TextChoices):
        DRAFT = "draft", "Draft"
        STANDS = "stands", "Stands"
        ENDS_SOON = "ends_soon", "Expires soon"
        EXPIRED = "expired", "Expired"
        IN_QUESTION = "in_question", "In question"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Method(models.TextChoices):
        INTERVIEWS = "interviews", "Interviews"
        USABILITY = "usability", "Usability test"
        FEEDBACK = "feedback", "Reading feedback"
        SURVEY = "survey", "Survey"
        USAGE = "usage", "Usage data"
        EXPERIMENT = "experiment", "Experiment"
        MIXED = "mixed", "Several methods"

    class Confidence(models.IntegerChoices):
        LOW = 1, "Low: a hint"
        MEDIUM = 2, "Medium: several say the same"
        HIGH = 3, "High: two methods agree"

    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="findings")
    claim = models.CharField(max_length=300, help_text="One sentence that could turn out to be wrong.")
    meaning = models.TextField(blank=True, help_text="What follows from it. Markdown.")
    method = models.CharField(max_length=12, choices=Method.choices, default=Method.INTERVIEWS)
    how = models.TextField(blank=True, help_text="Who was asked or counted, when, how they were chosen, who was not.")
    n = models.PositiveIntegerField("n", null=True, blank=True, help_text="How many were looked at in all.")
    n_of = models.CharField(max_length=40, default="people", help_text="What n counts, such as people or answers.")
    confidence = models.SmallIntegerField(choices=Confidence.choices, default=Confidence.LOW)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    valid_until = models.DateField(null=True, blank=True, help_text="The last day; empty while it is a draft.")
    stated_on = models.DateField(null=True, blank=True)
    reviewed_on = models.DateField(null=True, blank=True, help_text="When it was reviewed last.")
    version = models.PositiveIntegerField(default=1)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["product", "-updated_at"], name="findings_of_a_product"),
            models.Index(fields=["owner", "valid_until"], name="findings_of_an_owner"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(confidence__range=(1, 3)), name="confidence_is_one_to_three"),
            models.CheckConstraint(
                condition=Q(state="draft", valid_until=None) | (~Q(state="draft") & Q(valid_until__isnull=False)),
                name="a_finding_that_was_stated_says_until_when",
            ),
            models.CheckConstraint(condition=~Q(claim=""), name="a_finding_claims_something"),
        ]

    def __str__(self) -> str:
        return self.claim

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("findings:finding-page", args=[self.pk])

    @property
    def short_confidence(self) -> str:
        """Return the first word of its confidence."""
        return str(self.get_confidence_display()).partition(":")[0]

    @property
    def confidence_words(self) -> str:
        """Return what its confidence means."""
        return str(self.get_confidence_display()).partition(": ")[2]

    def standing_on(self, today: dt.date) -> "Finding.Standing":
        """Return where it stands on a day; the same rule as `standing` of the queryset."""
        if self.state != self.State.STANDS:
            return self.Standing(self.state)
        if self.valid_until < today:
            return self.Standing.EXPIRED
        is_soon = (self.valid_until - today).days <= ENDS_SOON_DAYS
        return self.Standing.ENDS_SOON if is_soon else self.Standing.STANDS


class EvidenceQuerySet(models.QuerySet):
    """Evidence, by whose finding it is of; what it shows is for those alone who may see the thing itself."""

    def visible_to(self, user: Any) -> "EvidenceQuerySet":
        """Keep that of findings that the user may read, without quotes of texts that they may not."""
        seen = Q(highlight=None) | Q(highlight__in=Highlight.objects.visible_to(user))
        return self.filter(seen, finding__in=Finding.objects.visible_to(user))


class Evidence(models.Model):
    """Says that something speaks for or against a claim.

    A quote is named by a foreign key: it goes with the person who said it. All else is named by kind and number, and
    keeps what it was called and what it showed when it was taken as evidence, also once the thing itself is gone.
    """

    PERSONAL_FIELDS = frozenset({"note"})

    class Side(models.TextChoices):
        FOR = FOR, "For"
        AGAINST = AGAINST, "Against"

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="evidence")
    side = models.CharField(max_length=8, choices=Side.choices, default=Side.FOR)
    kind = models.CharField(max_length=30, help_text="A kind of evidence that a room registered.")
    highlight = models.ForeignKey(Highlight, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence")
    thing_id = models.PositiveBigIntegerField(null=True, blank=True, help_text="Its number, where it is no quote.")
    title = models.CharField(max_length=200, blank=True, help_text="What it was called then, where it is no quote.")
    note = models.CharField(max_length=500, blank=True, help_text="What it shows.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(highlight=None, thing_id__isnull=False) | Q(highlight__isnull=False, thing_id=None),
                name="evidence_is_a_quote_or_another_thing",
            ),
            models.CheckConstraint(condition=Q(side__in=[FOR, AGAINST]), name="evidence_is_for_or_against"),
            models.UniqueConstraint(fields=["finding", "highlight"], name="a_quote_is_evidence_of_a_finding_once"),
            models.UniqueConstraint(
                fields=["finding", "kind", "thing_id"], name="a_thing_is_evidence_of_a_finding_once"
            ),
        ]
        indexes = [models.Index(fields=["kind", "thing_id"], name="evidence_by_thing")]

    def __str__(self) -> str:
        return f"evidence {self.pk}"

    def get_absolute_url(self) -> str:
        """Return its place on the page of its finding."""
        return f"{reverse('findings:finding-page', args=[self.finding_id])}#evidence-{self.pk}"

    @property
    def thing_no(self) -> int:
        """Return the number of what it is, whichever kind."""
        return self.highlight_id or self.thing_id


class Review(models.Model):
    """One time that somebody stated, confirmed or withdrew a finding, or that evidence put it in question.

    n_for, n_against: how many pieces of evidence there were then.
    """

    class Outcome(models.TextChoices):
        STANDS = "stands", "It stands"
        IN_QUESTION = "in_question", "It is in question"
        WITHDRAWN = "withdrawn", "It is withdrawn"

    PERSONAL_FIELDS = frozenset({"note"})

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="reviews")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.TextField(blank=True)
    confidence = models.SmallIntegerField(choices=Finding.Confidence.choices)
    valid_until = models.DateField(null=True)
    n_for = models.PositiveIntegerField()
    n_against = models.PositiveIntegerField()
    is_by_evidence = models.BooleanField(default=False, help_text="New evidence contradicted it.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def short_confidence(self) -> str:
        """Return the first word of the confidence then."""
        return str(self.get_confidence_display()).partition(":")[0]
