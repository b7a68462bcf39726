"""What people of the company write down of persons and accounts, beside what events say of them.

A contact is a person with whom somebody talks; whether an event names them, too, makes no difference here.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse

from insights.events.public import Account, DistinctId, IdSpace


class OfSpaceQuerySet(models.QuerySet):
    """Rows of an id space, for the team of its product and for ops."""

    space = "id_space"

    def visible_to(self, user: Any) -> Any:
        """Keep what this user may read: that of their teams' products, everything for ops."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(**{f"{self.space}__product__team__in": user.team_ids})


class ContactQuerySet(OfSpaceQuerySet):
    """Contacts, found."""

    space = "person__id_space"

    def of_person(self, no: int) -> "ContactQuerySet":
        """Keep those of a person, by whichever of their ids."""
        return self.filter(Q(person=no) | Q(person__person_no=no))

    def matching(self, text: str) -> "ContactQuerySet":
        """Keep those of whose name, address or title a word begins so."""
        begins = Q()
        for field in ("name", "address", "title"):
            begins |= Q(**{f"{field}__istartswith": text}) | Q(**{f"{field}__icontains": f" {text}"})
        return self.filter(begins)

    def dressed(self) -> "ContactQuerySet":
        """Fetch along what lists and pages show beside it."""
        return self.select_related("person__id_space__product__team", "account", "owner")


