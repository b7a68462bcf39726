"""Findings: a claim is stated on evidence, expires, is contradicted and reviewed; who may read what of it."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from insights.explore.models import Insight
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.findings.actions import create_finding, delete_finding, review_finding, update_finding
from insights.voice.findings.contracts import VALID_DAYS, EvidenceKind
from insights.voice.findings.gathering import add_evidence, change_evidence, quote_for_finding, remove_evidence
from insights.voice.findings.models import Evidence, Finding
from insights.voice.findings.night import tell_owners
from insights.voice.findings.queries import build_finding_page
from insights.voice.findings.sizes import measure_backing
from insights.voice.highlights.models import Highlight
from insights.voice.surveys.actions import create_survey, open_survey
from portal.messages.models import Notice
from portal.shell.public import BadInput, Conflict, NotAllowed, find_uses, registry
from tests.factories import make_product

LIST = "/voice/findings/"
TODAY = dt.date(2024, 2, 1)


@pytest.fixture
def claim(product, owner):
    def claim(text="Speed keeps them away", actor=owner, of=product, **more):
        return create_finding(of, claim=text, actor=actor, **more)

    return claim


@pytest.fixture
def stated(claim, say, owner):
    """A finding that stands on one quote of Ann's."""
    finding = claim()
    quote_for_finding(finding, say("It is slow. We left.", person="ann"), actor=owner, quote="It is slow.")
    return review_finding(finding, actor=owner, version=1, outcome="stands", confidence=2)


def test_a_claim_is_stated_on_evidence_alone_and_holds_for_180_days(claim, say, owner):
    finding = claim()
    with pytest.raises(BadInput) as caught:
        review_finding(finding, actor=owner, version=1, outcome="stands")
    assert "Nothing speaks for it" in caught.value.fields["outcome"][0]
    quote_for_finding(finding, say("It is quick."), actor=owner, quote="quick", side="against")
    with pytest.raises(BadInput):
        review_finding(finding, actor=owner, version=1, outcome="stands")
    quote_for_finding(finding, say("It is slow."), actor=owner, quote="slow")
    assert Finding.objects.get().state == "draft", "what is found while it is a draft does not reopen it"
    with pytest.raises(BadInput):
        review_finding(finding, actor=owner, version=1, outcome="withdrawn", note="No")
    today = timezone.localdate()
    finding = review_finding(finding, actor=owner, version=1, outcome="stands", confidence=3)
    assert (finding.state, finding.confidence, finding.stated_on) == ("stands", 3, today)
    assert finding.valid_until == today + dt.timedelta(days=VALID_DAYS)
    review = finding.reviews.get()
    assert (review.n_for, review.n_against, review.made_by) == (1, 1, owner)
    with pytest.raises(Conflict):
        delete_finding(finding, actor=owner)


def test_contradicting_evidence_reopens_it_and_its_owner_hears_of_it_once(stated, say, owner, ops):
    quote_for_finding(stated, say("So slow!"), actor=ops, quote="slow")
    assert Finding.objects.get().state == "stands", "what agrees changes nothing"
    evidence, _ = quote_for_finding(
        stated, say("It is quick now.", actor=ops), actor=ops, quote="quick", side="against"
    )
    finding = Finding.objects.get()
    assert finding.state == "in_question" and finding.reviews.first().is_by_evidence
    assert Notice.objects.get(user=owner).url == finding.get_absolute_url()
    quote_for_finding(stated, say("Very quick."), actor=ops, quote="quick", side="against")
    assert Notice.objects.filter(user=owner).count() == 1, "it is in question already"
    with pytest.raises(Conflict):
        review_finding(stated, actor=owner, version=stated.version, outcome="stands", note="seen before that")
    with pytest.raises(BadInput) as caught:
        review_finding(finding, actor=owner, version=finding.version, outcome="stands")
    assert list(caught.value.fields) == ["note"], "why it stands nevertheless"
    finding = review_finding(finding, actor=owner, version=finding.version, outcome="withdrawn", note="They are right")
    change_evidence(evidence, actor=ops, side="for")
    finding.refresh_from_db()
    assert finding.state == "in_question", "what speaks for a withdrawn one reopens it too"


