"""The demo company's alerts: the day of the outage has fired one, and somebody has said what it was."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from insights.alerts import actions
from insights.alerts.checking import keep_verdicts
from insights.alerts.contracts import Condition
from insights.alerts.detection import judge_series
from insights.alerts.models import Alert, DayOff, Incident
from insights.alerts.series import N_DRY_DAYS, Subject, read_series, subject_of
from insights.capture.demo.world import PLANNER, outage_on
from insights.metrics.public import Metric
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

NOTE = "Outage of four hours"
_ERRORS = "Errors jumped"
_ACTIVE = "Weekly active people"


def _question(product: Product, event: str, measure: str) -> dict[str, Any]:
    series = [{"event": event, "measure": measure}]
    return {"kind": "trend", "products": [product.slug], "series": series, "interval": "day"}


def seed_alerts(world: DemoWorld, progress: Progress) -> None:
    """Make the demo's alerts with what their checks would have seen; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug=PLANNER.slug).first()
    if product is None:
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    manager = world.users.get("product_manager") or owner
    makers = (_watch_errors, _watch_people, _watch_plans)
    for number, make in enumerate(makers, start=1):
        make(product, owner, manager, world.ends_on)
        progress(number, len(makers))
    _name_days_off(world.ends_on)


def _name_days_off(end_on: date) -> None:
    """Note the holidays of the company's customers, of this year and the next."""
    for year in (end_on.year, end_on.year + 1):
        for month, number, name in ((1, 1, "New Year's Day"), (12, 25, "Christmas Day")):
            day = date(year, month, number)
            if not DayOff.objects.filter(day=day, product=None).exists():
                actions.add_day_off(actor=SYSTEM, day=day, name=name)


def _make(subject: Subject, condition: Condition, name: str, owner: User | None) -> Alert | None:
    if Alert.objects.filter(product=subject.product, name=name).exists():
        return None
    return actions.create_alert(subject, condition, actor=SYSTEM, name=name, owner=owner)


def _watch_errors(product: Product, owner: User | None, manager: User | None, end_on: date) -> None:
    question = _question(product, "error shown", "total")
    subject = Subject("Errors shown, by day", product, question=question)
    alert = _make(subject, Condition("unlike", side="up"), _ERRORS, owner)
    if alert is not None:
        _live_through(alert, end_on, until=outage_on(end_on))
        _explain(alert, manager, outage_on(end_on))
        _live_through(alert, end_on)
        alert.people.set([one for one in {owner, manager} if one])


def _watch_people(product: Product, owner: User | None, manager: User | None, end_on: date) -> None:
    metric = Metric.objects.with_values().filter(product=product, name=_ACTIVE, archived_at=None).first()
    if metric is None or metric.current is None or metric.current.interval not in ("day", "week"):
        return
    subject = Subject(metric.name, product, metric=metric)
    alert = _make(subject, Condition("unlike", side="down"), f"{metric.name} fell", owner)
    if alert is not None:
        _live_through(alert, end_on)
        alert.people.set([one for one in {owner, manager} if one])


def _watch_plans(product: Product, owner: User | None, manager: User | None, end_on: date) -> None:
    subject = Subject("New plans, by day", product, question=_question(product, "plan created", "total"))
    condition = Condition("change", side="down", percent=60, against="week", least=20)
    alert = _make(subject, condition, "Far fewer new plans than a week before", owner)
    if alert is not None:
        _live_through(alert, end_on)


def _live_through(alert: Alert, end_on: date, until: date | None = None) -> None:
    """Keep what the check of each morning would have found, up to a day."""
    alert = Alert.objects.with_subjects().get(pk=alert.pk)
    now = datetime.combine(end_on + timedelta(days=1), time(3), tzinfo=UTC)
    series = read_series(subject_of(alert), now, N_DRY_DAYS)
    since = (end_on - timedelta(days=N_DRY_DAYS)).isoformat()
    first = next((place for place, point in enumerate(series.points) if point.label >= since), 0)
    found = judge_series(series.points, alert.rule, series.interval, first=first, is_count=series.is_count)
    for verdict in found.verdicts:
        day = date.fromisoformat(verdict.label[:10])
        if until is None or day <= until:
            morning = datetime.combine(day + timedelta(days=1), time(3), tzinfo=UTC)
            keep_verdicts(alert, [verdict], series, min(morning, now))


def _explain(alert: Alert, manager: User | None, day: date) -> None:
    """Have the product manager say what the outage was, on its next morning."""
    incident = Incident.objects.filter(alert=alert, started_on=day).select_related("alert__product").first()
    if incident is None or manager is None:
        return
    actor = manager if manager.role != "viewer" and alert.team_id in manager.team_ids else SYSTEM
    if actor is not SYSTEM:
        actions.acknowledge_incident(incident, actor=actor)
    if actions.resolve_incident(incident, actor=actor, note=NOTE):
        at = datetime.combine(day + timedelta(days=1), time(9, 20), tzinfo=UTC)
        values = {"acknowledged_at": at - timedelta(hours=1)} if actor is not SYSTEM else {}
        Incident.objects.filter(pk=incident.pk).update(resolved_at=at, **values)
