"""The portal's errors: one tree, each with a code, a sentence for the person and an HTTP status."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any


class PortalError(Exception):
    """Something the person should be told: what happened and what to do."""

    code = "error"
    status = 400
    message = "Something went wrong. Try again."

    def __init__(self, message: str = "", *, fields: dict[str, list[str]] | None = None):
        self.message = message or self.message
        self.fields = fields or {}
        super().__init__(self.message)

    @property
    def sentences(self) -> list[str]:
        """What to tell the person: the fault of each field, or else the one sentence of the error."""
        return [sentence for faults in self.fields.values() for sentence in faults] or [self.message]


class BadInput(PortalError):
    """Input that cannot be used; `fields` names each fault by its path."""

    code = "bad_input"
    message = "Some of what was sent cannot be used. Correct the named fields and send it again."


def refuse_unknown(names: Collection[str], known: Collection[str]) -> None:
    """Refuse a change that names what cannot be changed, each by its name."""
    if unknown := set(names) - set(known):
        raise BadInput(fields={name: ["This cannot be changed here."] for name in sorted(unknown)})


class NotSignedIn(PortalError):
    """A script of a page whose person was signed out meanwhile."""

    code = "not_signed_in"
    status = 401
    message = "You were signed out, so nothing was saved. Open the page again and sign in."


class NotFound(PortalError):
    """A thing that is not there, or that this person may not see."""

    code = "not_found"
    status = 404
    message = "It is gone, or it is not shared with you. Search for it, or ask its owner for access."


class NotAllowed(PortalError):
    """A thing that this person may see but not change."""

    code = "not_allowed"
    status = 403
    message = "Your role does not allow this. Ask an admin of the portal."


class Conflict(PortalError):
    """Somebody else changed the thing first."""

    code = "conflict"
    status = 409
    message = "This was changed by somebody else in the meantime. Reload the page and try again."


class Stale(Conflict):
    """A change that was made from another state than the one that the thing has now."""


def refuse_stale(thing: Any, seen: int, field: str = "version") -> None:
    """Refuse a change of a locked thing that was made from another state than the one it has now."""
    if getattr(thing, field) != seen:
        noun = thing._meta.verbose_name
        raise Stale(f"Somebody else changed this {noun} in the meantime. Reload the page to see their change.")


class TooMuch(PortalError):
    """Input over a stated limit."""

    code = "too_large"
    status = 413
    message = "This is larger than the limit."


class Unavailable(PortalError):
    """A part that the portal stands on does not answer just now."""

    code = "unavailable"
    status = 503
    message = "A part of the portal does not answer just now. Try again in a minute."


class TooOften(PortalError):
    """More requests than a stated rate allows."""

    code = "too_often"
    status = 429
    message = "That was too often. Wait a minute and try again."


@dataclass(frozen=True)
class ErrorPage:
    """The words of an error page: what happened, and what to do."""

    code: str
    title: str
    text: str


ERROR_PAGES = {
    400: ErrorPage(
        "bad_input", "This cannot be read", "The request is not complete or not in order. Go back and send it again."
    ),
    403: ErrorPage("not_allowed", "Not for your role", "Your role does not allow this. Ask an admin of the portal."),
    404: ErrorPage(
        "not_found",
        "There is nothing here",
        "The address may be wrong, or the thing is gone or not shared with you. Search for it, or ask its owner.",
    ),
    405: ErrorPage("method_not_allowed", "Not possible here", "This address cannot be used that way."),
    409: ErrorPage("conflict", "Changed in the meantime", "Somebody else was faster. Reload the page and try again."),
    413: ErrorPage("too_large", "Too large", "This is larger than the limit. Send it in smaller pieces."),
    429: ErrorPage("too_often", "Too often", "That was too often. Wait a minute and try again."),
    500: ErrorPage(
        "fault",
        "Something broke on our side",
        "It is not your doing, and nothing was half saved. Try again; if it stays, tell ops the request number.",
    ),
    503: ErrorPage(
        "unavailable", "Just now not possible", "A part of the portal does not answer. Try again in a minute."
    ),
}
