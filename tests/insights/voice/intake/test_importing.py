"""Feedback out of files: through the wizard's pages, tried first, never twice, undone as a whole."""

import csv
import datetime as dt
import io
import json

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from insights.imports import running
from insights.imports.models import Import, ImportProblem
from insights.imports.reading import PART
from insights.sources.public import path_of
from insights.voice.feedback.actions import update_feedback
from insights.voice.feedback.models import Feedback
from insights.voice.intake.taking import FeedbackTaker
from insights.voice.themes.models import Theme, ThemeLink

ROWS = (
    "Id;Datum;Kommentar;Email;Label;Typ\n"
    "1;31.01.2024;Zu langsam, jeden Tag.;ann@example.com;Speed;bug\n"
    "2;01.02.2024;Ich liebe es sehr und immer.;;Speed;praise\n"
    "3;nie;Was für ein Tag ist das wohl?;;;\n"
    "4;02.02.2024;;;;\n"
    "1;31.01.2024;Andere Worte, gleiche Nummer;;;\n"
    "1;31.01.2024;Zu langsam, jeden Tag.;ann@example.com;Speed;bug\n"
    "5;03.02.2024;Noch etwas ganz anderes hier;;Speed;riddle\n"
)
TARGETS = {
    **{"Id": "origin_id", "Datum": "said_on", "Kommentar": "text", "Email": "person", "Label": "theme"},
    "Typ": "kind",
}


def test_a_file_is_tried_run_once_and_undone(people, wizard, product, owner):
    wizard.bring(ROWS.encode("cp1252"), "tickets.csv")
    page = wizard.page()
    assert page.status_code == 200
    wizard.check(TARGETS, origin="Help desk")
    expected = {"new": 3, "known": 1, "refused": 2, "empty": 1}
    assert (wizard.batch.state, wizard.counts) == ("checked", expected)
    assert not Feedback.objects.exists() and not Theme.objects.exists()
    assert "Import 3 new pieces" in wizard.client.get(wizard.batch.get_absolute_url()).content.decode()
    file = path_of(wizard.batch.path, PART)
    assert file.exists()
    wizard.run()
    assert (wizard.batch.state, wizard.counts) == ("done", expected)
    first = Feedback.objects.get(origin_id="1")
    assert (first.text, first.kind, first.said_on.isoformat(), first.origin) == (
        *("Zu langsam, jeden Tag.", "problem", "2024-01-31"),
        "help desk",
    )
    assert first.person.distinct_id == "ann", "by the address that the events know"
    assert (first.imported_in, first.state, first.owner) == (wizard.batch, "triaged", owner)
    assert ThemeLink.objects.filter(theme__name="Speed", imported_in=wizard.batch).count() == 3
    reasons = list(wizard.batch.problems.values_list("row_no", "is_refused", "column"))
    assert reasons == [(4, True, "Datum"), (6, True, "Id"), (8, False, "Typ")]
    assert not wizard.batch.path and not file.exists()

    again = wizard.another().bring(ROWS.encode("cp1252"), "tickets.csv")
    assert again.page().context["wizard"].origin == "remembered"
    again.check().run()
    assert again.counts == {"new": 0, "known": 4, "refused": 2, "empty": 1}
    wizard.undo()
    assert wizard.batch.state == "undone"
    assert not Feedback.objects.exists() and not Theme.objects.exists() and not ThemeLink.objects.exists()


