"""Scenarios: copying the roadmap, trying what if, comparing by hand, committing once, throwing away."""

import datetime as dt
import threading

import pytest
from django.db import connection

from portal.people.public import SYSTEM, Membership
from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound, Stale
from roadmaps.delivery.forecasts.models import Forecast
from roadmaps.plan.board.state import State
from roadmaps.plan.scenarios import actions
from roadmaps.plan.scenarios.access import get_item, get_scenario
from roadmaps.plan.scenarios.committing import commit_scenario, read_diff
from roadmaps.plan.scenarios.models import Scenario
from roadmaps.plan.scenarios.reading import read_comparison
from roadmaps.planning.initiatives.public import (
    Initiative,
    InitiativeVersion,
    change_initiative,
    create_initiative,
    delete_initiative,
)
from tests import factories
from tests.roadmaps.plan.scenarios.conftest import items_of, make_scenario

pytestmark = pytest.mark.usefixtures("first_of_january")


def change(scenario, title, actor, place=None, **changes):
    item = items_of(scenario)[title]
    return actions.change_item(item, actor=actor, version=item.version, changes=changes, place=place)


def titles(compared, plan="after"):
    slots = getattr(compared.found, plan).slots.values()
    return [compared.initiatives[one.work.key].title for one in slots if one.fits]


def named(compared, keys):
    return sorted(compared.initiatives[key].title for key in keys)


def commit(scenario, actor, why="Reports win the renewal", only=None, **more):
    """Commit a scenario as its review stands, or only some titles of it."""
    scenario = Scenario.objects.get(pk=scenario.pk)
    diffs = read_diff(scenario, actor)
    chosen = {
        one.item.pk: [line.field for line in one.lines]
        for one in diffs
        if (one.is_chosen if only is None else one.initiative.title in only)
    }
    seen = {one.item.pk: one.initiative.version for one in diffs}
    asked = {"version": scenario.version, "chosen": chosen, "seen": seen, "why": why, **more}
    return commit_scenario(scenario, actor=actor, **asked)


def test_a_copy_of_the_roadmap_is_worth_what_the_roadmap_is(scenario, owner, goals, four):
    compared = read_comparison(scenario, owner)
    # 3 + 4 = 7 of 9 person-months; 5 more do not fit, and below the cut nothing is taken.
    for plan in (compared.found.before, compared.found.after):
        assert (plan.value, plan.n_fit, plan.effort_in, plan.capacity) == (150, 2, 7, 9)
        assert [one.fits for one in plan.slots.values()] == [True, True, False, False]
    assert (compared.found.value_apart, compared.n_new) == (0, 0)
    assert named(compared, compared.found.broken_after) == ["Reports"]
    kinds = {compared.goals[one.goal].title: one.kind for one in compared.found.goals}
    assert kinds == {"Teams plan together": "same", "Fewer leave": "unserved", "Nobody serves this": "unserved"}
    # 9 months in 90 days: a month is ten days.
    days = [(one.begins, one.ends) for one in compared.found.after.fitting]
    assert days == [
        (dt.date(2026, 1, 1), dt.date(2026, 1, 30)),
        (dt.date(2026, 1, 31), dt.date(2026, 3, 11)),
    ]


