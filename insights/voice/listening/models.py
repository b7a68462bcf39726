"""What a team wants of its talks with customers, whom to call next and why, and the calls that somebody plans."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from insights.cohorts.public import Cohort
from insights.contacts.public import Ask
from insights.events.public import Account, DistinctId
from insights.voice.conversations.public import Conversation
from insights.voice.listening.contracts import Target
from portal.people.public import Product, Team

MOST_A_WEEK = 20
_A_WEEK = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(MOST_A_WEEK))]


class ContactTargetQuerySet(models.QuerySet):
    """Targets, read: everybody may know what a team wants."""

    def visible_to(self, user: Any) -> "ContactTargetQuerySet":
        """Keep all for somebody who is active."""
        return self if getattr(user, "is_active", False) else self.none()


class ContactTarget(models.Model):
    """How often a team wants to talk with customers; a team without one wants one conversation a week."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="contact_target")
    per_person = models.DecimalField(
        "conversations a week of each product manager", max_digits=4, decimal_places=2, default=1, validators=_A_WEEK
    )
    per_team = models.DecimalField(
        "conversations a week of the team", max_digits=4, decimal_places=2, default=1, validators=_A_WEEK
    )
    unheard_days = models.PositiveSmallIntegerField(
        "a segment is unheard after so many days", default=90, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ContactTargetQuerySet.as_manager()

    class Meta:
        ordering = ["team"]
        constraints = [
            models.CheckConstraint(
                condition=Q(per_person__range=(0, MOST_A_WEEK), per_team__range=(0, MOST_A_WEEK)),
                name="a_target_is_none_to_twenty_conversations_a_week",
            ),
            models.CheckConstraint(condition=Q(unheard_days__range=(1, 730)), name="unheard_is_after_a_day_or_more"),
        ]

    def __str__(self) -> str:
        return f"target of {self.team}"

    def get_absolute_url(self) -> str:
        """Return the page where it is changed."""
        return reverse("listening:target-edit", args=[self.team.slug])

    def as_value(self) -> Target:
        """Return it as the clock reads it."""
        return Target(float(self.per_person), float(self.per_team), self.unheard_days)


class OfProductQuerySet(models.QuerySet):
    """Rows that name people of a product, for its team and ops alone."""

    def visible_to(self, user: Any) -> Any:
        """Keep those of the products of the user's teams; everything for ops."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(product__team__in=user.team_ids)


class CallReason(models.Model):
    """That whoever is in a cohort is worth a call, and why."""

    class Why(models.TextChoices):
        CHURNED = "churned", "Left just now"
        POWER = "power", "Uses it a lot"
        DROPPED = "dropped", "Dropped out of onboarding"
        OTHER = "other", "Another reason"

    class Weight(models.IntegerChoices):
        LITTLE = 1, "Worth a call"
        MORE = 2, "Well worth a call"
        MOST = 3, "Call them first"

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="call_reasons")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="call_reasons")
    why = models.CharField(max_length=10, choices=Why.choices, default=Why.OTHER)
    weight = models.SmallIntegerField("how much", choices=Weight.choices, default=Weight.MORE)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    objects = OfProductQuerySet.as_manager()

    class Meta:
        ordering = ["product", "-weight", "pk"]
        verbose_name = "reason to call"
        verbose_name_plural = "reasons to call"
        constraints = [
            models.UniqueConstraint(fields=["product", "cohort"], name="a_cohort_is_one_reason_to_call_for_a_product"),
            models.CheckConstraint(condition=Q(weight__range=(1, 3)), name="a_reason_weighs_one_to_three"),
        ]

    def __str__(self) -> str:
        return f"reason {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the page of the product's reasons."""
        return f"{reverse('listening:reasons')}?product={self.product.slug}"

    @property
    def team_id(self) -> int:
        """Return the team whose customers they are."""
        return self.product.team_id


class CallList(models.Model):
    """Whom to call next for a product, as it was found last; made anew each night and when somebody asks."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="call_list")
    made_at = models.DateTimeField()
    meaning = models.CharField(max_length=10, help_text="By what its accounts were told apart.")
    n_looked_at = models.PositiveIntegerField(default=0)
    n_resting = models.PositiveIntegerField(default=0, help_text="Who may not be asked just now.")
    n_talked = models.PositiveIntegerField(default=0, help_text="With whom somebody talked lately.")
    segments = models.JSONField(default=list, help_text="Of each: name, accounts, conversations in 13 weeks.")

    objects = OfProductQuerySet.as_manager()

    class Meta:
        ordering = ["product"]

    def __str__(self) -> str:
        return f"list of {self.product}"

    @property
    def team_id(self) -> int:
        """Return the team whose customers they are."""
        return self.product.team_id


class CallSuggestion(models.Model):
    """Somebody to call, at their place of the list, with the reasons."""

    PERSONAL_FIELDS = frozenset({"person_id", "name", "account_name"})

    call_list = models.ForeignKey(CallList, on_delete=models.CASCADE, related_name="suggestions")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    person = models.ForeignKey(DistinctId, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=400)
    account_name = models.CharField(max_length=400, blank=True)
    segment = models.CharField(max_length=400, blank=True)
    reasons = models.JSONField(help_text="Each with its code and its words.")

    objects = OfProductQuerySet.as_manager()

    class Meta:
        ordering = ["call_list", "place"]
        constraints = [
            models.UniqueConstraint(fields=["call_list", "person"], name="somebody_is_suggested_once_in_a_list"),
        ]

    def __str__(self) -> str:
        return f"suggestion {self.pk}"

    @property
    def team_id(self) -> int:
        """Return the team whose customer it is."""
        return self.product.team_id


class CallQuerySet(OfProductQuerySet):
    """Calls, by whose they are."""

    def planned(self) -> "CallQuerySet":
        """Keep those that are still to take place."""
        return self.filter(state=Call.State.PLANNED)

    def dressed(self) -> "CallQuerySet":
        """Fetch along what lists and pages show beside it."""
        return self.select_related(
            "product__team", "person__contact", "account__record", "caller", "ask", "conversation"
        )


class Call(models.Model):
    """That somebody will call a person: it holds the ask, so nobody else asks them meanwhile."""

    PERSONAL_FIELDS = frozenset({"person_id", "name", "account_name", "note"})

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Took place"
        DECLINED = "declined", "They did not want to"
        RELEASED = "released", "Given back"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="calls")
    person = models.ForeignKey(DistinctId, on_delete=models.CASCADE, related_name="calls")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls")
    name = models.CharField(max_length=400, blank=True, help_text="As known when it was planned.")
    account_name = models.CharField(max_length=400, blank=True, help_text="As known when it was planned.")
    caller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="calls")
    ask = models.OneToOneField(Ask, on_delete=models.SET_NULL, null=True, blank=True, related_name="call")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    reasons = models.JSONField(default=list, blank=True)
    planned_on = models.DateField("day")
    planned_at = models.TimeField("time", null=True, blank=True, help_text="In the caller's time zone.")
    minutes = models.PositiveSmallIntegerField(default=30)
    note = models.TextField(blank=True, help_text="What to ask.")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["planned_on", "planned_at", "pk"]
        indexes = [
            models.Index(fields=["caller", "planned_on"], name="calls_of_a_caller"),
            models.Index(fields=["product", "planned_on"], name="calls_of_a_product"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="planned"), name="somebody_has_one_planned_call"
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(5, 480)), name="a_call_takes_five_minutes_to_eight_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("listening:call-page", args=[self.pk])

    @property
    def team_id(self) -> int:
        """Return the team whose customer it is."""
        return self.product.team_id

    @property
    def who(self) -> str:
        """Return whom to call: as written down now, else as known then, else by id."""
        contact = getattr(self.person, "contact", None)
        return (contact.label if contact else "") or self.name or self.person.distinct_id

    @property
    def company(self) -> str:
        """Return the account's name as written down now, else as known then, else its id; empty where none is known."""
        if self.account is None:
            return ""
        record = getattr(self.account, "record", None)
        return (record.name if record else "") or self.account_name or self.account.account_id

    @property
    def is_planned(self) -> bool:
        """Say whether it is still to take place."""
        return self.state == self.State.PLANNED


class CalendarFeed(models.Model):
    """A secret address at which somebody's calendar reads their calls; kept as a hash that opens it, and sealed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    sealed_token = models.TextField()
    has_names = models.BooleanField("with names", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["user"]

    def __str__(self) -> str:
        return f"calendar of user {self.user_id}"
