"""Highlights and themes on conversations; who reads them; what an erasure takes along."""

import pytest

from insights.events.public import erase_person
from insights.voice.conversations.actions import update_conversation
from insights.voice.conversations.contracts import NOTES, TRANSCRIPT, ParticipantInput
from insights.voice.conversations.models import Conversation, NextStep
from insights.voice.conversations.steps import add_next_step
from insights.voice.highlights.actions import add_highlight
from insights.voice.highlights.models import Highlight
from insights.voice.texts.public import Mark, mark_html, words_of
from insights.voice.themes.actions import create_theme
from insights.voice.themes.contracts import Size
from insights.voice.themes.linking import link_theme
from insights.voice.themes.models import Theme, ThemeLink
from insights.voice.themes.queries import read_tree
from insights.voice.themes.sizes import measure
from portal.shell.public import BadInput, find_uses, render_markdown
from portal.shell.search import find_things
from tests.insights.voice.conftest import TODAY
from tests.insights.voice.conversations.conftest import NOTES as NOTES_TEXT
from tests.insights.voice.conversations.conftest import TRANSCRIPT as SAID

LIST = "/voice/conversations/"
API = "/api/v1/conversations/"


def edit(conversation, actor, **changes):
    conversation.refresh_from_db()
    version = conversation.version
    return update_conversation(conversation, actor=actor, today=TODAY, version=version, **changes)


def read_all(client, conversation):
    """Return every byte that a reader gets of conversations, by door."""
    own = conversation.get_absolute_url()
    doors = {"list": LIST, "page": own, "people": f"{own}people/", "steps": f"{own}steps/", "history": f"{own}history/"}
    doors |= {"themes": f"/voice/themes/of-conversation/{conversation.pk}/", "with": f"{LIST}with/?account=acme"}
    doors |= {"api": API, "one": f"{API}{conversation.pk}/", "uses": f"{API}{conversation.pk}/uses/"}
    doors |= {"highlights": "/voice/highlights/", "api highlights": "/api/v1/highlights/", "home": "/"}
    doors |= {"api steps": "/api/v1/next-steps/", "api links": "/api/v1/theme-links/"}
    found = {name: client.get(url, headers={"HX-Request": "true"}).content.decode() for name, url in doors.items()}
    for name, url in (("csv", LIST), ("csv highlights", "/voice/highlights/")):
        found[name] = b"".join(client.get(f"{url}?format=csv")).decode()
    for theme in Theme.objects.all():
        found["theme"] = client.get(theme.get_absolute_url()).content.decode()
        found["csv theme"] = b"".join(client.get(f"{theme.get_absolute_url()}?format=csv")).decode()
    return found


def test_words_of_notes_are_marked_where_a_reader_sees_them():
    html = render_markdown("It is **very** slow\n\n- a < b\n- *on* phones\n\n| x | y |\n|---|---|\n| 1 | 2 |")
    text = words_of(html)
    assert "very slow" in text and "a < b" in text
    start, end = text.index("very"), text.index("phones") + 6
    marked = mark_html(html, [Mark(start, end, "h1")])
    assert words_of(marked) == text
    assert '<strong><mark class="said__mark" data-marks="h1" id="mark-h1">very</mark></strong>' in marked
    assert "<li><mark" in marked and "<ul><mark" not in marked and "<ul>\n<mark" not in marked


def test_both_texts_hold_highlights_that_move_with_their_own_edits(both, owner, client_of):
    client = client_of(owner)
    new = f"/voice/highlights/of-conversation/{both.pk}/"
    notes = both.text_of(NOTES)
    quote = "Ann finds it slow on phones\nBob could not"  # across the end of an item, and of bold words
    sent = {"quote": quote, "start": str(notes.index("Ann finds")), "part": "notes"}
    assert client.post(new, sent).status_code == 302
    spoken, _ = add_highlight(both, actor=owner, quote="slow on phones", part=TRANSCRIPT)
    written = Highlight.objects.get(part=NOTES)
    assert (written.quote, spoken.speaker, written.speaker) == (quote, "Ann", "")
    edit(both, owner, notes=f"Summary.\n\n{NOTES_TEXT}", transcript=f"Owner: Welcome.\n{SAID}")
    for highlight in (spoken, written):
        highlight.refresh_from_db()
        text = Conversation.objects.get().text_of(highlight.part)
        assert text[highlight.start :].startswith(highlight.quote)
    page = client.get(both.get_absolute_url()).content.decode()
    assert f'id="mark-h{spoken.pk}">slow on phones</mark>' in page
    assert f'id="mark-h{written.pk}">Ann</mark></strong>' in page
    edit(both, owner, transcript="Ann: Never mind.")
    spoken.refresh_from_db()
    assert (spoken.is_lost, spoken.quote) == (True, "slow on phones")
    edit(both, owner, transcript=SAID)
    spoken.refresh_from_db()
    assert not spoken.is_lost


