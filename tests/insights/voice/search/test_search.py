"""Finding again what customers said: across rooms, with slips, narrowed, alike; by nobody what is not theirs."""

import csv
import datetime as dt
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from insights.events.public import erase_person
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.feedback.actions import update_feedback
from insights.voice.findings.actions import create_finding
from insights.voice.highlights.actions import add_highlight
from insights.voice.search.contracts import Wish
from insights.voice.search.counting import count_changed, count_words
from insights.voice.search.finding import find
from insights.voice.search.models import SavedSearch, Word, WordList
from insights.voice.themes.actions import create_theme
from insights.voice.themes.linking import link_theme
from portal.shell.search import find_things

TODAY = dt.date(2024, 2, 1)
PAGE, API = "/voice/search/", "/api/v1/voice-search/"


@pytest.fixture
def said(say, people, product, owner):
    """Feedback of Ann and Bob, a highlight, a conversation with Cy; the words are counted."""
    slow = say("The exported reports are slow on phones", person="ann", visibility="company")
    say("Invoices arrive twice, write to bob@acme.example", person="bob", said_on=dt.date(2023, 5, 1))
    say("Die Berichte laden zu langsam", language="de", kind="praise")
    add_highlight(slow, actor=owner, quote="slow on phones", note="Reports")
    add_conversation(
        product,
        actor=owner,
        today=TODAY,
        title="First week",
        notes="Reports are *slow* to open",
        transcript="Cy: The timeline is fine.\n" * 60 + "Cy: But the quarterly export broke.",
        participants=[ParticipantInput("cy", "Cyra Long")],
    )
    count_changed()
    return slow


def _found(text, user, **more):
    answer = find(Wish(text=text, **more), user, today=TODAY)
    return [hit.name for hit in answer.hits], answer


def _kinds(text, user, **more):
    return sorted({name.split("-")[0] for name in _found(text, user, **more)[0]})


def test_all_kinds_are_found_by_any_form_of_a_word_with_the_place_marked(said, owner):
    assert _kinds("slow report", owner) == ["conversation", "feedback", "highlight"]
    _, answer = _found("exports", owner)
    assert [(one.name, one.n) for one in answer.counts if one.n] == [("feedback", 1), ("conversation", 1)]
    snippets = {hit.kind: hit.snippet for hit in answer.hits}
    assert "<mark>exported</mark>" in snippets["feedback"]
    assert "quarterly <mark>export</mark> broke" in snippets["conversation"], "the place, not the beginning"
    assert len(snippets["conversation"]) < 400
    assert _kinds("cyra quarterly", owner) == ["conversation"], "who took part is a word of it"
    assert _kinds("slow", owner, sort="new", kind="feedback") == ["feedback"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("exprot", "export"), ("reprots phnoes", "reports"), ("quartely", "quarterly"), ("invoces", "Invoices")],
)
def test_a_slip_of_the_hand_is_forgiven_and_said(said, owner, typed, meant):
    names, answer = _found(typed, owner)
    assert names
    assert meant.lower() in {one.meant.lower()[: len(meant)] for one in answer.corrections}


def test_a_word_that_some_text_holds_is_taken_as_it_is(said, owner, say):
    say("An expert wrote it")
    count_changed()
    _, answer = _found("expert", owner)
    assert len(answer.hits) == 1 and not answer.corrections
    assert not _found("zzzzqq", owner)[0], "nothing is near it"
    assert not _found("sloo", owner)[1].corrections or _found("sloo", owner)[0]


def test_others_find_what_is_shared_in_the_form_that_they_may_read(said, outsider, owner, say):
    assert _kinds("slow report", outsider) == ["feedback"], "no highlight, no conversation of another team"
    hit = find(Wish(text="reports"), outsider, today=TODAY).hits[0]
    assert (hit.found.who, hit.found.account) == ("", "")
    for text in ("invoices", "invoces", "timeline", "quarterly", "cyra", "berichte", "acme"):
        assert not _found(text, outsider)[0], text
        assert not find_things(outsider, text, 5), text
    assert not _found("bob", outsider)[0] and _found("bob", owner)[0]
    shared = say("Call +49 (30) 1234567 or mail eve@corp.example about billing", visibility="company", author="Eve")
    count_changed()
    assert _found("eve corp.example", owner)[0] and not _found("corp.example", outsider)[0]
    assert "[e-mail]" in find(Wish(text="billing"), outsider, today=TODAY).hits[0].snippet
    for like in (f"feedback-{said.pk}", f"feedback-{shared.pk}"):
        found = find(Wish(like=like), outsider, today=TODAY).hits
        assert {one.pk for one in found} <= {said.pk, shared.pk}


