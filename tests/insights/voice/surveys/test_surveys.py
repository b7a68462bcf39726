"""Surveys: asked honestly, answered once, counted with how sure it is, and the same number as a metric."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from insights.contacts.models import Ask, OptOut
from insights.contacts.public import check_askable
from insights.events.models import Part
from insights.events.public import DistinctId, Source, erase_person
from insights.metrics.models import Metric
from insights.metrics.refreshing import refresh_versions
from insights.voice.feedback.models import Feedback
from insights.voice.surveys.actions import create_survey, open_survey, update_survey
from insights.voice.surveys.answering import add_answer
from insights.voice.surveys.asking import ask_people, preview_audience, remind_people, run_sending
from insights.voice.surveys.loading import load_all
from insights.voice.surveys.models import Answer, Invitation, Survey
from insights.voice.surveys.results import read_results
from insights.voice.surveys.scoring import score_answers
from insights.voice.surveys.tokens import link_of, stop_link_of
from portal.messages.models import Delivery
from portal.messages.sending import deliver
from portal.people.public import SYSTEM
from portal.shell.public import Conflict
from tests.factories import make_cohort

JSON = {"content_type": "application/json"}


@pytest.fixture
def survey(product, owner):
    made = create_survey(product, actor=owner, kind="nps", name="NPS of spring", sender="Mara of Planner")
    return open_survey(made, actor=owner)


@pytest.fixture
def everybody(people, product):
    return make_cohort(product, "Everybody", ["ann", "bob", "cy"])


def _person(name):
    return DistinctId.objects.select_related("id_space__product__team").get(distinct_id=name)


def _answer(survey, name, score, **more):
    return add_answer(survey, _person(name), actor=SYSTEM, score=score, **more)


def _ask(survey, cohort, owner, way="mail"):
    sending = ask_people(survey, actor=owner, way=way, cohort=cohort)
    run_sending(sending.pk)
    sending.refresh_from_db()
    assert sending.state == "done", sending.error
    return sending


def test_scores_follow_their_formulas_and_say_how_sure_they_are():
    # By hand: 196 * sqrt((0.5 + 0.2 - 0.3 ** 2) / 10) = 48.41; 1.96 * sqrt(33.5 / 7) / sqrt(8) = 1.516.
    nps = score_answers("nps", {10: 3, 9: 2, 8: 3, 6: 1, 0: 1})
    assert (nps.value, round(nps.low, 2), round(nps.high, 2)) == (30.0, -18.41, 78.41)
    csat = score_answers("csat", {5: 6, 4: 2, 3: 1, 1: 1}, n_none=4)
    assert (csat.value, round(csat.low, 1), round(csat.high, 1), csat.n_none) == (80.0, 49.0, 94.3, 4)
    ces = score_answers("ces", {7: 4, 5: 2, 2: 2})
    assert (ces.value, round(ces.high - ces.value, 3), ces.share) == (5.25, 1.516, 0.75)
    few = score_answers("nps", {10: 4})
    assert (few.value, few.reason, few.n_positive) == (None, "too_few", 4)


def test_an_audience_is_asked_once_by_mail_and_answers_once_without_a_login(
    survey, everybody, people, client, owner, client_of
):
    assert preview_audience(survey, everybody, "mail") == (3, 1, {"no_address": 2})
    sending = _ask(survey, everybody, owner)
    assert (sending.n_asked, sending.passed) == (1, {"no_address": 2})
    assert _ask(survey, everybody, owner).passed == {"no_address": 2, "already_asked": 1}
    assert check_askable([_person("ann").no], "call")[_person("ann").no].code == "asked_lately"
    for letter in Delivery.objects.filter(kind="letter"):
        deliver(letter.pk)
    [sent] = mail.outbox
    link = re.search(r"/s/[^\s]+/", sent.body)[0]
    assert sent.to == ["Ann@example.com"] and "Mara of Planner" in sent.body
    page = client.get(link)
    assert page["X-Robots-Tag"].startswith("noindex") and not page.cookies and page.content.count(b'type="radio"') == 11
    assert b"Choose one answer." in client.post(link, {"comment": "x"}).content
    kept = client.post(link, {"score": "9", "comment": "It saves me <b>hours</b>."})
    assert kept.status_code == 200 and b"Your answer is kept" in kept.content
    answer = Answer.objects.get()
    assert (answer.score, answer.plan, answer.account.account_id) == (9, "business", "acme")
    piece = answer.feedback
    assert (piece.text, piece.person.distinct_id, piece.channel.slug, piece.title) == (
        "It saves me <b>hours</b>.",
        "ann",
        "survey",
        "What is the main reason?",
    )
    assert piece.state == Feedback.State.NEW and piece.visibility == "team"
    again = client.post(link, {"score": "1"})
    assert again.status_code == 409 and Answer.objects.count() == 1
    inside = client_of(owner)
    assert b"NPS of spring" in inside.get(piece.get_absolute_url()).content
    story = inside.get(reverse("persons:person-story", args=[_person("ann").no])).content.decode()
    assert "Answered 9 of 10" in story and "Asked: NPS of spring" in story


def test_links_that_are_wrong_late_or_asked_too_often_say_so(survey, everybody, people, client, owner, monkeypatch):
    _ask(survey, everybody, owner, way="links")
    first = Invitation.objects.order_by("pk")[0]
    link = link_of(first.pk)
    assert client.get(link.replace(f"{first.pk}:", f"{first.pk + 1}:")).status_code == 404
    update_survey(survey, actor=owner, version=survey.version, closes_on=timezone.localdate())
    Survey.objects.update(closes_on=timezone.localdate() - dt.timedelta(days=1))
    assert client.post(link, {"score": "9"}).status_code == 410 and not Answer.objects.exists()
    Survey.objects.update(closes_on=None)
    monkeypatch.setattr("insights.voice.surveys.views.answering.MOST_FORMS", 2)
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    codes = [client.post(link, {"score": "77"}, **elsewhere).status_code for _ in range(3)]
    assert codes == [422, 422, 429] and client.get(link).status_code == 200


def test_who_says_no_more_is_asked_no_more_by_anything(survey, everybody, people, client, owner):
    _ask(survey, everybody, owner, way="links")
    invitation = Invitation.objects.get(person=_person("bob"))
    stop = stop_link_of(invitation.pk)
    assert client.get(stop).status_code == 200 and not OptOut.objects.exists()
    assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post(stop, {"what": "all"}).status_code == 200
    assert sorted(OptOut.objects.values_list("kind", "is_own")) == [("", True), ("survey", True)]
    later = timezone.now() + dt.timedelta(days=99)
    assert check_askable([_person("bob").no], "message", later)[_person("bob").no].code == "opted_out"


def test_a_reminder_waits_for_the_limit_and_comes_once(survey, everybody, people, owner, settings):
    _ask(survey, everybody, owner)
    sending = remind_people(survey, actor=owner)
    run_sending(sending.pk)
    sending.refresh_from_db()
    assert (sending.n_asked, sending.passed) == (0, {"asked_lately": 1})
    Ask.objects.update(asked_at=timezone.now() - dt.timedelta(days=31))
    for n_asked in (1, None):
        if n_asked is None:
            with pytest.raises(Conflict, match="nobody to remind"):
                remind_people(survey, actor=owner)
            continue
        sending = remind_people(survey, actor=owner)
        run_sending(sending.pk)
        sending.refresh_from_db()
        assert sending.n_asked == n_asked
    assert Delivery.objects.filter(kind="letter").count() == 2


def test_a_round_that_died_goes_on_where_it_stood_and_asks_nobody_twice(survey, everybody, people, owner, monkeypatch):
    monkeypatch.setattr("insights.voice.surveys.asking.CHUNK", 1)
    sending = ask_people(survey, actor=owner, way="links", cohort=everybody)
    real, calls = Invitation.objects.bulk_create, []

    def dying(rows, **options):
        calls.append(rows)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(rows, **options)

    monkeypatch.setattr(Invitation.objects, "bulk_create", dying)
    with pytest.raises(KeyboardInterrupt):
        run_sending(sending.pk)
    assert Invitation.objects.count() == Ask.objects.count() == 1
    with pytest.raises(Conflict, match="under way already"):
        ask_people(survey, actor=owner, way="links", cohort=everybody)
    type(sending).objects.update(state="waiting")
    run_sending(sending.pk)
    sending.refresh_from_db()
    assert (sending.state, sending.n_asked, Invitation.objects.count()) == ("done", 3, 3)


def test_the_last_answer_counts_where_the_survey_says_so_and_metrics_follow(people, product, owner):
    made = create_survey(product, actor=owner, kind="csat", name="CSAT", counts="last")
    survey = open_survey(made, actor=owner)
    at = dt.datetime(2024, 3, 5, 12, tzinfo=dt.UTC)
    _answer(survey, "ann", 2, answered_at=at)
    assert load_all() == 1
    _answer(survey, "ann", 5, answered_at=at + dt.timedelta(days=1))
    _answer(survey, "bob", 4, answered_at=at)
    with pytest.raises(Conflict):  # older than the one that counts
        _answer(survey, "bob", 1, answered_at=at - dt.timedelta(days=1))
    results = read_results(survey, now=at)
    assert results.counts == {1: 0, 2: 0, 3: 0, 4: 1, 5: 1} and results.n_beside == 1
    assert load_all() == 2 and load_all() == 0
    source = Source.objects.get(kind="portal")
    parts = Part.objects.filter(source=source, kind="events", removed_version=None)
    assert sum(parts.values_list("n_rows", flat=True)) == 2


def test_a_score_is_the_same_number_as_a_metric(survey, people, product, owner, client_of):
    at = dt.datetime.now(dt.UTC)
    for name, score in (("ann", 10), ("bob", 8), ("cy", 3), ("anon-1", None)):
        if score is not None:
            _answer(survey, name, score, answered_at=at - dt.timedelta(hours=1))
    client = client_of(owner)
    url = reverse("surveys:survey-metric", args=[survey.pk])
    assert b"Make the metric" in client.get(url).content
    made = client.post(url, {"name": "NPS", "scope": "kind", "interval": "quarter"})
    metric = Metric.objects.get()
    assert made.url == metric.get_absolute_url()
    refresh_versions([metric.current_id], now=at)
    values = [one.value for one in metric.current.values.all() if one.value is not None]
    counts = read_results(survey, now=at).counts
    n = sum(counts.values())
    assert values == [pytest.approx(100 * (counts[9] + counts[10] - sum(counts[i] for i in range(7))) / n)]


def test_results_are_for_all_and_who_answered_what_is_for_the_team(
    survey, people, product, owner, client_of, outsider, viewer
):
    for name, score in (("ann", 10), ("bob", 9)):
        _answer(survey, name, score)
    client = client_of(outsider)
    shown = client.get(survey.get_absolute_url()).content.decode()
    assert "too few to say (n = 2)" in shown and "Who answered what" not in shown
    assert client.get(reverse("api:survey-answer-list")).json()["results"] == []
    assert client.get(reverse("surveys:answer-list", args=[survey.pk])).status_code == 403
    results = client.get(reverse("api:survey-results", args=[survey.pk]), {"by": "plan"}).json()
    assert results["scored"]["n"] == 2 and results["groups"][0]["label"] == "business"
    assert client.get(reverse("api:survey-results", args=[survey.pk]), {"by": "mood"}).status_code == 400
    client = client_of(viewer)
    assert "Ann Arbor" in client.get(reverse("surveys:answer-list", args=[survey.pk])).content.decode()
    update_survey(survey, actor=owner, version=survey.version, visibility="team")
    assert client_of(outsider).get(survey.get_absolute_url()).status_code == 404


def test_what_was_asked_is_fixed_once_somebody_answered(survey, people, owner, client_of):
    client, one = client_of(owner), reverse("api:survey-detail", args=[survey.pk])
    change = {"question": "Why not?", "version": survey.version}
    changed = client.patch(one, change, **JSON).json()
    assert changed["question"] == "Why not?" and client.patch(one, change, **JSON).status_code == 409
    body = {"survey": survey.pk, "person": "bob", "score": 7, "comment": "Fine."}
    answers = reverse("api:survey-answer-list")
    assert client.post(answers, {**body, "score": 11}, **JSON).status_code == 400
    made = client.post(answers, body, **JSON)
    assert made.status_code == 201 and client.post(answers, body, **JSON).json()["code"] == "already_answered"
    change = {"question": "How?", "version": changed["version"]}
    assert client.patch(one, change, **JSON).json()["fields"].keys() == {"question"}
    assert client.patch(one, {"thanks": "See you.", "version": changed["version"]}, **JSON).status_code == 200
    assert client.delete(one).status_code == 409
    assert client.delete(reverse("api:survey-answer-detail", args=[made.json()["id"]])).status_code == 204
    assert not Feedback.objects.exists() and not Answer.objects.exists()


def test_erasing_a_person_leaves_nothing_of_their_answers(survey, everybody, people, client, owner, ops):
    _ask(survey, everybody, owner)
    invitation = Invitation.objects.get()
    link = link_of(invitation.pk)
    client.post(link, {"score": "3", "comment": "Slow."})
    load_all()
    erased = erase_person(_person("ann").id_space, "ann", actor=ops)
    assert erased["answers to surveys"] == 1 and erased["invitations to surveys"] == 1
    assert not Answer.objects.exists() and not Feedback.objects.exists() and not Ask.objects.exists()
    assert not Delivery.objects.filter(kind="letter").exists() and client.get(link).status_code == 404
