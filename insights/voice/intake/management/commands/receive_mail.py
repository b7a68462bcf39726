"""Take a mail from standard input as feedback, as a mail server pipes it."""

import logging
import os
import sys

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError

from insights.voice.feedback.public import Channel
from insights.voice.intake.letters import MOST_BYTES, BrokenLetter, NoLetter, read_letter
from insights.voice.intake.mailing import keep_letter
from portal.people.public import Product, Visibility
from portal.shell.public import PortalError

log = logging.getLogger(__name__)

# sysexits.h: with EX_TEMPFAIL a mail server keeps the mail and tries again; any other failure it sends back.
_KEEP_IT = os.EX_TEMPFAIL


class Command(BaseCommand):
    help = (
        "Keep a mail (RFC 822, on standard input) as feedback of a product. Exit code 0: kept, known already, or "
        "written by a machine and ignored; 75: it could not be kept, so the mail server keeps it and tries again."
    )

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("--product", required=True, help="the product's slug")
        parser.add_argument("--channel", default="email", help="the channel's slug")
        parser.add_argument("--visibility", default=Visibility.TEAM, choices=Visibility.values)

    def handle(self, *args, product, channel, visibility, **options):
        """Read the mail, keep it, and say by the exit code what the mail server does with it."""
        try:
            code, sentence = self._take(product, channel, visibility)
        except (DatabaseError, InterfaceError, OSError) as fault:
            code, sentence = _KEEP_IT, f"The portal cannot keep mails just now ({type(fault).__name__})."
        except PortalError as fault:
            details = " ".join(text for texts in fault.fields.values() for text in texts)
            code, sentence = _KEEP_IT, f"{fault.message} {details}".strip()
        except Exception as fault:  # whatever it is, the mail is not lost
            log.exception("a mail could not be kept")
            code, sentence = _KEEP_IT, f"The portal stopped on an error of its own ({type(fault).__name__})."
        self.stderr.write(sentence)
        if code:
            raise CommandError(sentence, returncode=code)

    def _take(self, product_slug: str, channel_slug: str, visibility: str) -> tuple[int, str]:
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
        product = Product.objects.select_related("team").filter(slug=product_slug).first()
        channel = Channel.objects.filter(slug=channel_slug).first()
        if product is None or channel is None:
            missing = f"product “{product_slug}”" if product is None else f"channel “{channel_slug}”"
            return _KEEP_IT, f"There is no {missing}."
        try:
            letter = read_letter(data)
        except NoLetter as fault:
            return 0, f"Ignored. {fault}"
        except BrokenLetter as fault:
            return _KEEP_IT, str(fault)
        kept = keep_letter(letter, product, channel=channel, visibility=visibility)
        words = "Kept" if kept.is_new else "Known already"
        return 0, " ".join([f"{words}: feedback {kept.feedback.pk}.", *kept.left_out])
