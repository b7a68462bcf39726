"""Highlights: made in a text, moved with it, read by those who read the text."""

import json

import pytest

from insights.voice.feedback.actions import delete_feedback, update_feedback
from insights.voice.highlights.actions import add_highlight, delete_highlight, update_highlight
from insights.voice.highlights.models import Highlight
from portal.audit.models import AuditEntry
from portal.shell.public import BadInput, NotAllowed
from portal.shell.search import find_things
from tests.insights.voice.conftest import TODAY

API = "/api/v1/highlights/"


@pytest.fixture
def text(people, say):
    return say("It is slow. Write to ann@mail.example: it is slow on phones.", person="ann", visibility="company")


def edit(feedback, text, actor):
    feedback.refresh_from_db()
    return update_feedback(feedback, actor=actor, today=TODAY, version=feedback.version, text=text)


def places(feedback):
    return [(one.quote, one.start) for one in Highlight.objects.filter(feedback=feedback).order_by("pk")]


def test_of_equal_words_the_ones_that_were_chosen_are_highlighted(text, owner):
    highlight, is_new = add_highlight(text, actor=owner, quote="it is slow", start=39)
    assert (highlight.start, is_new) == (39, True)
    again, is_new = add_highlight(text, actor=owner, quote=" it is slow ", start=38)
    assert (again, is_new) == (highlight, False)
    entry = AuditEntry.objects.get(verb="highlight.added")
    assert "slow" not in f"{entry.changes}{entry.thing_label}"


def test_words_that_are_not_there_are_refused(text, owner):
    for quote in ("fast", " \n ", "x" * 2_001):
        with pytest.raises(BadInput) as caught:
            add_highlight(text, actor=owner, quote=quote, start=3)
        assert list(caught.value.fields) == ["quote"]


def test_a_place_that_moved_meanwhile_is_found_by_its_words(text, owner):
    edit(text, f"Later: {text.text}", owner)
    assert add_highlight(text, actor=owner, quote="on phones", start=50)[0].start == 57


def test_an_edit_moves_the_highlights_with_their_words(text, owner):
    add_highlight(text, actor=owner, quote="it is slow", start=39)
    add_highlight(text, actor=owner, quote="on phones")
    edited = edit(text, "As I said: " + text.text.replace("Write to", "Please write to"), owner)
    for quote, start in places(edited):
        assert edited.text[start : start + len(quote)] == quote
    assert places(edited) == [("it is slow", 57), ("on phones", 68)]


def test_words_that_were_changed_are_kept_beside_what_they_became(text, owner):
    highlight = add_highlight(text, actor=owner, quote="it is slow on phones")[0]
    edit(text, text.text.replace("it is slow on phones", "it is very slow on my phones"), owner)
    highlight.refresh_from_db()
    assert (highlight.quote, highlight.original) == ("it is very slow on my phones", "it is slow on phones")


def test_words_that_went_stay_in_the_highlight_and_come_back_to_their_place(text, owner, client_of):
    highlight = add_highlight(text, actor=owner, quote="on phones")[0]
    whole = text.text
    edit(text, "Never mind.", owner)
    highlight.refresh_from_db()
    assert (highlight.quote, highlight.is_lost) == ("on phones", True)
    assert "not in the text any more" in client_of(owner).get(text.get_absolute_url()).content.decode()
    edit(text, whole, owner)
    highlight.refresh_from_db()
    assert whole[highlight.start :].startswith("on phones")


def test_two_quotes_that_become_one_both_stay(say, owner):
    feedback = say("one two. one two.")
    for start in (0, 9):
        add_highlight(feedback, actor=owner, quote="one two", start=start)
    edit(feedback, "one two.", owner)
    assert sorted(places(feedback), key=str) == [("one two", 0), ("one two", None)]


def test_highlights_are_marked_in_the_text_and_taken_back_on_their_pages(text, owner, client_of):
    client = client_of(owner)
    new = f"/voice/highlights/new/{text.pk}/"
    assert client.post(new, {"quote": "fast"}).status_code == 409 or client.post(new, {"quote": ""}).status_code == 422
    sent = client.post(new, {"quote": "it is slow", "start": "39", "note": "<b>phones</b>"})
    highlight = Highlight.objects.get()
    assert sent.url == f"/voice/feedback/{text.pk}/#mark-h{highlight.pk}"
    page = client.get(text.get_absolute_url()).content.decode()
    assert f'<mark class="said__mark" data-marks="h{highlight.pk}" id="mark-h{highlight.pk}">it is slow</mark>' in page
    assert "&lt;b&gt;phones&lt;/b&gt;" in page
    assert client.post(f"/voice/highlights/{highlight.pk}/", {"note": "Phones"}).status_code == 302
    assert "Phones" in client.get("/voice/highlights/?q=slow+phones").content.decode()
    assert client.post(f"/voice/highlights/{highlight.pk}/delete/").status_code == 302
    assert not Highlight.objects.exists()


def test_who_may_not_change_the_text_highlights_nothing_in_it(text, viewer, outsider, owner):
    highlight = add_highlight(text, actor=owner, quote="slow")[0]
    for user in (viewer, outsider):
        for act in (
            lambda user: add_highlight(text, actor=user, quote="slow"),
            lambda user: update_highlight(highlight, actor=user, note="x"),
            lambda user: delete_highlight(highlight, actor=user),
        ):
            with pytest.raises(NotAllowed):
                act(user)


def test_another_team_reads_words_masked_even_where_a_quote_cuts_an_address(text, owner, outsider, client_of):
    at = text.text.index("ann@mail")
    add_highlight(text, actor=owner, quote="Write to ann@mail", start=12, note="Call Ann")
    client = client_of(outsider)
    doors = [
        client.get("/voice/highlights/").content.decode(),
        client.get(text.get_absolute_url()).content.decode(),
        b"".join(client.get("/voice/highlights/?format=csv")).decode(),
        client.get(API).content.decode(),
    ]
    for door in doors:
        assert "ann@" not in door
        assert "Call Ann" not in door
    assert at == 21
    assert "Write to [e-mail]" in doors[0]
    assert not json.loads(client.get(f"{API}?q=write").content)["results"], "what is masked is not searched"
    assert not find_things(outsider, "ann@mail", 5)
    assert find_things(owner, "ann@mail", 5)


def test_highlights_go_with_their_text(text, owner):
    add_highlight(text, actor=owner, quote="slow")
    delete_feedback(text, actor=owner)
    assert not Highlight.objects.exists()


def test_the_api_highlights_once_and_takes_back(text, owner, client_of):
    client = client_of(owner)
    value = {"feedback": text.pk, "quote": "it is slow", "start": 39}
    made = client.post(API, json.dumps(value), content_type="application/json")
    assert (made.status_code, made.json()["start"]) == (201, 39)
    assert client.post(API, json.dumps(value), content_type="application/json").status_code == 200
    path = f"{API}{made.json()['id']}/"
    assert client.patch(path, json.dumps({"note": "n"}), content_type="application/json").json()["note"] == "n"
    assert client.get(f"{API}?feedback={text.pk}&is_lost=false").json()["results"][0]["quote"] == "it is slow"
    assert client.delete(path).status_code == 204


def test_letters_beyond_the_first_plane_count_as_one(say, owner):
    feedback = say("👩‍🚀 It is slow 🐌 on phones")
    start = feedback.text.index("slow")
    highlight = add_highlight(feedback, actor=owner, quote="slow 🐌", start=start)[0]
    assert (highlight.start, highlight.quote) == (start, "slow 🐌")
