"""The export says everything that the store knows, in a format of nobody's."""

import io
import json
from contextlib import redirect_stdout

from django.core.management import call_command

from tests.factories import store_events


def export(*options):
    out = io.StringIO()
    with redirect_stdout(out):
        call_command("export_events", *options, stderr=io.StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_plain_export_writes_events_alone(source, event):
    store_events(source, [event(event_id="e1")], traits=[_trait("ann", "plan", "pro")])
    (line,) = export()
    assert (line["event_id"], line["distinct_id"]) == ("e1", "ann")
    assert "kind" not in line


def _trait(who, key, value, subject="person"):
    said = {"subject": subject, "subject_id": who, "key": key, "value": value}
    return {**said, "timestamp": "2024-01-05T10:00:00+00:00", "item_no": 7}


def test_traits_and_joins_follow_when_asked(source, event):
    when = "2024-01-05T10:00:00+00:00"
    joins = [
        {"kind": "identify", "distinct_id": "anon", "person_id": "ann", "timestamp": when},
        {"kind": "identify", "distinct_id": "anon", "person_id": "bob", "timestamp": when},
    ]
    traits = [_trait("ann", "plan", "pro"), _trait("ann", "$account", "acme"), _trait("acme", "seats", 5, "account")]
    store_events(source, [event(), event(who="bob")], traits=traits, joins=joins)
    lines = export("--traits", "--joins")
    said = {(line["subject_id"], line["key"]): line["value"] for line in lines if line.get("kind") == "trait"}
    assert said == {("ann", "plan"): "pro", ("ann", "$account"): "acme", ("acme", "seats"): 5}
    found = [(line["distinct_id"], line["person_id"], line["state"]) for line in lines if line.get("kind") == "join"]
    assert found == [("anon", "ann", "active"), ("anon", "bob", "refused")]
    assert sum("kind" not in line for line in lines) == 2
    assert {line["timestamp"] for line in lines if "kind" in line} == {"2024-01-05T10:00:00Z"}
