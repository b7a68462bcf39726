"""Checks of alerts on the real store: what fires, what waits, what is told, once."""

import datetime as dt
import threading

import pytest
from django.db import connections

from insights.alerts import actions
from insights.alerts.checking import check_alert, check_alerts, wake_snoozed
from insights.alerts.contracts import Condition
from insights.alerts.models import Alert, DayOff, Incident, SourceDoubt
from insights.alerts.series import Subject
from insights.dashboards.models import Annotation
from insights.explore.actions import create_insight, delete_insight
from insights.questions.public import parse_question
from portal.messages.models import Delivery, Notice
from portal.people.public import SYSTEM
from tests import factories
from tests.insights.alerts.conftest import NOW, QUESTION, TODAY, events_of, load_days, usual

DAY = dt.timedelta(days=1)


def told(user):
    return list(
        Notice.objects.filter(user=user, key__startswith="alert:").order_by("pk").values_list("text", flat=True)
    )


def test_a_drop_opens_one_incident_and_tells_each_person_once(make_alert, source, owner, editor):
    load_days(source, [*usual(70), 3])
    alert = make_alert(people=[owner, editor])
    for _ in range(3):
        check_alert(alert.pk, NOW)
    incident = Incident.objects.get()
    assert (incident.state, incident.first_label, incident.n_buckets) == ("open", "2026-11-17", 1)
    assert incident.sentence.startswith("Reports: 3 events, ")
    assert "; expected " in incident.sentence
    assert [len(told(user)) for user in (owner, editor)] == [1, 1]
    assert Delivery.objects.filter(key__startswith=f"alert:{incident.pk}:").count() == 2


def test_of_what_was_over_before_the_alert_was_made_only_the_newest_is_judged(make_alert, source, owner):
    load_days(source, [*usual(66), 3, 3, *usual(2)])
    alert = make_alert(people=[owner])
    check_alert(alert.pk, NOW)
    assert not Incident.objects.exists()
    assert [(one.label, one.state) for one in alert.readings.all()] == [("2026-11-16", "ok"), ("2026-11-17", "ok")]


def test_it_goes_on_and_ends_by_itself(make_alert, source, owner):
    load_days(source, [*usual(70), 3])
    alert = make_alert(people=[owner])
    check_alert(alert.pk, NOW)
    factories.store_events(source, events_of(TODAY, 2) + events_of(TODAY, 48, "page viewed"))
    check_alert(alert.pk, NOW + DAY)
    incident = Incident.objects.get()
    assert (incident.state, incident.last_label, incident.n_buckets) == ("open", "2026-11-18", 2)
    factories.store_events(source, events_of(TODAY + DAY, 41) + events_of(TODAY + DAY, 48, "page viewed"))
    check_alert(alert.pk, NOW + 2 * DAY)
    incident.refresh_from_db()
    assert (incident.state, incident.is_back, incident.resolved_by) == ("resolved", True, None)
    assert [text.partition(".")[0] for text in told(owner)] == ["Reports fell fired", "Reports fell: back to normal"]


def test_a_resolved_occurrence_is_not_opened_again(make_alert, source, owner):
    load_days(source, [*usual(70), 3])
    alert = make_alert(people=[owner])
    check_alert(alert.pk, NOW)
    actions.resolve_incident(Incident.objects.get(), actor=owner, note="We switched reports off.")
    factories.store_events(source, events_of(TODAY, 2) + events_of(TODAY, 48, "page viewed"))
    check_alert(alert.pk, NOW + DAY)
    incident = Incident.objects.get()
    assert (incident.state, incident.last_label) == ("resolved", "2026-11-18")
    assert len(told(owner)) == 1


def test_a_day_that_is_not_over_is_not_judged(make_alert, source):
    load_days(source, usual(70))
    alert = make_alert(Condition("threshold", side="below", value=30))
    check_alert(alert.pk, NOW + dt.timedelta(hours=6))
    assert not Incident.objects.exists()
    assert [one.label for one in alert.readings.all()] == ["2026-11-16", "2026-11-17"]


def test_a_day_off_is_not_judged(make_alert, source, product):
    load_days(source, [*usual(70), 3])
    DayOff.objects.create(day=TODAY - DAY, name="Holiday", product=product)
    alert = make_alert()
    check_alert(alert.pk, NOW)
    alert.refresh_from_db()
    assert (Incident.objects.count(), alert.hint) == (0, "It is a day off.")


def test_a_source_that_delivers_far_less_pauses_its_alerts_and_says_so_once(make_alert, source, owner, product):
    load_days(source, usual(70))
    factories.store_events(source, events_of(TODAY - 0 * DAY, 5, hours=[0, 1, 2, 3]))
    source.owner = owner
    source.save()
    alert = make_alert(people=[owner], now=NOW + DAY)
    other = make_alert(people=[owner], now=NOW + DAY, name="Reports rose")
    for pk in (alert.pk, other.pk, alert.pk):
        check_alert(pk, NOW + DAY)
    doubt = SourceDoubt.objects.get()
    assert doubt.sentence == "Web on 18 Nov 2026: 5 events, where about 94 usually come."
    assert (doubt.closed_at, Incident.objects.count()) == (None, 0)
    assert Notice.objects.filter(user=owner, key__startswith="alerts:source:").count() == 1
    factories.store_events(source, events_of(TODAY, 36, shift=9) + events_of(TODAY, 48, "page viewed"))
    check_alert(alert.pk, NOW + DAY + dt.timedelta(hours=1))
    doubt.refresh_from_db()
    assert doubt.closed_at is not None
    assert "2026-11-18" in {one.label for one in alert.readings.all()}
    assert not Incident.objects.exists()


