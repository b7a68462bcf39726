"""The builder: form fields to a question and back, buttons, faults beside their fields."""

import json
from urllib.parse import parse_qs, quote

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from insights.explore.builder.drafts import compact, fill_kind, read_fields, read_json, to_query
from insights.explore.builder.edits import apply_edit, switch_kind
from insights.explore.builder.gaps import find_gaps, place_faults, prune
from insights.explore.builder.rows import Rows
from insights.explore.state import read_state
from insights.questions.public import parse_question

TREND = {"kind": "trend", "products": ["planner"], "series": [{"event": "a", "measure": "total"}], "interval": "day"}


def fields(text):
    return read_fields(QueryDict(text).lists())


def state(text):
    return read_state(QueryDict(text), lambda: ["planner"], timezone.now())


def test_field_names_are_paths_into_the_question():
    text = "kind=trend&series.0.event=report+opened&series.0.filters.0.property=plan&series.0.filters.0.of=person"
    text += "&series.0.filters.0.op=is&series.0.filters.0.value=pro&series.0.filters.0.value=team&range=-30d&csrf=x"
    row = {"property": "plan", "of": "person", "op": "is", "value": ["pro", "team"]}
    assert fields(text) == {"kind": "trend", "series": [{"event": "report opened", "filters": [row]}]}


def test_numbers_are_numbers_only_where_numbers_are_compared():
    is_ten = "filters.0.property=size&filters.0.op=is&filters.0.value=10"
    over_ten = "filters.0.property=size&filters.0.op=gt&filters.0.value=10"
    between = "filters.0.property=size&filters.0.op=between&filters.0.value=1.5&filters.0.value=9"
    assert fields(is_ten)["filters"][0]["value"] == ["10"]
    assert fields(over_ten)["filters"][0]["value"] == 10
    assert fields(between)["filters"][0]["value"] == [1.5, 9]


def test_any_event_is_null_and_nothing_chosen_is_empty():
    assert fields("series.0.event=(any+event)")["series"][0]["event"] is None
    assert fields("series.0.event=")["series"][0]["event"] == ""


def test_form_becomes_a_short_address_that_reads_back_the_same():
    found = state("kind=trend&products=planner&series.0.event=a&series.0.measure=persons&interval=day&range=-90d")
    assert found.is_form
    again = state(found.query)
    assert not again.is_form
    assert compact(again.draft) == compact(found.draft)
    assert json.loads(parse_qs(found.query)["q"][0])["date_from"] == "-90d"


def test_range_between_two_days_starts_with_the_last_thirty():
    draft = state("kind=trend&series.0.event=a&range=custom&date_from=&date_to=").draft
    assert draft["date_to"] == timezone.localdate().isoformat()
    assert draft["date_from"] < draft["date_to"]


def test_retention_up_to_now_names_no_dates():
    draft = state("kind=retention&target.event=a&returning.event=(any+event)&intervals=6&range=").draft
    assert "date_from" not in draft
    assert draft["intervals"] == 6


def test_rows_that_are_not_filled_in_are_not_asked():
    waiting = {"property": "", "of": "event", "op": "is", "value": []}
    row = {"property": "plan", "of": "event", "op": "is", "value": ["pro"]}
    draft = {**TREND, "filters": [waiting, {"any": [waiting, waiting]}, row], "series": [{"event": ""}, {"event": "b"}]}
    pruned, _ = prune(draft)
    assert pruned["filters"] == [row]
    assert pruned["series"] == [{"event": "b"}]


def test_fault_lands_beside_its_field_though_rows_before_it_were_left_out():
    waiting = {"property": "", "op": "is"}
    row = {"property": "size", "op": "gt", "value": True}
    _, origins = prune({**TREND, "filters": [waiting, {"any": [waiting, row]}]})
    placed = place_faults({"filters[0].any[0].value": ["No."], "interval": ["Why?"]}, origins)
    assert placed == {"filters.1.any.1.value": ["No."], "interval": ["Why?"]}


def test_gaps_say_what_to_choose_first():
    assert find_gaps(fill_kind({"kind": "trend", "products": ["planner"]})) == {"series.0.event": "Choose an event."}
    measured = {**TREND, "series": [{"event": "a", "measure": "avg"}]}
    assert find_gaps(measured) == {"series.0.property": "Choose the number to measure."}
    assert find_gaps(TREND) == {}