def test_what_people_worked_on_is_named_and_kept_or_taken(wizard, owner):
    wizard.bring("id,comment,tag\n1,One is slow,Speed\n2,Two is slow,Speed\n3,Three is quick,Joy\n").check().run()
    touched = Feedback.objects.get(origin_id="2")
    update_feedback(touched, actor=owner, today=timezone.localdate(), version=1, kind="praise")
    page = wizard.client.get(reverse("imports:import-undo", args=[wizard.batch.pk]))
    assert "Two is slow" in page.content.decode() and "was changed" in page.content.decode()
    wizard.undo()
    assert list(Feedback.objects.values_list("origin_id", flat=True)) == ["2"]
    assert (wizard.batch.n_kept, list(Theme.objects.values_list("name", flat=True))) == (1, ["Speed"])
    other = wizard.another().bring("id,comment,tag\n7,Seven of it,Sums\n").check().run()
    update_feedback(
        Feedback.objects.get(origin_id="7"), actor=owner, today=timezone.localdate(), version=1, kind="praise"
    )
    other.undo(takes_worked="on")
    assert not Feedback.objects.filter(origin_id="7").exists() and not Theme.objects.filter(name="Sums").exists()


def test_rows_without_an_id_are_told_apart_by_all_they_hold(wizard, product):
    content = "comment,page\nIt is slow,home\nIt is slow,home\nIt is slow,search\n"
    assert wizard.bring(content).check().run().counts["new"] == 3, "two equal rows of a file are two pieces"
    again = wizard.another().bring(content + "It is slow,home\n").check().run()
    assert (again.counts["new"], again.counts["known"]) == (1, 3)


def test_a_wide_table_with_labels_in_a_second_file(wizard):
    wide = "Respondent ID,What is hard?,Anything else to say?,Team\n"
    wide += "r1,Finding the button that saves it,Thank you for asking me,A\nr2,,More of this would be great please,B\n"
    labels = "Respondent ID,3. Python.,3. R.\nr1,Python.,\nr2,Python.,R.\n"
    wizard.bring(wide).second(labels)
    page = wizard.page()
    assert page.context["wizard"].head.join.here == "Respondent ID"
    targets = {
        **{"Respondent ID": "origin_id", "What is hard?": "question", "Anything else to say?": "question"},
        **{"3. Python. (second file)": "flag", "3. R. (second file)": "flag"},
    }
    wizard.check(targets, parent="Languages", row_is_person="on").run()
    assert wizard.counts["new"] == 3
    said = {(one.title, one.person.distinct_id) for one in Feedback.objects.select_related("person")}
    assert said == {("What is hard?", "r1"), ("Anything else to say?", "r1"), ("Anything else to say?", "r2")}
    themes = {theme.name: theme.parent.name for theme in Theme.objects.exclude(parent=None)}
    assert themes == {"3. Python.": "Languages", "3. R.": "Languages"}
    assert ThemeLink.objects.count() == 4
    wizard.undo()
    assert not Feedback.objects.exists() and not Theme.objects.exists()


INTERCOM = {
    **{"type": "conversation", "id": "77", "created_at": 1700000000},
    "source": {
        "subject": "",
        "body": "<p>It is <b>slow</b>.</p>",
        "author": {"email": "ann@example.com", "name": "Ann"},
    },
    "tags": {"type": "tag.list", "tags": [{"id": "1", "name": "Speed"}, {"id": "2", "name": "Import"}]},
}
ZENDESK = {
    **{"id": 12, "url": "https://x.zendesk.example/12", "created_at": "2024-01-31T10:00:00Z", "subject": "Slow"},
    **{"description": "It is slow.", "requester_id": 5, "organization_id": 9, "tags": ["speed", "import"]},
    "via": {"channel": "email"},
}
EXPORTS = [
    ("Zendesk tickets", json.dumps(ZENDESK), ("It is slow.", "Slow", "zendesk", "email", {"speed", "import"})),
    ("Intercom API", json.dumps([INTERCOM]), ("It is slow.", "", "intercom", "in-app", {"Speed", "Import"})),
    (
        "Canny posts",
        'postID,title,details,author email,board,tags,created\np1,Dark mode,"It is slow.",a@b.example,Ideas,'
        '"speed, import",2024-01-31T10:00:00.000Z\n',
        ("It is slow.", "Dark mode", "canny", "forum", {"speed", "import"}),
    ),
    (
        "Productboard notes",
        "note_title,note_text,customer_email,company_name,tags\nSlow,<p>It is slow.</p>,a@b.example,Acme,speed\n",
        ("It is slow.", "Slow", "productboard", "other", {"speed"}),
    ),
]


