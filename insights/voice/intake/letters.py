"""A mail as feedback: who wrote it, what they say in their own words, what they quote, what hangs on it; no Django."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime

from insights.voice.texts.markup import text_of_html

MOST_BYTES = 25 * 1024 * 1024
_MOST_PARTS = 200
_QUOTED_FROM = (
    re.compile(r"^On .{5,200} wrote:\s*$"),
    re.compile(r"^Am .{5,200} schrieb.{0,100}:\s*$"),
    re.compile(r"^Le .{5,200} a écrit\s*:\s*$"),
    re.compile(r"^El .{5,200} escribió:\s*$"),
    re.compile(
        r"^-{2,} ?(?:Original Message|Ursprüngliche Nachricht|Forwarded message|Message d'origine) ?-{2,}\s*$", re.I
    ),
    re.compile(r"^_{20,}\s*$"),
)
_SIGNATURE = re.compile(r"^-- ?$")
_PREFIX = re.compile(r"^(?:\s*(?:re|aw|fw|fwd|wg|antw|tr|sv)\s*:)+\s*", re.I)
_BOUNCERS = ("mailer-daemon@", "postmaster@")
_ROBOTS = re.compile(r"^(?:no-?reply|do-?not-?reply)[@+.-]", re.I)


class BrokenLetter(Exception):
    """A mail that cannot be read; the mail server keeps it."""


class NoLetter(Exception):
    """A mail that nobody wrote: an automatic reply, a bounce, a newsletter's robot."""


@dataclass(frozen=True)
class Enclosed:
    """A file that came with a mail."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Letter:
    """What a mail says. `quoted` are the earlier messages that were cut off its text."""

    sender: str
    author: str
    subject: str
    text: str
    quoted: str
    said_on: date | None
    message_id: str
    enclosed: tuple[Enclosed, ...] = ()


def read_letter(data: bytes) -> Letter:
    """Read an RFC 822 message; raises BrokenLetter or NoLetter."""
    if len(data) > MOST_BYTES:
        raise BrokenLetter(f"The mail has more than {MOST_BYTES // 1024 // 1024} MB.")
    try:
        message = BytesParser(policy=policy.default).parsebytes(_without_envelope(data))
        sender, author = _sender(message)
        refuse_robots(message, sender)
        body, is_html = _body(message)
        enclosed = _enclosed(message)
    except NoLetter:
        raise
    except BrokenLetter:
        raise
    except Exception as fault:  # the parser promises nothing about what strangers send
        raise BrokenLetter(f"The mail cannot be read ({type(fault).__name__}).") from fault
    text, quoted = cut_quotes(text_of_html(body) if is_html else body)
    subject = _PREFIX.sub("", " ".join(str(message.get("Subject", "")).split()))
    text = text or subject
    if not text:
        raise NoLetter("The mail says nothing.")
    return Letter(sender, author, subject[:300], text, quoted, _day(message), _id(message, data), enclosed)


def _without_envelope(data: bytes) -> bytes:
    """Return a mail without the line that some mail servers write before a piped one."""
    return data.partition(b"\n")[2] if data.startswith(b"From ") else data


def _sender(message: EmailMessage) -> tuple[str, str]:
    name, address = parseaddr(str(message.get("From", "")))
    if "@" not in address or any(sign in address for sign in " \t<>,"):
        raise BrokenLetter("The mail does not say who wrote it.")
    return address, " ".join(name.split())[:200]


def refuse_robots(message: EmailMessage, sender: str) -> None:
    """Raise NoLetter for what no person wrote: bounces, automatic replies, lists."""
    automatic = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    is_report = message.get_content_type() in ("multipart/report", "message/delivery-status")
    is_robot = sender.lower().startswith(_BOUNCERS) or bool(_ROBOTS.match(sender))
    is_empty_path = str(message.get("Return-Path", "x")).strip() == "<>"
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "X-Failed-Recipients")
    is_marked = any(message.get(mark) for mark in marks if mark != "X-Auto-Response-Suppress")
    if automatic != "no" or precedence in ("bulk", "junk", "auto_reply") or is_report or is_robot or is_empty_path:
        raise NoLetter("The mail was written by a machine: an automatic reply, a bounce or a bulk mail.")
    if is_marked:
        raise NoLetter("The mail says that it is an automatic reply.")


def _body(message: EmailMessage) -> tuple[str, bool]:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return "", False
    return _text(part), part.get_content_type() == "text/html"


def _text(part: EmailMessage) -> str:
    try:
        content = part.get_content()
    except (LookupError, UnicodeError):  # an encoding that nobody knows
        content = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")
    return str(content).replace("\0", "\ufffd").replace("\r\n", "\n")


def cut_quotes(text: str) -> tuple[str, str]:
    """Return (what is said now, earlier messages quoted below or between); a signature goes with the quotes.

    >>> cut_quotes("It is slow.\\n\\nOn Monday, Ann Arbor wrote:\\n> How is it?\\n")
    ('It is slow.', 'On Monday, Ann Arbor wrote:\\n> How is it?')
    >>> cut_quotes("> How is it?\\nIt is slow.\\n-- \\nAnn")
    ('It is slow.', '> How is it?\\n-- \\nAnn')
    """
    lines = text.strip("\n").split("\n")
    end = next((n for n, line in enumerate(lines) if _begins_quote(lines, n, line)), len(lines))
    said = [line for line in lines[:end] if not line.startswith(">")]
    quoted = [line for line in lines[:end] if line.startswith(">")] + lines[end:]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(said)).strip(), "\n".join(quoted).strip()


def _begins_quote(lines: list[str], n: int, line: str) -> bool:
    if _SIGNATURE.match(line) or any(pattern.match(line) for pattern in _QUOTED_FROM):
        return True
    # A long address breaks "On … wrote:" in two.
    pair = f"{line} {lines[n + 1]}" if n + 1 < len(lines) else ""
    is_opening = line.startswith(("On ", "Am ", "Le ", "El "))
    return is_opening and any(pattern.match(pair) for pattern in _QUOTED_FROM[:4])


def _enclosed(message: EmailMessage) -> tuple[Enclosed, ...]:
    found = []
    for part in message.iter_attachments():
        if len(found) >= _MOST_PARTS:
            break
        if part.is_multipart():
            data, name = b"".join(bytes(one) for one in part.iter_parts()), "forwarded.txt"
        else:
            data, name = part.get_payload(decode=True) or b"", part.get_filename() or "file"
        if data:
            found.append(Enclosed(str(name).replace("\0", ""), data))
    return tuple(found)


def _day(message: EmailMessage) -> date | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", ""))).date()
    except (ValueError, TypeError, IndexError):
        return None


def _id(message: EmailMessage, data: bytes) -> str:
    """Return the Message-ID; of a mail without one, the hash of all it holds."""
    text = "".join(str(message.get("Message-ID", "")).split()).strip("<>")
    if text and len(text) <= 200 and text.isprintable():
        return text
    return "sha-" + hashlib.sha256((text or "").encode() or data).hexdigest()
