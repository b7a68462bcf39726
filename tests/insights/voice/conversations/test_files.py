"""Files that become transcripts: told apart by content, speakers and times kept, bombs and wrong files refused."""

import io
import zipfile

import pytest

from insights.voice.conversations.files import KINDS, UnreadableFile, read_transcript

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
VTT = """WEBVTT - made by a meeting

NOTE nothing of this is said

1
00:00:01.000 --> 00:00:03.000 align:start
<v Ann Arbor>It is <i>slow</i> &amp;

00:03.000 --> 00:04.000
<v Ann Arbor>on phones.</v>

00:01:05.000 --> 00:01:06.500
<v Bob>Really?</v>
<v Ann Arbor>Yes.</v>
"""
SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\nAnn: It is\r\nslow.\r\n\r\n"
SRT += "2\r\n01:00:05,000 --> 01:00:06,000\r\nNo name here\r\n"


def docx(body, *, head='<?xml version="1.0"?>', part="word/document.xml", way=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", way) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, f"{head}<w:document {W}><w:body>{body}</w:body></w:document>")
    return stream.getvalue()


def paragraph(*texts):
    return f"<w:p>{''.join(f'<w:r><w:t>{text}</w:t></w:r>' for text in texts)}</w:p>"


def test_subtitles_become_turns_with_their_speakers_and_times():
    assert read_transcript("call.vtt", VTT.encode()) == (
        "[00:00:01] Ann Arbor: It is slow & on phones.\n\n[00:01:05] Bob: Really?\n\n[00:01:05] Ann Arbor: Yes."
    )
    assert read_transcript("call.srt", SRT.encode()) == "[00:00:01] Ann: It is slow.\n\n[01:00:05] No name here"
    assert read_transcript("wrongly-named.txt", b"\xef\xbb\xbf" + SRT.encode()).startswith("[00:00:01] Ann:")


def test_text_is_kept_as_it_is_whatever_its_letters():
    assert read_transcript("a.TXT", "Änn: Es ist langsam.\r\n\r\n\r\n\r\nBob: Ja.  ".encode()) == (
        "Änn: Es ist langsam.\n\nBob: Ja."
    )
    assert read_transcript("a.txt", "Zoë: naïve".encode("utf-16")) == "Zoë: naïve"
    assert "langsam" in read_transcript(
        "a.txt", ("Ann: Für mich ist es zu langsam, schöne Grüße. " * 9).encode("cp1252")
    )


def test_a_word_document_gives_its_paragraphs_without_what_was_deleted():
    body = paragraph("Ann Arbor", "   0:05") + paragraph("It is ", "slow &amp; old.")
    body += "<w:p><w:r><w:tab/><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>"
    body += "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    assert read_transcript("a.docx", docx(body)) == "[0:05] Ann Arbor: It is slow & old.\n\ta\nb"
    assert read_transcript("a.txt", docx(paragraph("By content"), part="word/document2.xml")) == "By content"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.exe", b"MZ", "cannot read this kind"),
        ("a.txt", b"", "no words"),
        ("a.vtt", b"WEBVTT\n\n", "no words"),
        ("a.txt", b"abc\x00def", "no text"),
        ("a.txt", b"%PDF-1.7", "PDF"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1", "old kind"),
        ("a.txt", b"  <!DOCTYPE html><p>x", "web page"),
        ("a.docx", b"PK\x03\x04 not a zip", "damaged"),
        ("a.docx", docx(paragraph("x"), part="xl/workbook.xml"), "no Word document"),
        ("a.docx", docx("<w:p>"), "damaged"),
        ("a.docx", docx(paragraph("&b;&x;"), head=BOMB), "damaged"),
        ("a.docx", docx(paragraph("x"), way=zipfile.ZIP_LZMA), "damaged"),
        ("a.docx", docx(f"<w:p>{' ' * 31_000_000}</w:p>"), "unpacks to more"),
        ("a.docx", docx(paragraph("x" * 2_100_000)), "unpacks to more"),
        ("a.txt", b"x" * 10_000_001, "larger than 10 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "-",
)
def test_what_holds_no_transcript_is_refused_with_what_to_do(name, data, says):
    with pytest.raises(UnreadableFile, match=says):
        read_transcript(name, data)


def test_a_bomb_is_small_and_never_unpacked_whole():
    bomb = docx(f"<w:p>{' ' * 31_000_000}</w:p>")
    assert len(bomb) < 100_000
    assert set(KINDS) == {".txt", ".vtt", ".srt", ".docx"}