def test_buttons_add_move_group_and_remove_rows():
    draft, focus = apply_edit(TREND, "add:series")
    assert focus == "series.1.event"
    draft["series"][1]["event"] = "b"
    draft, _ = apply_edit(draft, "up:series.1")
    assert [spec["event"] for spec in draft["series"]] == ["b", "a"]
    draft, focus = apply_edit(draft, "filter:filters")
    assert focus == "filters.0.property"
    draft, focus = apply_edit(draft, "group:filters")
    assert focus == "filters.1.any.0.property"
    draft, _ = apply_edit(draft, "flip:filters.1.any")
    assert set(draft["filters"][1]) == {"all"}
    draft, _ = apply_edit(draft, "remove:filters.1.all.0")
    draft, _ = apply_edit(draft, "remove:filters.1.all.0")
    assert len(draft["filters"]) == 1, "an empty group goes with its last row"
    draft, focus = apply_edit(draft, "remove:series.0")
    assert focus == "series.0.event"


def test_edits_leave_the_draft_alone_that_they_are_given():
    before = json.dumps(TREND)
    apply_edit(TREND, "add:series")
    assert json.dumps(TREND) == before


@given(st.text(max_size=40))
def test_no_button_text_breaks_the_page(command):
    apply_edit(TREND, command)


@given(st.dictionaries(st.from_regex(r"[a-z_.0-9]{1,20}", fullmatch=True), st.text(max_size=10), max_size=8))
def test_no_field_breaks_the_page(values):
    query = QueryDict(mutable=True)
    query.update({"kind": "trend", **values})
    found = read_state(query, lambda: ["planner"], timezone.now())
    prune(found.draft)
    find_gaps(found.draft)
    assert read_json(json.dumps(found.draft)) is not None


def test_kind_switches_keep_events_filters_and_range():
    row = {"property": "plan", "of": "event", "op": "is", "value": ["pro"]}
    trend = {**TREND, "series": [{"event": "a"}, {"event": "b"}], "filters": [row], "date_from": "-90d"}
    funnel = switch_kind(trend, "funnel")
    assert [step["event"] for step in funnel["steps"]] == ["a", "b"]
    assert funnel["filters"] == [row]
    assert funnel["date_from"] == "-90d"
    retention = switch_kind(funnel, "retention")
    assert (retention["target"]["event"], retention["returning"]["event"]) == ("a", "b")
    assert "date_from" not in retention
    assert switch_kind(retention, "lifecycle")["event"]["event"] == "a"


def test_paths_keep_their_event_when_they_are_turned_round():
    text = "kind=paths&products=planner&start.event=a&start.filters.0.property=plan&start.filters.0.op=is_set"
    text += "&steps=4&edges=20&session_gap.value=1&session_gap.unit=hour&repeats=1&range=-30d"
    there, back = state(text + "&point=start").draft, state(text + "&point=end").draft
    assert back["end"] == there["start"]
    assert back["end"]["event"] == "a"
    assert "start" not in back
    assert (back["steps"], back["edges"], back["repeats"]) == (4, 20, True)
    assert back["session_gap"] == {"value": 1, "unit": "hour"}
    assert compact(state(state(text).query).draft) == compact(there)


@pytest.mark.parametrize("text", ["kind=paths&start.event=a", "kind=lifecycle&event.event=a&interval=week"])
def test_a_form_of_a_kind_without_breakdown_asks_for_none(text):
    draft = state(f"{text}&products=planner&range=-30d").draft
    assert parse_question(prune(draft)[0], now=timezone.now(), default_zone="UTC").breakdown == ()


def test_paths_wait_for_an_event_and_switch_to_and_from_other_kinds():
    empty = fill_kind({"kind": "paths", "products": ["planner"]})
    assert find_gaps(empty) == {"start.event": "Choose an event."}
    funnel = {"kind": "funnel", "products": ["planner"], "steps": [{"event": "a"}, {"event": "b"}]}
    paths = switch_kind(funnel, "paths")
    assert (paths["start"], paths["steps"]) == ({"event": "a"}, 5)
    assert [step["event"] for step in switch_kind(paths, "funnel")["steps"]] == ["a", ""]
    assert switch_kind({**paths, "breakdown": []}, "trend")["series"] == [{"event": "a", "measure": "total"}]


