"""Whatever room keeps something of a person erases it and hands it out; no address leaves the company unmasked."""

import datetime as dt
import io
import json
import zipfile

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import timezone

from insights.cohorts import actions as cohorts
from insights.cohorts.counting import count_cohort
from insights.cohorts.lists import read_ids
from insights.dashboards import actions as boards
from insights.dashboards import refreshing
from insights.dashboards.models import Tile
from insights.events.public import DistinctId
from insights.imports.files import remove_old_files
from insights.imports.models import Import, ImportProblem
from insights.sharing import actions as sharing
from insights.sharing.models import PackTile
from insights.voice.highlights.actions import add_highlight
from portal.shell.public import PersonEraser, PersonExporter, registry
from tests.factories import make_source, store_events

# The event store takes its own rows out last of all, and jobs about persons name them by numbers.
_BY_THE_STORE = {"insights_events", "insights_persons"}


def _rooms(kind):
    """Return the packages of the rooms that registered pieces of a kind."""
    called = (getattr(piece, "erase", None) or piece.export for piece in registry.all(kind))
    return {one.__module__.rpartition(".")[0] for one in called}


def test_every_room_with_a_row_about_a_person_erases_it_and_hands_it_out():
    """Rows that hang on a person's id go with it; where they stay without it, the room has to see to their words."""
    missing = []
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if getattr(field, "related_model", None) is not DistinctId or model._meta.app_label in _BY_THE_STORE:
                continue
            assert field.remote_field.on_delete in (models.CASCADE, models.SET_NULL), f"{model}.{field.name} stays"
            goes_along = field.remote_field.on_delete is models.CASCADE
            room = model.__module__.partition(".models")[0]
            missing += [
                f"{model._meta.label} has no {kind.__name__} of {room}"
                for kind in (PersonExporter, *([] if goes_along else [PersonEraser]))
                if not any(one == room or one.startswith(f"{room}.") for one in _rooms(kind))
            ]
    assert missing == []


def test_all_that_is_known_of_somebody_is_handed_out(people, product, say, owner, ops, client_of):
    add_highlight(say("It is very slow", person="ann"), actor=owner, quote="very slow")
    listed = cohorts.create_list(read_ids(b"ann\nbob"), actor=owner, name="Pilot", products=[product])
    count_cohort(listed.pk, timezone.now())
    no = DistinctId.objects.get(distinct_id="ann").no
    answer = client_of(ops).post(reverse("persons:person-export", args=[no]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        files = {
            name: [json.loads(line) for line in archive.read(name).splitlines()]
            for name in archive.namelist()
            if name.endswith(".jsonl")
        }
    assert [row["quote"] for row in files["highlights.jsonl"]] == ["very slow"]
    assert files["cohort_uploads.jsonl"] == [{"cohort": "Pilot", "ids": ["ann"]}]
    assert [row["cohort"] for row in files["cohorts.jsonl"]] == ["Pilot"]
    assert {"kept_files.jsonl", "import_rows.jsonl", "asks.jsonl", "consents.jsonl"} <= files.keys()


def test_rows_that_an_import_refused_are_forgotten_like_its_file(product, settings):
    now = timezone.now()
    for days in (1, settings.UPLOAD_KEEP_DAYS + 1):
        batch = Import.objects.create(
            kind="feedback", product=product, state="done", finished_at=now - dt.timedelta(days)
        )
        ImportProblem.objects.create(batch=batch, row_no=1, reason="No day.", raw="ann,someday")
    remove_old_files(now)
    assert list(ImportProblem.objects.values_list("batch__finished_at", flat=True)) == [now - dt.timedelta(days=1)]


def test_no_address_leaves_with_a_public_link_or_a_pack(product, owner, client):
    """Under a property that nobody called personal, in titles and in texts."""
    address, phone = "zoe.long@example.com", "+49 30 7654321"
    store_events(
        make_source(product),
        [{"event": "shared", "distinct_id": "u1", "timestamp": timezone.now(), "properties": {"target": address}}],
    )
    question = {"kind": "trend", "series": [{"event": "shared", "measure": "total"}], "interval": "day"}
    question |= {"breakdown": [{"property": "target", "of": "event"}], "date_from": "-7d"}
    board = boards.create_dashboard(actor=owner, product=product, title=f"For {address}", purpose=f"Call {phone}")
    boards.add_tile(board, actor=owner, title=f"Who is {address}", question=question, chart="table")
    boards.add_tile(board, actor=owner, kind="text", title="Ask", text=f"Write to {address} or {phone}.")
    refreshing.refresh_tiles(Tile.objects.on_duty(), timezone.now())
    _, token = sharing.create_link(board, actor=owner, name="Wiki", expires_at=timezone.now() + dt.timedelta(days=7))
    page = client.get(reverse("shared:dashboard", args=[token])).content.decode()
    assert "[e-mail]" in page and "[phone]" in page
    assert "zoe.long" not in page and "7654321" not in page
    sharing.freeze_dashboard(board, actor=owner, name="Meeting", held_on=timezone.localdate())
    answers = [row.answer for row in PackTile.objects.exclude(answer=None)]
    assert answers and "zoe.long" not in json.dumps([{**one, "facts": None} for one in answers])
