"""Cohorts behind numbers, by rules and from lists: who is in them, day by day, and what becomes of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from insights.cohorts import actions
from insights.cohorts.counting import count_cohort, in_order
from insights.cohorts.editions import edition_on, thin_editions
from insights.cohorts.lists import read_ids
from insights.cohorts.models import Cohort
from insights.cohorts.queries import read_members
from insights.events.public import DistinctId, erase_person, merge_persons, undo_join
from insights.questions.public import ask, is_answer_current, parse_question
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotAllowed, TooMuch
from tests.factories import make_cohort, make_product, make_source, store_events

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture
def source(product):
    found = make_source(product)
    rows = [("ann", "paid", 1), ("ann", "paid", 2), ("bob", "paid", 3), ("bob", "opened", 9), ("cem", "opened", 9)]
    rows += [("dee", "opened", 5), ("anon", "opened", 8)]
    events = [
        {
            "event": event,
            "distinct_id": who,
            "timestamp": datetime(2026, 11, day, 9, tzinfo=UTC),
            "account_id": {"ann": "acme", "bob": "acme", "cem": "beta"}.get(who),
            "properties": {"via": "web" if day % 2 else "app"},
        }
        for who, event, day in rows
    ]
    traits = [
        {"subject": "person", "subject_id": who, "key": "plan", "value": plan, "timestamp": NOW}
        for who, plan in {"ann": "pro", "bob": "free"}.items()
    ]
    store_events(found, events, traits=traits)
    return found


def at(day):
    return datetime(2026, 11, day, 12, tzinfo=UTC)


def ids_of(cohort, user=SYSTEM, **options):
    return sorted(one.id for one in read_members(cohort, user=user, **options).people)


def rule_of(rule, source, unit="person", now=NOW, name="Some"):
    cohort = actions.create_rule(rule, actor=SYSTEM, name=name, products=[source.product], unit=unit)
    return count_cohort(cohort.pk, now)


def paid(**more):
    return {"did": True, "event": "paid", **more}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (paid(), ["ann", "bob"]),
        (paid(at_least=2), ["ann"]),
        (paid(last_days=8), ["bob"]),
        (paid(date_from="2026-11-01", date_to="2026-11-02"), ["ann"]),
        (paid(did=False), ["anon", "cem", "dee"]),
        (paid(did=False, last_days=8), ["ann", "anon", "cem", "dee"]),
        (paid(filters=[{"property": "via", "op": "is", "value": "app"}]), ["ann"]),
        ({"property": "plan", "of": "person", "op": "is", "value": "pro"}, ["ann"]),
        ({"property": "plan", "of": "person", "op": "is_not", "value": "pro"}, ["anon", "bob", "cem", "dee"]),
        ({"any": [paid(at_least=2), {"did": True, "event": "opened", "last_days": 2}]}, ["ann", "bob", "cem"]),
        ({"all": [paid(), {"did": True, "event": "opened"}]}, ["bob"]),
        ({"all": [paid(), {"not": {"did": True, "event": "opened"}}]}, ["ann"]),
        ({"not": {"any": [paid(), {"did": True, "event": "opened", "last_days": 2}]}}, ["anon", "dee"]),
        ({"did": True, "event": None, "at_least": 2}, ["ann", "bob"]),
        ({"op": "in_cohort", "value": "regulars"}, ["bob", "cem"]),
        ({"op": "not_in_cohort", "value": ["regulars"]}, ["ann", "anon", "dee"]),
        ({"op": "in_cohort", "value": "payers"}, ["ann", "bob"]),
    ],
)
def test_a_rule_finds_who_fits(source, rule, expected):
    make_cohort(source.product, "Regulars", ["bob", "cem"])
    make_cohort(source.product, "Payers", ["acme"], "account")
    cohort = rule_of(rule, source)
    assert (cohort.state, cohort.error) == ("ok", "")
    assert ids_of(cohort) == expected
    assert cohort.current.size == len(expected)


def test_a_rule_about_accounts(source):
    make_cohort(source.product, "Regulars", ["cem"])
    assert ids_of(rule_of(paid(at_least=3), source, "account")) == ["acme"]
    assert ids_of(rule_of(paid(did=False), source, "account")) == ["beta"]
    assert ids_of(rule_of({"op": "in_cohort", "value": "regulars"}, source, "account")) == ["beta"]


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("all", "rule"),
        ({"all": []}, "rule.all"),
        ({}, "rule"),
        ({"did": True}, "rule.event"),
        (paid(at_least=0), "rule.at_least"),
        (paid(last_days=0), "rule.last_days"),
        (paid(last_days=3, date_from="2026-01-01", date_to="2026-01-02"), "rule.last_days"),
        (paid(date_from="2026-01-01"), "rule.date_from"),
        (paid(date_from="2026-01-02", date_to="2026-01-01"), "rule.date_from"),
        (paid(times=3), "rule.times"),
        (paid(filters=[{"property": "via", "op": "like", "value": "x"}]), "rule.filters[0].op"),
        ({"all": [paid(), {"property": "via", "op": "is", "value": "x"}]}, "rule.all[1].of"),
        ({"any": [{"op": "in_cohort", "value": "nobody"}]}, "rule.any[0].value[0]"),
        ({"not": [paid()]}, "rule.not"),
        ({"not": {"not": {"not": {"not": {"not": {"not": paid()}}}}}}, "rule.not.not.not.not.not.not"),
        ({"all": [paid()] * 41}, "rule"),
    ],
)
def test_a_fault_of_a_rule_has_its_path(source, rule, path):
    with pytest.raises(BadInput) as fault:
        actions.create_rule(rule, actor=SYSTEM, name="Odd", products=[source.product])
    assert list(fault.value.fields) == [path]
    assert not Cohort.objects.exists()


def test_cohorts_that_lead_back_to_themselves_are_refused(source):
    first = rule_of(paid(), source, name="First")
    second = rule_of({"op": "in_cohort", "value": "first"}, source, name="Second")
    third = rule_of({"not": {"op": "in_cohort", "value": str(second.pk)}}, source, name="Third")
    with pytest.raises(BadInput):
        actions.update_cohort(first, actor=SYSTEM, version=1, rule={"op": "in_cohort", "value": "third"})
    with pytest.raises(BadInput):
        actions.update_cohort(first, actor=SYSTEM, version=1, rule={"op": "in_cohort", "value": "first"})
    first.refresh_from_db()
    assert first.definition == {"rule": {**paid(), "filters": [], "at_least": 1}}
    assert in_order(Cohort.objects.order_by("-pk")) == [first, second, third]


def test_who_was_in_it_on_a_day_and_who_moved(source):
    cohort = rule_of(paid(last_days=3), source, now=at(3))
    assert ids_of(cohort) == ["ann", "bob"]
    cohort = count_cohort(cohort.pk, at(5))
    assert (ids_of(cohort), cohort.current.n_entered, cohort.current.n_left) == (["bob"], 0, 1)
    unchanged = count_cohort(cohort.pk, at(5) + timedelta(hours=3))
    assert unchanged.current == cohort.current and unchanged.editions.count() == 2
    assert count_cohort(cohort.pk, at(6)).current.size == 0
    assert ids_of(cohort, day=date(2026, 11, 4)) == ["ann", "bob"]
    assert ids_of(cohort, day=date(2026, 11, 5)) == ["bob"]
    assert edition_on(cohort, date(2026, 11, 2)) is None


def test_two_countings_of_one_day_are_one_edition(source):
    cohort = rule_of(paid(), source)
    before = cohort.current.key
    event = {"event": "paid", "distinct_id": "dee", "timestamp": NOW}
    store_events(source, [event])
    cohort = count_cohort(cohort.pk, NOW + timedelta(hours=1))
    assert cohort.editions.count() == 1 and cohort.current.key != before
    assert (cohort.current.size, cohort.current.n_entered) == (3, 3)


def test_old_editions_are_thinned(source):
    cohort = make_cohort(source.product, "Regulars", ["ann"])
    cohort.editions.all().delete()
    for number in range(500):
        day = date(2025, 6, 1) + timedelta(days=number)
        edition = cohort.editions.create(counted_on=day, counted_at=at(1), members=b"", size=0)
        edition.set_numbers(cohort_numbers([number // 7, 1000]))
        edition.save()
    now = datetime(2026, 10, 13, 12, tzinfo=UTC)
    assert thin_editions(now) > 300
    days = [edition.counted_on for edition in cohort.editions.order_by("counted_on")]
    assert len([day for day in days if day > date(2026, 8, 13)]) == 61
    assert {day.strftime("%Y-%m") for day in days if day < date(2025, 10, 1)} == {
        "2025-06",
        "2025-07",
        "2025-08",
        "2025-09",
    }
    assert max(day for day in days if day < date(2025, 7, 1)) == date(2025, 6, 30)
    assert thin_editions(now) == 0
    old = edition_on(cohort, date(2025, 8, 31))
    assert (old.n_entered, old.n_left) == (1, 1)


def cohort_numbers(numbers):
    from insights.cohorts.packing import as_numbers

    return as_numbers(numbers)


def test_merged_persons_count_once_and_a_split_gives_both_back(source):
    space = source.id_space
    frozen = make_cohort(source.product, "Frozen", ["ann", "dee"])
    listed = actions.create_list(read_ids(b"ann\ndee\nlater"), actor=SYSTEM, name="Listed", products=[source.product])
    join = merge_persons(space, "dee", "ann", actor=SYSTEM)
    for cohort in (frozen, listed):
        counted = count_cohort(cohort.pk, NOW)
        assert (counted.current.size, ids_of(counted)) == (1, ["ann"])
    assert persons_in(source, "frozen", "paid") == persons_in(source, "frozen") == 1
    undo_join(join, actor=SYSTEM)
    assert count_cohort(frozen.pk, NOW).current.size == 2
    assert persons_in(source, "frozen") == 2


def persons_in(source, cohort, event=None, op="in_cohort"):
    filters = [{"op": op, "value": cohort}]
    value = {"kind": "trend", "series": [{"event": event, "measure": "persons"}], "interval": "all"}
    value |= {"products": [source.product.slug], "filters": filters, "date_from": "2026-11-01", "date_to": "2026-11-30"}
    question = parse_question(value, now=NOW, default_zone="UTC")
    return ask(question, user=SYSTEM, caller="tests")["series"][0]["values"][0]


def test_an_erased_person_leaves_every_edition_and_list(source):
    cohort = rule_of(paid(), source, now=at(3))
    count_cohort(cohort.pk, at(5))
    listed = actions.create_list(read_ids(b"ann\nbob"), actor=SYSTEM, name="Listed", products=[source.product])
    listed = count_cohort(listed.pk, NOW)
    no = DistinctId.objects.get(distinct_id="ann").no
    assert all(no in edition.numbers for edition in [*cohort.editions.all(), *listed.editions.all()])
    erase_person(source.id_space, "ann", actor=SYSTEM)
    for edition in [*cohort.editions.all(), *listed.editions.all()]:
        assert no not in edition.numbers and edition.size == len(edition.numbers) == 1
    listed.refresh_from_db()
    assert listed.listed.n_ids == 1
    assert count_cohort(listed.pk, NOW).current.size == 1


def test_an_answer_is_stale_once_the_members_changed(source):
    cohort = rule_of(paid(), source, name="Payers of ours")
    assert persons_in(source, cohort.slug) == 2
    value = {"kind": "trend", "series": [{"event": None, "measure": "persons"}], "products": [source.product.slug]}
    value |= {"breakdown": [{"property": cohort.slug, "of": "cohort"}], "interval": "all", "date_from": "2026-11-01"}
    question = parse_question(value, now=NOW, default_zone="UTC")
    answer = ask(question, user=SYSTEM, caller="tests")
    assert {line["breakdown"][0]: line["values"] for line in answer["series"]} == {"in": [2], "not in": [3]}
    assert answer["facts"]["cohorts"][0]["size"] == 2
    assert is_answer_current(question, answer["facts"])
    actions.update_cohort(cohort, actor=SYSTEM, version=1, rule=paid(at_least=2))
    count_cohort(cohort.pk, NOW)
    assert not is_answer_current(question, answer["facts"])
    assert persons_in(source, cohort.slug) == 1
    assert persons_in(source, cohort.slug, op="not_in_cohort") == 4


def test_a_cohort_that_the_reader_may_not_see_is_a_named_fault(source, outsider, viewer):
    make_cohort(source.product, "Ours", ["ann"], visibility="team")
    value = {
        "kind": "trend",
        "series": [{"event": "paid", "filters": [{"any": [{"op": "in_cohort", "value": "ours"}]}]}],
    }
    question = parse_question({**value, "products": [source.product.slug]}, now=NOW, default_zone="UTC")
    assert ask(question, user=viewer, caller="tests")
    with pytest.raises(BadInput) as fault:
        ask(question, user=outsider, caller="tests")
    assert list(fault.value.fields) == ["series[0].filters[0].any[0].value[0]"]


def test_a_cohort_of_a_hidden_product_is_not_there(source, outsider, team):
    hidden = make_product("Hidden", team, "team")
    make_source(hidden, "Hidden web")
    make_cohort(hidden, "Theirs", [])
    assert not Cohort.objects.visible_to(outsider).exists()


def test_a_cohort_not_counted_yet_cannot_be_asked(source):
    actions.create_rule(paid(), actor=SYSTEM, name="Fresh", products=[source.product])
    with pytest.raises(BadInput) as fault:
        persons_in(source, "fresh")
    assert fault.value.fields == {
        "filters[0].value[0]": ["This cohort was not counted yet. Wait until it is, then ask again."]
    }


def test_members_are_for_insiders(source, outsider, owner):
    cohort = make_cohort(source.product, "Regulars", ["ann"])
    assert ids_of(cohort, owner) == ["ann"]
    with pytest.raises(NotAllowed):
        read_members(cohort, user=outsider)
    with pytest.raises(NotAllowed):
        actions.create_list(read_ids(b"ann"), actor=outsider, name="One", products=[source.product])


def test_what_is_used_is_archived_not_deleted(source):
    used = rule_of(paid(), source, name="Used")
    rule_of({"op": "in_cohort", "value": "used"}, source, name="User")
    with pytest.raises(Conflict, match="User"):
        actions.delete_cohort(used, actor=SYSTEM)
    assert actions.archive_cohort(used, actor=SYSTEM) and not actions.archive_cohort(used, actor=SYSTEM)
    assert persons_in(source, "used") == 2
    with pytest.raises(Conflict):
        actions.ask_count(used, actor=SYSTEM)
    assert actions.restore_cohort(used, actor=SYSTEM)


def test_a_failure_keeps_the_members_and_says_why(source):
    cohort = rule_of(paid(), source)
    Cohort.objects.filter(pk=cohort.pk).update(definition={"rule": {"op": "in_cohort", "value": ["gone"]}})
    failed = count_cohort(cohort.pk, NOW + timedelta(days=1))
    assert failed.state == "failed" and "no such cohort" in failed.error
    assert failed.current.size == 2 and failed.refreshed_at == NOW


def test_an_edit_by_two_at_once_is_refused(source):
    cohort = rule_of(paid(), source)
    actions.update_cohort(cohort, actor=SYSTEM, version=1, name="Payers")
    with pytest.raises(Conflict):
        actions.update_cohort(cohort, actor=SYSTEM, version=1, name="Other")


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (b"ann\nbob\n\n ann \n", ("ann", "bob")),
        (b"\xef\xbb\xbfuser_id\r\nann\r\nbob\r\n", ("ann", "bob")),
        ("när;1\nbø;2\n".encode("cp1252"), ("när", "bø")),
        (b"name,email,user_id\nAnn,a@x.de,u1\nBob,b@x.de,u2\n", ("u1", "u2")),
        (b'id,name\n"a,b","x\ny"\nc,z\n', ("a,b", "c")),
        ("ann\nbob\n".encode("utf-16"), ("ann", "bob")),
        (b"=cmd()\n-1\n", ("=cmd()", "-1")),
    ],
)
def test_ids_are_read(data, ids):
    assert read_ids(data).ids == ids


@pytest.mark.parametrize("data", [b"", b"\n\n", b"PK\x03\x04zip", b"a\x00b", b"%PDF-1.7", b"x" * 401])
def test_what_is_no_list_is_refused(data):
    with pytest.raises(BadInput):
        read_ids(data)


def test_too_long_a_list_is_refused(monkeypatch):
    monkeypatch.setattr("insights.cohorts.lists.MOST_IDS", 3)
    with pytest.raises(TooMuch):
        read_ids(b"a\nb\nc\nd")


def test_unknown_ids_are_kept_and_matched_later(source):
    listed = actions.create_list(read_ids(b"ann\nzoe"), actor=SYSTEM, name="Listed", products=[source.product])
    listed = count_cohort(listed.pk, NOW)
    assert (listed.listed.n_ids, listed.listed.n_known, listed.current.size) == (2, 1, 1)
    store_events(source, [{"event": "paid", "distinct_id": "zoe", "timestamp": NOW}])
    assert count_cohort(listed.pk, NOW).current.size == 2