def test_another_order_effort_and_capacity_are_compared_by_hand(scenario, owner, goals, four):
    change(scenario, "Reports", owner, place=1, effort_months=6)
    change(scenario, "Timeline", owner, is_in=False)
    compared = read_comparison(scenario, owner)
    # Reports: 600 x 0.5 / 6 = 50; Invite 100. 6 + 3 = 9 fits to the day; Later takes nothing and fits too.
    assert titles(compared) == ["Reports", "Invite", "Later"] and titles(compared, "before") == ["Invite", "Timeline"]
    after = compared.found.after
    assert (after.value, after.effort_in, after.n_unscored, after.n_without_effort) == (150, 9, 1, 1)
    assert named(compared, compared.found.comes_in) == ["Later", "Reports"]
    assert named(compared, compared.found.falls_out) == ["Timeline"]
    assert not compared.found.broken_after and named(compared, compared.found.broken_before) == ["Reports"]
    kinds = {compared.goals[one.goal].title: one.kind for one in compared.found.goals}
    assert kinds == {"Teams plan together": "less", "Fewer leave": "won", "Nobody serves this": "unserved"}
    slots = [one for one in after.fitting if one.ends]
    assert [(one.begins, one.ends) for one in slots] == [
        (dt.date(2026, 1, 1), dt.date(2026, 3, 1)),
        (dt.date(2026, 3, 2), dt.date(2026, 3, 31)),
    ]
    (stretch,) = scenario.stretches.all()
    fresh = Scenario.objects.get(pk=scenario.pk)
    actions.set_capacity(fresh, actor=owner, version=fresh.version, months={stretch.pk: (12, 6)})
    compared = read_comparison(scenario, owner)
    assert titles(compared) == ["Reports"] and titles(compared, "before") == ["Invite", "Timeline", "Reports", "Later"]
    assert (compared.found.before.value, compared.found.after.value) == (210, 50)
    kinds = {compared.goals[one.goal].title: one.kind for one in compared.found.goals}
    assert kinds["Teams plan together"] == "lost"
    assert Initiative.objects.get(title="Timeline").horizon == "now", "the roadmap itself is not touched"
    assert InitiativeVersion.objects.filter(valid_to__isnull=False).count() == 0


def test_forecasts_are_held_against_the_days_of_the_plan(scenario, owner, four):
    told = {"product": scenario.product, "made_on": dt.date(2026, 1, 1), "basis": "own", "n_weeks": 20}
    Forecast.objects.create(
        initiative=four["Invite"], p50=dt.date(2026, 2, 1), p85=dt.date(2026, 3, 1), n_done=1, n_left=9, seed=1, **told
    )
    slot = read_comparison(scenario, owner).found.after.slots[four["Invite"].pk]
    assert slot.is_early and slot.out_on == dt.date(2026, 1, 30)
    change(scenario, "Invite", owner, starts_on=dt.date(2026, 1, 5), ends_on=dt.date(2026, 3, 20))
    slot = read_comparison(scenario, owner).found.after.slots[four["Invite"].pk]
    assert not slot.is_early and slot.out_on == dt.date(2026, 3, 20), "the planned end is later than the capacity's"


def test_two_scenarios_are_compared_with_each_other(scenario, four, product, owner, rice):
    other = make_scenario(product, owner, rice, name="More people", months=12)
    change(scenario, "Timeline", owner, is_in=False)
    compared = read_comparison(scenario, owner, other=other)
    # Without Timeline 3 + 5 = 8 of 9 fit: 100 + 60; with 12 months 3 + 4 + 5 fit: 100 + 50 + 60.
    assert (compared.found.before.value, compared.found.after.value) == (210, 160)
    assert named(compared, compared.found.falls_out) == ["Timeline"]


def test_what_is_new_on_the_roadmap_is_told_and_can_be_put_in(scenario, four, product, owner):
    new = create_initiative(product, title="New", actor=owner, horizon="now", effort_months=1)
    dropped = create_initiative(product, title="Old", actor=owner, stage="dropped")
    assert read_comparison(scenario, owner).n_new == 1
    assert actions.put_in(scenario, [new, dropped, four["Invite"]], actor=owner) == 2
    compared = read_comparison(scenario, owner)
    assert compared.n_new == 0 and [one.initiative.title for one in compared.tried if one.counts] == [
        "Invite", "Timeline", "New", "Reports", "Later", "Old",
    ]  # fmt: skip
    wanted = {one.initiative.title: [line.field for line in one.lines] for one in read_diff(scenario, owner)}
    assert wanted == {"Old": ["stage"]}, "an initiative that was put in and not changed is no difference"
    out = create_initiative(product, title="Out", actor=owner, stage="launched")
    with pytest.raises(BadInput, match="out already"):
        actions.put_in(scenario, [out], actor=owner)


