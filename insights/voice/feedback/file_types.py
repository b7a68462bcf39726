"""Which files may hang on feedback, told by what is in them and never by their name; knows no Django."""

import io
import zipfile

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
MOST_UNPACKED = 200 * 1024 * 1024
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"%PDF-", "PDF"),
)
_OFFICE = (("word/", "Word document"), ("xl/", "Excel workbook"), ("ppt/", "PowerPoint slides"))
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body", b"<iframe")
ALLOWED = "pictures (PNG, JPEG, GIF, WebP), PDF, Word, Excel, PowerPoint and plain text"


def kind_of_file(data: bytes) -> str:
    """Return what a file is, in words; nothing where it may not hang on feedback.

    >>> kind_of_file(b"%PDF-1.7 ..."), kind_of_file(b"Plain words"), kind_of_file(b"MZ\\x90\\x00 program")
    ('PDF', 'Text', '')
    >>> kind_of_file(b" <SVG onload=alert(1)>"), kind_of_file(b"<p>Hello</p><script>")
    ('', '')
    """
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP image"
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    return "Text" if _is_plain_text(data) else ""


def _office_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return ""
    if any(name.endswith("vbaProject.bin") for name in names):  # a document that carries programs
        return ""
    return next((kind for folder, kind in _OFFICE if any(name.startswith(folder) for name in names)), "")


def _is_plain_text(data: bytes) -> bool:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not data or b"\0" in data or head.startswith(b"<") or any(mark in data.lower() for mark in _MARKUP):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