def test_a_search_is_narrowed_by_what_stands_beside_the_words(said, owner, ops, outsider, product, say):
    theme = create_theme(product, name="Speed", actor=owner)
    small = create_theme(product, name="Speed of reports", parent=theme, actor=owner)
    link_theme(small, said, actor=owner)
    for narrow, kinds in [
        ({"theme": str(theme.pk)}, ["feedback"]),
        ({"theme": "999"}, []),
        ({"channel": "support"}, ["feedback"]),
        ({"channel": "nowhere"}, []),
        ({"product": product.slug}, ["conversation", "feedback", "highlight"]),
        ({"product": "other"}, []),
        ({"since": dt.date(2024, 1, 21)}, ["conversation"]),
        ({"until": dt.date(2024, 1, 21)}, ["feedback", "highlight"]),
        ({"account": "acme"}, ["feedback", "highlight"]),
        ({"person": said.person_id}, ["feedback", "highlight"]),
        ({"plan": "business"}, ["feedback", "highlight"]),
        ({"plan": "free"}, []),
        ({"language": "de"}, []),
    ]:
        assert _kinds("slow", owner, narrow=narrow) == kinds, narrow
        assert _kinds("slow", ops, narrow=narrow) == kinds, narrow
    assert _kinds("", owner, narrow={"language": "de"}) == ["feedback"], "filters alone find too"
    for narrow in ({"account": "acme"}, {"person": said.person_id}, {"plan": "business"}):
        assert _kinds("slow", outsider, narrow=narrow) == [], "who said it is not for others, by no filter"


def test_what_is_alike_shares_the_words_that_say_the_most(said, owner, say):
    twin = say("Reports on phones take a minute, slow")
    say("The invoice address is wrong")
    count_changed()
    names = [hit.name for hit in find(Wish(like=f"feedback-{said.pk}"), owner, today=TODAY).hits]
    assert names[0] == f"feedback-{twin.pk}", names
    assert f"feedback-{said.pk}" not in names, "not itself"
    Word.objects.all().delete(), WordList.objects.all().delete()
    uncounted = [hit.name for hit in find(Wish(like=f"feedback-{said.pk}"), owner, today=TODAY).hits]
    assert f"feedback-{twin.pk}" in uncounted, "also before any word was counted"


def test_words_are_counted_when_texts_have_changed_and_not_otherwise(said, owner, team):
    assert count_changed() == 0
    assert Word.objects.filter(words__team=team, lexeme="export", n_texts=2).exists()
    assert not Word.objects.filter(words__team=None, lexeme="invoic").exists(), "it is not shared"
    update_feedback(said, actor=owner, today=TODAY, version=1, text="Unheard of", visibility="team")
    assert count_words(team.pk) and count_words(None)
    assert Word.objects.filter(words__team=team, lexeme="export", n_texts=1).exists()
    assert not Word.objects.filter(words__team=None).exists()


def test_an_erasure_leaves_nothing_to_find(said, owner, ops, people):
    for name, asked in [("Of Ann", {"q": "ann arbor"}), ("Theirs", {"q": "slow", "person": str(said.person_id)})]:
        SavedSearch.objects.create(owner=owner, name=name, asked=asked)
    kept = SavedSearch.objects.create(owner=owner, name="Kept", asked={"q": "timeline"})
    erase_person(people.source.id_space, "ann", actor=ops)
    assert set(SavedSearch.objects.values_list("asked__q", flat=True)) == {"[erased]", kept.asked["q"]}
    assert not Word.objects.exists(), "until they are counted anew"
    assert not _found("phones", owner)[0] and not _found("exported", owner, kind="feedback")[0]
    count_changed()
    assert not Word.objects.filter(lexeme__in=["phone", "ann"]).exists()
    assert Word.objects.filter(lexeme="invoic").exists()


