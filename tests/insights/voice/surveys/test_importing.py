"""Answers of other tools out of a file: never twice, whose counts, undone as a whole."""

import datetime as dt

import pytest

from insights.contacts.public import check_askable
from insights.events.public import DistinctId
from insights.imports.actions import undo_import
from insights.imports.models import ImportProblem
from insights.imports.public import import_at_once
from insights.imports.running import run_task
from insights.voice.feedback.models import Feedback
from insights.voice.surveys.actions import create_survey
from insights.voice.surveys.loading import load_all
from insights.voice.surveys.models import Answer
from insights.voice.surveys.results import read_results

NOW = dt.datetime(2024, 4, 1, tzinfo=dt.UTC)
ROWS = (
    "Id,Score,Comment,Email,Date,Segment\n"
    "1,9,Quick and calm.,ann@example.com,2024-03-01T10:00:00Z,Schools\n"
    "2,n/a,,bob,2024-03-02,Schools\n"
    "3,11,,cy,2024-03-02,\n"
    "4,3,Too slow.,ann@example.com,2024-03-05,\n"
    "5,10,,,2024-03-06,Builders\n"
    "1,2,,cy,2024-03-07,\n"
    "6,,,,,\n"
    "7,6,,cy,sometime,\n"
)


@pytest.fixture
def survey(people, product, owner):
    return create_survey(product, actor=owner, kind="nps", name="NPS of last year", no_answers=["n/a"], counts="last")


def _bring(product, owner, survey):
    options = {"survey": str(survey.pk)}
    return import_at_once("survey-answers", product, "answers.csv", ROWS.encode(), actor=owner, options=options)


def test_a_file_of_answers_is_taken_once_counts_honestly_and_is_undone(people, product, owner, survey):
    batch = _bring(product, owner, survey)
    assert (batch.state, batch.n_new, batch.n_refused, batch.n_empty) == ("done", 4, 3, 1), batch.error
    reasons = " ".join(ImportProblem.objects.values_list("reason", flat=True))
    assert "no answer from 0 to 10" in reasons and "Line 2 has this id" in reasons and "time cannot be read" in reasons
    results = read_results(survey, now=NOW)
    assert {score: n for score, n in results.counts.items() if n} == {3: 1, 10: 1}
    assert (results.scored.n_none, results.n_beside, results.n_unknown, results.n_words) == (1, 1, 1, 1)
    assert {group.label for group in results.groups} == {"Builders", "Schools", "(none)"}
    ann = DistinctId.objects.get(distinct_id="ann")
    assert check_askable([ann.no], "call", dt.datetime(2024, 3, 20, tzinfo=dt.UTC))[ann.no].code == "asked_lately"
    assert Feedback.objects.get(text="Too slow.").answer.score == 3
    assert load_all() == 1  # of those that count, the one whose person is known
    assert (_bring(product, owner, survey).n_known, Answer.objects.count()) == (4, 4)
    undo_import(batch, actor=owner, keeps_worked=True)
    run_task(batch.pk)
    assert not Answer.objects.exists() and not Feedback.objects.exists() and load_all() == 0
