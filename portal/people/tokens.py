"""API tokens: made once, kept as a hash, checked on every call of the API."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from portal.people.models import ApiToken, User

_LAST_USE_STEP = timedelta(minutes=1)


def _hash(secret: str) -> str:
    # The secret is 256 random bits, so one round of SHA-256 is as good as a slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()


def make_token(user: User, name: str, scope: str, expires_at) -> tuple[ApiToken, str]:
    """Make a token; its text is returned this once and never kept."""
    prefix = "pop_" + secrets.token_hex(4)
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name, scope=scope, expires_at=expires_at, prefix=prefix, secret_hash=_hash(secret)
    )
    return token, f"{prefix}.{secret}"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; what its scope allows is checked by `ScopeAllows`."""

    def authenticate(self, request):
        """Return the token's user, None without a token, or refuse."""
        kind, _, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        prefix, _, secret = text.strip().partition(".")
        now = timezone.now()
        token = (
            ApiToken.objects.select_related("user")
            .filter(prefix=prefix, revoked_at=None, expires_at__gt=now, user__is_active=True)
            .first()
        )
        if token is None or not secrets.compare_digest(token.secret_hash, _hash(secret)):
            raise AuthenticationFailed("This token is unknown, expired or revoked. Make a new one in your profile.")
        if token.last_used_at is None or now - token.last_used_at > _LAST_USE_STEP:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request) -> str:
        """Name the scheme in a 401."""
        return "Bearer"