def test_a_theme_counts_who_spoke_the_words_and_else_all_who_took_part(people, talk, owner, product):
    who = [ParticipantInput("ann"), ParticipantInput("bob"), ParticipantInput("dora", "Dora", "newco")]
    conversation = talk(participants=who, transcript=f"{SAID}\nDora: We leave.")
    theme = create_theme(product, name="Speed", actor=owner)

    def size():
        nodes = read_tree(product)[1]
        found = measure(nodes, TODAY).get(theme.pk, Size())
        return found.n_pieces, found.n_people, found.n_accounts

    assert size() == (0, 0, 0)
    link_theme(theme, conversation, actor=owner, quote="slow on phones", importance=3)
    assert size() == (1, 1, 1)
    link_theme(theme, conversation, actor=owner, quote="We leave")
    assert size() == (1, 2, 2)
    link_theme(theme, conversation, actor=owner, quote="Thank you both", part=TRANSCRIPT)
    assert size() == (1, 3, 2), "the product manager's words: all who took part stand behind them"
    with pytest.raises(BadInput) as caught:
        link_theme(theme, conversation, actor=owner)
    assert list(caught.value.fields) == ["quote"]
    assert [hit.title for hit in find_uses(conversation, owner)] == ["Speed"]


def test_other_teams_find_no_word_of_it_through_any_door(both, owner, outsider, viewer, client_of, product):
    theme = create_theme(product, name="Speed", actor=owner)
    for part, quote in ((TRANSCRIPT, "could not get my team in"), (NOTES, "finds it slow")):
        link_theme(theme, both, actor=owner, quote=quote, part=part)
    add_next_step(both, actor=owner, text="Send Ann the trick", owner=owner)
    words = ("Acme", "Ann", "slow on phones", "not get my team", "finds it slow", "First week", "the trick", "ann; bob")
    for door, text in read_all(client_of(outsider), both).items():
        assert not [word for word in words if word in text], door
    for url in (both.get_absolute_url(), f"{both.get_absolute_url()}edit/", f"{API}{both.pk}/"):
        assert client_of(outsider).get(url).status_code == 404
    for text in ("first week", "slow", "ann", "team in"):
        assert not [hit for group in find_things(outsider, text, 5) for hit in group.hits if hit.kind != "Theme"], text
    inside = read_all(client_of(viewer), both)
    for door, word in (("page", "slow on phones"), ("csv theme", "my team in"), ("people", "Acme Works")):
        assert word in inside[door], door
    assert find_things(viewer, "first week", 5)


def test_what_is_shared_is_title_and_notes_masked_and_nothing_else(people, talk, owner, outsider, client_of, product):
    shared = talk("Call 030 1234567", visibility="company", participants=[ParticipantInput("ann")])
    theme = create_theme(product, name="Speed", actor=owner)
    for part, quote in ((TRANSCRIPT, "could not get my team in"), (NOTES, "in, call 030 1234567")):
        link_theme(theme, shared, actor=owner, quote=quote, part=part)
    add_next_step(shared, actor=owner, text="Send it", owner=owner)
    found = read_all(client_of(outsider), shared)
    for door, text in found.items():
        assert not [
            word for word in ("1234567", "not get my team", "Acme", "mail.example", "Send it") if word in text
        ], door
    assert "Call [phone]" in found["list"] and "finds it slow" in found["page"]
    assert "in, call [phone]" in found["theme"] and "in, call [phone]" in found["highlights"]
    queries = ("q=1234567", "q=phones+mail.example", "account=acme", f"person={shared.participants.get().person_id}")
    for query in queries:
        assert not client_of(outsider).get(f"{API}?{query}").json()["results"], query
    assert client_of(outsider).get(f"{API}?q=phones").json()["results"][0]["is_masked"] is True


def test_an_erased_person_takes_their_words_along_and_leaves_those_of_others(both, people, owner, ops):
    hers, _ = add_highlight(both, actor=owner, quote="slow on phones", part=TRANSCRIPT)
    around, _ = add_highlight(both, actor=owner, quote="I could not get my team in", part=TRANSCRIPT)
    named, _ = add_highlight(both, actor=owner, quote="Ann finds it slow", part=NOTES)
    noted, _ = add_highlight(both, actor=owner, quote="could not get his team in", part=NOTES)
    step = add_next_step(both, actor=owner, text="Send ann arbor the trick")
    assert erase_person(people.source.id_space, "ann", actor=ops)["conversations"] == 1
    both.refresh_from_db()
    step.refresh_from_db()
    kept = " ".join([both.title, both.notes, both.transcript, both.masked_notes, step.text])
    for word in ("Ann", "ann", "slow on phones. [", "mail.example"):
        assert word not in kept
    assert "It is slow." not in both.transcript
    assert "[00:01:20] Bob: [erased] told me so. I could not get my team in." in both.transcript
    assert both.participants.count() == 1
    assert set(Highlight.objects.all()) == {around, noted}
    for highlight in (around, noted):
        highlight.refresh_from_db()
        assert not highlight.is_lost
        assert "Ann" not in f"{highlight.prefix}{highlight.suffix}{highlight.original}"
    assert both.version == 2, "a form that was opened before cannot bring the words back"
    assert not [hit for group in find_things(owner, "arbor", 5) for hit in group.hits]
    assert hers.pk and named.pk


def test_of_a_conversation_with_nobody_else_the_texts_go(people, talk, owner, ops):
    alone = talk("Ann's week", participants=[ParticipantInput("ann")], recording_url="https://video.example/ann")
    theme = create_theme(alone.product, name="Speed", actor=owner)
    link_theme(theme, alone, actor=owner, quote="slow on phones")
    add_next_step(alone, actor=owner, text="Call Ann")
    erase_person(people.source.id_space, "ann", actor=ops)
    alone.refresh_from_db()
    assert (alone.title, alone.notes, alone.transcript, alone.recording_url) == ("Discovery conversation", "", "", "")
    assert not Highlight.objects.exists() and not ThemeLink.objects.exists() and not NextStep.objects.exists()
    assert list(alone.led_by.all()) == [owner], "that they talked still counts"
