"""Questions about real sets give what their publishers state."""

import csv
import gzip
import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from insights.questions.public import ask, parse_question
from portal.people.public import SYSTEM

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
_DATA = os.environ.get("PORTAL_REAL_DATA")
needs_data = pytest.mark.skipif(not _DATA, reason="set PORTAL_REAL_DATA to the folder of real data sets")


def answer_of(product, path, options, question, now):
    call_command("ingest", str(path), "--source", "Real", "--product", product.slug, *options)
    value = {**question, "products": [product.slug]}
    return ask(parse_question(value, now=now, default_zone="UTC"), user=SYSTEM, caller="tests")


@needs_data
def test_the_cohorts_of_cdnow_are_the_published_ones_and_the_table_is_that_of_its_rows(product):
    path = Path(_DATA) / "cdnow" / "cdnow_master.csv.gz"
    spec = {"event": "purchase"}
    value = {"kind": "retention", "target": spec, "returning": spec, "mode": "first_time", "interval": "month"}
    value |= {"date_from": "1997-01-01", "intervals": 18}
    options = ["--map", "who=customer_id,when=date", "--event-name", "purchase"]
    answer = answer_of(product, path, options, value, datetime(1998, 7, 1, 12, tzinfo=UTC))
    sizes = [row["size"] for row in answer["cohorts"]]
    assert sizes == [7_846, 8_476, 7_248, *[0] * 15]  # published by Fader and Hardie

    months = defaultdict(set)
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            day = row["date"]
            months[row["customer_id"]].add((int(day[:4]) - 1997) * 12 + int(day[5:7]) - 1)
    for number, row in enumerate(answer["cohorts"][:3]):
        began = [bought for bought in months.values() if min(bought) == number]
        assert row["values"] == [sum(number + step in bought for bought in began) for step in range(18 - number)]


@needs_data
def test_attendance_of_the_epm_sessions_is_the_published_one(product):
    path = Path(_DATA) / "epm_usage_log" / "epm_events.csv.gz"
    value = {"kind": "trend", "series": [{"event": None, "measure": "persons"}], "interval": "all"}
    value |= {"breakdown": [{"property": "session"}], "date_from": "2014-10-01", "date_to": "2014-12-31"}
    value |= {"timezone": "Europe/Rome"}
    options = ["--map", "who=user_id,when=timestamp,what=event", "--zone", "Europe/Rome"]
    answer = answer_of(product, path, options, value, datetime(2015, 1, 1, 12, tzinfo=UTC))
    found = {line["breakdown"][0]: line["values"][0] for line in answer["series"]}
    assert [found[str(session)] for session in range(1, 7)] == [77, 82, 87, 99, 91, 84]
