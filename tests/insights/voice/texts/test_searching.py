"""Words that the database keeps of texts, and what is found by them."""

import datetime as dt

import pytest
from django.db import connection

from insights.voice.conversations.actions import add_conversation, update_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.conversations.models import Conversation
from insights.voice.feedback.actions import update_feedback
from insights.voice.feedback.models import Feedback
from insights.voice.highlights.actions import add_highlight
from insights.voice.highlights.models import Highlight
from insights.voice.texts.public import LANGUAGES, build_query, read_terms

TODAY = dt.date(2024, 2, 1)


def test_what_was_typed_is_read_as_words_phrases_and_what_must_not_stand_there():
    terms = read_terms('slow “team plan” -beta -"old app" import/export — ann@mail.example')
    assert [(one.text, one.is_phrase, one.is_excluded) for one in terms] == [
        ("slow", False, False),
        ("team plan", True, False),
        ("beta", False, True),
        ("old app", True, True),
        ("import", False, False),
        ("export", False, False),
        ("ann", False, False),
        ("mail.example", False, False),
    ]
    assert read_terms("  - !! '' ") == ()


@pytest.mark.parametrize(
    ("language", "text", "found_by", "not_by"),
    [
        (
            "en",
            "The exported reports were slow",
            ["export report", "the reports", "expor", '"report were"'],
            ['"the"', "report -exports", "report -exporting"],
        ),
        ("de", "Die Verbindungen brechen ab", ['"Verbindung"', "die verbindung", "brec"], ["port", "verbindung -ab"]),
        ("fr", "Les rapports exportés sont vides", ["rapport", "exporter"], ["apport"]),
        ("", "Import/export of plans, by ann@mail.example", ["export", "mail.example", "plan"], ['"plan export"']),
        ("ru", "Отчёты открываются медленно", ["отчёт"], ["отмена"]),
    ],
)
def test_a_text_is_found_by_its_words_in_its_language(say, owner, language, text, found_by, not_by):
    say(text, language=language)
    for asked in found_by:
        assert Feedback.objects.matching(asked, owner).exists(), asked
    for asked in not_by:
        assert not Feedback.objects.matching(asked, owner).exists(), asked


def test_a_query_of_anything_is_a_query(say, owner, outsider):
    say("It's a 'quote' \\ and a backslash", visibility="company")
    hostile = [
        "'",
        '"',
        "\\",
        "' | 'x",
        "a:*",
        "!(",
        "<-> &",
        "%s",
        "☃",
        "'quote",
        "back\\slash",
        "x" * 5_000,
        "-",
        "--a",
    ]
    for asked in [*hostile, *(one * 60 for one in hostile)]:
        for user in (owner, outsider):
            list(Feedback.objects.matching(asked, user))
    assert Feedback.objects.matching("'quote'", outsider).exists()


def test_words_of_any_length_are_kept(say, owner):
    wide = " ".join(chr(0x20000 + number) + chr(0x20000 + number % 97) for number in range(33_000))
    longest = " ".join(f"word{number}" for number in range(9_000))[:99_000]
    assert Feedback.objects.matching("word8000", owner).count() == 0
    say(wide), say(longest)
    assert Feedback.objects.matching("word8000", owner).count() == 1


def test_words_follow_an_edit_and_go_with_the_text(say, owner, outsider):
    piece = say("The timeline is slow", visibility="company")
    assert Feedback.objects.matching("timelines", outsider).exists()
    changed = update_feedback(piece, actor=owner, today=TODAY, version=1, text="Der Kalender", language="de")
    assert not Feedback.objects.matching("timeline", owner).exists()
    changed = update_feedback(changed, actor=owner, today=TODAY, version=2, visibility="team")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words::text, shared_words FROM insights_voice_feedback_feedback")
        assert cursor.fetchall() == [("'kalend':2B", None)]


def test_a_conversation_is_found_by_its_texts_and_by_who_took_part(product, owner, outsider):
    said = {"notes": "She wants *reports*", "transcript": "Ann: Die Verbindungen laden.", "visibility": "company"}
    people = [ParticipantInput(name="Charles Babbage")]
    made = add_conversation(product, actor=owner, today=TODAY, title="First week", participants=people, **said)
    find = Conversation.objects.matching
    for asked in ("week report", "Charles reports", "verbindungen charles", "babb"):
        assert find(asked, owner).exists(), asked
    assert not find("charles", outsider).exists(), "who took part is for the team"
    assert not find("laden", outsider).exists(), "and so is the transcript"
    assert find("reports", outsider).exists()
    assert not find('"Verbindung"', owner).exists(), "read as English until somebody says what it is"
    update_conversation(made, actor=owner, today=TODAY, version=1, language="de", participants=[])
    assert find('"Verbindung"', owner).exists()
    assert not find("charles", owner).exists()


def test_highlights_are_found_in_the_language_of_their_text(say, owner, outsider):
    piece = say("Die Verbindungen laden zu langsam", visibility="company")
    add_highlight(piece, actor=owner, quote="Verbindungen laden", note="Slow reports")
    find = Highlight.objects.matching
    assert find("slow report", owner).exists()
    assert not find("slow report", outsider).exists()
    assert not find('"Verbindung"', owner).exists()
    update_feedback(piece, actor=owner, today=TODAY, version=1, language="de")
    assert find('"Verbindung"', owner).exists()


def test_every_language_has_a_stemmer(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM unnest(%s::text[]) AS t WHERE words_of_text(t, 'tests', 'm', '') IS NULL",
            [list(LANGUAGES)],
        )
        assert cursor.fetchone() == (0,)
    assert build_query("") == ""
