"""The published clients, unmodified, drive a running server: what they send arrives, with the right persons."""

import json
import subprocess
import sys
import textwrap

import pytest

from insights.events.public import Batch, InboxRequest

POSTHOG = """
import sys
from datetime import datetime, timezone
from posthog import Posthog

at = datetime(2026, 11, 20, 9, 0, tzinfo=timezone.utc)
faults = []
client = Posthog(sys.argv[2], host=sys.argv[1], gzip=sys.argv[3] == "gzip", flush_at=20, disable_geoip=True,
                 on_error=lambda error, items: faults.append(repr(error)), capture_mode=sys.argv[4])
client.capture("page viewed", distinct_id="visitor-1", timestamp=at)
client.capture("$identify", distinct_id="user-1", timestamp=at,
               properties={"$anon_distinct_id": "visitor-1", "$set": {"role": "planner"}})
client.capture("report opened", distinct_id="user-1", properties={"report": "burndown", "load_ms": 420},
               groups={"company": "acme"}, timestamp=at)
client.set(distinct_id="user-1", properties={"country": "DE"}, timestamp=at)
client.set_once(distinct_id="user-1", properties={"country": "FR", "first_seen": "ad"}, timestamp=at)
client.alias("old-1", "user-1", timestamp=at)
client.capture("report opened", distinct_id="old-1", timestamp=at)
assert client.get_all_flags("user-1") == {}, "flags"
assert not client.feature_enabled("new-page", "user-1", send_feature_flag_events=False)
client.group_identify("company", "acme", {"plan": "business"}, timestamp=at)
client.shutdown()
sys.exit("; ".join(faults) or 0)
"""

SEGMENT = """
import sys
from datetime import datetime, timezone
from segment.analytics import Client

at = datetime(2026, 11, 20, 9, 0, tzinfo=timezone.utc)
faults = []
client = Client(sys.argv[2], host=sys.argv[1], gzip=sys.argv[3] == "gzip", max_retries=1,
                on_error=lambda error, items: faults.append(repr(error)))
client.page(anonymous_id="visitor-1", name="Home", timestamp=at)
client.identify(user_id="user-1", anonymous_id="visitor-1", traits={"role": "planner", "country": "DE"}, timestamp=at)
client.track(user_id="user-1", event="report opened", properties={"report": "burndown", "load_ms": 420},
             context={"groupId": "acme"}, timestamp=at)
client.alias(previous_id="old-1", user_id="user-1", timestamp=at)
client.track(user_id="old-1", event="report opened", timestamp=at)
client.group(user_id="user-1", group_id="acme", traits={"plan": "business"}, timestamp=at)
client.screen(user_id="user-1", name="Plans", timestamp=at)
client.flush()
client.join()
sys.exit("; ".join(faults) or 0)
"""


# With a personal key the client works flags out by itself: it asks for their definitions first.
POSTHOG_LOCAL_FLAGS = """
import logging, sys
from posthog import Posthog

said = []
class Listener(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())
logging.getLogger("posthog").addHandler(Listener(logging.WARNING))
client = Posthog(sys.argv[2], host=sys.argv[1], personal_api_key="phx_none", sync_mode=True, disable_geoip=True)
client.load_feature_flags()
assert client.feature_flags == [], client.feature_flags
assert client.get_all_flags("user-1") == {}
client.capture("page viewed", distinct_id="user-1")
client.shutdown()
sys.exit("; ".join(said) or 0)
"""


def drive(program, *args):
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *args], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("packing", "mode"), [("plain", "v0"), ("gzip", "v0"), ("plain", "v1")])
def test_posthogs_client_is_served(live_server, key, stored, packing, mode):
    drive(POSTHOG, live_server.url, key, packing, mode)
    assert InboxRequest.objects.exists()
    rows = stored()
    sent = ["page viewed", "$identify", "report opened", "$set", "$set_once", "$create_alias", "report opened"]
    assert sorted(row["event"] for row in rows) == sorted([*sent, "$groupidentify"])
    persons = {row["person"] for row in rows if row["event"] != "$groupidentify"}
    assert len(persons) == 1
    opened = next(row for row in rows if row["properties"].get("report"))
    assert (opened["properties"]["report"], opened["properties"]["load_ms"]) == ("burndown", 420)
    assert opened["account_no"] is not None
    assert opened["ts"].isoformat() == "2026-11-20T09:00:00"
    assert key not in json.dumps([row["properties"] for row in rows])
    batch = Batch.objects.get()
    assert (batch.n_read, batch.n_accepted, batch.n_quarantined, batch.n_joins) == (8, 8, 0, 2)


@pytest.mark.django_db(transaction=True)
def test_posthogs_client_finds_no_flags_and_says_nothing(live_server, key, stored):
    drive(POSTHOG_LOCAL_FLAGS, live_server.url, key)
    assert [row["event"] for row in stored()] == ["page viewed"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("packing", ["plain", "gzip"])
def test_segments_client_is_served(live_server, key, stored, packing):
    drive(SEGMENT, live_server.url, key, packing)
    rows = stored()
    assert sorted(row["event"] for row in rows) == sorted(
        ["$pageview", "$identify", "report opened", "$create_alias", "report opened", "$groupidentify", "$screen"]
    )
    assert len({row["person"] for row in rows}) == 1
    assert {row["event"] for row in rows if row["account_no"]} == {"report opened", "$groupidentify"}
    batch = Batch.objects.get()
    assert (batch.n_read, batch.n_accepted, batch.n_quarantined, batch.n_joins) == (7, 7, 0, 2)
