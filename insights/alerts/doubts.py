"""Sources that deliver far less than usual: found, told once, and forgotten when they have made up for it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from insights.alerts.delivery import N_WEEKS, Delivery, judge_day, judge_silence
from insights.alerts.models import Alert, SourceDoubt
from insights.alerts.telling import question_of
from insights.events.public import Source
from insights.questions.public import ask, parse_question
from portal.messages.public import notify, send
from portal.people.public import SYSTEM, User
from portal.shell.public import PortalError

CALLER = "insights.alerts.doubts"
_STEADY = (Source.Schedule.QUARTER_HOURLY, Source.Schedule.HOURLY)
_LOOK_BACK_DAYS = 9  # longer than alerts look back: a day that stays short is never judged


def hourly_volumes(source: Source, now: datetime, n_days: int) -> tuple[dict[datetime, float], datetime | None]:
    """Return a source's events by naive local hour over the last days, and the newest event's naive local time."""
    question = {
        "kind": "trend",
        "sources": [source.slug],
        "series": [{"event": None, "measure": "total"}],
        "interval": "hour",
        "date_from": f"-{n_days}d",
        "timezone": source.time_zone,
    }
    parsed = parse_question(question, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
    answer = ask(parsed, user=SYSTEM, caller=CALLER)
    values = answer["series"][0]["values"]
    hours = (datetime.fromisoformat(str(label)[:19]).replace(tzinfo=None) for label in answer["labels"])
    volumes = {hour: value for hour, value in zip(hours, values, strict=True) if value}
    until = answer["facts"]["data_until"]
    if until is None:
        return volumes, None
    newest = datetime.fromisoformat(until) if isinstance(until, str) else until
    newest = newest if newest.tzinfo else newest.replace(tzinfo=UTC)
    return volumes, newest.astimezone(ZoneInfo(source.time_zone)).replace(tzinfo=None)


def short_days(source: Source, now: datetime, n_days: int = _LOOK_BACK_DAYS) -> dict[date, Delivery]:
    """Return the local days, today and the `n_days` before it, on which a source delivered far less than usual."""
    local = now.astimezone(ZoneInfo(source.time_zone)).replace(tzinfo=None)
    volumes, newest = hourly_volumes(source, now, n_days + 7 * N_WEEKS + 1)
    days = (local.date() - timedelta(days=back) for back in range(n_days, 0, -1))
    found = {day: judge_day(volumes, day, newest) for day in days}
    found[local.date()] = judge_silence(volumes, newest, local)
    return {day: one for day, one in found.items() if one.is_short}


def check_sources(slugs: Iterable[str], now: datetime) -> dict[str, set[date]]:
    """Judge sources, tell of a new doubt once, close what is over; return the days in doubt by source."""
    found = {}
    for source in Source.objects.filter(slug__in=set(slugs)).select_related("owner", "product__team").order_by("pk"):
        try:
            short = short_days(source, now)
        except PortalError:  # what cannot be read is told by the alerts that read it
            continue
        found[source.slug] = set(short)
        today = now.astimezone(ZoneInfo(source.time_zone)).date()
        _note(source, short, today, now)
    return found


@transaction.atomic
def _note(source: Source, short: dict[date, Delivery], today: date, now: datetime) -> None:
    """Open, go on with or close the doubt: it is open while the newest days are short."""
    Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    doubt = SourceDoubt.objects.filter(source=source, closed_at=None).first()
    # Of a source that is loaded once a day, today is not there yet: nobody judges it, and nobody needs to be told.
    is_steady = source.kind == Source.Kind.API or source.schedule in _STEADY
    recent = [day for day in short if day >= today - timedelta(days=1) and (day < today or is_steady)]
    if not recent:
        if doubt is not None:
            SourceDoubt.objects.filter(pk=doubt.pk).update(closed_at=now)
            missing = [f"{day:%-d %b %Y}" for day in sorted(short) if day >= doubt.first_day]
            rest = f" What is missing of {', '.join(missing)} still is; these days are not judged." if missing else ""
            words = f"{source} delivers its usual amount of data again, and alerts on it go on.{rest}"
            _tell(doubt, f"back:{doubt.pk}", f"{source} delivers as usual again", words, "good", now)
        return
    last = max(recent)
    sentence = f"{source} on {last:%-d %b %Y}: {short[last].sentence}."[:300]
    if doubt is None:
        doubt = SourceDoubt.objects.create(
            source=source, first_day=min(recent), last_day=last, sentence=sentence, opened_at=now
        )
        words = f"{sentence} Alerts on its data wait until the rest has come; nothing is told from half the data."
        _tell(doubt, f"open:{doubt.pk}", f"{source} delivered far less than usual", words, "warn", now)
    else:
        SourceDoubt.objects.filter(pk=doubt.pk).update(last_day=max(last, doubt.last_day), sentence=sentence)


def _tell(doubt: SourceDoubt, what: str, subject: str, text: str, tone: str, now: datetime) -> None:
    """Tell the source's owner and those of the alerts that rest on it."""
    source = doubt.source
    owners = {source.owner} | {alert.owner for alert in resting_on(source)}
    people: list[User] = [one for one in owners if one is not None and one.is_active]
    url = reverse("sources:source-page", args=[source.slug])
    notify(people, text, key=f"alerts:source:{what}", url=url, kind=tone)
    for user in people:
        send(user, subject, text, key=f"alerts:source:{what}:{user.pk}", url=url, now=now)


def resting_on(source: Source) -> list[Alert]:
    """Return the alerts on duty whose numbers come from a source, as far as their product or question says so."""
    alerts = Alert.objects.on_duty().with_subjects().filter(source=None)
    return [alert for alert in alerts if source.slug in (_named(alert) or [source.slug] * _is_of(alert, source))]


def _named(alert: Alert) -> list[str]:
    return list((question_of(alert) or {}).get("sources") or [])


def _is_of(alert: Alert, source: Source) -> bool:
    products = (question_of(alert) or {}).get("products") or [alert.product.slug]
    return source.product.slug in products