def test_address_with_names_of_any_script_reads_back():
    draft = {**TREND, "series": [{"event": "Ölstand & “grün” = 100%?", "measure": "total"}]}
    assert state(to_query(draft)).draft["series"] == draft["series"]


def test_unreadable_address_is_said_not_raised():
    assert state("q=%7Bnonsense").fault
    assert state("q=[1]").fault


FUNNEL = {"kind": "funnel", "products": ["planner"], "steps": [{"event": name} for name in "abc"]}


def test_excluded_events_are_added_filtered_placed_and_removed():
    draft, focus = apply_edit(FUNNEL, "add:exclusions")
    assert (draft["exclusions"], focus) == ([{"event": ""}], "exclusions.0.event")
    assert prune(draft)[0]["exclusions"] == []
    draft, focus = apply_edit(draft, "filter:exclusions.0.filters")
    assert focus == "exclusions.0.filters.0.property"
    assert apply_edit(draft, "remove:exclusions.0")[1] == "add-exclusions"
    text = "kind=funnel&steps.0.event=a&steps.1.event=b&exclusions.0.event=x&exclusions.0.after=1&exclusions.0.before=2"
    found = fields(text + "&exclusions.0.filters.0.property=why&exclusions.0.filters.0.op=is_set")
    row = {"property": "why", "op": "is_set"}
    assert found["exclusions"] == [{"event": "x", "after": 1, "before": 2, "filters": [row]}]


def test_excluded_events_speak_of_the_steps_that_are_left():
    exclusions = [{"event": "x", "after": 2, "before": 3}, {"event": "y", "after": 1, "before": 2}]
    draft, _ = apply_edit({**FUNNEL, "exclusions": exclusions}, "remove:steps.0")
    assert draft["exclusions"] == [{"event": "x", "after": 1, "before": 2}, {"event": "y"}]
    waiting = {**FUNNEL, "steps": [{"event": "a"}, {"event": ""}, {"event": "c"}], "exclusions": exclusions}
    assert prune(waiting)[0]["exclusions"] == [{"event": "x", "after": 1, "before": 2}, {"event": "y"}]
    alone, _ = apply_edit({**FUNNEL, "steps": FUNNEL["steps"][:2], "exclusions": exclusions}, "remove:steps.1")
    assert alone["exclusions"] == []


def test_a_formula_is_part_of_the_address_and_none_is_left_out():
    found = state("kind=trend&series.0.event=a&series.1.event=b&formula=+A/B+&range=-30d")
    assert found.draft["formula"] == "A/B"
    assert json.loads(parse_qs(found.query)["q"][0])["formula"] == "A/B"
    assert "formula" not in state("kind=trend&series.0.event=a&formula=&range=-30d").query


def test_a_formula_means_the_same_series_after_rows_move():
    rows = [{"event": name} for name in "xyz"]
    draft = {"kind": "trend", "series": rows, "formula": "100 * a / (B + C)"}
    assert apply_edit(draft, "up:series.2")[0]["formula"] == "100 * A / (C + B)"
    assert apply_edit(draft, "remove:series.0")[0]["formula"] == "100 * ? / (A + B)"
    assert apply_edit(draft, "remove:series.1")[0]["formula"] == "100 * A / (? + B)"
    assert apply_edit({**draft, "formula": None}, "remove:series.1")[0]["formula"] is None


def test_a_formula_waits_until_every_letter_has_its_event():
    draft = {**TREND, "series": [{"event": "a"}, {"event": ""}, {"event": "c"}], "formula": "A / C"}
    assert list(find_gaps(draft)) == ["series.1.event"]
    assert len(prune(draft)[0]["series"]) == 3
    assert "formula" not in switch_kind(draft, "funnel")


def test_what_becomes_of_the_buckets_is_part_of_the_address():
    found = state("kind=trend&series.0.event=a&cumulative=1&moving_average=&range=-30d")
    assert json.loads(parse_qs(found.query)["q"][0])["cumulative"] is True
    assert "moving_average" not in found.query
    found = state("kind=trend&series.0.event=a&moving_average=7&range=-30d")
    assert found.draft["moving_average"] == 7
    assert "cumulative" not in found.query