@pytest.mark.parametrize(("kind", "n_doubts"), [("upload", 0), ("api", 1)])
def test_only_a_source_that_delivers_all_day_is_told_to_be_silent_today(make_alert, source, kind, n_doubts):
    load_days(source, usual(70))
    source.kind = kind
    source.save()
    check_alert(make_alert().pk, NOW.replace(hour=20))
    assert SourceDoubt.objects.count() == n_doubts


def test_a_question_that_fails_is_told_to_the_owner_once_and_never_off(make_alert, source, owner, product):
    load_days(source, usual(40))
    question = parse_question({**QUESTION, "products": [product.slug]}, now=NOW, default_zone="UTC")
    insight = create_insight(question, title="Reports a day", actor=owner)
    alert = make_alert(subject=Subject("Reports a day", product, insight=insight))
    delete_insight(insight, actor=owner)
    problems = []
    for hours in range(2):
        check_alerts([alert], NOW + dt.timedelta(hours=hours), problem=problems.append)
    alert.refresh_from_db()
    assert (alert.state, alert.failing_since) == ("failing", NOW)
    assert "was deleted" in alert.failure
    assert len(problems) == 2 and "was deleted" in problems[0]
    assert Notice.objects.filter(user=owner, key__contains="failing").count() == 1


def test_short_history_says_how_much_is_needed(make_alert, source):
    load_days(source, usual(10))
    alert = make_alert()
    check_alert(alert.pk, NOW)
    alert.refresh_from_db()
    assert alert.hint == "Not enough history yet: 9 days of 28 days that are needed."


def test_a_late_source_fires_and_ends(make_alert, source, owner, product):
    source.fresh_by = dt.time(6)
    source.save()
    load_days(source, usual(3), until=TODAY - DAY)
    subject = Subject("Web", product, source=source)
    alert = make_alert(Condition("late", grace_min=30), people=[owner], subject=subject, name="Web is late")
    assert alert.is_hourly
    check_alert(alert.pk, NOW.replace(hour=6, minute=10))
    assert not Incident.objects.filter(first_label="2026-11-18").exists()
    at = dt.datetime.now(dt.UTC)  # loads know when they came: the check looks at those before its moment
    later = at.replace(hour=23, minute=59)
    check_alert(alert.pk, later)
    incident = Incident.objects.get(state="open")
    assert "promised new data by 06:00" in incident.sentence
    factories.store_events(source, events_of(at.date(), 20))
    check_alert(alert.pk, later)
    incident.refresh_from_db()
    assert (incident.state, incident.is_back) == ("resolved", True)


def test_a_snoozed_incident_wakes_and_reminds_once(make_alert, source, owner):
    load_days(source, [*usual(70), 3])
    alert = make_alert(people=[owner])
    check_alert(alert.pk, NOW)
    until = dt.datetime.now(dt.UTC) + DAY
    actions.snooze_incident(Incident.objects.get(), until, actor=owner)
    assert wake_snoozed(until - dt.timedelta(minutes=1)) == 0
    assert [wake_snoozed(until + dt.timedelta(minutes=1)) for _ in range(2)] == [1, 0]
    assert [text.partition(".")[0] for text in told(owner)] == ["Reports fell fired", "Reports fell is still not back"]


def test_a_note_is_drawn_on_the_products_charts(make_alert, source, owner, product):
    load_days(source, [*usual(70), 3])
    alert = make_alert()
    check_alert(alert.pk, NOW)
    incident = Incident.objects.get()
    assert actions.acknowledge_incident(incident, actor=owner)
    assert actions.resolve_incident(incident, actor=owner, note="Outage of  the report service")
    assert not actions.resolve_incident(incident, actor=owner, note="again")
    note = Annotation.objects.get()
    assert (note.text, note.product, note.starts_on) == ("Outage of the report service", product, TODAY - DAY)


def test_who_lost_access_is_not_told(make_alert, source, editor, outsider, product):
    load_days(source, [*usual(70), 3])
    alert = make_alert(people=[editor, outsider])
    Alert.objects.filter(pk=alert.pk).update(visibility="team")
    check_alert(alert.pk, NOW)
    assert (len(told(editor)), told(outsider)) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_two_workers_open_one_incident(make_alert, source, owner):
    load_days(source, [*usual(70), 3])
    alert = make_alert(people=[owner])
    start, faults = threading.Barrier(2), []

    def work():
        try:
            start.wait()
            check_alert(alert.pk, NOW)
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert (Incident.objects.count(), len(told(owner))) == (1, 1)
    assert actions.archive_alert(alert, actor=SYSTEM)
