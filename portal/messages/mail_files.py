"""Mail as files, for a portal without a mail server: one mail a file, which mail programs open.

Django's own backend names files by the second and by an address in memory, so two workers may write into one file.
"""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes each mail into EMAIL_FILE_PATH; a file that ends in .eml is whole."""

    def send_messages(self, email_messages) -> int:
        """Write mails; return how many."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex}.part"
            path.write_bytes(mail.message().as_bytes())
            path.rename(path.with_suffix(".eml"))
        return len(email_messages)