def test_views_and_attribution_of_a_funnel_go_through_the_form():
    text = "kind=funnel&products=planner&steps.0.event=a&steps.1.event=b&range=-30d&breakdown.0.of=event"
    text += "&breakdown.0.property=plan&attribution=2"
    over_time = state(f"{text}&view=trend&interval=week").draft
    assert (over_time["view"], over_time["interval"], over_time["attribution"]) == ("trend", "week", 2)
    assert "interval" not in state(f"{text}&view=steps&interval=week").draft, "steps have no interval"
    assert apply_edit(over_time, "remove:steps.0")[0]["attribution"] == 1
    assert apply_edit(over_time, "remove:steps.1")[0]["attribution"] == "first"


def test_a_trend_is_broken_down_by_as_many_as_three():
    text = "kind=trend&series.0.event=a&range=-30d&breakdown.0.of=event&breakdown.0.property="
    text += "&breakdown.1.of=person&breakdown.1.property=plan&breakdown.2.of=field:source"
    draft = state(text).draft
    assert draft["breakdown"] == [{"property": "plan", "of": "person"}, {"property": "source", "of": "field"}]
    assert len(switch_kind(draft, "stickiness")["breakdown"]) == 1


def test_an_optional_step_goes_through_the_form_and_leaves_with_the_funnel():
    text = "kind=funnel&products=planner&steps.0.event=a&steps.1.event=b&steps.1.optional=1&steps.2.event=c"
    draft = state(f"{text}&range=-30d").draft
    assert [step.get("optional", False) for step in draft["steps"]] == [False, True, False]
    assert json.loads(parse_qs(to_query(draft))["q"][0])["steps"][1] == {"event": "b", "optional": True}
    rows = Rows(draft, {}, {}).specs()
    assert [row.optional and row.optional.value for row in rows] == [None, "1", ""]
    draft["exclusions"] = [{"event": "x"}]
    (row,) = Rows(draft, {}, {}).exclusions()
    assert [option.value for option in row.before.options] == ["1", "3"]
    assert all("optional" not in spec for spec in switch_kind(draft, "trend")["series"])


def test_features_go_through_the_form_unseen_and_wait_for_the_page_that_has_them():
    features = [{"name": "Reports", "events": [{"event": "opened"}], "core": True}]
    draft = {"kind": "adoption", "products": ["planner"], "features": features, "interval": "month"}
    text = f"kind=adoption&products=planner&features={quote(json.dumps(features))}&interval=month&range=-12w"
    assert state(text).draft == {**draft, "date_from": "-12w", "date_to": None}
    assert state("kind=adoption&products=planner&features=%5B&range=-12w").draft["features"] == "["
    assert find_gaps({**draft, "features": []}) == {"features": "Choose the features on the page “Adoption”."}
    assert switch_kind(draft, "trend")["series"] == [{"event": "", "measure": "total"}]


def test_a_breakdown_waits_for_its_name_with_the_owner_that_was_chosen():
    form = "kind=trend&products=planner&series.0.event=a&range=-30d&breakdown.0.of=person&breakdown.0.property="
    found = state(form)
    assert found.draft["breakdown"] == [{"property": "", "of": "person"}]
    asked = prune(found.draft)[0]
    assert parse_question(asked, now=timezone.now(), default_zone="UTC").breakdown == ()
    named = state(form.replace("property=", "property=plan")).draft
    assert named["breakdown"] == [{"property": "plan", "of": "person"}]


def test_what_goes_with_it_has_its_own_days_and_shares_its_events_with_retention():
    text = "kind=goes_with&products=planner&target.event=a&returning.event=(any+event)&days=5&until=30&range=-90d"
    draft = state(text).draft
    assert (draft["days"], draft["until"], draft["returning"]) == (5, 30, {"event": None})
    back = switch_kind(draft, "retention")
    assert (back["target"], back["returning"], "days" in back) == ({"event": "a"}, {"event": None}, False)
    assert switch_kind(back, "goes_with")["days"] == 7
    assert [row.label for row in Rows(draft, {}, {}).specs()] == ["First did", "Later did"]
