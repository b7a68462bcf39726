"""Making, changing and putting away alerts; acting on incidents; days off."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from insights.alerts.choosing import check_condition
from insights.alerts.contracts import Condition
from insights.alerts.models import Alert, DayOff, DryRun, Incident
from insights.alerts.replaying import pack_subject
from insights.alerts.series import Subject
from insights.alerts.telling import question_of
from insights.dashboards.actions import create_annotation
from insights.questions.public import reads_personal
from portal.audit.public import record, state_of
from portal.operations.public import enqueue_on_commit
from portal.people.public import ANYBODY, Product, Team, User, Visibility, can, can_see, require
from portal.shell.public import BadInput, Conflict, refuse_stale, refuse_unknown

_LONGEST_SNOOZE = timedelta(days=92)


def _set_subject(alert: Alert, subject: Subject, condition: Condition) -> None:
    check_condition(condition, subject)
    alert.product = subject.product
    alert.metric, alert.insight, alert.source = subject.metric, subject.insight, subject.source
    alert.question, alert.series_no, alert.subject_title = subject.question, subject.series_no, subject.title[:200]
    alert.condition = condition.to_json()
    alert.is_hourly = subject.interval == "hour" or subject.source is not None


def _team_for(actor: Any, product: Product) -> Team:
    """Return whose an alert is: the product's team's, or for somebody of another team their own team's."""
    if actor.is_ops or product.team_id in actor.team_ids:
        return product.team
    return Team.objects.filter(pk__in=actor.team_ids).order_by("name").first() or product.team


def _check_visibility(alert: Alert) -> None:
    question = question_of(alert)
    if alert.visibility == Visibility.COMPANY and question and reads_personal([question], ANYBODY)[0]:
        words = (
            "Its numbers read personal data, which is for the product's team and for ops. Show it to the team alone."
        )
        raise BadInput(fields={"visibility": [words]})


def _set_told(alert: Alert, people: list[User] | None, webhooks: list | None, actor: Any) -> None:
    if people is not None:
        strangers = [one for one in people if not one.is_active or not can_see(one, alert)]
        if strangers:
            names = ", ".join(str(one) for one in strangers[:3])
            raise BadInput(fields={"people": [f"{names} may not see this alert. Leave them out, or show it to all."]})
        alert.people.set(people)
    if webhooks is not None:
        kept = alert.webhooks.exclude(user_id=actor.pk)  # others' stay: nobody sees or removes them here
        alert.webhooks.set([*kept, *webhooks])


@transaction.atomic
def create_alert(
    subject: Subject,
    condition: Condition,
    *,
    actor: Any,
    name: str,
    people: list[User] | None = None,
    webhooks: list | None = None,
    owner: User | None = None,
    visibility: str = "company",
) -> Alert:
    """Make an alert of a product's team; it tells what happens from now on."""
    alert = Alert(name=name.strip(), owner=owner or (actor if actor.pk else None), visibility=visibility)
    _set_subject(alert, subject, condition)
    alert.team = _team_for(actor, subject.product)
    require(actor, "alerts.create", alert)
    _check_visibility(alert)
    if not alert.name:
        raise BadInput(fields={"name": ["Give it a name."]})
    alert.save()
    _set_told(alert, people, webhooks, actor)
    record(actor, "alert.created", alert, after=state_of(alert))
    enqueue_on_commit("alerts.check_alert", alert_id=alert.pk)
    return alert


