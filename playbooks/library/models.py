"""Playbooks, their versions with steps, and the rules of the library."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property

from playbooks.library.contracts import PARTS, REVIEW_DAYS, StepText
from portal.people.public import TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in


class Stage(models.TextChoices):
    """Where in the loop from evidence to a measured outcome a playbook helps."""

    EVIDENCE = "evidence", "Gather evidence"
    OPPORTUNITY = "opportunity", "Frame the problem"
    PRIORITY = "priority", "Choose what comes next"
    ROADMAP = "roadmap", "Plan and promise"
    RELEASE = "release", "Build and launch"
    OUTCOME = "outcome", "Measure the outcome"
    PRACTICE = "practice", "Run product operations"


class PlaybookQuerySet(TeamOwnedQuerySet):
    """Playbooks, read."""

    def visible_to(self, user: Any) -> "PlaybookQuerySet":
        """Keep those that this user may read; what was never published is for its team and ops."""
        found = super().visible_to(user)
        if not getattr(user, "is_active", False) or user.is_ops:
            return found
        return found.filter(~Q(state=Playbook.State.DRAFT) | Q(team_id__in=user.team_ids))

    def matching(self, text: str) -> "PlaybookQuerySet":
        """Keep those whose texts hold each word."""
        return self.filter(words_in(text, "face__title", "face__purpose", "face__when_to_use", "face__body"))

    def with_role(self, role: str) -> "PlaybookQuerySet":
        """Keep those in which a role has a part."""
        return self.filter(Q(*(Q(face__roles__contains={part: [role]}) for part in PARTS), _connector=Q.OR))

    def in_force(self) -> "PlaybookQuerySet":
        """Keep those that hold: published, whether or not a review is due."""
        return self.filter(state__in=[Playbook.State.PUBLISHED, Playbook.State.DUE])

    def of_rows(self) -> "PlaybookQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("face", "team", "owner", "verifier").defer("face__body", "face__preamble")

    def of_page(self) -> "PlaybookQuerySet":
        """Read with each all that its page shows."""
        return self.select_related("face", "team", "owner", "verifier", "successor__face")


class Playbook(TeamOwned):
    """How something is done here: what it says stands in versions, all else is here.

    `face` is what readers see: the newest published version, or while there is none the draft. The address is made of
    the first title and never changes, whatever the playbook is called later.
    """

    # In words, and they may name somebody by mistake: the trail, which cannot be changed, keeps none of them.
    PERSONAL_FIELDS = frozenset(
        {"purpose", "when_to_use", "inputs", "outputs", "body", "preamble", "steps", "retired_why", "answer"}
    )

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        DUE = "due", "Due for review"
        RETIRED = "retired", "Retired"

    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    face = models.OneToOneField(
        "playbooks_library.PlaybookVersion", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Says whether what it says is right.",
    )
    review_days = models.PositiveSmallIntegerField("days between reviews", default=REVIEW_DAYS)
    reviewed_on = models.DateField(null=True, blank=True)
    review_on = models.DateField("next review", null=True, blank=True)
    successor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_why = models.CharField(max_length=300, blank=True)
    path = models.CharField(max_length=200, blank=True, help_text="The file that it was imported from.")
    revision = models.PositiveIntegerField(default=1)

    objects = PlaybookQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="a_playbook_has_an_address"),
            models.CheckConstraint(
                condition=Q(state="retired", retired_at__isnull=False) | (~Q(state="retired") & Q(retired_at=None)),
                name="a_retired_playbook_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["published", "due"], review_on__isnull=False)
                | Q(state__in=["draft", "retired"], review_on=None),
                name="a_playbook_in_force_is_reviewed_one_day",
            ),
            models.CheckConstraint(condition=Q(successor=None) | ~Q(successor=F("id")), name="none_succeeds_itself"),
            models.CheckConstraint(condition=Q(review_days__range=(1, 1825)), name="reviews_come_within_five_years"),
        ]
        indexes = [models.Index(fields=["state", "review_on"], name="playbooks_by_next_review")]

    def __str__(self) -> str:
        return self.face.title if self.face else self.slug

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("library:playbook-page", args=[self.slug])

    @property
    def is_published(self) -> bool:
        """Say whether readers have a version of it, also of one that is retired."""
        return self.state != self.State.DRAFT

    @property
    def is_retired(self) -> bool:
        """Say whether it holds no more."""
        return self.state == self.State.RETIRED

    @cached_property
    def draft(self) -> "PlaybookVersion | None":
        """Return the version that is being written, if one is."""
        return self.versions.filter(number=None).select_related("sent_by").first()


class PlaybookVersion(models.Model):
    """What a playbook says: a draft while it has no number, then published and never changed (the database sees to it).

    `preamble` is the front matter that it was imported with, letter by letter; `drafted_by` are the ids of all who
    wrote in it; `answer` is why it was declined last.
    """

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(null=True, blank=True)
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    when_to_use = models.TextField("when and why", blank=True)
    inputs = models.TextField(blank=True)
    outputs = models.TextField(blank=True)
    roles = models.JSONField(default=dict, blank=True)
    body = models.TextField(blank=True, help_text="Markdown.")
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.PRACTICE)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    preamble = models.TextField(blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="What is new in it.")
    drafted_by = ArrayField(models.BigIntegerField(), default=list, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["playbook", F("number").desc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["playbook", "number"], name="versions_of_a_playbook_are_numbered"),
            models.UniqueConstraint(fields=["playbook"], condition=Q(number=None), name="a_playbook_has_one_draft"),
            models.CheckConstraint(condition=~Q(title=""), name="a_version_of_a_playbook_has_a_title"),
            models.CheckConstraint(
                condition=Q(number=None, published_at=None) | Q(number__isnull=False, published_at__isnull=False),
                name="a_numbered_version_is_published",
            ),
        ]
        indexes = [
            GinIndex(fields=["tags"], name="versions_by_tag"),
            GinIndex(fields=["roles"], name="versions_by_role", opclasses=["jsonb_path_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.label}"

    @property
    def label(self) -> str:
        """Return what it is called beside the others."""
        return f"version {self.number}" if self.number else "draft"

    @property
    def is_in_review(self) -> bool:
        """Say whether somebody is to decide about it."""
        return self.number is None and self.sent_at is not None

    @property
    def published_on(self) -> date | None:
        """Return the day on which it was published."""
        return self.published_at.date() if self.published_at else None

    @property
    def parts(self) -> list[tuple[str, list[str]]]:
        """Return who has which part, those that somebody has."""
        return [(part.capitalize(), self.roles[part]) for part in PARTS if self.roles.get(part)]


class PlaybookStep(models.Model):
    """One step of a version, in its place."""

    class DueFrom(models.TextChoices):
        START = "start", "after the start"
        PREVIOUS = "previous", "after the step before"
        END = "end", "before the end"

    version = models.ForeignKey(PlaybookVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    who = models.CharField(max_length=100, blank=True)
    due_days = models.PositiveSmallIntegerField(null=True, blank=True)
    due_from = models.CharField(max_length=8, choices=DueFrom.choices, default=DueFrom.START)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="steps_of_a_version_have_places"),
            models.CheckConstraint(condition=~Q(title=""), name="a_step_says_what_to_do"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def due(self) -> str:
        """Return when it is due, in words; "" where that is open."""
        if self.due_days is None:
            return ""
        if self.due_days == 0:
            return {"start": "at the start", "previous": "with the step before", "end": "at the end"}[self.due_from]
        return f"{self.due_days} day{'s' if self.due_days != 1 else ''} {self.get_due_from_display()}"

    def as_text(self) -> StepText:
        """Return it as it is written."""
        return StepText(self.title, self.text, self.who, self.due_days, self.due_from)


class LibraryRules(models.Model):
    """The one row of rules that hold for the whole library."""

    has_four_eyes = models.BooleanField(
        "four eyes",
        default=False,
        help_text="What somebody wrote is published by somebody else, after a review.",
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "library rules"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="the_library_has_one_set_of_rules")]

    def __str__(self) -> str:
        return "rules of the library"

    @classmethod
    def current(cls) -> "LibraryRules":
        """Return the rules in force."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
