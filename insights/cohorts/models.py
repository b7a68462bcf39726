"""Cohorts, who was in them on which day, and the lists of ids that were uploaded."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from insights.cohorts.packing import Numbers, pack, unpack
from portal.people.public import Product, TeamOwned, TeamOwnedQuerySet


class CohortQuerySet(TeamOwnedQuerySet):
    """Cohorts, read."""

    def visible_to(self, user) -> "CohortQuerySet":
        """Keep what is shared with this user, and of it what is about products that they may see."""
        found = super().visible_to(user)
        if getattr(user, "is_ops", False):
            return found
        return found.exclude(products__in=Product.objects.exclude(pk__in=Product.objects.visible_to(user)))

    def live(self) -> "CohortQuerySet":
        """Leave out what is archived, or was made in passing."""
        return self.filter(archived_at=None, kept_until=None)

    def named(self, names) -> "CohortQuerySet":
        """Keep those that a question names, by slug or number."""
        numbers = [int(name) for name in names if name.isascii() and name.isdecimal() and len(name) < 10]
        return self.filter(Q(slug__in=names) | Q(pk__in=numbers))

    def matching(self, text: str) -> "CohortQuerySet":
        """Keep those whose name or description contains the text."""
        return self.filter(Q(name__icontains=text) | Q(description__icontains=text))


def say_size(size: int | None, unit: str) -> str:
    """Say how many are in a cohort: "1 person", "1,204 accounts", "not counted yet"."""
    one, many = ("account", "accounts") if unit == "account" else ("person", "people")
    return "not counted yet" if size is None else f"{size:,} {one if size == 1 else many}"


class Cohort(TeamOwned):
    """A named set of persons or accounts: behind a number, by a rule, or from a list.

    `definition` holds {"question", "cell"} or {"rule"}, and is empty for a list; a frozen one is never counted again.
    `state` says how the latest counting went; `version` rises with each change of what it means.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", "Behind a number"
        RULE = "rule", "By a rule"
        LIST = "list", "From a list"

    class Unit(models.TextChoices):
        PERSON = "person", "Persons"
        ACCOUNT = "account", "Accounts"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be counted"
        RUNNING = "running", "Being counted"
        OK = "ok", "Counted"
        FAILED = "failed", "Could not be counted"

    ACTIVE = (State.WAITING, State.RUNNING)

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.TextField(blank=True, max_length=2000)
    products = models.ManyToManyField(Product, related_name="cohorts")
    unit = models.CharField(max_length=7, choices=Unit.choices, default=Unit.PERSON)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    definition = models.JSONField(default=dict, blank=True)
    is_frozen = models.BooleanField(default=False, help_text="Its members stay as they were when it was made.")
    uses = models.ManyToManyField("self", symmetrical=False, related_name="used_in", blank=True)
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True, blank=True)
    kept_until = models.DateTimeField(
        null=True, blank=True, help_text="Made in passing by one click: it goes then, unless somebody keeps it."
    )
    current = models.ForeignKey("CohortEdition", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=80, blank=True, help_text="What the worker does just now, in words.")
    n_done = models.IntegerField(default=0)
    n_total = models.IntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When it was last asked to be counted.")
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    n_attempts = models.PositiveIntegerField(default=0, help_text="How often a worker began to count it.")
    refreshed_at = models.DateTimeField(null=True, blank=True, help_text="When it was last counted.")
    error = models.TextField(blank=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="a_cohort_has_a_name")]
        indexes = [models.Index(fields=["-updated_at"], name="cohorts_by_change")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("cohorts:cohort-page", args=[self.slug])

    @property
    def units(self) -> str:
        """Return its unit in the plural, as a reader says it."""
        return "accounts" if self.unit == self.Unit.ACCOUNT else "people"

    @property
    def size_words(self) -> str:
        """Return how many are in it, with the unit."""
        return say_size(None if self.current is None else self.current.size, self.unit)

    @property
    def names(self) -> set[str]:
        """Return by what questions may name it."""
        return {self.slug, str(self.pk)}

    @property
    def is_archived(self) -> bool:
        """Say whether it was put away."""
        return self.archived_at is not None

    @property
    def is_busy(self) -> bool:
        """Say whether it waits to be counted, or is."""
        return self.state in self.ACTIVE

    @property
    def percent(self) -> int | None:
        """Return how much of a counting is done, 0 to 100, or None while that is not known."""
        return min(100, 100 * self.n_done // self.n_total) if self.n_total else None


class CohortEdition(models.Model):
    """Who was in a cohort when a day's last counting found it changed; it holds until the next one.

    `members` are numbers as `packing` writes them; `revision` rises when they change, on the same day or by an erasure.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="editions")
    counted_on = models.DateField(help_text="The day in the workspace's time zone.")
    counted_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    members = models.BinaryField()
    size = models.PositiveIntegerField()
    n_entered = models.PositiveIntegerField(default=0, help_text="Since the edition before.")
    n_left = models.PositiveIntegerField(default=0, help_text="Since the edition before.")
    data_version = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["cohort_id", "counted_on"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "counted_on"], name="a_cohort_has_one_edition_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id} on {self.counted_on}"

    @property
    def key(self) -> str:
        """Return what names these members, and changes whenever they do."""
        return f"{self.pk}.{self.revision}"

    @property
    def numbers(self) -> Numbers:
        """Return the sorted numbers of the members."""
        return unpack(self.members)

    def set_numbers(self, numbers: Numbers) -> None:
        """Take sorted numbers as the members."""
        self.members, self.size = pack(numbers), len(numbers)


class CohortList(models.Model):
    """The ids of an uploaded list, known and not yet known, compressed as lines of text."""

    PERSONAL_FIELDS = frozenset({"ids"})

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="listed")
    ids = models.BinaryField()
    n_ids = models.PositiveIntegerField()
    n_known = models.PositiveIntegerField(default=0, help_text="How many of the ids the store knew at the last count.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = "list of ids"
        verbose_name_plural = "lists of ids"

    def __str__(self) -> str:
        return f"{self.n_ids} ids"