@transaction.atomic
def update_alert(
    alert: Alert,
    *,
    actor: Any,
    revision: int,
    subject: Subject | None = None,
    condition: Condition | None = None,
    people: list[User] | None = None,
    webhooks: list | None = None,
    **fields: Any,
) -> Alert:
    """Change an alert if nobody changed it since `revision`; with another condition it begins anew."""
    require(actor, "alerts.edit", alert)
    refuse_unknown(fields, {"name", "owner", "visibility"})
    current = Alert.objects.select_for_update(of=("self",)).with_subjects().get(pk=alert.pk)
    refuse_stale(current, revision, "revision")
    before = state_of(current)
    asked = _asked(current)
    for name, value in fields.items():
        setattr(current, name, value.strip() if isinstance(value, str) else value)
    if not current.name:
        raise BadInput(fields={"name": ["Give it a name."]})
    if subject is not None:
        if subject.product.pk != current.product_id:
            current.team = _team_for(actor, subject.product)
        _set_subject(current, subject, condition or current.rule)
        require(actor, "alerts.edit", current)
    _check_visibility(current)
    current.revision = revision + 1
    if _asked(current) != asked:
        current.readings.all().delete()
        current.starts_at, current.hint, current.failure, current.failing_since = timezone.now(), "", "", None
        _close_live(current, timezone.now(), "The alert was changed.", actor)
    current.save()
    _set_told(current, people, webhooks, actor)
    record(actor, "alert.changed", current, before=before, after=state_of(current))
    enqueue_on_commit("alerts.check_alert", alert_id=current.pk)
    return current


def _asked(alert: Alert) -> tuple:
    return (
        alert.metric_id,
        alert.insight_id,
        alert.source_id,
        str(alert.question),
        alert.series_no,
        str(alert.condition),
    )


def _close_live(alert: Alert, now: datetime, note: str, actor: Any) -> None:
    live = Incident.objects.filter(alert=alert).live()
    live.update(state=Incident.State.RESOLVED, resolved_at=now, resolved_by_id=actor.pk, note=note, snoozed_until=None)