@pytest.mark.parametrize(("preset", "content", "expected"), EXPORTS, ids=lambda value: str(value)[:12].split(" ")[0])
def test_exports_of_other_tools_are_recognised(preset, content, expected, wizard):
    from tests.factories import make_channel

    for slug in ("email", "in-app", "forum", "other", "support"):
        make_channel(slug)
    wizard.bring(content, "export").check().run()
    assert wizard.batch.preset == preset and wizard.counts["new"] == 1
    piece = Feedback.objects.get()
    themes = set(Theme.objects.filter(links__feedback=piece).values_list("name", flat=True))
    assert (piece.text, piece.title, piece.origin, piece.channel.slug, themes) == expected


def test_refused_rows_are_taken_along_with_their_reason(wizard):
    wizard.bring('id,comment,created\n1,"=cmd()|x",soon\n').check()
    url = reverse("imports:import-problems", args=[wizard.batch.pk])
    assert "cannot be read" in wizard.client.get(url).content.decode()
    text = b"".join(wizard.client.get(f"{url}?format=csv")).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["line"], row["what became of it"], row["column"], row["value"]) == ("2", "left out", "created", "soon")


def test_the_preview_follows_what_is_chosen_and_keeps_nothing(wizard):
    wizard.bring("a,b\n1,This is slow for me.\n")
    url = reverse("imports:import-map", args=[wizard.batch.pk])
    form = wizard.form({"a": "text", "b": "title"})
    for act in ("preview", "check"):  # one that comes late names the button that was pressed meanwhile
        answer = wizard.client.post(url, {**form, "act": act}, headers={"HX-Request": "true"})
        assert answer.status_code == 200 and "<html" not in answer.content.decode()
    assert '<td class="said-cell">1</td><td>This is slow for me.</td>' in "".join(
        line.strip() for line in answer.content.decode().splitlines()
    )
    both = wizard.client.post(url, {**wizard.form({"a": "text", "b": "text"}), "act": "check"})
    assert both.status_code == 422 and "Two columns cannot both become" in both.content.decode()
    none = wizard.client.post(url, {**wizard.form({}), "act": "check"})
    assert none.status_code == 422 and "Say which column" in none.content.decode()
    wizard.batch.refresh_from_db()
    assert wizard.batch.mapping == {}


def test_a_file_that_is_no_table_says_so(wizard):
    wizard.bring(b"%PDF-1.7 nothing", "x.csv")
    page = wizard.page()
    assert page.status_code == 422 and "PDF" in page.content.decode()
    answer = wizard.client.post(reverse("imports:import-delete", args=[wizard.batch.pk]))
    assert answer.status_code == 302 and not Import.objects.exists()


def test_pasted_rows_are_a_file_too(wizard, product):
    form = {"product": product.slug, "pasted": "id\tcomment\n1\tIt is slow.\n"}
    assert wizard.client.post(reverse("imports:import-new", args=["feedback"]), form).status_code == 302
    wizard.batch = Import.objects.get()
    assert wizard.check().run().counts["new"] == 1


def test_the_same_over_the_api(client_of, owner, product):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from insights.imports.running import run_task

    client = client_of(owner)
    sent = {"kind": "feedback", "product": product.slug, "file": SimpleUploadedFile("x.csv", b"id,comment\n1,Slow.\n")}
    batch = client.post("/api/v1/imports/", sent).json()
    url = f"/api/v1/imports/{batch['id']}/"
    assert client.get(f"{url}look/").json()["rows"][0]["fate"] == "new"
    wrong = client.patch(url, {"options": {"colour": "red"}}, content_type="application/json")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["options.colour"])
    said = client.patch(url, {"options": {"origin": "desk"}}, content_type="application/json")
    assert said.status_code == 200 and said.json()["origin"] == "kept"
    assert client.post(f"{url}run/").status_code == 202
    run_task(batch["id"])
    assert client.get(url).json()["n_new"] == 1 and Feedback.objects.get().origin == "desk"
    assert client.post(f"{url}undo/", {}, content_type="application/json").status_code == 202
    run_task(batch["id"])
    assert (client.get(url).json()["state"], Feedback.objects.count()) == ("undone", 0)


