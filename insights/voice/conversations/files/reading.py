"""What a file is, by its content, and the transcript that it holds."""

import re

from insights.voice.conversations.files.contracts import KINDS, MOST_BYTES, UnreadableFile
from insights.voice.conversations.files.cues import TIMING, read_cues
from insights.voice.conversations.files.docx import read_docx

_ASK = "Bring a .txt, .vtt, .srt or .docx file."
# How files begin that people take for text.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "This is a Word document of the old kind (.doc). Save it as .docx and bring that."),
    (b"%PDF", f"This is a PDF. {_ASK}"),
    (b"{\\rtf", "This is a rich text file. Save it as .docx or .txt and bring that."),
)
# "Ann Arbor   0:05" on a line of its own, as meeting programs write it into documents.
_HEAD = re.compile(
    r"^(?P<who>[^\W\d_][^\n:\t]{0,59}?)(?:[ \u00a0]{2,}|\t)(?P<at>\d{1,2}:\d{2}(?::\d{2})?)[ \t]*\n+", re.MULTILINE
)


def read_transcript(name: str, data: bytes) -> str:
    """Return the text that a file holds; speakers and times are kept where it has them.

    name: for its ending only; what it is, is read from its content. Raises: UnreadableFile with what to do.
    """
    if not name.lower().endswith(KINDS):
        raise UnreadableFile(f"The portal cannot read this kind of file. {_ASK}")
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it, or copy its text.")
    for mark, sentence in _OTHERS:
        if data.startswith(mark):
            raise UnreadableFile(sentence)
    is_document = data.startswith(b"PK\x03\x04")
    text = (read_docx(data) if is_document else _decode(data)).replace("\r\n", "\n").replace("\r", "\n")
    if not is_document and re.match(r"\s*<(!doctype|html|\?xml)", text, re.IGNORECASE):
        raise UnreadableFile(f"This is a web page, not a transcript. {_ASK}")
    if not is_document and (text.startswith("WEBVTT") or TIMING.search(text[:2_000])):
        found = read_cues(text)
    else:
        found = _HEAD.sub(r"[\g<at>] \g<who>: ", text)
    lines = (line.rstrip() for line in found.split("\n"))
    plain = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not plain:
        raise UnreadableFile("The file holds no words.")
    return plain


def _decode(data: bytes) -> str:
    """Return the text of bytes: by their mark, as UTF-8, else as they most likely are."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        coding = "utf-16"
    elif b"\x00" in data:
        raise UnreadableFile(f"This is no text. {_ASK}")
    else:
        coding = "utf-8-sig"
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        return _guess(data)


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes  # loads tables that no other page needs

    best = from_bytes(data[:500_000]).best()
    if best is None:
        raise UnreadableFile("The letters of this file cannot be read. Save it as UTF-8 text and bring that.")
    return data.decode(best.encoding, errors="replace")
