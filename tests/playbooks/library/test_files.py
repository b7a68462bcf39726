"""Playbooks as Markdown files: in, again, out; and what no file may do."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from playbooks.library import actions
from playbooks.library.contracts import StepText
from playbooks.library.files.exporting import as_archive, as_file
from playbooks.library.files.front_matter import BrokenHead, read
from playbooks.library.files.importing import plan_import, run_import
from playbooks.library.files.reading import SourceFile, read_folder, read_upload
from playbooks.library.models import Playbook
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotAllowed, TooMuch

pytestmark = pytest.mark.django_db
WHYS = """---
layout: card
title: Five whys   # as in the book
what: >
  Find the cause
  behind the cause.
category: Discover
permalink: /discover/five-whys/
---

## How

Ask [why](/decide/dot-voting/) five times.
"""
VOTE = "# Dot voting\n\nGive everybody three dots. Then the [whys]({{site.baseurl}}/discover/five-whys/#how).\n"


def archive(files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)
    return file.getvalue()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "methods").mkdir()
    (tmp_path / "methods/five-whys.md").write_text(WHYS)
    (tmp_path / "dot-voting.md").write_text(VOTE)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.md").write_text("no")
    return tmp_path


def test_files_come_in_once_and_go_out_as_they_were(folder, team, client_of, viewer, capsys):
    call_command("import_playbooks", str(folder), "--team", team.slug, "--dry-run")
    assert "2 new, 0 changed, 0 as before, 0 not taken. Nothing was changed." in capsys.readouterr().out
    assert not Playbook.objects.exists()
    call_command("import_playbooks", str(folder), "--team", team.slug, "--publish")
    assert "2 new, 0 changed, 0 as before, 0 not taken; 1 published." in capsys.readouterr().out
    whys, vote = Playbook.objects.get(slug="five-whys"), Playbook.objects.get(slug="dot-voting")
    assert (whys.face.title, whys.face.purpose) == ("Five whys", "Find the cause behind the cause.")
    assert (whys.face.tags, whys.path, vote.face.title) == (["Discover"], "methods/five-whys.md", "Dot voting")
    assert vote.state == "draft"  # it does not say what it is for
    assert (as_file(whys), as_file(vote)) == (WHYS, VOTE)
    revisions = list(Playbook.objects.order_by("pk").values_list("revision", "face"))
    call_command("import_playbooks", str(folder), "--team", team.slug, "--publish")
    assert "0 new, 0 changed, 2 as before, 0 not taken; 0 published." in capsys.readouterr().out
    assert list(Playbook.objects.order_by("pk").values_list("revision", "face")) == revisions
    client = client_of(viewer)
    assert '<a href="/playbooks/dot-voting/"' in client.get("/playbooks/five-whys/").content.decode()
    assert '<a href="/playbooks/five-whys/"' in client.get("/playbooks/dot-voting/").content.decode()
    with zipfile.ZipFile(io.BytesIO(as_archive(Playbook.objects.order_by("slug")))) as made:
        assert made.namelist() == ["dot-voting.md", "methods/five-whys.md"]
        assert made.read("methods/five-whys.md").decode() == WHYS


def test_what_was_changed_here_changes_its_lines_of_the_file_alone(team):
    run_import([SourceFile("methods/five-whys.md", WHYS)], team, actor=SYSTEM, publishes=True)
    playbook = Playbook.objects.get()
    steps = [StepText("Ask why", "Calmly.", "Product manager", 2, "previous"), StepText("Stop")]
    actions.update_playbook(playbook, actor=SYSTEM, tags=["Causes"], stage="evidence", steps=steps)
    actions.publish(playbook, actor=SYSTEM)
    text = as_file(Playbook.objects.get())
    assert text == WHYS.replace("category: Discover\n", "category:\n- Causes\n").replace(
        "five-whys/\n---",
        "five-whys/\nstage: evidence\nsteps:\n- title: Ask why\n  who: Product manager\n  due: 2 previous\n"
        "  text: Calmly.\n- title: Stop\n---",
    )
    again = plan_import([SourceFile("methods/five-whys.md", text)], actor=SYSTEM)
    assert [file.kind for file in again.files] == ["same"]
    old = plan_import([SourceFile("methods/five-whys.md", WHYS)], actor=SYSTEM)
    assert [file.kind for file in old.files] == ["changed"]


def test_one_written_here_goes_to_a_file_and_comes_back(team):
    made = actions.create_playbook(
        team,
        actor=SYSTEM,
        title="Launch: the “list”",
        slug="the-list",
        purpose="Calm",
        body="Go.",
        roles={"responsible": ["PM"]},
        steps=[StepText("Tell", due_days=1, due_from="end")],
    )
    text = as_file(made)
    plan = plan_import([SourceFile("the-list.md", text)], actor=SYSTEM)
    assert [(file.kind, file.slug) for file in plan.files] == [("same", "the-list")]
    actions.drop_draft(made, actor=SYSTEM)
    run_import([SourceFile("x/y.md", text.replace("Go.", "Go!"))], team, actor=SYSTEM)
    now = Playbook.objects.get(slug="y").face
    assert (now.title, now.roles, now.body) == ("Launch: the “list”", {"responsible": ["PM"]}, "Go!")
    assert [step.as_text() for step in now.steps.all()] == [StepText("Tell", "", "", 1, "end")]


FAULTS = {
    "yaml": ("---\ntitle: [a\n---\nx", "cannot be read in line"),
    "list": ("---\n- a\n---\nx", "no list of names"),
    "bomb": ("---\na: &a [x]\nb: *a\n---\nx", "refers to parts of itself"),
    "object": ("---\na: !!python/object/apply:os.system [ls]\n---\nx", "cannot be read"),
    "deep": (f"---\na: {'[' * 5_000}\n---\nx", "cannot be read"),
    "due": ("---\nsteps:\n- title: a\n  due: soon\n---\nx", "“3 start”"),
    "step": ("---\nsteps:\n- who: me\n---\nx", "steps: Write something"),
    "body": ("x" * 100_001, "at most 100,000"),
    "zero": ("a\0b", "cannot be stored"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_file_that_cannot_be_taken_says_why_and_stops_no_other(name, team):
    text, why = FAULTS[name]
    files = read_upload("all.zip", archive({"a.md": text, "b.md": VOTE}))
    plan = run_import(files, team, actor=SYSTEM)
    assert [file.kind for file in plan.files] == ["fault", "new"] and why in plan.files[0].why
    assert Playbook.objects.get().slug == "b"


def test_hostile_archives_are_refused_and_nothing_is_taken(tmp_path):
    for name in ("../up.md", "/root.md", "a/../../b.md", "..\\win.md", "C:/x.md"):
        with pytest.raises(BadInput):
            read_upload("a.zip", archive({name: VOTE, "ok.md": VOTE}))
    with pytest.raises(BadInput):
        read_upload("a.zip", b"no archive")
    with pytest.raises(BadInput):
        read_upload("a.zip", archive({"a.md": VOTE})[:-40])
    link = zipfile.ZipInfo("link.md")
    link.external_attr = 0o120777 << 16
    with pytest.raises(BadInput):
        read_upload("a.zip", archive({link: "/etc/passwd"}))
    with pytest.raises(TooMuch, match="at most 500"):
        read_upload("a.zip", archive({f"{n}.md": "x" for n in range(501)}))
    bomb = archive({f"{n}.md": b"\0" * 400_000_000 for n in range(1)})
    assert len(bomb) < 500_000
    assert [file.fault for file in read_upload("a.zip", bomb)] == ["It is larger than 500 kB."]
    with pytest.raises(TooMuch, match="30 MB"):
        read_upload("a.zip", archive({f"{n}.md": b"x" * 490_000 for n in range(70)}))
    with pytest.raises(TooMuch, match="3 MB"):
        read_upload("a.zip", b"PK" + b"x" * 3_000_000)
    assert read_upload("a.md", b"\xff\xfe")[0].fault.startswith("It is not in UTF-8")


def test_a_folder_is_read_within_its_walls(folder, tmp_path_factory):
    secret = tmp_path_factory.mktemp("other") / "secret.md"
    secret.write_text("secret")
    (folder / "out.md").symlink_to(secret)
    with (folder / "huge.md").open("wb") as file:
        file.truncate(1_000_000_000)
    (folder / "odd [name] <b>.md").write_text("# Odd\n")
    found = {file.path: file for file in read_folder(folder)}
    assert set(found) == {"dot-voting.md", "huge.md", "methods/five-whys.md", "odd [name] <b>.md", "out.md"}
    assert found["huge.md"].fault == "It is larger than 500 kB." and found["out.md"].text == ""
    with pytest.raises(CommandError):
        call_command("import_playbooks", str(folder / "nothing"), "--team", "x")


def test_ops_import_on_the_page_and_over_the_api(team, ops, owner, outsider, client_of):
    def upload(data, name="all.zip", **more):
        file = SimpleUploadedFile(name, data)
        return client.post("/playbooks/import/", {"file": file, "team": team.slug, "act": "try", **more})

    client, data = client_of(ops), archive({"methods/five-whys.md": WHYS})
    assert "1 new, 0 changed" in upload(data).content.decode() and not Playbook.objects.exists()
    assert upload(data, act="run", publishes="on").status_code == 302
    assert Playbook.objects.get().state == "published"
    refused = upload(archive({"../up.md": VOTE}), act="run")
    assert refused.status_code == 422 and "lead out of its folder" in refused.content.decode()
    kind, length = "multipart/form-data; boundary=x", "1000000000"
    huge = client.generic("POST", "/playbooks/import/", b"", kind, CONTENT_LENGTH=length)
    assert huge.status_code == 413 and "larger than" in huge.content.decode()
    assert client.get("/playbooks/five-whys/markdown/").content.decode() == WHYS
    values = {"file": SimpleUploadedFile("all.zip", data), "team": team.slug, "dry_run": True}
    told = client.post("/api/v1/playbooks/import/", values).json()
    assert (told["n_same"], told["files"][0]["slug"]) == (1, "five-whys")
    assert client.get("/api/v1/playbooks/five-whys/markdown/").content.decode() == WHYS
    client = client_of(owner)
    assert upload(data).status_code == 403
    with pytest.raises(NotAllowed):
        plan_import([], actor=owner)
    Playbook.objects.update(visibility="team")
    client = client_of(outsider)
    assert client.get("/playbooks/five-whys/markdown/").status_code == 404
    with zipfile.ZipFile(io.BytesIO(client.get("/playbooks/export/").content)) as made:
        assert made.namelist() == []


def test_an_import_goes_round_no_rule(team, admin_user, ops, owner):
    actions.set_rules(actor=admin_user, has_four_eyes=True)
    files = [SourceFile("five-whys.md", WHYS)]
    with pytest.raises(Conflict):
        run_import(files, team, actor=ops, publishes=True)
    run_import(files, team, actor=ops)
    made = Playbook.objects.get()
    assert (made.state, made.face.drafted_by) == ("draft", [ops.pk])
    actions.send_to_review(made, actor=owner)
    plan = run_import([SourceFile("five-whys.md", WHYS + "More.\n")], team, actor=ops)
    assert [(file.kind, file.why) for file in plan.files] == [("fault", "It is in review.")]
    twice = plan_import([SourceFile("a/x.md", VOTE), SourceFile("b/x.md", VOTE)], actor=ops)
    assert [file.kind for file in twice.files] == ["new", "fault"]


def test_a_head_of_plain_values_is_read():
    assert read("title: A\nn: 3\n# remark\nday: 2024-01-02\n")["n"] == 3
    with pytest.raises(BrokenHead):
        read("x" * 20_001)


@pytest.mark.skipif(not os.environ.get("PORTAL_REAL_DATA"), reason="PORTAL_REAL_DATA names no folder")
def test_a_real_collection_comes_in_is_shown_and_goes_out_the_same(team, viewer, client_of):
    source = Path(os.environ["PORTAL_REAL_DATA"]) / "playbooks_18f_methods"
    files = [file for part in ("methods", "templates") for file in read_folder(source / part)]
    assert len(files) == 41
    plan = run_import(files, team, actor=SYSTEM, publishes=True)
    assert (plan.n_new, plan.n_faults, plan.n_published) == (41, 0, 41)
    assert run_import(files, team, actor=SYSTEM, publishes=True).n_same == 41
    texts, client = {file.path: file.text for file in files}, client_of(viewer)
    for playbook in Playbook.objects.select_related("face"):
        assert as_file(playbook) == texts[playbook.path], playbook.path
        page = client.get(playbook.get_absolute_url()).content.decode()
        assert "site.baseurl" not in page and "markdown=" not in page and "&lt;section" not in page, playbook.path
    page = client.get("/playbooks/stakeholder-and-user-interviews/").content.decode()
    for heading in ("How to do it", "Additional resources", "Considerations for use in government"):
        assert f">{heading}</h" in page
    assert 'href="/playbooks/comparative-analysis/"' in page and 'href="/playbooks/interview-checklist/"' in page
    assert "tips-for-capturing-the-best-data-from-user-interviews" in page
