"""Mails as feedback: by a pipe, whoever wrote them, whatever hangs on them, never twice and never lost."""

import io
import os

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from insights.voice.feedback.models import Attachment, Feedback
from insights.voice.intake.letters import MOST_BYTES
from tests.factories import make_channel

MAIL = """From: Ann Arbor <Ann@example.com>
To: feedback@portal.example
Subject: Re: AW: The timeline
Date: Wed, 31 Jan 2024 10:00:00 +0100
Message-ID: <abc@mail.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: multipart/alternative; boundary="c"

--c
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

It is slow, f=FCr alle.

On Tue, 30 Jan 2024 at 09:00, Portal team
<team@portal.example> wrote:
> How do you like it?
--c
Content-Type: text/html; charset=utf-8

<p>It is slow</p><script>alert(1)</script>
--c--
--b
Content-Type: image/png; name="../../shot.png"
Content-Disposition: attachment; filename="../../shot.png"
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
--b
Content-Type: text/plain; name="page.txt"
Content-Disposition: attachment; filename="page.txt"

<html><script>alert(1)</script></html>
--b--
"""


@pytest.fixture
def pipe(product, monkeypatch):
    make_channel("email")

    def pipe(text, **options):
        data = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        said = io.StringIO()
        try:
            call_command("receive_mail", product=product.slug, stderr=said, **options)
        except CommandError as error:
            return error.returncode, said.getvalue()
        return 0, said.getvalue()

    return pipe


def test_a_mail_becomes_a_piece_of_who_wrote_it_once(people, pipe):
    code, said = pipe("From ann@example.com Wed Jan 31\n" + MAIL)
    assert code == 0 and "page.txt" in said and "cannot be taken" in said
    piece = Feedback.objects.select_related("person", "channel").get()
    assert (piece.text, piece.title, piece.author) == ("It is slow, für alle.", "The timeline", "Ann Arbor")
    assert (piece.person.distinct_id, piece.said_on.isoformat(), piece.channel.slug) == ("ann", "2024-01-31", "email")
    assert (piece.origin, piece.origin_id, piece.visibility) == ("mail", "abc@mail.example", "team")
    files = {one.name: one for one in Attachment.objects.all()}
    assert {name: one.kind for name, one in files.items()} == {"earlier-messages.txt": "Text", "shot.png": "PNG image"}
    with default_storage.open(files["earlier-messages.txt"].path) as kept:
        assert b"> How do you like it?" in kept.read()
    code, said = pipe(MAIL)
    assert (code, "Known already" in said, Feedback.objects.count(), Attachment.objects.count()) == (0, True, 1, 2)


def test_html_alone_gives_its_words_and_nothing_else(pipe):
    head = "From: bob@example.com\nSubject: Hello\nContent-Type: text/html\n\n"
    html = head + "<p>One &amp; two</p><style>p{}</style><p>Three</p>"
    assert pipe(html)[0] == 0
    assert Feedback.objects.get().text == "One & two\n\nThree"


@pytest.mark.parametrize(
    "mark",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "Return-Path: <>",
        "X-Autoreply: yes",
        "From: MAILER-DAEMON@mail.example",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
    ],
)
def test_what_a_machine_wrote_is_ignored_without_an_answer(pipe, mark):
    start = "" if mark.startswith("From") else "From: ann@example.com\n"
    code, said = pipe(f"{start}{mark}\nSubject: Away\n\nI am away.\n")
    assert (code, "machine" in said or "automatic" in said, Feedback.objects.count()) == (0, True, 0)


def test_what_cannot_be_kept_stays_with_the_mail_server(pipe, monkeypatch):
    assert pipe("no mail at all")[0] == os.EX_TEMPFAIL
    assert pipe(b"From: ann@example.com\n\n" + b"a" * MOST_BYTES)[0] == os.EX_TEMPFAIL
    assert pipe(MAIL, channel="nowhere")[0] == os.EX_TEMPFAIL

    def away(*args, **kwargs):
        from django.db import OperationalError

        raise OperationalError("gone")

    monkeypatch.setattr("insights.voice.intake.management.commands.receive_mail.keep_letter", away)
    assert pipe(MAIL)[0] == os.EX_TEMPFAIL and not Feedback.objects.exists()
