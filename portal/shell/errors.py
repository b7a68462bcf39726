"""The portal's errors: one tree, each with a code, a sentence for the person and an HTTP status."""


class PortalError(Exception):
    """Something the person should be told: what happened and what to do."""

    code = "error"
    status = 400
    message = "Something went wrong. Try again."

    def __init__(self, message: str = "", *, fields: dict[str, list[str]] | None = None):
        self.message = message or self.message
        self.fields = fields or {}
        super().__init__(self.message)


class BadInput(PortalError):
    """Input that cannot be used; `fields` names each fault by its path."""

    code = "bad_input"
    message = "Some of what was sent cannot be used. Correct the named fields and send it again."


class NotFound(PortalError):
    """A thing that is not there, or that this person may not see."""

    code = "not_found"
    status = 404
    message = "There is nothing here, or it is not shared with you. Ask its owner for access."


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