class Contact(models.Model):
    """What is written down of a person: how they are called and reached, who looks after them, what comes next."""

    PERSONAL_FIELDS = frozenset({"name", "address", "title", "next_step"})
    FIELDS = ("name", "address", "title", "status", "next_step")

    person = models.OneToOneField(DistinctId, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField("e-mail address", max_length=254, blank=True)
    title = models.CharField(max_length=200, blank=True, help_text="What they do, such as head of planning.")
    account = models.ForeignKey(
        Account,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contacts",
        help_text="Where they work, where no event says so.",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=60, blank=True, help_text="Such as champion, or left the company.")
    next_step = models.CharField(max_length=500, blank=True)
    next_step_on = models.DateField("next step by", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(Upper("address"), name="contacts_by_address", condition=~Q(address="")),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="contacts_by_name"),
            GinIndex(OpClass(Upper("address"), name="gin_trgm_ops"), name="contacts_by_part_of_address"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="contacts_by_title"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the page of the person."""
        return reverse("persons:person-page", args=[self.person_id])

    @property
    def label(self) -> str:
        """Return how they are called: by name, else by address; empty where neither is written down."""
        return self.name or self.address


class AccountRecordQuerySet(OfSpaceQuerySet):
    """What is written down of accounts, found."""

    space = "account__id_space"

    def dressed(self) -> "AccountRecordQuerySet":
        """Fetch along what lists and pages show beside it."""
        return self.select_related("account__id_space__product__team", "owner")


class AccountRecord(models.Model):
    """What is written down of an account; what is typed here wins over the trait that says the same."""

    FIELDS = ("name", "status", "segment", "plan")

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="record")
    name = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=60, blank=True)
    segment = models.CharField(max_length=60, blank=True)
    plan = models.CharField(max_length=60, blank=True)
    revenue = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AccountRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "record of an account"
        verbose_name_plural = "records of accounts"

    def __str__(self) -> str:
        return f"record of account {self.account_id}"

    def get_absolute_url(self) -> str:
        """Return the page of the account."""
        return reverse("persons:account-page", args=[self.account_id])


class Meaning(models.TextChoices):
    """What the company knows of an account, whichever trait says it."""

    PLAN = "plan", "Plan"
    SEGMENT = "segment", "Segment"
    STATUS = "status", "Status"
    OWNER = "owner", "Owner"
    REVENUE = "revenue", "Revenue"


class TraitName(models.Model):
    """Says which trait of the accounts of an id space is their plan, segment, status, owner or revenue."""

    id_space = models.ForeignKey(IdSpace, on_delete=models.CASCADE, related_name="trait_names")
    meaning = models.CharField(max_length=10, choices=Meaning.choices)
    key = models.CharField("trait", max_length=200)
    unit = models.CharField(max_length=30, blank=True, help_text="Of the revenue, such as EUR a year.")
    version = models.PositiveIntegerField(default=1)

    objects = OfSpaceQuerySet.as_manager()

    class Meta:
        ordering = ["id_space", "pk"]
        verbose_name = "name of a trait"
        verbose_name_plural = "names of traits"
        constraints = [
            models.UniqueConstraint(fields=["id_space", "meaning"], name="one_trait_says_one_thing_in_an_id_space")
        ]

    def __str__(self) -> str:
        return f"{self.get_meaning_display()} is {self.key}"


class ConsentQuerySet(OfSpaceQuerySet):
    """Consents, by whom they bind and when."""

    space = "person__id_space"

    def of_person(self, no: int) -> "ConsentQuerySet":
        """Keep those of a person, by whichever of their ids."""
        return self.filter(Q(person=no) | Q(person__person_no=no))

    def in_force(self, on: date) -> "ConsentQuerySet":
        """Keep those that hold on a day."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=on), given_on__lte=on, withdrawn_at=None)


class Consent(models.Model):
    """That a person agreed to something: never changed, only withdrawn; agreed anew, it is another row."""

    PERSONAL_FIELDS = frozenset({"proof"})

    class Purpose(models.TextChoices):
        CONTACT = "contact", "Being written to or called"
        INTERVIEW = "interview", "Interviews and tests"
        RECORDING = "recording", "Recording what is said"
        SURVEY = "survey", "Surveys"
        QUOTE = "quote", "Being quoted by name"

    person = models.ForeignKey(DistinctId, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField("for what", max_length=10, choices=Purpose.choices)
    given_on = models.DateField()
    expires_on = models.DateField("until", null=True, blank=True, help_text="The last day; empty: until withdrawn.")
    proof = models.TextField(help_text="How it is known: who asked, where it is signed or recorded.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-given_on", "-pk"]
        indexes = [models.Index(fields=["expires_on"], name="consents_by_last_day", condition=Q(withdrawn_at=None))]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("given_on")),
                name="a_consent_does_not_end_before_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"

    def state_on(self, day: date) -> str:
        """Return how it stands on a day: "withdrawn", "expired", "to_come", "expires_soon" or "in_force"."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.expires_on is not None and self.expires_on < day:
            return "expired"
        if self.given_on > day:
            return "to_come"
        is_soon = self.expires_on is not None and (self.expires_on - day).days <= 30
        return "expires_soon" if is_soon else "in_force"


class AskKind(models.TextChoices):
    """How somebody is asked."""

    SURVEY = "survey", "Survey"
    CALL = "call", "Call or interview"
    MESSAGE = "message", "Message"


class AskQuerySet(OfSpaceQuerySet):
    """Asks, by whom they reached."""

    space = "person__id_space"

    def of_person(self, no: int) -> "AskQuerySet":
        """Keep those of a person, by whichever of their ids."""
        return self.filter(Q(person=no) | Q(person__person_no=no))


class Ask(models.Model):
    """One time that a person was asked something; made by the door in `asks` alone, which obeys the limit."""

    PERSONAL_FIELDS = frozenset({"about"})
    MAX_ABOUT = 200

    person = models.ForeignKey(DistinctId, on_delete=models.CASCADE, related_name="asks")
    kind = models.CharField(max_length=10, choices=AskKind.choices)
    about = models.CharField("for what", max_length=MAX_ABOUT)
    key = models.CharField(max_length=100, null=True, unique=True, help_text="Of whoever asks: one key is one ask.")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-asked_at"], name="asks_of_a_person"),
            models.Index(fields=["-asked_at"], name="asks_by_time"),
        ]

    def __str__(self) -> str:
        return f"ask {self.pk}"


class OptOut(models.Model):
    """That a person does not want to be asked: in one way, or in any."""

    person = models.ForeignKey(DistinctId, on_delete=models.CASCADE, related_name="opt_outs")
    kind = models.CharField(max_length=10, choices=AskKind.choices, blank=True, help_text="Empty: in any way.")
    is_own = models.BooleanField("said so themselves", default=False, help_text="On a page of the portal.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "opt-out"
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="somebody_opts_out_of_one_thing_once"),
        ]

    def __str__(self) -> str:
        return f"opt-out {self.pk}"

    @property
    def says(self) -> str:
        """Return of what they want no more, as a piece of a sentence."""
        return {"survey": "surveys", "call": "calls and interviews", "message": "messages"}.get(self.kind, "anything")