def _switch(alert: Alert, actor: Any, verb: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    require(actor, "alerts.edit", alert)
    names = {name: value for name, value in before.items() if name in ("paused_at", "archived_at")}
    lookups = {f"{name}__isnull": value is None for name, value in names.items()}
    if not Alert.objects.filter(pk=alert.pk, **lookups).update(**after, revision=F("revision") + 1):
        return False
    shown = {"paused_at": "is_paused", "archived_at": "is_archived"}
    record(
        actor,
        f"alert.{verb}",
        alert,
        before={shown[name]: value is not None for name, value in names.items()},
        after={shown[name]: after[name] is not None for name in names},
    )
    alert.refresh_from_db()
    return True


@transaction.atomic
def pause_alert(alert: Alert, *, actor: Any) -> bool:
    """Stop checking an alert until somebody lets it go on; False if it was paused."""
    return _switch(alert, actor, "paused", {"paused_at": None}, {"paused_at": timezone.now()})


@transaction.atomic
def resume_alert(alert: Alert, *, actor: Any) -> bool:
    """Let a paused alert go on; what happened meanwhile is not told. False if it was not paused."""
    after = {"paused_at": None, "starts_at": timezone.now()}
    if not _switch(alert, actor, "resumed", {"paused_at": True}, after):
        return False
    enqueue_on_commit("alerts.check_alert", alert_id=alert.pk)
    return True


@transaction.atomic
def archive_alert(alert: Alert, *, actor: Any) -> bool:
    """Put an alert away; its incidents stay to be read, an open one is closed. False if it was away."""
    now = timezone.now()
    if not _switch(alert, actor, "archived", {"archived_at": None}, {"archived_at": now}):
        return False
    _close_live(alert, now, "The alert was archived.", actor)
    return True


@transaction.atomic
def restore_alert(alert: Alert, *, actor: Any) -> bool:
    """Bring an alert back; it tells what happens from now on. False if it was not away."""
    after = {"archived_at": None, "starts_at": timezone.now()}
    return _switch(alert, actor, "restored", {"archived_at": True}, after)


@transaction.atomic
def check_now(alert: Alert, *, actor: Any) -> None:
    """Have a worker check an alert now."""
    require(actor, "alerts.edit", alert)
    if alert.state in ("paused", "archived"):
        raise Conflict("This alert is paused or archived. Resume or restore it first.")
    enqueue_on_commit("alerts.check_alert", alert_id=alert.pk)


@transaction.atomic
def ask_dry_run(
    subject: Subject,
    condition: Condition,
    *,
    actor: Any,
    draft: dict[str, Any] | None = None,
    alert: Alert | None = None,
) -> DryRun:
    """Have a worker work out what an alert would have done over the last 90 days."""
    require(actor, "alerts.create")
    check_condition(condition, subject)
    run = DryRun.objects.create(
        user=actor,
        alert=alert,
        draft=draft or {},
        subject=pack_subject(subject),
        condition=condition.to_json(),
    )
    enqueue_on_commit("alerts.run_dry", run_id=run.pk)
    return run


@transaction.atomic
def acknowledge_incident(incident: Incident, *, actor: Any) -> bool:
    """Say that somebody is at it; False if it was resolved or somebody was first."""
    require(actor, "alerts.edit", incident)
    mine = Incident.objects.filter(pk=incident.pk, state__in=[Incident.State.OPEN, Incident.State.SNOOZED])
    if not mine.update(
        state=Incident.State.ACKNOWLEDGED, acknowledged_at=timezone.now(), acknowledged_by=actor, snoozed_until=None
    ):
        return False
    record(actor, "incident.acknowledged", incident, before={"state": incident.state}, after={"state": "acknowledged"})
    incident.refresh_from_db()
    return True


@transaction.atomic
def snooze_incident(incident: Incident, until: datetime, *, actor: Any) -> bool:
    """Leave an incident alone until a moment; people are reminded then if it is still there."""
    require(actor, "alerts.edit", incident)
    now = timezone.now()
    if not now < until <= now + _LONGEST_SNOOZE:
        raise BadInput(fields={"until": ["Choose a time within the next three months."]})
    if not Incident.objects.filter(pk=incident.pk).live().update(state=Incident.State.SNOOZED, snoozed_until=until):
        return False
    after = {"state": "snoozed", "snoozed_until": until}
    record(actor, "incident.snoozed", incident, before={"state": incident.state}, after=after)
    incident.refresh_from_db()
    return True


@transaction.atomic
def resolve_incident(incident: Incident, *, actor: Any, note: str = "", is_drawn: bool = True) -> bool:
    """Close an incident; its note is drawn on the product's charts, on its days. False if it was closed."""
    require(actor, "alerts.edit", incident)
    note = " ".join(note.split())
    if len(note) > 250:
        raise BadInput(fields={"note": ["Write at most 250 characters."]})
    mine = Incident.objects.filter(pk=incident.pk).live()
    values = {"state": Incident.State.RESOLVED, "resolved_at": timezone.now(), "resolved_by_id": actor.pk, "note": note}
    if not mine.update(**values, snoozed_until=None):
        return False
    if note and is_drawn and can(actor, "dashboards.edit", incident.alert.product):
        last = date.fromisoformat(incident.last_label[:10])
        annotation = create_annotation(
            actor=actor,
            text=note,
            product=incident.alert.product,
            starts_on=incident.started_on,
            ends_on=last if last > incident.started_on else None,
        )
        Incident.objects.filter(pk=incident.pk).update(annotation=annotation)
    record(
        actor, "incident.resolved", incident, before={"state": incident.state}, after={"state": "resolved"}, note=note
    )
    incident.refresh_from_db()
    return True


@transaction.atomic
def add_day_off(*, actor: Any, day: date, name: str, product: Product | None = None) -> DayOff:
    """Note a day on which nothing is as usual, for a product or, by ops, for all."""
    one = DayOff(day=day, name=name.strip(), product=product)
    require(actor, "days_off.edit", one)
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:
        raise Conflict(f"{day:%-d %b %Y} is in the list already.") from None
    record(actor, "day_off.added", one, after=state_of(one))
    return one


@transaction.atomic
def remove_day_off(one: DayOff, *, actor: Any) -> None:
    """Take a day out of the list."""
    require(actor, "days_off.edit", one)
    record(actor, "day_off.removed", one, before=state_of(one))
    one.delete()
