"""The words of a Word document: its paragraphs, in order, by the standard library alone.

A document is a ZIP of XML. One part of it is unpacked, up to a limit, and read by a parser that refuses any document
type declaration: without one there are no entities, so nothing can be multiplied and nothing outside be fetched.
"""

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from insights.voice.conversations.files.contracts import MOST_LETTERS, MOST_UNPACKED_BYTES, UnreadableFile

_BROKEN = "This Word document is damaged or protected. Open it in Word and save it again, or copy its text."
_TOO_LARGE = "This Word document unpacks to more than a transcript can be. Copy its text instead."
_NO_WORD = "This is a ZIP file, but no Word document. Bring a .txt, .vtt, .srt or .docx file."
_MAIN_PART = re.compile(r"word/document\d*\.xml")
_WAYS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others unpack without a limit
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_docx(data: bytes) -> str:
    """Return the text of a Word document, one line a paragraph."""
    words = _Words()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = words.start, words.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = words.say, words.refuse
    parser.buffer_text = True
    try:
        parser.Parse(_main_part(data), True)
    except expat.ExpatError as error:
        raise UnreadableFile(_BROKEN) from error
    return "".join(words.pieces)


def _main_part(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [one for one in archive.infolist() if _MAIN_PART.fullmatch(one.filename)]
            if not parts:
                raise UnreadableFile(_NO_WORD)
            if parts[0].compress_type not in _WAYS:
                raise UnreadableFile(_BROKEN)
            # The size that the archive states is not believed: no more than the limit is ever unpacked.
            with archive.open(parts[0]) as part:
                xml = part.read(MOST_UNPACKED_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        raise UnreadableFile(_BROKEN) from error
    if len(xml) > MOST_UNPACKED_BYTES:
        raise UnreadableFile(_TOO_LARGE)
    return xml


class _Words:
    """Collects the text of paragraphs while a document is read; what was deleted in it is no text of it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.n_letters = self.in_text = self.in_fallback = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        space, _, local = name.rpartition(" ")
        if local == "Fallback":  # the same again, for programs that cannot show the first form
            self.in_fallback += 1
        elif "wordprocessingml" in space and not self.in_fallback:
            self.in_text += local == "t"
            self.pieces.append(_BREAKS.get(local, ""))

    def end(self, name: str) -> None:
        """End an element; a paragraph ends its line."""
        space, _, local = name.rpartition(" ")
        if local == "Fallback":
            self.in_fallback -= 1
        elif "wordprocessingml" in space and not self.in_fallback:
            self.in_text -= local == "t"
            if local == "p":
                self.pieces.append("\n")

    def say(self, text: str) -> None:
        """Take the letters of a text."""
        if self.in_text and not self.in_fallback:
            self.n_letters += len(text)
            if self.n_letters > MOST_LETTERS:
                raise UnreadableFile(_TOO_LARGE)
            self.pieces.append(text)

    def refuse(self, *declaration: object) -> None:
        """Refuse a document type declaration: no Word document has one, and what it could do is no good."""
        raise UnreadableFile(_BROKEN)