def test_what_is_chosen_is_written_with_the_reason_and_the_rest_left(scenario, four, owner, goals):
    change(scenario, "Reports", owner, place=1, effort_months=6, objective=goals[2])
    change(scenario, "Timeline", owner, is_in=False)
    change(scenario, "Invite", owner, stage="building")
    lines = {one.initiative.title: {line.field for line in one.lines} for one in read_diff(scenario, owner)}
    assert lines == {
        "Reports": {"position", "horizon", "effort_months", "objective_id"},
        "Timeline": {"horizon"},
        "Invite": {"stage"},
    }
    done = commit(scenario, owner, only=("Reports", "Timeline"))
    assert (done.state, done.closed_by, done.closed_why) == ("committed", owner, "Reports win the renewal")
    rows = {one.title: one for one in Initiative.objects.all()}
    assert [one.title for one in Initiative.objects.filter(horizon="now").order_by("position")] == ["Reports", "Invite"]
    assert (rows["Reports"].effort_months, rows["Reports"].objective, rows["Reports"].version) == (6, goals[2], 2)
    assert (rows["Timeline"].horizon, rows["Invite"].stage) == ("later", "discovery")
    newest = InitiativeVersion.objects.get(initiative=rows["Reports"], valid_to=None)
    assert newest.by == owner and newest.why == "Reports win the renewal (scenario “Reports first”)"
    told = {(one["title"], one["field"]): one["was_applied"] for one in done.outcome}
    assert told[("Invite", "stage")] is False and told[("Reports", "horizon")] is True and len(told) == 6
    with pytest.raises(Conflict, match="Owner committed “Reports first” already"):
        change(scenario, "Invite", owner, stage="discovery")
    with pytest.raises(Conflict, match="already"):
        actions.throw_away(scenario, actor=owner)


def test_what_others_changed_is_a_conflict_left_out_until_it_is_chosen(scenario, four, owner, editor, product, rice):
    change(scenario, "Reports", owner, horizon="now")
    change(scenario, "Invite", owner, effort_months=2)
    change_initiative(four["Reports"], actor=editor, changes={"horizon": "later", "title": "Reports 2"}, why="No")
    diffs = {one.initiative.title: one for one in read_diff(scenario, owner)}
    assert (diffs["Reports 2"].has_moved, diffs["Reports 2"].is_chosen) == (True, False)
    (line,) = diffs["Reports 2"].lines
    assert (line.then, line.today, line.wanted, line.has_moved) == ("next", "later", "now", True)
    assert diffs["Invite"].is_chosen
    done = commit(scenario, owner)
    assert Initiative.objects.get(pk=four["Reports"].pk).horizon == "later"
    assert [(one["has_moved"], one["was_applied"]) for one in done.outcome] == [(False, True), (True, False)]
    again = make_scenario(product, owner, rice, name="Again")
    change(again, "Reports 2", owner, horizon="now")
    change_initiative(four["Reports"], actor=editor, changes={"stage": "building"})
    commit(again, owner, only=("Reports 2",))
    found = Initiative.objects.get(pk=four["Reports"].pk)
    assert (found.horizon, found.stage) == ("now", "building"), "what others changed elsewhere stays"


def test_what_the_roadmap_has_by_now_is_no_change_any_more(scenario, four, owner, editor):
    change(scenario, "Reports", owner, horizon="now")
    change_initiative(four["Reports"], actor=editor, changes={"horizon": "now"})
    change_initiative(four["Invite"], actor=editor, changes={"effort_months": 8})
    assert read_diff(scenario, owner) == []
    assert read_comparison(scenario, owner).found.after.slots[four["Invite"].pk].work.effort == 8
    item = change(scenario, "Invite", owner, effort_months=3)
    assert item.then["effort_months"] == 8, "back to what it was is a change, of what it is today"
    assert [(one.initiative.title, one.has_moved) for one in read_diff(scenario, owner)] == [("Invite", False)]


def test_nothing_is_written_where_the_review_is_out_of_date(scenario, four, owner, editor):
    change(scenario, "Reports", owner, horizon="now")
    change(scenario, "Invite", owner, effort_months=2)
    fresh = Scenario.objects.get(pk=scenario.pk)
    diffs = read_diff(fresh, owner)
    asked = {
        "version": fresh.version,
        "chosen": {one.item.pk: [line.field for line in one.lines] for one in diffs},
        "seen": {one.item.pk: one.initiative.version for one in diffs},
        "why": "Why not",
    }
    change_initiative(four["Reports"], actor=editor, changes={"title": "Reported"})
    with pytest.raises(Stale, match="“Reported” was changed while you looked"):
        commit_scenario(fresh, actor=owner, **asked)
    for fault, error in (
        ({"why": "  "}, BadInput),
        ({"chosen": {}}, BadInput),
        ({"version": 1}, Stale),
        ({"chosen": {diffs[0].item.pk: ["title"]}}, NotFound),
        ({"chosen": {diffs[0].item.pk: ["stage"]}}, Stale),
    ):
        with pytest.raises(error):
            commit_scenario(fresh, actor=owner, **{**asked, **fault})
    assert Initiative.objects.get(title="Invite").effort_months == 3
    assert Scenario.objects.get(pk=fresh.pk).is_open


