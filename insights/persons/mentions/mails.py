"""Mails about a person: those that lie in files for want of a mail server, and messages on their way."""

import contextlib
import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from insights.persons.contracts import MentionKeeper
from insights.persons.mentions.naming import Names
from portal.messages.public import Delivery


def erase_from_mails(names: Names) -> dict[str, int]:
    """Remove the mails in files that surely name a person; return how many."""
    folder, pattern = Path(settings.EMAIL_FILE_PATH), names.sure_pattern
    if pattern is None or not folder.is_dir():
        return {}
    n_removed = 0
    for path in sorted(folder.iterdir()):
        if path.is_file() and _names(path, pattern):
            path.unlink(missing_ok=True)
            n_removed += 1
    return {"mails": n_removed} if n_removed else {}


def _names(path: Path, pattern: re.Pattern[str]) -> bool:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return False
    return any(pattern.search(text) for text in _texts(data))


def _texts(data: bytes) -> Iterator[str]:
    yield data.decode("utf-8", "replace")
    mail = email.message_from_bytes(data, policy=email.policy.default)
    for part in mail.walk():
        with contextlib.suppress(LookupError, ValueError):  # an unknown encoding: looked at as it is
            yield "\n".join(f"{part.get(name, '')}" for name in ("From", "To", "Subject"))
            yield (part.get_payload(decode=True) or b"").decode(part.get_content_charset("utf-8"), "replace")


def _stop(row: Delivery) -> None:
    row.delete()


# A letter to them, sent or not, and a message that names them: the log keeps nothing of it.
DELIVERIES = MentionKeeper(Delivery._meta.label_lower, redact=_stop)
