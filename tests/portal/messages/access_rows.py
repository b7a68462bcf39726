"""Who may open the addresses of messages: everybody their own; a signed link opens for whoever has it."""

from datetime import time

from django.utils import timezone

from portal.messages.contracts import DigestChart, DigestPart, DigestSeries
from portal.messages.digests import unsubscribe_token
from portal.messages.drawing import drawing_key
from portal.messages.hooks import seal_text
from portal.messages.models import Delivery, Drawing, Subscription, Webhook
from tests.house.access_table import Row, signed_in


def make_subscription(user, **fields) -> Subscription:
    values = {"kind": "my_products", "title": "My products", "at": time(8), "time_zone": "UTC"}
    return Subscription.objects.create(**{"user": user, "next_at": timezone.now(), **values, **fields})


def make_webhook(user, address: str = "https://hooks.example.com/x", name: str = "Chat") -> Webhook:
    values = {"host": "hooks.example.com", "address": seal_text(address), "secret": seal_text("a secret")}
    return Webhook.objects.create(user=user, name=name, **values)


def make_digest(user) -> Delivery:
    chart = DigestChart("Opened", ("1 Nov", "2 Nov"), (DigestSeries("opened", (1, 2)),))
    Drawing.objects.get_or_create(key=drawing_key(chart), defaults={"png": b"png", "used_at": timezone.now()})
    part = DigestPart("Planner", "/dashboards/", charts=(chart,))
    content = {"title": "My products", "path": "/dashboards/", "parts": [part.to_json()]}
    values = {"kind": "digest", "subscription": make_subscription(user), "subject": "My products", "state": "sent"}
    return Delivery.objects.create(user=user, key=f"d{user.pk}", content=content, next_at=timezone.now(), **values)


def subscription_of(world) -> dict:
    return {"subscription_id": make_subscription(world.viewer).pk}


def webhook_of(world) -> dict:
    return {"webhook_id": make_webhook(world.viewer).pk}


def pk_of(make):
    return lambda world: {"pk": make(world.viewer).pk}


def only_viewer(status: int, *, anonymous: int = 302) -> dict[str, int]:
    return {**signed_in(404, anonymous=anonymous), "viewer": status}


NEW = {"kind": "my_products", "frequency": "daily", "at": "08:00", "time_zone": "UTC"}
HOOK = {"name": "Chat", "address": "https://hooks.example.com/services/1"}
FORM = {
    "about": "my_products:",
    "frequency": "daily",
    "weekday": "0",
    "at": "08:00",
    "time_zone": "UTC",
    "webhook": "mail",
}

ROWS = [
    Row("messages:notice-list", signed_in(200)),
    Row("messages:notice-open", signed_in(404), {"notice_id": 0}),
    Row("messages:notice-read-all", signed_in(405)),
    Row("messages:notice-read-all", signed_in(302), method="post"),
    Row("messages:subscription-list", signed_in(200)),
    Row("messages:subscription-list", signed_in(422), method="post", data={"starts_at": "late"}),
    Row("messages:subscription-new", signed_in(200)),
    Row("messages:subscription-new", signed_in(302), method="post", data=FORM),
    Row("messages:quiet-hours-clear", signed_in(302), method="post"),
    Row("messages:subscription-edit", only_viewer(200), subscription_of),
    Row("messages:subscription-stop", only_viewer(302), subscription_of, method="post"),
    Row("messages:subscription-stop", signed_in(405), {"subscription_id": 0}),
    Row("messages:subscription-resume", only_viewer(302), subscription_of, method="post"),
    Row("messages:subscription-send", only_viewer(302), subscription_of, method="post"),
    Row("messages:delivery-list", signed_in(200)),
    Row("messages:digest-page", only_viewer(200), lambda world: {"delivery_id": make_digest(world.viewer).pk}),
    Row(
        "messages:digest-chart",
        only_viewer(200),
        lambda world: {"delivery_id": make_digest(world.viewer).pk, "number": 0},
    ),
    Row("messages:webhook-list", signed_in(200)),
    Row("messages:webhook-list", signed_in(200), method="post", data=HOOK),
    Row("messages:webhook-page", only_viewer(200), webhook_of),
    Row("messages:webhook-test", only_viewer(302), webhook_of, method="post"),
    Row("messages:webhook-secret", only_viewer(200), webhook_of),
    Row("messages:webhook-secret", only_viewer(200), webhook_of, method="post"),
    Row("messages:webhook-delete", only_viewer(200), webhook_of),
    Row("messages:webhook-delete", only_viewer(302), webhook_of, method="post"),
    Row(
        "messages:unsubscribe",
        signed_in(200, anonymous=200),
        lambda world: {"token": unsubscribe_token(make_subscription(world.viewer))},
    ),
    Row("messages:unsubscribe", signed_in(404, anonymous=404), {"token": "made-up"}),
    Row("api:notice-list", signed_in(200, anonymous=401)),
    Row("api:notice-detail", signed_in(404, anonymous=401), {"pk": 0}),
    Row("api:notice-read", signed_in(404, anonymous=401), {"pk": 0}, method="post"),
    Row("api:subscription-list", signed_in(200, anonymous=401)),
    Row("api:subscription-list", signed_in(201, anonymous=401), method="post", data=NEW),
    Row("api:subscription-detail", only_viewer(200, anonymous=401), pk_of(make_subscription)),
    Row("api:subscription-detail", only_viewer(204, anonymous=401), pk_of(make_subscription), method="delete"),
    Row("api:subscription-send", only_viewer(202, anonymous=401), pk_of(make_subscription), method="post"),
    Row("api:subscription-resume", only_viewer(200, anonymous=401), pk_of(make_subscription), method="post"),
    Row("api:webhook-list", signed_in(200, anonymous=401)),
    Row("api:webhook-list", signed_in(201, anonymous=401), method="post", data=HOOK),
    Row("api:webhook-detail", only_viewer(200, anonymous=401), pk_of(make_webhook)),
    Row("api:webhook-detail", only_viewer(204, anonymous=401), pk_of(make_webhook), method="delete"),
    Row("api:webhook-secret", only_viewer(201, anonymous=401), pk_of(make_webhook), method="post"),
    Row("api:quiet-hours", signed_in(200, anonymous=401)),
    Row("api:quiet-hours", signed_in(204, anonymous=401), method="delete"),
    Row("api:webhook-test", only_viewer(202, anonymous=401), pk_of(make_webhook), method="post"),
    Row("api:delivery-list", signed_in(200, anonymous=401)),
    Row("api:delivery-detail", only_viewer(200, anonymous=401), pk_of(make_digest)),
]
