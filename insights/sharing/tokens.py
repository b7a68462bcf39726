"""Secrets of public links: made once, kept as hashes; passwords with few tries."""

import hashlib
import secrets

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.core.cache import cache
from redis.exceptions import RedisError

from insights.sharing.models import PublicLink
from portal.shell.public import TooOften, Unavailable

_TRIES_OF_ONE, _TRIES_OF_ALL, _WITHIN_S = 5, 50, 900
_OPEN_S = 12 * 3600
_SALT = "insights.sharing.password"


def make_token() -> str:
    """Return 256 random bits as text for an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what is kept of a token: with 256 random bits, one round of SHA-256 is as good as a slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """Return what is kept of a password, "" for none."""
    return make_password(password) if password else ""


def try_password(link: PublicLink, password: str, address: str) -> bool:
    """Say whether a password opens a link.

    Raises: TooOften after five wrong ones from one address or fifty from all in 15 minutes; Unavailable where tries
    cannot be counted.
    """
    mine, all_of_it = f"sharing:tries:{link.pk}:{address}", f"sharing:tries:{link.pk}"
    if _count(mine) > _TRIES_OF_ONE or _count(all_of_it) > _TRIES_OF_ALL:
        raise TooOften("That was tried too often. Wait a quarter of an hour, then try again.")
    if not check_password(password, link.password_hash):
        return False
    cache.delete(mine)
    cache.decr(all_of_it)
    return True


def _count(key: str) -> int:
    """Count one more try, at once for all processes, and return how many there were."""
    try:
        cache.add(key, 0, _WITHIN_S)
        return int(cache.incr(key))
    except ValueError:  # it ended between the two lines
        return 1
    except (RedisError, OSError):
        raise Unavailable("The password cannot be checked just now. Try again in a minute.") from None


def make_pass(link: PublicLink) -> str:
    """Return the cookie's text that stands for a password that was right; another password makes it worthless."""
    return signing.dumps([link.pk, _mark(link)], salt=_SALT)


def is_pass(link: PublicLink, text: str) -> bool:
    """Say whether a cookie's text is a pass of this link, of its present password, of the last 12 hours."""
    try:
        return bool(signing.loads(text, salt=_SALT, max_age=_OPEN_S) == [link.pk, _mark(link)])
    except signing.BadSignature:
        return False


def _mark(link: PublicLink) -> str:
    return hash_token(link.password_hash)[:16]
