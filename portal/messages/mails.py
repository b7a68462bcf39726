"""Mails: their headers, their parts, and handing them to the server."""

import smtplib
import unicodedata
from email.mime.image import MIMEImage

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from portal.messages.contracts import Result
from portal.messages.models import Delivery

LONGEST_SUBJECT = 150


def plain_line(text: str, most: int = LONGEST_SUBJECT) -> str:
    """Return a text as one line that no header, list or terminal takes for more than a text.

    >>> plain_line("Growth\\r\\nBcc: all@example.com\\u202e")
    'Growth Bcc: all@example.com'
    """
    # Line ends and other controls part words; marks that turn the direction of writing are left out.
    spaced = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Zl", "Zp"} else letter
        for letter in text
        if unicodedata.category(letter) not in {"Cf", "Cs"} or letter in "\u200c\u200d"
    )
    line = " ".join(spaced.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def build_mail(
    to: str,
    subject: str,
    text: str,
    html: str,
    *,
    images: dict[str, bytes] | None = None,
    headers: dict[str, str] | None = None,
) -> EmailMultiAlternatives:
    """Return a mail with its text, its HTML and the images that the HTML names by content id."""
    machine = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    mail = EmailMultiAlternatives(plain_line(subject), text, to=[to], headers={**machine, **(headers or {})})
    mail.attach_alternative(html, "text/html")
    mail.mixed_subtype = "related"
    for name, png in (images or {}).items():
        image = MIMEImage(png, "png")
        image.add_header("Content-ID", f"<{name}>")
        image.add_header("Content-Disposition", "inline", filename=f"{name.partition('@')[0]}.png")
        mail.attach(image)
    return mail


def single_mail(delivery: Delivery, link: str) -> EmailMultiAlternatives:
    """Return the mail of one message."""
    subject = plain_line(delivery.subject)
    context = {"subject": subject, "paragraphs": delivery.text.splitlines(), "link": link, "home": settings.PUBLIC_URL}
    text = render_to_string("portal/messages/mail_single.txt", context)
    html = render_to_string("portal/messages/mail_single.html", context)
    return build_mail(delivery.user.email, subject, text, html)


def outside_mail(delivery: Delivery, link: str, stop_link: str) -> EmailMultiAlternatives:
    """Return the mail of a letter to somebody outside: nothing in it needs a login, and it says how to get no more."""
    subject = plain_line(delivery.subject)
    label = delivery.link_text or "Open"
    context = {"subject": subject, "paragraphs": delivery.text.splitlines(), "link": link, "label": label}
    context["stop_link"] = stop_link
    headers = {"List-Unsubscribe": f"<{stop_link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    text = render_to_string("portal/messages/mail_letter.txt", context)
    html = render_to_string("portal/messages/mail_letter.html", context)
    return build_mail(delivery.address, subject, text, html, headers=headers if stop_link else {})


class MailLetter:
    """A mail on its way to the server that the settings name."""

    def __init__(self, mail: EmailMultiAlternatives) -> None:
        self.mail = mail
        self.connection = get_connection()

    def open(self) -> Result | None:
        """Connect and sign in; nothing has been handed over when this fails."""
        try:
            self.connection.open()
        except smtplib.SMTPAuthenticationError as error:
            sentence = f"The mail server refused the portal's sign-in (code {error.smtp_code})."
            return Result(False, sentence, can_retry=True)
        except (smtplib.SMTPException, OSError):
            return Result(False, "The mail server cannot be reached.", can_retry=True)
        return None

    def hand_over(self) -> Result:
        """Hand the mail over; what the server answered decides whether it may be tried again."""
        try:
            self.connection.send_messages([self.mail])
        except smtplib.SMTPRecipientsRefused as error:
            code = max((code for code, _ in error.recipients.values()), default=550)
            return _refused(code, "this person's address")
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code, "the mail")
        except smtplib.SMTPNotSupportedError:
            return Result(False, "The mail server cannot take a mail to this address.")
        except (smtplib.SMTPException, OSError):
            # No answer: it may lie in the server's queue already.
            return Result(
                False, "The mail server broke off. The mail may have arrived, so it was not repeated.", is_unknown=True
            )
        finally:
            self.close()
        return Result(True, _taken(), n_bytes=len(self.mail.message().as_bytes()))

    def close(self) -> None:
        """Leave; a server that has gone already is no reason to fail."""
        try:
            self.connection.close()
        except (smtplib.SMTPException, OSError):
            return


def _taken() -> str:
    """Say who has a mail now."""
    if settings.EMAIL_BACKEND.endswith("mail_files.EmailBackend"):
        return "Written to a file on the portal's machine, as the settings say."
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return "Written to the worker's log, as the settings say."
    return "Taken by the mail server."


def _refused(code: int, what: str) -> Result:
    is_for_now = 400 <= code < 500
    when = "for now" if is_for_now else "for good"
    return Result(False, f"The mail server refused {what} {when} (code {code}).", can_retry=is_for_now)
