"""Dense numbers for names, ids and accounts, and the joins that make several ids one person."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class EventName(models.Model):
    """An event's name and its code in the parts."""

    code = models.AutoField(primary_key=True)
    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DistinctId(models.Model):
    """An id as senders know somebody, and its number in the parts; `person_no` is set while it is joined to another."""

    PERSONAL_FIELDS = frozenset({"distinct_id"})
    MAX_LENGTH = 400

    no = models.AutoField(primary_key=True)
    id_space = models.ForeignKey("insights_events.IdSpace", on_delete=models.PROTECT, related_name="+", db_index=False)
    distinct_id = models.CharField(max_length=MAX_LENGTH)
    person_no = models.IntegerField(null=True)

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["id_space", "distinct_id"], name="an_id_has_one_number_in_its_space")
        ]
        indexes = [
            models.Index(fields=["person_no"], name="ids_of_a_person", condition=models.Q(person_no__isnull=False))
        ]

    def __str__(self) -> str:
        return f"person id {self.no}"

    @property
    def resolved_no(self) -> int:
        """Return the number of the person that this id belongs to."""
        return self.no if self.person_no is None else self.person_no


class Account(models.Model):
    """A customer company or workspace as senders know it, and its number in the parts."""

    no = models.AutoField(primary_key=True)
    id_space = models.ForeignKey("insights_events.IdSpace", on_delete=models.PROTECT, related_name="+", db_index=False)
    account_id = models.CharField(max_length=400)

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["id_space", "account_id"], name="an_account_has_one_number_in_its_space")
        ]

    def __str__(self) -> str:
        return self.account_id


class PersonJoin(models.Model):
    """Two ids said to be one person: by the sender (identify, alias) or by ops (merge); refusals are kept to show."""

    class Kind(models.TextChoices):
        IDENTIFY = "identify", "Identify"
        ALIAS = "alias", "Alias"
        MERGE = "merge", "Merge by ops"

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        REFUSED = "refused", "Refused"
        UNDONE = "undone", "Undone"

    id_space = models.ForeignKey("insights_events.IdSpace", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was refused.")
    from_id = models.ForeignKey(DistinctId, on_delete=models.CASCADE, related_name="joins_from")
    to_id = models.ForeignKey(DistinctId, on_delete=models.CASCADE, related_name="joins_to")
    ts = models.DateTimeField()
    batch = models.ForeignKey("insights_events.Batch", on_delete=models.PROTECT, null=True, related_name="joins")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["id_space", "state", "-id"], name="joins_of_a_space")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.from_id_id} to {self.to_id_id} ({self.state})"