def test_an_erased_person_is_in_no_row_that_an_import_kept(people, wizard, owner):
    from insights.events.public import default_id_space
    from insights.imports.files import erase_person

    wizard.bring("id,comment,created,email\n1,Slow.,soon,ann@example.com\n2,Slow.,soon,dan@example.com\n").check()
    assert ImportProblem.objects.count() == 2
    erase_person(default_id_space(wizard.product), ["ann@example.com"], owner)
    wizard.batch.refresh_from_db()
    assert (ImportProblem.objects.count(), wizard.batch.path) == (1, "")


def test_a_worker_that_dies_leaves_nothing_and_the_import_runs_again(wizard, monkeypatch):
    wizard.bring("id,comment,label\n" + "".join(f"{n},Words number {n} here,L{n}\n" for n in range(9))).check()
    monkeypatch.setattr(running, "CHUNK", 4)
    write, calls = FeedbackTaker.write, []

    def dies(self, seen):
        write(self, seen)
        calls.append(len(seen))
        if len(calls) == 2:
            raise KeyboardInterrupt  # as of a process that is ended: no handler of ours sees it

    monkeypatch.setattr(FeedbackTaker, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        wizard.run()
    assert not Feedback.objects.exists() and not Theme.objects.exists()
    wizard.batch.refresh_from_db()
    assert wizard.batch.state == "running"
    long_ago = timezone.now() - timezone.timedelta(minutes=5)
    Import.objects.filter(pk=wizard.batch.pk).update(heartbeat_at=long_ago)
    assert running.requeue_dead_imports() == [wizard.batch.pk]
    wizard.work()
    assert (wizard.batch.state, wizard.batch.n_attempts, wizard.counts["new"]) == ("done", 2, 9)
    assert (Feedback.objects.count(), Theme.objects.count(), ThemeLink.objects.count()) == (9, 9, 9)


def test_who_lost_the_role_or_the_wish_stops_the_work(wizard, owner):
    wizard.bring("id,comment\n1,Words of mine\n").check()
    assert wizard.client.post(reverse("imports:import-run", args=[wizard.batch.pk])).status_code == 302
    assert wizard.client.post(reverse("imports:import-cancel", args=[wizard.batch.pk])).status_code == 302
    assert wizard.work().batch.state == "cancelled"
    assert wizard.client.post(reverse("imports:import-run", args=[wizard.batch.pk])).status_code == 302
    owner.role = "viewer"
    owner.save()
    assert (wizard.work().batch.state, Feedback.objects.count()) == ("failed", 0)


def test_workbooks_and_json_lines_are_files_too(wizard):
    book = openpyxl.Workbook()
    for row in (
        ("id", "comment", "created at"),
        (1, "Words in a cell", dt.datetime(2024, 1, 31, 9)),
        (2, "=1+1", None),
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert wizard.bring(out.getvalue(), "book.xlsx").check().run().counts["new"] == 2
    first, second = Feedback.objects.order_by("origin_id")
    assert (first.text, first.said_on.isoformat(), second.text) == ("Words in a cell", "2024-01-31", "=1+1")
    lines = '{"id": 8, "text": "One line"}\n{"id": 9, "text": "Another"}\nno json\n'
    other = wizard.another().bring(lines, "lines.jsonl").check().run()
    assert (other.counts["new"], other.counts["refused"]) == (2, 1)
