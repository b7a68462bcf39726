"""Surveys: what is asked, whom, and what they answered."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from insights.cohorts.public import Cohort
from insights.voice.surveys.contracts import SCALES, Scale
from portal.people.public import TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in


class SurveyQuerySet(TeamOwnedQuerySet):
    """Surveys as rows of a list."""

    def dressed(self) -> "SurveyQuerySet":
        """Fetch along what lists and pages show beside it."""
        return self.select_related("product__team", "team", "owner", "cohort")

    def matching(self, text: str) -> "SurveyQuerySet":
        """Keep those whose name or question holds each word."""
        return self.filter(words_in(text, "name", "question"))

    def with_counts(self) -> "SurveyQuerySet":
        """Count along how many were asked, and how many of them answered."""
        of_this = Invitation.objects.filter(survey=models.OuterRef("pk")).order_by().values("survey")
        asked = of_this.annotate(n=models.Count("pk")).values("n")
        answered = of_this.annotate(n=models.Count("answered_at")).values("n")
        return self.annotate(
            n_asked=models.functions.Coalesce(models.Subquery(asked), 0),
            n_answered=models.functions.Coalesce(models.Subquery(answered), 0),
        )


class Survey(TeamOwned):
    """One question to many people, with a scale of answers or without, and room for words.

    What a score is (formula, scale, which answers are no answer, whose answer counts) is stored with it and fixed from
    its first answer on. Numbers are for whoever sees the survey, who answered what for the team and ops.
    """

    class Kind(models.TextChoices):
        NPS = "nps", "NPS: would they recommend it"
        CSAT = "csat", "CSAT: are they satisfied"
        CES = "ces", "CES 2.0: was it easy"
        FREE = "free", "Free: words alone"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    class Counts(models.TextChoices):
        FIRST = "first", "The first answer of a person"
        LAST = "last", "The last answer of a person"

    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="surveys")
    name = models.CharField(max_length=120, help_text="For colleagues, and in what people were asked.")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    question = models.CharField(max_length=300)
    low_label = models.CharField("lowest answer says", max_length=60, blank=True)
    high_label = models.CharField("highest answer says", max_length=60, blank=True)
    comment_question = models.CharField("question for words", max_length=300, blank=True)
    thanks = models.CharField("last words", max_length=500, blank=True)
    language = models.CharField(max_length=2, default="en")
    no_answers = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text="Values of imports that are no answer, as 99 or n/a: left out of the score, and counted.",
    )
    counts = models.CharField("what counts", max_length=5, choices=Counts.choices, default=Counts.FIRST)
    sender = models.CharField(max_length=120, blank=True, help_text="Who asks, as people read it.")
    mail_text = models.TextField(max_length=2000, blank=True)
    cohort = models.ForeignKey(Cohort, on_delete=models.SET_NULL, null=True, blank=True, related_name="surveys")
    needs_consent = models.BooleanField(default=False, help_text="Ask only those who agreed to surveys.")
    closes_on = models.DateField(null=True, blank=True, help_text="The last day on which it can be answered.")
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(name="") & ~Q(question=""), name="a_survey_asks_something")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("surveys:survey-page", args=[self.pk])

    @property
    def scale(self) -> Scale | None:
        """Return its scale; None of a survey that asks for words alone."""
        return SCALES.get(self.kind)

    def takes_answers(self, today: date) -> bool:
        """Say whether it can be answered on a day."""
        return self.state == self.State.OPEN and (self.closes_on is None or today <= self.closes_on)


class OfSurveyQuerySet(models.QuerySet):
    """Rows about who was asked: for the team of the survey and ops."""

    def visible_to(self, user: Any) -> Any:
        """Keep those of surveys that the user sees whole."""
        return self.filter(survey__in=Survey.objects.inside_of(user).order_by())


class Sending(models.Model):
    """One round of asking: the audience is gone through by a worker, each person claimed, asked or passed over."""

    class Kind(models.TextChoices):
        FIRST = "first", "First time"
        REMINDER = "reminder", "Reminder"

    class Way(models.TextChoices):
        MAIL = "mail", "By mail"
        LINKS = "links", "By links to hand out"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="sendings")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.FIRST)
    way = models.CharField(max_length=5, choices=Way.choices, default=Way.MAIL)
    cohort = models.ForeignKey(Cohort, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    cohort_name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=80, blank=True)
    n_done = models.IntegerField(default=0)
    n_total = models.IntegerField(null=True, blank=True)
    n_attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    after_no = models.IntegerField(default=0, help_text="Up to which number of a person it has come.")
    n_asked = models.PositiveIntegerField(default=0)
    passed = models.JSONField(default=dict, blank=True, help_text="How many were passed over, by reason.")
    error = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = OfSurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey"],
                condition=Q(state__in=["waiting", "running"]),
                name="a_survey_has_one_round_of_asking_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"round {self.pk}"


class Invitation(models.Model):
    """That one person was asked to answer: its number, signed, is their link."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey("insights_events.DistinctId", on_delete=models.CASCADE, related_name="invitations")
    way = models.CharField(max_length=5, choices=Sending.Way.choices)
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True, help_text="When they said: no more.")

    objects = OfSurveyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["survey", "person"], name="somebody_is_asked_by_a_survey_once")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class AnswerLoad(models.Model):
    """A load of answers into the event store; a stale one is taken back, and what is left of it loaded again."""

    batch = models.OneToOneField("insights_events.Batch", on_delete=models.PROTECT, related_name="+")
    is_stale = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"load of answers {self.pk}"


class Answer(models.Model):
    """What one person answered: a score of the survey's scale, words as a piece of feedback, or both."""

    class Via(models.TextChoices):
        PAGE = "page", "On its page"
        API = "api", "Over the API"
        IMPORT = "import", "From a file"

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")
    invitation = models.OneToOneField(
        Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="answer"
    )
    person = models.ForeignKey(
        "insights_events.DistinctId", on_delete=models.CASCADE, null=True, blank=True, related_name="answers"
    )
    account = models.ForeignKey(
        "insights_events.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    score = models.SmallIntegerField(null=True, blank=True)
    no_answer = models.CharField(max_length=20, blank=True, help_text="What was given in the place of an answer.")
    feedback = models.OneToOneField(
        "insights_voice_feedback.Feedback",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answer",
        help_text="Their words.",
    )
    answered_at = models.DateTimeField()
    via = models.CharField(max_length=6, choices=Via.choices)
    plan = models.CharField(max_length=60, blank=True, help_text="Of their account, when they answered.")
    segment = models.CharField(max_length=60, blank=True, help_text="Of their account, when they answered.")
    is_counted = models.BooleanField(default=True, help_text="Whether it is the answer of its person that counts.")
    origin_id = models.CharField(max_length=200, blank=True, help_text="Its id where it came from.")
    imported_in = models.ForeignKey(
        "insights_imports.Import", on_delete=models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    load = models.ForeignKey(AnswerLoad, on_delete=models.SET_NULL, null=True, blank=True, related_name="answers")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfSurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-answered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "person"],
                condition=Q(is_counted=True, person__isnull=False),
                name="one_answer_of_a_person_counts",
            ),
            models.UniqueConstraint(
                fields=["survey", "origin_id"], condition=~Q(origin_id=""), name="an_answer_of_one_origin_is_there_once"
            ),
        ]
        indexes = [
            models.Index(fields=["survey", "-answered_at"], name="answers_of_a_survey"),
            models.Index(
                fields=["survey"],
                condition=Q(load=None, is_counted=True, score__isnull=False, person__isnull=False),
                name="answers_to_load",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
