"""A digest: what a subscription's subject says now, with its pictures, as mail, webhook body and page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from portal.messages.access import get_subject
from portal.messages.actions.subscriptions import list_path, lose_access
from portal.messages.contracts import DigestChart, DigestLine, DigestPart, read_part
from portal.messages.drawing import drawing_key, ensure_drawings
from portal.messages.hooks import section, slack_link, slack_text
from portal.messages.mails import build_mail, plain_line
from portal.messages.models import Delivery, Subscription
from portal.shell.public import mask_values

LONGEST_TEXT = 400
LOUD = 1.5  # half widths of the 95 % interval: about one in three hundred by chance
_SALT = "portal.messages.unsubscribe"
_FIRST_LOOK_BACK = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


class NothingToSend(Exception):
    """A digest that is not sent; says why in a sentence."""


@dataclass(frozen=True)
class ShownChart:
    """A chart with where its picture is found: a content id in the mail, an address on the page."""

    chart: DigestChart
    source: str


@dataclass(frozen=True)
class ShownPart:
    """A section with the address of its page."""

    part: DigestPart
    link: str
    charts: list[ShownChart]
    lines: list[tuple[DigestLine, str]]

    @property
    def summary(self) -> str:
        """Return how many of the numbers are news, where the section says nothing better."""
        if self.part.summary:
            return self.part.summary
        n_notable = sum(line.is_notable for line in self.part.lines)
        if not self.part.lines:
            return ""
        if not n_notable:
            return "No number changed by more than its own noise."
        return (
            "1 number changed by more than its own noise."
            if n_notable == 1
            else f"{n_notable} numbers changed by more than their own noise."
        )


@dataclass(frozen=True)
class Digest:
    """What was composed for one delivery."""

    delivery: Delivery
    title: str
    path: str
    parts: list[DigestPart]

    @property
    def headline(self) -> str:
        """Return the subject: the title, with the largest change if chance would hardly make one like it.

        Of a dozen numbers one is often just beyond its noise; that is told inside, not shouted.
        """
        first = max((line for part in self.parts for line in part.lines), key=lambda line: line.weight, default=None)
        if first is None or not first.change or first.weight < LOUD:
            return plain_line(self.title)
        change = first.change.partition(" against ")[0]
        return plain_line(f"{self.title}: {plain_line(first.label, 60)} {change}")

    def shown(self, source_of, absolute) -> list[ShownPart]:
        """Return the sections as a template needs them; charts are numbered over all sections."""
        found, number = [], 0
        for part in self.parts:
            charts = []
            for chart in part.charts:
                charts.append(ShownChart(chart, source_of(number)))
                number += 1
            lines = [(line, absolute(line.url) if line.url else "") for line in part.lines]
            found.append(ShownPart(part, absolute(part.url), charts, lines))
        return found

    @property
    def charts(self) -> list[DigestChart]:
        """Return all charts in order."""
        return [chart for part in self.parts for chart in part.charts]


def absolute(path: str) -> str:
    """Return a path of the portal as an address that opens from anywhere."""
    return path if path.startswith(("https://", "http://")) else f"{settings.PUBLIC_URL}{path}"


def read_digest(delivery: Delivery) -> Digest | None:
    """Return what was composed for a delivery, None when that was never done, or is forgotten."""
    if delivery.content is None:
        return None
    content = delivery.content
    return Digest(delivery, content["title"], content["path"], [read_part(part) for part in content["parts"]])


def compose_digest(delivery: Delivery, now: datetime) -> Digest:
    """Return the digest of a delivery, composed once; raise NothingToSend with the reason."""
    subscription = delivery.subscription
    if subscription is None:
        raise NothingToSend("Its subscription was removed.")
    if subscription.is_stopped:
        raise NothingToSend("It was stopped before this was sent.")
    subject = get_subject(subscription.kind)
    thing = subject.find(delivery.user, subscription.thing_id) if subject else None
    if subject is None or thing is None:
        lose_access(subscription)
        raise NothingToSend("It is gone, or not shared with this person any more. They were told.")
    if (made := read_digest(delivery)) is not None:
        return made
    title, path = subject.describe(thing)
    if title != subscription.title:
        Subscription.objects.filter(pk=subscription.pk).update(title=title[:200])
    since = _last_composed(subscription) or now - _FIRST_LOOK_BACK[subscription.frequency]
    composed = subject.compose(thing, delivery.user, since=since, now=now)
    parts = [read_part(mask_values(_tidy(part.to_json()))) for part in composed]
    if subscription.skips_unchanged and ":now:" not in delivery.key and not any(part.is_notable for part in parts):
        raise NothingToSend("Nothing changed by more than its own noise, and such digests are not wanted.")
    parts_of_it = [part.to_json() for part in parts]
    delivery.content = {"title": title, "path": path, "composed_at": now.isoformat(), "parts": parts_of_it}
    delivery.subject = title[:200]
    delivery.save(update_fields=["content", "subject"])
    return Digest(delivery, title, path, parts)


def _last_composed(subscription: Subscription) -> datetime | None:
    """Return up to when the digest before this one told: when it was composed, which may be long before it was sent."""
    sent = (
        Delivery.objects.filter(subscription=subscription, state=Delivery.State.SENT).order_by("-finished_at").first()
    )
    if sent is None or not (said := (sent.content or {}).get("composed_at")):
        return subscription.last_sent_at
    return datetime.fromisoformat(said)


def _tidy(value: Any) -> Any:
    """Return plain values whose texts are single lines: names come from events, and events from anywhere."""
    if isinstance(value, dict):
        return {key: _tidy(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_tidy(one) for one in value]
    return plain_line(value, LONGEST_TEXT) if isinstance(value, str) else value


def unsubscribe_token(subscription: Subscription) -> str:
    """Return what names a subscription in the link by which it is stopped; signed, so that nobody makes one up."""
    return signing.dumps(subscription.pk, salt=_SALT)


def read_unsubscribe_token(token: str) -> Subscription | None:
    """Return the subscription that a token names, stopped or not."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return Subscription.objects.select_related("user").filter(pk=pk).first()