def test_days_that_do_not_fit_together_are_named_and_refuse_the_whole(scenario, four, owner, editor):
    days = {"starts_on": dt.date(2026, 5, 1), "ends_on": dt.date(2026, 6, 1)}
    change(scenario, "Reports", owner, **days)
    change(scenario, "Invite", owner, effort_months=2)
    change_initiative(four["Reports"], actor=editor, changes={"ends_on": dt.date(2026, 4, 1)})
    scenario = Scenario.objects.get(pk=scenario.pk)
    diffs = {one.initiative.title: one for one in read_diff(scenario, owner)}
    chosen = {diffs["Invite"].item.pk: ["effort_months"], diffs["Reports"].item.pk: ["starts_on"]}
    seen = {one.item.pk: one.initiative.version for one in diffs.values()}
    with pytest.raises(BadInput, match="“Reports”: It ends before it begins"):
        commit_scenario(scenario, actor=owner, version=scenario.version, chosen=chosen, seen=seen, why="Spring")
    assert Initiative.objects.get(title="Invite").effort_months == 3


def test_a_range_of_efforts_stretches_to_hold_the_new_one(scenario, four, owner):
    change_initiative(four["Invite"], actor=owner, changes={"effort_low": 2, "effort_high": 4})
    change(scenario, "Invite", owner, effort_months=6)
    commit(scenario, owner)
    found = Initiative.objects.get(title="Invite")
    assert (found.effort_low, found.effort_months, found.effort_high) == (2, 6, 6)


def test_a_scenario_is_for_its_owner_or_the_team(scenario, four, owner, editor, viewer, outsider, ops):
    assert get_scenario(owner, scenario.pk) == scenario
    for user in (editor, viewer, outsider, ops):
        with pytest.raises(NotFound):
            get_scenario(user, scenario.pk)
    actions.change_scenario(scenario, actor=owner, version=1, sharing="team")
    assert get_scenario(editor, scenario.pk, write=True) and get_scenario(ops, scenario.pk, write=True)
    with pytest.raises(NotAllowed):
        get_scenario(viewer, scenario.pk, write=True)
    with pytest.raises(NotFound):
        get_scenario(outsider, scenario.pk)
    with pytest.raises(BadInput) as refused:
        actions.change_scenario(scenario, actor=editor, version=2, sharing="mine")
    assert refused.value.fields == {"sharing": ["Owner made it, and says who opens it."]}
    with pytest.raises(NotAllowed):
        change(scenario, "Invite", viewer, is_in=False)
    with pytest.raises(NotAllowed):
        commit(scenario, viewer)
    Membership.objects.filter(user=owner).delete()
    with pytest.raises(NotFound):
        get_scenario(type(owner).objects.get(pk=owner.pk), scenario.pk)


def test_what_went_to_another_team_or_was_deleted_is_not_in_it(scenario, four, owner, editor):
    change(scenario, "Reports", owner, horizon="now")
    change(scenario, "Invite", owner, horizon="next")
    Initiative.objects.filter(pk=four["Reports"].pk).update(team=factories.make_team("Third"), visibility="team")
    delete_initiative(four["Invite"], actor=SYSTEM)
    assert read_diff(scenario, owner) == []
    assert [one.initiative.title for one in read_comparison(scenario, owner).tried] == ["Timeline", "Later"]
    for title in ("Reports", "Invite"):
        with pytest.raises(NotFound):
            get_item(owner, scenario, items_of(scenario)[title].pk)


