"""Users, teams, products, memberships and API tokens."""

import functools
import zoneinfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from portal.people.contracts import Role

# What the Django admin keeps from ops.
ADMINS_ONLY = frozenset({"portal_people", "portal_audit", "usersessions", "account", "auth"})


@functools.cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())  # walks the disk: 30 ms


def validate_time_zone(name: str) -> None:
    """Refuse a name that is no time zone."""
    if name not in _time_zones():
        raise ValidationError(f"{name} is not a time zone. Use a name such as Europe/Berlin.")


class UserQuerySet(models.QuerySet):
    """People as rows of a list."""

    def visible_to(self, user) -> "UserQuerySet":
        """Keep whom this user may manage: everybody for admins, themselves for others."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_admin else self.filter(pk=user.pk)


class EverybodysQuerySet(models.QuerySet):
    """Rows that everybody who is signed in may read."""

    def visible_to(self, user) -> "EverybodysQuerySet":
        """Keep all rows for somebody who is active."""
        return self if getattr(user, "is_active", False) else self.none()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Create a user; without a password they sign in after a reset."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """Create an admin of the portal."""
        return self.create_user(email, password, **{**fields, "role": Role.ADMIN})

    def get_by_natural_key(self, email: str) -> "User":
        """Find a user by address, whatever its case."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """Somebody who signs in; leaves by being made inactive, never by deletion."""

    PERSONAL_FIELDS = frozenset({"email", "name", "password"})

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField("e-mail", unique=True, error_messages={"unique": "Somebody has this address already."})
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.VIEWER)
    time_zone = models.CharField(max_length=64, validators=[validate_time_zone], default="UTC")
    theme = models.CharField(max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    has_shortcuts = models.BooleanField("single-key shortcuts", default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    teams = models.ManyToManyField("Team", through="Membership", related_name="members")
    current_product = models.ForeignKey(
        "Product",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Chosen in the side bar.",
    )

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_for_an_address_whatever_its_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        """Return up to two letters for the round badge."""
        words = (self.name or self.email).split()
        return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()

    def get_absolute_url(self) -> str:
        """Return the page of this person."""
        return reverse("people:user-page", args=[self.pk])

    def get_full_name(self) -> str:
        """Return the name, for Django's own pages."""
        return str(self)

    @property
    def is_ops(self) -> bool:
        """Say whether the role is ops or more."""
        return Role(self.role).rank >= Role.OPS.rank

    @property
    def is_admin(self) -> bool:
        """Say whether the role is admin."""
        return self.role == Role.ADMIN

    @property
    def is_staff(self) -> bool:
        """Say whether the Django admin opens for this user."""
        return self.is_active and self.is_ops

    @property
    def is_superuser(self) -> bool:
        """Say whether every admin page opens for this user."""
        return self.is_active and self.is_admin

    @cached_property
    def team_ids(self) -> frozenset[int]:
        """Return the ids of the teams that this user is a member of."""
        return frozenset(self.membership_set.values_list("team_id", flat=True))

    @cached_property
    def visible_products(self) -> "list[Product]":
        """Return the products that this user may see, by name; read once a request, by frame and page alike."""
        return list(Product.objects.visible_to(self).select_related("team").order_by("name", "pk"))

    def has_perm(self, perm: str, obj=None) -> bool:
        """Answer the admin: ops curate everything but people and the audit trail."""
        app_label = perm.partition(".")[0]
        return self.is_superuser or (self.is_staff and self.has_module_perms(app_label))

    def has_perms(self, perms, obj=None) -> bool:
        """Answer the admin for several permissions at once."""
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        """Answer the admin's index."""
        return self.is_superuser or (self.is_staff and app_label not in ADMINS_ONLY)


class Team(models.Model):
    """A group of people who own products and share work."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=60, unique=True)

    objects = EverybodysQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of this team."""
        return reverse("people:team-page", args=[self.slug])


class Membership(models.Model):
    """A user's place in a team."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EverybodysQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="a_user_is_in_a_team_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class TeamOwnedQuerySet(models.QuerySet):
    """Rows that belong to a team; the same rule as `access.can_see`."""

    def visible_to(self, user) -> "TeamOwnedQuerySet":
        """Keep what this user may read: their teams', all that is shared with the company, everything for ops."""
        if not getattr(user, "is_active", False):
            return self.none()
        if user.is_ops:
            return self
        return self.filter(models.Q(visibility=Visibility.COMPANY) | models.Q(team_id__in=user.team_ids))

    def inside_of(self, user) -> "TeamOwnedQuerySet":
        """Keep what this user sees whole, with its personal data: their teams', or everything for ops."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(team_id__in=user.team_ids)


class Visibility(models.TextChoices):
    """Who may read a thing."""

    COMPANY = "company", "Everybody in the company"
    TEAM = "team", "Members of the team"


class TeamOwned(models.Model):
    """A thing that belongs to a team and is read by it or by the whole company."""

    team = models.ForeignKey("portal_people.Team", on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.COMPANY)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TeamOwnedQuerySet.as_manager()

    class Meta:
        abstract = True


class Product(TeamOwned):
    """Something the company makes and measures; every source and question is about one or more."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of this product."""
        return reverse("people:product-page", args=[self.slug])


class TokenQuerySet(models.QuerySet):
    """API tokens as rows of a list."""

    def visible_to(self, user) -> "TokenQuerySet":
        """Keep the person's own tokens."""
        return self.filter(user_id=user.pk) if getattr(user, "is_active", False) else self.none()


class ApiToken(models.Model):
    """A key to the API; only its prefix and its hash are kept."""

    class Scope(models.TextChoices):
        READ = "read", "Read"
        WRITE = "write", "Read and write"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_expired(self) -> bool:
        """Say whether its time is over."""
        return self.expires_at <= timezone.now()

    @property
    def is_usable(self) -> bool:
        """Say whether it still opens the API."""
        return self.revoked_at is None and not self.is_expired
