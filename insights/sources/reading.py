"""What the portal reads by itself: when it was tried, and why it failed, kept for the source's page."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils import timezone

from insights.sources.models import Reading
from portal.shell.public import BadInput, PortalError

log = logging.getLogger(__name__)

_MOST_NOTED = 3
_OUR_ERROR = "The reading stopped on an error of the portal. It is tried again by its schedule; tell ops if it stays."


def words_of(fault: PortalError) -> str:
    """Return what a fault says, its fields' sentences rather than that there are some."""
    sentences = [sentence for texts in fault.fields.values() for sentence in texts]
    return " ".join(sentences) or fault.message


@contextmanager
def noting_faults(row: Reading) -> Iterator[Callable[[str], None]]:
    """Note that a source is being read, and why it fails; yields a way to note what fails without stopping the rest."""
    mine, noted = type(row).objects.filter(pk=row.pk), []
    mine.update(last_tried_at=timezone.now(), last_error="")

    def note(sentence: str) -> None:
        noted.append(sentence)
        rest = f" And {len(noted) - _MOST_NOTED} more." if len(noted) > _MOST_NOTED else ""
        mine.update(last_error=" ".join(noted[:_MOST_NOTED]) + rest)

    try:
        yield note
    except PortalError as fault:
        note(words_of(fault))
        raise BadInput(words_of(fault)) from fault
    except Exception:  # the page must not stay silent about it
        log.exception("reading of source %s failed", row.source_id)
        note(_OUR_ERROR)
        raise
