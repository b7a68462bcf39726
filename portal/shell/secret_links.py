"""Links that open by a secret: made once, kept as a hash; a password with few tries, and its cookie."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from portal.shell.errors import PortalError, TooOften, Unavailable
from portal.shell.open_pages import render_open

LEAST_PASSWORD = 8
_LONGEST_PASSWORD = 128
_TRIES_OF_ONE, _TRIES_OF_ALL, _WITHIN_S = 5, 50, 900
_OPEN_S = 12 * 3600


def make_token() -> str:
    """Return 256 random bits as text for an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what is kept of a token: with 256 random bits, one round of SHA-256 is as good as a slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """Return what is kept of a password, "" for none."""
    return make_password(password) if password else ""


@dataclass(frozen=True)
class LinkDoor:
    """The door of one kind of links, each with `pk` and `password_hash`.

    name — counts tries and signs passes for itself. noun — what its links open, one word.
    """

    name: str
    noun: str

    def ask(self, request: HttpRequest, link: Any, path: str) -> HttpResponse | None:
        """Return the page that asks for a link's password, or the answer to a try; None where the link stands open.

        path — where the cookie of a right password is sent: below it, and nowhere else.
        """
        if link.password_hash and request.method == "POST":
            return self._answer_try(request, link, path)
        return None if self.stands_open(request, link) else self._page(request)

    def stands_open(self, request: HttpRequest, link: Any) -> bool:
        """Say whether a link asks for no password, or was told the right one."""
        return not link.password_hash or self._is_pass(link, request.COOKIES.get(self._cookie, ""))

    @property
    def _cookie(self) -> str:
        return f"opens_{self.noun}"

    @property
    def _salt(self) -> str:
        return f"{self.name}.password"

    def _page(self, request: HttpRequest, fault: str = "", status: int = 200) -> HttpResponse:
        context = {"title": f"This {self.noun} asks for a password", "fault": fault}
        return render_open(request, "open_password.html", context, status)

    def _answer_try(self, request: HttpRequest, link: Any, path: str) -> HttpResponse:
        password = request.POST.get("password", "")[:_LONGEST_PASSWORD]
        try:
            is_right = self._try(link, password, request.META.get("REMOTE_ADDR", ""))
        except PortalError as error:
            return self._page(request, error.message, error.status)
        if not is_right:
            return self._page(request, "This is not the password. Ask who gave you the link.", 422)
        response = HttpResponse(status=303, headers={"Location": request.path})
        response.set_cookie(
            self._cookie,
            self._make_pass(link),
            path=path,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response

    def _try(self, link: Any, password: str, address: str) -> bool:
        """Say whether a password opens a link; TooOften after five wrong ones of an address, or fifty of all."""
        all_of_it = f"{self.name}:tries:{link.pk}"
        mine = f"{all_of_it}:{address}"
        if _count(mine) > _TRIES_OF_ONE or _count(all_of_it) > _TRIES_OF_ALL:
            raise TooOften("That was tried too often. Wait a quarter of an hour, then try again.")
        if not check_password(password, link.password_hash):
            return False
        cache.delete(mine)
        cache.decr(all_of_it)
        return True

    def _make_pass(self, link: Any) -> str:
        """Return the cookie's text that stands for a right password; another password makes it worthless."""
        return signing.dumps([link.pk, _mark(link)], salt=self._salt)

    def _is_pass(self, link: Any, text: str) -> bool:
        """Say whether a cookie's text is a pass of this link, of its present password, of the last 12 hours."""
        try:
            return bool(signing.loads(text, salt=self._salt, max_age=_OPEN_S) == [link.pk, _mark(link)])
        except signing.BadSignature:
            return False


def _count(key: str) -> int:
    """Count one more try, at once for all processes, and return how many there were."""
    try:
        cache.add(key, 0, _WITHIN_S)
        return int(cache.incr(key))
    except ValueError:  # it ended between the two lines
        return 1
    except (RedisError, OSError):
        raise Unavailable("The password cannot be checked just now. Try again in a minute.") from None


def _mark(link: Any) -> str:
    return hash_token(link.password_hash)[:16]