def _context(digest: Digest, source_of) -> dict[str, Any]:
    subscription = digest.delivery.subscription
    zone = ZoneInfo(subscription.time_zone)
    return {
        "digest": digest,
        "title": plain_line(digest.title),
        "parts": digest.shown(source_of, absolute),
        "schedule": subscription.schedule,
        "zone": subscription.time_zone,
        "when": f"{digest.delivery.occurs_at.astimezone(zone):%A, %-d %b %Y, %H:%M}",
        "link": absolute(digest.path),
        "page_link": absolute(reverse("messages:digest-page", args=[digest.delivery.pk])),
        "manage_link": absolute(list_path()),
        "stop_link": absolute(reverse("messages:unsubscribe", args=[unsubscribe_token(subscription)])),
        "home": settings.PUBLIC_URL,
    }


def digest_mail(digest: Digest, now: datetime) -> EmailMultiAlternatives:
    """Return a digest as a mail: HTML with its pictures inside, the same as text, and how to unsubscribe."""
    pictures = ensure_drawings(digest.charts, now)
    names = [f"chart-{number}.{digest.delivery.pk}@portal" for number in range(len(digest.charts))]
    images = {name: pictures[drawing_key(chart)] for name, chart in zip(names, digest.charts, strict=True)}
    context = _context(digest, lambda number: f"cid:{names[number]}")
    headers = {
        "List-Unsubscribe": f"<{context['stop_link']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<subscription-{digest.delivery.subscription_id}.portal>",
    }
    text = render_to_string("portal/messages/mail_digest.txt", context)
    html = render_to_string("portal/messages/mail_digest.html", context)
    return build_mail(digest.delivery.user.email, digest.headline, text, html, images=images, headers=headers)


def digest_body(digest: Digest, now: datetime) -> dict[str, Any]:
    """Return a digest as the body of a webhook: blocks for Slack, and the same as plain values."""
    blocks = [section(f"*{slack_link(absolute(digest.path), digest.title)}*")]
    for part in digest.parts:
        if len(digest.parts) > 1:
            blocks.append(section(f"*{slack_link(absolute(part.url), part.title)}*"))
        said = [f"• {slack_text(line.label)}: *{slack_text(line.value)}*{_slack_change(line)}" for line in part.lines]
        about = " · ".join(filter(None, [part.period, part.filters, part.zone, part.freshness]))
        blocks += [section("\n".join(said))] if said else []
        blocks += [section(slack_text(problem)) for problem in part.problems[:5]]
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": slack_text(about) or "-"}]})
    parts = [{**part.to_json(), "url": absolute(part.url)} for part in digest.parts]
    return {
        "text": slack_text(digest.headline),
        "blocks": blocks[:50],
        "kind": "digest",
        "sent_at": now.isoformat(),
        "digest": {"title": digest.title, "url": absolute(digest.path), "parts": parts},
    }


def _slack_change(line: DigestLine) -> str:
    said = ", ".join(filter(None, [line.change, line.noise]))
    return f" ({slack_text(said)})" if said else ""