def test_filters_choose_what_is_copied_and_bad_input_is_refused(four, product, owner, viewer, rice, goals):
    some = make_scenario(product, owner, rice, state=State(view="timeline", goal=str(goals[0].pk), colour="goal"))
    assert list(items_of(some)) == ["Invite", "Timeline"] and some.asked == {"goal": str(goals[0].pk)}
    assert [(one.name, one.months) for one in some.stretches.all()] == [("Q1 2026", 9)]
    for fault in (
        {"name": " "},
        {"months": -1},
        {"n_stretches": 0},
        {"sharing": "all"},
        {"state": State(q="nothing of it")},
        {"product": factories.make_product("Other", factories.make_team("Elsewhere"))},
    ):
        values = {"name": "A", "months": 1, "n_stretches": 1, "product": product, **fault}
        with pytest.raises(BadInput):
            actions.create_scenario(actor=owner, team=product.team, model=rice, **values)
    with pytest.raises(NotAllowed):
        make_scenario(product, viewer, rice)
    in_cycles = make_scenario(product, owner, rice, span="cycle", n_stretches=3)
    assert [(one.name, one.months) for one in in_cycles.stretches.all()] == [("H1", 9)]


def test_an_item_refuses_what_its_initiative_would(scenario, four, owner, outsider):
    for changes in (
        {"effort_months": -1},
        {"horizon": "soon"},
        {"stage": "soon"},
        {"starts_on": dt.date(2026, 2, 1), "ends_on": dt.date(2026, 1, 1)},
        {"reference": "x"},
    ):
        with pytest.raises(BadInput):
            change(scenario, "Invite", owner, **changes)
    item = items_of(scenario)["Invite"]
    with pytest.raises(Stale):
        actions.change_item(item, actor=owner, version=9, changes={"horizon": "next"})
    change(scenario, "Timeline", owner, is_in=False)
    with pytest.raises(BadInput) as refused:
        change(scenario, "Timeline", owner, place=1)
    assert "it has no place" in refused.value.fields["place"][0]


def test_places_within_and_across_columns(scenario, four, owner, product):
    def order():
        return [(one.initiative.title, one.values["horizon"]) for one in read_comparison(scenario, owner).tried]

    change(scenario, "Later", owner, place=1)
    assert order() == [("Later", "now"), ("Invite", "now"), ("Timeline", "now"), ("Reports", "next")]
    change(scenario, "Later", owner, place=4)
    assert order() == [("Invite", "now"), ("Timeline", "now"), ("Reports", "next"), ("Later", "next")]
    change(scenario, "Invite", owner, place=2)
    assert order()[:2] == [("Timeline", "now"), ("Invite", "now")]
    Initiative.objects.update(position=7)  # no room anywhere
    change(scenario, "Invite", owner, place=1)
    assert order()[:2] == [("Invite", "now"), ("Timeline", "now")]
    commit(scenario, owner, only=("Invite", "Timeline", "Later"))
    found = Initiative.objects.filter(horizon="now").order_by("position", "pk")
    assert [one.title for one in found] == ["Invite", "Timeline"]


def test_what_is_thrown_away_stays_to_be_read(scenario, four, owner, editor):
    done = actions.throw_away(scenario, actor=owner, why="The renewal came anyway")
    assert (done.state, done.closed_by, done.closed_why) == ("thrown_away", owner, "The renewal came anyway")
    assert get_scenario(owner, done.pk) == done and done.items.count() == 4
    with pytest.raises(Conflict, match="Owner threw away “Reports first” already"):
        commit(scenario, owner, only=())


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_commit_at_once_one_does(scenario, four, owner, editor):
    actions.change_scenario(scenario, actor=owner, version=1, sharing="team")
    change(scenario, "Reports", owner, horizon="now")
    both, said = threading.Barrier(2), []

    def press(person):
        try:
            both.wait(10)
            commit(scenario, person, only=("Reports",))
            said.append("committed")
        except Conflict as conflict:
            said.append(conflict.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[person]) for person in (owner, editor)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    winner = Scenario.objects.get(pk=scenario.pk).closed_by
    assert sorted(said) == sorted(
        ["committed", f"{winner} committed “Reports first” already. Nothing more was changed."]
    )
    assert Initiative.objects.get(title="Reports").version == 2