def test_backing_counts_people_and_accounts_once(claim, say, people, product, owner):
    finding = claim()
    talk = add_conversation(
        product,
        actor=owner,
        today=TODAY,
        title="First week",
        held_on=dt.date(2024, 1, 25),
        transcript="Ann: It is fine.\nBob: I could not get my team in.",
        participants=[ParticipantInput("ann", "Ann"), ParticipantInput("bob", "Bob")],
    )
    first = say("It is slow. It is slow on phones.", person="ann")
    for quote in ("It is slow.", "slow on phones"):
        quote_for_finding(finding, first, actor=owner, quote=quote)
    quote_for_finding(finding, say("Slow!", person="anon-1"), actor=owner, quote="Slow!")
    quote_for_finding(finding, talk, actor=owner, quote="I could not get my team in", part="transcript")
    quote_for_finding(finding, say("Quick", person="cy"), actor=owner, quote="Quick", side="against")
    backing = measure_backing([finding.pk])
    of = backing[finding.pk, "for"]
    assert (of.n_evidence, of.n_quotes, of.n_texts, of.n_people, of.n_accounts) == (4, 4, 3, 2, 1)
    assert backing[finding.pk, "against"].n_people == 1
    assert of.last_said_on == dt.date(2024, 1, 25)


def test_other_teams_read_the_claim_but_of_its_quotes_only_what_is_shared(stated, say, owner, outsider, client_of):
    shared = say("Call 030 1234567, it is slow.", visibility="company")
    quote_for_finding(stated, shared, actor=owner, quote="Call 030 1234567, it is slow.")
    page = build_finding_page(stated, outsider, today=TODAY)
    side = page.sides[0]
    assert [row.thing.title for row in side.rows] == ["Call [phone], it is slow."] and side.n_hidden == 1
    body = client_of(outsider).get(stated.get_absolute_url()).content.decode()
    assert "1 more quote that is not shared with you" in body and "030 1234567" not in body
    found = client_of(outsider).get("/api/v1/finding-evidence/").json()["results"]
    assert [row["words"] for row in found] == ["Call [phone], it is slow."]
    assert b"Speed keeps them away" in client_of(outsider).get(f"{LIST}?format=csv").getvalue()


def test_a_saved_insight_needs_a_note_and_stays_with_it_when_it_is_gone(stated, product, owner, viewer):
    question = {"kind": "trend", "products": [product.slug], "series": [{"event": "opened"}]}
    of = {"product": product, "team": product.team, "owner": owner}
    insight = Insight.objects.create(title="Opened", question=question, chart="line", **of)
    with pytest.raises(BadInput) as caught:
        add_evidence(stated, actor=owner, kind="insight", thing_id=insight.pk)
    assert list(caught.value.fields) == ["note"]
    evidence, is_new = add_evidence(stated, actor=owner, kind="insight", thing_id=insight.pk, note="Fell by half.")
    assert is_new and [hit.title for hit in find_uses(insight, owner)] == ["Speed keeps them away"]
    again = add_evidence(stated, actor=owner, kind="insight", thing_id=insight.pk, note="Fell by a third.")
    assert again == (evidence, False)
    insight.delete()
    (row,) = [row for row in build_finding_page(stated, viewer, today=TODAY).sides[0].rows if not row.is_quote]
    assert row.thing is None and (row.evidence.title, row.evidence.note) == ("Opened", "Fell by a third.")
    for kind, thing_id in (("insight", 10**9), ("rumour", 1), ("highlight", 10**9)):
        with pytest.raises(BadInput):
            add_evidence(stated, actor=owner, kind=kind, thing_id=thing_id, note="x")


def test_a_survey_is_chosen_by_its_score_and_said_by_its_note(stated, product, owner, people):
    survey = create_survey(product, actor=owner, kind="nps", name="Autumn")
    with pytest.raises(BadInput):
        add_evidence(stated, actor=owner, kind="survey", thing_id=survey.pk, note="A draft has no answers")
    open_survey(survey, actor=owner)
    add_evidence(stated, actor=owner, kind="survey", thing_id=survey.pk, note="Detractors name speed.")
    (row,) = [row for row in build_finding_page(stated, owner, today=TODAY).sides[0].rows if not row.is_quote]
    assert (row.thing.title, row.thing.about) == ("Autumn", "survey, NPS")
    assert [hit.kind for hit in find_uses(survey, owner)] == ["Finding"]
    offered = next(one for one in registry.all(EvidenceKind) if one.kind == "survey").offer(owner, product, "aut", 5)
    assert [one.about for one in offered] == ["NPS, too few to say (n = 0)"]


