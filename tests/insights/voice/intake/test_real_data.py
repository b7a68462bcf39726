"""Real sets come in through the wizard: guessed, checked, imported, imported again without doubling, undone."""

import csv
import gzip
import io
import os
from collections import Counter
from pathlib import Path

import pytest

from insights.voice.feedback.models import Feedback
from insights.voice.themes.models import Theme, ThemeLink

_DATA = os.environ.get("PORTAL_REAL_DATA")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not _DATA, reason="set PORTAL_REAL_DATA to the folder of real data sets"),
]
NHS_LABELS = {
    **{"Care received": 3363, "Staff": 2844, "Couldn't be improved": 1703, "Communication": 874},
    **{"Environment/ facilities": 499, "Access": 411, "Miscellaneous": 353, "Transition/coordination": 145},
    "Dignity": 142,
}


def read(name):
    return (Path(_DATA) / name).read_bytes()


def twice_then_undone(wizard, content, name, targets=None, second=None, **options):
    """Import a file, then again, then undo; returns the counts of the first run and what was there then."""
    before = (Feedback.objects.count(), Theme.objects.count(), ThemeLink.objects.count())

    def bring(one):
        one.bring(content, name)
        if second:
            one.second(*second)
        return one.check(targets, **options)

    checked = dict(bring(wizard).counts)
    assert wizard.run().counts == checked, "the check says what the run does"
    there = {
        "pieces": Feedback.objects.count(),
        "labels": Counter(ThemeLink.objects.values_list("theme__name", flat=True)),
        "problems": Counter(wizard.batch.problems.values_list("reason", flat=True)),
    }
    again = bring(wizard.another()).run()
    assert (again.counts["new"], again.counts["known"]) == (0, checked["new"] + checked["known"])
    assert Feedback.objects.count() == there["pieces"]
    wizard.undo()
    assert (Feedback.objects.count(), Theme.objects.count(), ThemeLink.objects.count()) == before
    return checked, there


def test_comments_with_labels(wizard):
    content = read("feedback_nhs_phase1/feedback.csv.gz")
    wizard.bring(content, "feedback.csv.gz")
    guess = {column: field.initial for column, _, field in wizard.page().context["wizard"].targets.rows()}
    assert (guess["feedback"], guess["label"], guess["question"]) == ("text", "theme", "title")
    targets = {"feedback": "text", "label": "theme", "question": "title", "row_index": "origin_id"}
    counts, there = twice_then_undone(wizard.another(), content, "feedback.csv.gz", targets, parent="NHS")
    assert sum(counts.values()) == 10_334
    assert counts["new"] == there["pieces"] and counts["refused"] == 0
    short = {name: count - there["labels"][name] for name, count in NHS_LABELS.items()}
    assert sum(short.values()) == counts["empty"] + counts["known"], "each label is a theme of as many pieces"


def test_a_wide_survey_with_its_closed_answers(wizard):
    content = read("feedback_jupyter_2020/text_fields.csv")
    closed = gzip.decompress(read("feedback_jupyter_2020/all_responses.csv.gz"))
    wizard.bring(content, "text_fields.csv").second(closed, "all_responses.csv")
    page = wizard.page().context["wizard"]
    assert page.head.join.here == page.head.join.there == "Respondent ID"
    columns = [column for column, _, _ in page.targets.rows()]
    targets = {column: "question" for column in columns if "second file" not in column and column != "Respondent ID"}
    assert len(targets) == 18
    targets["Respondent ID"] = "origin_id"
    targets |= {column: "flag" for column in columns if column.startswith("5. ")}
    counts, there = twice_then_undone(
        wizard.another(),
        content,
        "text_fields.csv",
        targets,
        (closed, "all_responses.csv"),
        row_is_person="on",
        parent="Tools",
    )
    rows = list(csv.reader(io.StringIO(content.decode())))[1:]
    n_answers = sum(bool(cell.strip()) for row in rows for cell in row[1:])
    assert counts["new"] == there["pieces"] == n_answers and counts["refused"] == 0
    assert there["labels"]["5. JupyterLab."] > 500, "closed answers of the second file are themes of the answers"


@pytest.mark.parametrize("name", ["jupyterlab-ux-data.csv", "phosphor-ux-data.csv"])
def test_notes_of_a_usability_test(wizard, name):
    content = read(f"usability_test_jupyterlab_2018/{name}")
    wizard.bring(content, name)
    head = wizard.page().context["wizard"].head
    text = next(column for column in head.columns if column.startswith("Notes"))
    who, title = ("Code Name", "Correct path") if "Code Name" in head.columns else ("Code", "Task")
    targets = {text: "text", who: "author", title: "title"}
    counts, there = twice_then_undone(wizard.another(), content, name, targets)
    assert counts["new"] == there["pieces"] > 50 and counts["refused"] == 0
