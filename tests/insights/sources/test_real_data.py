"""Real sets load by command, twice without doubling, with the counts that their publishers state."""

import os
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from insights.dashboards.models import Tile
from insights.dashboards.refreshing import refresh_tiles
from insights.events.public import Batch, Source, open_snapshot
from insights.sources.loads import run_trial
from insights.sources.models import Upload
from insights.sources.tasks import run_load

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
_DATA = os.environ.get("PORTAL_REAL_DATA")
needs_data = pytest.mark.skipif(not _DATA, reason="set PORTAL_REAL_DATA to the folder of real data sets")

SETS = [
    ("cdnow/cdnow_master.csv.gz", ["--map", "who=customer_id,when=date", "--event-name", "purchase"], 69_659, 23_570),
    ("deskdrop_events/deskdrop_events.csv.gz", ["--map", "who=user_id,when=timestamp,what=event"], 72_312, 1_895),
    (
        "epm_usage_log/epm_events.csv.gz",
        ["--map", "who=user_id,when=timestamp,what=event", "--zone", "Europe/Rome"],
        230_318,
        115,
    ),
    ("waves_game_events/waves_events.tsv.gz", ["--map", "who=session_id,what=event_name"], 10_000, 49),
]


@needs_data
@pytest.mark.parametrize(("name", "options", "n_rows", "n_people"), SETS, ids=[name.split("/")[0] for name, *_ in SETS])
def test_real_set_loads_twice_without_doubling(product, capsys, name, options, n_rows, n_people):
    path = str(Path(_DATA) / name)
    call_command("ingest", path, "--source", "Real", "--product", product.slug, *options)
    assert f"{n_rows:,} rows read, {n_rows:,} new, 0 already here, 0 quarantined" in capsys.readouterr().out
    call_command("ingest", path, "--source", "Real")
    assert f"0 new, {n_rows:,} already here, 0 quarantined" in capsys.readouterr().out
    source = Source.objects.get(name="Real")
    with open_snapshot([source.pk], caller="test") as snapshot:
        found = snapshot.execute("SELECT count(*), count(DISTINCT distinct_no) FROM {events}").tuples
    assert found == [(n_rows, n_people)]
    assert Batch.objects.filter(state="done").count() == 2


@needs_data
def test_cdnow_amounts_add_up(product):
    name, options, *_ = SETS[0]
    call_command("ingest", str(Path(_DATA) / name), "--source", "Shop", "--product", product.slug, *options)
    sql = """SELECT sum(variant_extract(properties, 'quantity')::BIGINT),
        round(sum(variant_extract(properties, 'amount_usd')::DOUBLE), 2) FROM {events}"""
    with open_snapshot([Source.objects.get(name="Shop").pk], caller="test") as snapshot:
        assert snapshot.execute(sql).tuples == [(167_881, 2_500_315.63)]


GUESSES = {
    "cdnow/cdnow_master.csv.gz": ("customer_id", "date", None, "purchase"),
    "deskdrop_events/deskdrop_events.csv.gz": ("user_id", "timestamp", "event", None),
    "epm_usage_log/epm_events.csv.gz": ("user_id", "timestamp", "event", None),
    "waves_game_events/waves_events.tsv.gz": ("session_id", "timestamp", "event_name", None),
}


@needs_data
@pytest.mark.parametrize("name", GUESSES, ids=[name.split("/")[0] for name in GUESSES])
def test_real_set_is_guessed_and_loaded_through_the_wizard_without_a_choice(client_of, owner, product, name):
    client = client_of(owner)
    start = {"name": "Real", "product": product.pk, "time_zone": "UTC"}
    file_step = client.post(reverse("sources:load-start"), start).url
    with (Path(_DATA) / name).open("rb") as file:
        columns_step = client.post(file_step, {"file": file}).url
    form = client.get(columns_step).context["form"]
    shown = {field.html_name: field.value() for field in form if field.value() not in (None, "", False)}
    who, when, what, event_name = GUESSES[name]
    assert (shown["who"], shown["when"], shown.get("what"), shown.get("event_name")) == (who, when, what, event_name)
    check_step = client.post(columns_step, {**shown, "act": "check"}).url
    upload = Upload.objects.get()
    run_trial(upload.pk)
    n_rows = next(row[2] for row in SETS if row[0] == name)
    assert f"Load {n_rows:,} new events" in client.get(check_step).content.decode()
    client.post(reverse("sources:upload-load", args=[upload.pk]))
    run_load(Batch.objects.get().pk)
    batch = Batch.objects.get()
    assert (batch.n_read, batch.n_accepted, batch.n_quarantined) == (n_rows, n_rows, 0)
    client.post(reverse("dashboards:starter-create"), {"source": "real"})
    done = refresh_tiles(Tile.objects.on_duty(), timezone.now())
    assert done.n_failed == 0, done.problems
    assert Tile.objects.count() >= 6