def test_what_is_not_of_the_product_or_not_theirs_is_refused(stated, claim, say, team, owner, outsider, viewer):
    elsewhere = say("It is slow.", of=make_product("Other", team))
    with pytest.raises(BadInput):
        quote_for_finding(stated, elsewhere, actor=owner, quote="slow")
    for who in (outsider, viewer):
        for act in (
            lambda who=who: claim("Mine", actor=who),
            lambda who=who: review_finding(stated, actor=who, version=2, outcome="withdrawn", note="x"),
            lambda who=who: remove_evidence(stated.evidence.get(), actor=who),
        ):
            with pytest.raises(NotAllowed):
                act()
    for values in ({"claim": " "}, {"claim": "Ask ann@acme.example"}, {"n": 0}, {"confidence": 9}, {"method": "guess"}):
        with pytest.raises(BadInput) as caught:
            update_finding(stated, actor=owner, version=stated.version, **values)
        assert list(caught.value.fields) == list(values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(finding=stated, kind="insight")


def test_a_quote_goes_with_who_said_it(stated, say, owner):
    Highlight.objects.get().feedback.delete()
    assert not stated.evidence.exists() and Finding.objects.get().state == "stands"
    with pytest.raises(BadInput):
        review_finding(stated, actor=owner, version=2, outcome="stands")


class _Night:
    now = timezone.now()

    def check_still_mine(self):
        pass

    def progress(self, *args):
        self.said = args


def test_owners_are_told_once_before_it_expires_and_once_after(stated, owner):
    today = timezone.localdate(_Night.now)
    counts = []
    for days in (30, 14, 3, 0, -1, -5):
        Finding.objects.update(valid_until=today + dt.timedelta(days=days))
        for _ in range(2):
            tell_owners(_Night())
        counts.append(Notice.objects.filter(user=owner).count())
    assert counts == [0, 1, 2, 3, 4, 5], "each day that was set is another expiry"
    standings = []
    for days in (15, 14, 0, -1):
        Finding.objects.update(valid_until=today + dt.timedelta(days=days))
        one = Finding.objects.get()
        standings.append(one.standing_on(today))
        assert list(Finding.objects.standing(one.standing_on(today), today)) == [one]
    assert standings == ["stands", "ends_soon", "ends_soon", "expired"]


def test_a_finding_from_its_claim_to_its_review_on_pages_and_over_the_api(say, owner, product, client_of):
    client = client_of(owner)
    piece = say("It is slow. We left.", person="ann")
    values = {"claim": "Speed keeps them away", "method": "interviews", "confidence": "2", "visibility": "company"}
    refused = client.post(f"{LIST}new/", {**values, "claim": "Ask ann@acme.example"})
    assert refused.status_code == 422 and b"Leave e-mail addresses" in refused.content
    answer = client.post(f"{LIST}new/", {**values, "n": "12", "n_of": "people", "owner": owner.pk})
    finding = Finding.objects.get()
    assert answer.url == finding.get_absolute_url()
    words = {"quote": "It is slow.", "side": "for", "finding": finding.pk, "note": "Her words"}
    client.post(f"{LIST}of/{piece.pk}/quote/", words)
    assert "It is slow." in client.get(f"{LIST}of/{piece.pk}/").content.decode()
    chosen = Highlight.objects.get()
    again = client.get(f"{finding.get_absolute_url()}evidence/?kind=highlight&q=slow").content.decode()
    assert f'value="{chosen.pk}"' not in again, "what is evidence already is not offered again"
    wrong = client.post(f"{finding.get_absolute_url()}evidence/?kind=insight", {"side": "for"})
    assert wrong.status_code == 422
    client.post(f"{finding.get_absolute_url()}review/", {"confidence": "2", "version": "1"})
    body = client.get(f"{finding.get_absolute_url()}history/").content.decode()
    assert "said that it stands, with medium confidence" in body
    assert "Her words" in client.get(finding.get_absolute_url()).content.decode()
    assert "Speed keeps them away" in client.get(f"{LIST}?standing=stands&q=speeds").content.decode()
    client.post(f"{LIST}evidence/{Evidence.objects.get().pk}/", {"side": "against", "note": ""})
    assert "in question: new evidence contradicts it" in client.get(finding.get_absolute_url()).content.decode()

    def send(method, path, body):
        return getattr(client, method)(f"/api/v1/{path}", json.dumps(body), content_type="application/json")

    path = f"findings/{finding.pk}/"
    assert send("patch", path, {"n": 13}).status_code == 400, "a change names its version"
    version = client.get(f"/api/v1/{path}").json()["version"]
    assert send("patch", path, {"n": 13, "version": version}).json()["n"] == 13
    assert send("patch", path, {"n": 14, "version": version}).status_code == 409
    review = {"outcome": "withdrawn", "note": "One is not enough", "version": version + 1}
    assert send("post", f"{path}review/", review).json()["standing"] == "withdrawn"
    assert [one["outcome"] for one in client.get(f"/api/v1/{path}reviews/").json()][:2] == ["withdrawn", "in_question"]
    assert client.get(f"/api/v1/{path}backing/").json()["against"]["n_quotes"] == 1
    evidence = {"finding": finding.pk, "thing_id": chosen.pk, "side": "for"}
    assert send("post", "finding-evidence/", evidence).status_code == 200
    assert client.get(f"/api/v1/{path}").json()["standing"] == "in_question"
    draft = send("post", "findings/", {"product": product.slug, "claim": "Another"}).json()
    assert client.delete(f"/api/v1/findings/{draft['id']}/").status_code == 204
    assert client.delete(f"/api/v1/{path}").status_code == 409
