"""What Segment's and PostHog's items mean: who, what, when, where; traits, joins and groups."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.capture.contracts import Header, Join, ParsedEvent, RefusedBody, Rules, UnfitItem
from insights.capture.payloads import posthog, segment
from insights.capture.payloads.build import set_once_time

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RULES = Rules(received_at=NOW)


def of_segment(item: dict, **header) -> ParsedEvent:
    return segment.parse_item(item, Header("segment", **header), RULES)


def of_posthog(item: dict, **header) -> ParsedEvent:
    return posthog.parse_item(item, Header("posthog", **header), RULES)


def traits(event: ParsedEvent) -> dict:
    return {(trait.subject, trait.subject_id, trait.key): json.loads(trait.value) for trait in event.traits}


def test_a_track_is_an_event_of_its_user():
    event = of_segment(
        {"type": "track", "event": "report opened", "userId": 7, "anonymousId": "a", "messageId": "m1"}
        | {"timestamp": "2026-11-21T11:00:00Z", "properties": {"n": 1}, "context": {"groupId": "acme"}}
    )
    assert (event.name, event.distinct_id, event.account_id, event.event_id) == (
        "report opened",
        "7",
        "acme",
        "m1",
    )
    assert event.at.isoformat() == "2026-11-21T11:00:00+00:00"
    assert event.sent_time == "2026-11-21T11:00:00Z"
    assert json.loads(event.properties) == {"n": 1}
    assert event.join is None
    assert event.traits == ()


def test_only_identify_joins_the_anonymous_id():
    item = {"type": "identify", "userId": "u", "anonymousId": "a", "traits": {"plan": "pro", "logins": 5}}
    event = of_segment(item)
    assert event.name == "$identify"
    assert event.join == Join("identify", "a", "u")
    assert traits(event) == {("person", "u", "plan"): "pro", ("person", "u", "logins"): 5}
    assert event.properties == "{}"
    assert of_segment({**item, "type": "page"}).join is None
    assert of_segment({"type": "identify", "anonymousId": "a", "traits": {"x": 1}}).join is None


def test_an_identity_that_names_nobody_joins_nobody():
    event = of_segment({"type": "identify", "userId": "undefined", "anonymousId": "a"})
    assert event.join is None
    assert "undefined" in event.note


def test_a_group_call_sets_the_account_and_its_traits():
    event = of_segment({"type": "group", "userId": "u", "groupId": "acme", "traits": {"plan": "enterprise"}})
    assert (event.name, event.account_id) == ("$groupidentify", "acme")
    assert traits(event) == {("person", "u", "$account"): "acme", ("account", "acme", "plan"): "enterprise"}


def test_an_alias_joins_the_previous_id():
    assert of_segment({"type": "alias", "previousId": "a", "userId": "u"}).join == Join("alias", "a", "u")
    with pytest.raises(UnfitItem, match="previousId"):
        of_segment({"type": "alias", "userId": "u"})


def test_page_and_screen_are_named_events():
    page = of_segment({"type": "page", "name": "Home", "anonymousId": "a", "properties": {"url": "x"}})
    assert (page.name, json.loads(page.properties)) == ("$pageview", {"url": "x", "name": "Home"})
    assert of_segment({"type": "screen", "name": "Home", "userId": "u"}).name == "$screen"


def test_context_becomes_properties_without_personal_parts():
    context = {"page": {"path": "/a", "url": "u"}, "ip": "8.8.8.8", "userAgent": "x", "campaign": {"source": "mail"}}
    event = of_segment(
        {"type": "track", "event": "e", "userId": "u", "context": context, "properties": {"$pathname": "own"}},
        context={"os": {"name": "iOS"}, "device": {"id": "secret", "type": "phone"}},
    )
    assert json.loads(event.properties) == {
        "$pathname": "own",
        "$current_url": "u",
        "utm_source": "mail",
        "$os": "iOS",
        "$device_type": "phone",
    }


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"type": "track", "userId": "u"}, "no_event_name"),
        ({"type": "track", "event": "  ", "userId": "u"}, "no_event_name"),
        ({"type": "track", "event": "e"}, "no_distinct_id"),
        ({"type": "track", "event": "e", "userId": ""}, "no_distinct_id"),
        ({"type": "track", "event": "x" * 201, "userId": "u"}, "name_too_long"),
        ({"type": "track", "event": "e", "userId": "u", "properties": "text"}, "not_an_object"),
        ({"type": "track", "event": "e", "userId": "u", "properties": {"x": "y" * 33_000}}, "properties_too_large"),
        ({"type": "track", "event": "e", "userId": "u" * 401}, "id_too_long"),
        ({"type": "track", "event": "e", "userId": ["u"]}, "bad_id"),
        ({"type": "group", "userId": "u"}, "no_group_id"),
        ({"type": "delete", "userId": "u"}, "unknown_type"),
        ("text", "not_an_object"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_code(item, code):
    with pytest.raises(UnfitItem) as unfit:
        of_segment(item)
    assert unfit.value.code == code


def test_deeply_nested_properties_are_refused():
    nested: dict = {}
    for _ in range(70):
        nested = {"a": nested}
    with pytest.raises(UnfitItem, match="nested"):
        of_segment({"type": "track", "event": "e", "userId": "u", "properties": nested})


def test_a_posthog_event_finds_its_person_in_either_place():
    event = of_posthog({"event": "e", "distinct_id": "u", "uuid": "0-1", "properties": {"a": 1, "$lib": "web"}})
    assert (event.distinct_id, event.event_id) == ("u", "0-1")
    assert of_posthog({"event": "e", "properties": {"distinct_id": "v"}}).distinct_id == "v"
    with pytest.raises(UnfitItem):
        of_posthog({"event": "e", "properties": {}})


def test_posthog_person_properties_are_traits_and_no_properties():
    event = of_posthog(
        {"event": "e", "distinct_id": "u", "timestamp": "2026-11-21T11:00:00Z"}
        | {"$set": {"plan": "pro"}, "properties": {"$set_once": {"first": "x"}, "$unset": ["old"], "k": 1}}
    )
    assert traits(event) == {
        ("person", "u", "plan"): "pro",
        ("person", "u", "first"): "x",
        ("person", "u", "old"): None,
    }
    first = next(trait for trait in event.traits if trait.key == "first")
    assert first.at == set_once_time(event.at)
    assert json.loads(event.properties) == {"k": 1}


def test_posthog_identify_alias_and_merge_join():
    identify = {"event": "$identify", "distinct_id": "u", "properties": {"$anon_distinct_id": "a"}}
    assert of_posthog(identify).join == Join("identify", "a", "u")
    for name in ("$create_alias", "$merge_dangerously"):
        event = of_posthog({"event": name, "distinct_id": "u", "properties": {"alias": "old"}})
        assert event.join == Join("alias", "old", "u")


def test_posthog_groups_name_the_account():
    groups = {"project": "p1", "company": "acme"}
    assert of_posthog({"event": "e", "distinct_id": "u", "properties": {"$groups": groups}}).account_id == "acme"
    assert of_posthog({"event": "e", "distinct_id": "u", "properties": {"$groups": {"team": 5}}}).account_id == "5"
    two = {"event": "e", "distinct_id": "u", "properties": {"$groups": {"project": "p", "team": "t"}}}
    assert of_posthog(two).account_id is None


def test_posthog_group_identify_sets_account_traits_and_membership():
    properties = {"$group_type": "company", "$group_key": "acme", "$group_set": {"plan": "pro"}}
    event = of_posthog({"event": "$groupidentify", "distinct_id": "u", "properties": properties})
    assert event.account_id == "acme"
    assert traits(event) == {("person", "u", "$account"): "acme", ("account", "acme", "plan"): "pro"}
    made_up = of_posthog({"event": "$groupidentify", "distinct_id": "$company_acme", "properties": properties})
    assert traits(made_up) == {("account", "acme", "plan"): "pro"}


def test_the_key_is_taken_out_of_the_items():
    envelope = posthog.open_envelope({"event": "e", "api_key": "K", "distinct_id": "u", "properties": {"token": "K"}})
    assert envelope.key == "K"
    assert "K" not in json.dumps(envelope.items)
    listed = posthog.open_envelope([{"event": "e", "properties": {"token": "K", "distinct_id": "u"}}])
    assert listed.key == "K"
    assert "K" not in json.dumps(listed.items)
    assert segment.open_envelope({"writeKey": "K", "event": "e"}, "track").items == [{"event": "e", "type": "track"}]


def test_a_body_of_the_wrong_shape_is_refused():
    for body in (5, "x", None, {"batch": 5}):
        with pytest.raises(RefusedBody):
            posthog.open_envelope(body)
    for body in ([], {"x": 1}, {"batch": {}}):
        with pytest.raises(RefusedBody):
            segment.open_envelope(body, "batch")


KEYS = st.sampled_from(
    [
        *("event", "distinct_id", "properties", "timestamp", "uuid", "$set", "type", "userId", "anonymousId"),
        *("traits", "context", "groupId", "previousId", "messageId", "sentAt", "$groups", "$group_type", "alias"),
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text("aZ0 é€$", max_size=6)
    | st.sampled_from(["track", "identify", "group", "alias", "page", "$identify", "$groupidentify", "2020-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(KEYS, VALUES, max_size=8), st.dictionaries(KEYS, VALUES, max_size=3))
def test_any_item_is_an_event_or_a_refusal_with_a_reason(item, context):
    for module in (segment, posthog):
        header = Header(module.__name__.rpartition(".")[2], sent_at=item.get("sentAt"), context=context)
        try:
            event = module.parse_item(item, header, RULES)
        except UnfitItem as unfit:
            assert unfit.code
            assert unfit.reason.endswith(".")
        else:
            assert event.distinct_id
            assert 0 < len(event.name) <= 200
            assert isinstance(json.loads(event.properties), dict)


REAL = Path(os.environ.get("PORTAL_REAL_DATA", "/nowhere")) / "export_formats"
needs_real_data = pytest.mark.skipif(not REAL.exists(), reason="set PORTAL_REAL_DATA to run on real payloads")


@needs_real_data
def test_segments_published_payloads_are_understood():
    batch = segment.open_envelope(json.loads((REAL / "segment/batch_1.json").read_text()), "batch")
    events = [segment.parse_item(item, batch.header, RULES) for item in batch.items]
    assert [event.name for event in events] == ["$identify", "Song Played"] * 2
    assert events[3].at.isoformat() == "2015-02-02T00:30:12.984000+00:00"
    assert json.loads(events[3].properties) == {
        "$device_type": "phone",
        "name": "Get Right",
        "artist": "Jennifer Lopez",
    }
    assert batch.key == "YOUR_WRITE_KEY"
    common = json.loads((REAL / "segment/common_1.json").read_text())
    event = segment.parse_item(common, Header("segment"), RULES)
    assert (event.account_id, event.event_id) == ("12345", "022bb90c-bbac-11e4-8dfc-aa07a5b093db")
    for line in (REAL / "segment/ecommerce_v2_events.jsonl").read_text().splitlines():
        item = json.loads(line) | {"userId": "u"}
        assert segment.parse_item(item, Header("segment"), RULES).name == item["event"]


@needs_real_data
def test_posthogs_published_payloads_are_understood():
    for path in (REAL / "posthog").glob("*.json"):
        envelope = posthog.open_envelope(json.loads(path.read_text()))
        assert envelope.key == "<ph_project_api_key>"
        for item in envelope.items:
            assert posthog.parse_item(item, envelope.header, RULES).distinct_id
    batch = posthog.open_envelope(json.loads((REAL / "posthog/batch.json").read_text()))
    first, second = (posthog.parse_item(item, batch.header, RULES) for item in batch.items)
    assert first.at.isoformat() == "2020-08-16T09:03:11.913767+00:00"
    assert second.at == NOW
