"""Prototypes, the tasks that people try with them, and the tests in which they did."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.people.public import TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.opportunities.public import Opportunity


class PrototypeQuerySet(TeamOwnedQuerySet):
    """Prototypes, read."""

    def matching(self, text: str) -> "PrototypeQuerySet":
        """Keep those whose title, hypothesis or decision hold each word."""
        return self.filter(words_in(text, "title", "hypothesis", "decided_why"))

    def of_rows(self) -> "PrototypeQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("product__team", "team", "owner", "initiative", "opportunity", "decided_by")

    def with_counts(self) -> "PrototypeQuerySet":
        """Count along in how many tests it was tried."""
        tests = PrototypeTest.objects.filter(prototype=models.OuterRef("pk")).order_by().values("prototype")
        n = models.Subquery(tests.annotate(n=models.Count("pk")).values("n"))
        return self.annotate(n_tests=models.functions.Coalesce(n, 0))


class Prototype(TeamOwned):
    """Something that is shown to people before it is built, to find out whether a belief holds."""

    # In words, and they may name somebody by mistake: the trail, which cannot be changed, keeps none of them.
    PERSONAL_FIELDS = frozenset({"hypothesis", "decided_why", "file_name"})

    class Fidelity(models.TextChoices):
        SKETCH = "sketch", "Sketch on paper"
        WIREFRAME = "wireframe", "Wireframe"
        CLICKABLE = "clickable", "Clickable"
        CODED = "coded", "Coded"
        CONCIERGE = "concierge", "Done by hand"

    class Decision(models.TextChoices):
        BUILD = "build", "Build it"
        CHANGE = "change", "Change it and test again"
        DROP = "drop", "Drop it"

    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="prototypes")
    initiative = models.ForeignKey(
        Initiative, on_delete=models.SET_NULL, null=True, blank=True, related_name="prototypes"
    )
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.SET_NULL, null=True, blank=True, related_name="prototypes"
    )
    title = models.CharField(max_length=200)
    hypothesis = models.TextField(help_text="What is believed, and what would show that it is wrong. Markdown.")
    fidelity = models.CharField(max_length=10, choices=Fidelity.choices)
    url = models.URLField("address", max_length=1000, blank=True)
    file_name = models.CharField(max_length=200, blank=True, editable=False)
    file_path = models.CharField(max_length=100, blank=True, editable=False)
    decision = models.CharField(max_length=6, choices=Decision.choices, blank=True)
    decided_why = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = PrototypeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(hypothesis=""), name="a_prototype_tests_a_belief"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None) | (~Q(decision="") & ~Q(decided_why="")),
                name="a_decision_about_a_prototype_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("prototypes:prototype-page", args=[self.pk])


class PrototypeTask(models.Model):
    """Something that people are asked to do with a prototype."""

    prototype = models.ForeignKey(Prototype, on_delete=models.CASCADE, related_name="tasks")
    text = models.CharField(max_length=300)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["prototype", "place", "pk"]
        constraints = [models.UniqueConstraint(fields=["prototype", "text"], name="a_task_is_asked_once")]

    def __str__(self) -> str:
        return self.text


class PrototypeTestQuerySet(models.QuerySet):
    """Tests: who took part in them is for the team and ops."""

    def visible_to(self, user: Any) -> "PrototypeTestQuerySet":
        """Keep those of prototypes that the user sees whole."""
        return self.filter(prototype__in=Prototype.objects.inside_of(user).order_by())


class PrototypeTest(models.Model):
    """One person trying a prototype; `sus` are their ten answers, or none. Of who was erased stays what they did."""

    PERSONAL_FIELDS = frozenset({"notes"})

    prototype = models.ForeignKey(Prototype, on_delete=models.CASCADE, related_name="tests")
    person = models.ForeignKey(
        "insights_events.DistinctId", on_delete=models.SET_NULL, null=True, blank=True, related_name="prototype_tests"
    )
    held_on = models.DateField()
    notes = models.TextField(blank=True)
    sus = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PrototypeTestQuerySet.as_manager()

    class Meta:
        ordering = ["prototype", "held_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["prototype", "person"], name="somebody_tries_a_prototype_once"),
            models.CheckConstraint(condition=Q(sus__len=0) | Q(sus__len=10), name="sus_has_ten_answers_or_none"),
        ]

    def __str__(self) -> str:
        return f"test {self.pk}"

    def get_absolute_url(self) -> str:
        """Return its place on the page of its prototype."""
        return f"{reverse('prototypes:prototype-page', args=[self.prototype_id])}#test-{self.pk}"


class TaskOutcome(models.Model):
    """How somebody fared with a task."""

    class Outcome(models.TextChoices):
        DONE = "done", "Done alone"
        HELPED = "helped", "Done with help"
        FAILED = "failed", "Not done"

    test = models.ForeignKey(PrototypeTest, on_delete=models.CASCADE, related_name="outcomes")
    task = models.ForeignKey(PrototypeTask, on_delete=models.PROTECT, related_name="outcomes")
    outcome = models.CharField(max_length=6, choices=Outcome.choices)

    class Meta:
        ordering = ["test", "task"]
        constraints = [models.UniqueConstraint(fields=["test", "task"], name="a_task_is_tried_once_a_test")]

    def __str__(self) -> str:
        return self.outcome