def test_the_page_finds_marks_pages_and_hands_out_files(
    said, owner, outsider, client_of, say, django_assert_max_num_queries
):
    client = client_of(owner)
    assert "Find again what customers said" in client.get(PAGE).content.decode()
    hostile = say("<script>alert(1)</script> \ue000 slow & mean")
    html = client.get(f"{PAGE}?q=slow").content.decode()
    assert "<mark>slow</mark> &amp; mean" in html, html[html.index("found__hit") :][:3000]
    assert "<script>alert" not in html
    assert f"{PAGE}?like=feedback-{hostile.pk}" in html
    for number in range(30):
        say(f"Slow again {number}")
    with django_assert_max_num_queries(12):
        first = client.get(f"{PAGE}?q=slow&kind=feedback").content.decode()
    assert first.count('class="found__hit"') == 20 and "Page 1 of 2" in first
    assert client.get(f"{PAGE}?q=slow&kind=feedback&page=2").content.decode().count('class="found__hit"') == 12
    for page in ("0", "-1", "x", "99999999999", "7"):
        assert client.get(f"{PAGE}?q=slow&page={page}").status_code == 200
    piece = client.get(f"{PAGE}?q=slow", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece and "found__hit" in piece
    file = b"".join(client.get(f"{PAGE}?q=slow&format=csv").streaming_content).decode()
    assert len(list(csv.reader(io.StringIO(file)))) == 1 + sum(one.n for one in _found("slow", owner)[1].counts)
    assert client.get(f"{PAGE}?since=yesterday&q=slow").status_code == 422
    assert client.get(f"{PAGE}?like=feedback-999999").status_code == 404
    assert client.get(f"{PAGE}?like=nothing-1").status_code == 404
    assert '<option value="business" selected>' in client.get(f"{PAGE}filters/?q=slow&plan=business").content.decode()
    alike = client.get(f"{PAGE}alike/?like=feedback-{said.pk}").content.decode()
    assert "Similar to this" in alike
    assert client_of(outsider).get(f"{PAGE}?like=feedback-{hostile.pk}").status_code == 404


def test_a_search_is_kept_shared_changed_and_deleted(said, owner, editor, outsider, client_of, team):
    client = client_of(owner)
    assert client.get(f"{PAGE}saved/new/").status_code == 302, "nothing is asked yet"
    made = client.post(f"{PAGE}saved/new/?q=slow+report&channel=support&nonsense=1", {"name": "Slow", "team": team.pk})
    assert made.status_code == 302 and made["Location"].endswith("?channel=support&q=slow+report")
    search = SavedSearch.objects.get()
    assert client.post(f"{PAGE}saved/new/?q=x1", {"name": " slow "}).status_code == 422, "one has one of a name"
    assert "Slow" in client_of(editor).get(PAGE).content.decode()
    edit, delete = f"{PAGE}saved/{search.pk}/edit/", f"{PAGE}saved/{search.pk}/delete/"
    assert client_of(editor).post(edit, {"name": "Mine now", "version": 1}).status_code == 403
    assert client_of(outsider).post(delete).status_code == 404
    client = client_of(owner)
    assert client.post(edit, {"name": "Unshared", "version": 1}).status_code == 302
    assert client.post(edit, {"name": "Late", "version": 1}).status_code == 409
    assert "Unshared" not in client_of(editor).get(f"{PAGE}saved/").content.decode(), "it is its owner's alone now"
    assert client_of(owner).post(delete).status_code == 302 and not SavedSearch.objects.exists()


def test_the_api_finds_and_keeps_as_the_pages_do(said, owner, outsider, client_of, team):
    client = client_of(owner)
    body = client.get(f"{API}?q=exprot&kind=conversation").json()
    assert [hit["kind"] for hit in body["results"]] == ["conversation"]
    assert body["corrections"] == [{"typed": "exprot", "meant": "export"}]
    for bad in ("", "?q=slow&colour=red", "?q=slow&since=x", "?q=slow&page=0x", "?like=feedback"):
        assert client.get(f"{API}{bad}").status_code == 400, bad
    assert client_of(outsider).get(f"{API}?q=timeline").json()["results"] == []
    saved = reverse("api:saved-search-list")
    client, sent = client_of(owner), {"name": "Slow", "asked": {"q": "slow"}, "team": team.slug}

    def send(method, url, values):
        return getattr(client, method)(url, json.dumps(values), content_type="application/json")

    made = send("post", saved, sent)
    assert made.status_code == 201 and made.json()["asked"] == {"q": "slow"}
    assert send("post", saved, {**sent, "name": "B", "asked": {"colour": "red"}}).status_code == 400
    one = f"{saved}{made.json()['id']}/"
    assert send("patch", one, {"name": "Slow ones"}).status_code == 400, "a change names its version"
    assert send("patch", one, {"name": "Slow ones", "version": 1}).json()["version"] == 2
    assert client_of(outsider).get(one).status_code == 404
    assert client_of(owner).delete(one).status_code == 204


def test_the_palette_finds_what_customers_say(said, owner):
    group = next(one for one in find_things(owner, "exprot", 5) if one.kind == "What customers say")
    assert {hit.url for hit in group.hits} >= {said.get_absolute_url()}


def test_finding_asks_as_often_however_much_is_found(said, owner, say):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            find(Wish(text="slow report"), owner, today=TODAY)
        return len(queries)

    before = count()
    for number in range(25):
        add_highlight(say(f"Slow reports, {number}"), actor=owner, quote="Slow")
    assert count() <= before


def test_findings_are_found_too(product, owner, outsider):
    values = {"claim": "Admins export reports on Mondays", "meaning": "Do *not* deploy then", "how": "Eight interviews"}
    create_finding(product, actor=owner, visibility="team", **values)
    count_changed()
    assert _kinds("mondays exporting", owner) == ["finding"]
    assert _kinds("intervews", owner) == ["finding"]
    assert _kinds("mondays", outsider) == []
