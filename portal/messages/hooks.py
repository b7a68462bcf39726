"""Webhooks: bodies that Slack reads too, their signature, and posting them through the guard.

The receiver checks `X-Portal-Signature: t=<seconds>,v1=<hex>`: v1 is the HMAC-SHA256, under the webhook's secret, of
`<seconds>.<body>`. For a day after the secret was exchanged there is a second v1, under the old one: one of them must
fit. A message that is posted again has the same `X-Portal-Delivery`.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from portal.messages import guard
from portal.messages.contracts import Result
from portal.messages.mails import plain_line
from portal.messages.models import Delivery, Webhook
from portal.shell.public import seal, unseal

_PURPOSE = "portal.messages.webhook"
_KEY_CHANGED = "The portal's SECRET_KEY has changed, so this webhook must be made again."
# Marks of bold, code and strike; look-alikes, because Slack has no way to write the marks themselves.
_LOOK_ALIKES = {ord("*"): "\u2217", ord("`"): "\u02cb", ord("~"): "\u223c"}
_MOST_LETTERS_OF_A_BLOCK = 2900  # Slack takes 3,000


def seal_text(text: str) -> str:
    """Return an address or a secret as it is stored."""
    return seal(_PURPOSE, text)


def unseal_text(stored: str) -> str | None:
    """Return a stored address or secret, None where the portal's key has changed."""
    return unseal(_PURPOSE, stored)


def sign(secrets: Iterable[str], body: bytes, at: int) -> str:
    """Return the signature of a body at a moment, under each of the secrets.

    >>> sign(["s"], b"{}", 1700000000)[:30]
    't=1700000000,v1=e9232c9945da84'
    """
    signed = f"{at}.".encode() + body
    digests = (hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets)
    return ",".join([f"t={at}", *(f"v1={digest}" for digest in digests)])


def secrets_of(webhook: Webhook, now: datetime) -> list[str]:
    """Return the secrets that sign a webhook's messages at a moment, the newest first; none where the key changed."""
    is_changing = webhook.old_secret_until is not None and webhook.old_secret_until > now
    stored = [webhook.secret, webhook.old_secret] if is_changing else [webhook.secret]
    return [secret for secret in map(unseal_text, stored) if secret is not None]


def slack_text(text: str) -> str:
    """Return a text in which Slack finds no link, no mention of everybody and no markup of its own.

    >>> slack_text("<!channel> & all")
    '&lt;!channel&gt; &amp; all'
    """
    plain = plain_line(text, 1000).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.translate(_LOOK_ALIKES)


def slack_link(url: str, text: str) -> str:
    """Return a link as Slack writes it."""
    return f"<{url.replace('|', '%7C').replace('>', '%3E')}|{slack_text(text)}>"


def section(text: str) -> dict[str, Any]:
    """Return a block of text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_MOST_LETTERS_OF_A_BLOCK]}}


def single_body(delivery: Delivery, link: str, now: datetime) -> dict[str, Any]:
    """Return the body of one message."""
    title = slack_text(delivery.subject)
    lines = "\n".join(slack_text(line) for line in delivery.text.splitlines() if line.strip())
    blocks = [section(f"*{title}*"), *([section(lines)] if lines else [])]
    if link:
        blocks.append(section(slack_link(link, "Open in the portal")))
    plain = {"subject": delivery.subject, "text": delivery.text, "url": link}
    return {"text": title, "blocks": blocks, "kind": delivery.kind, "sent_at": now.isoformat(), "message": plain}


class HookLetter:
    """A signed body on its way to a webhook."""

    def __init__(self, delivery: Delivery, body: dict[str, Any], now: datetime) -> None:
        self.delivery = delivery
        self.now = now
        self.body = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    def open(self) -> Result | None:
        """Check the address; the connection is opened with the request."""
        return None

    def hand_over(self) -> Result:
        """Post the body; any answer of 200 to 299 is a yes."""
        webhook = self.delivery.webhook
        address, secrets = unseal_text(webhook.address), secrets_of(webhook, self.now)
        if address is None or not secrets:
            return Result(False, _KEY_CHANGED)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Product-Ops-Portal",
            "X-Portal-Delivery": str(self.delivery.pk),
            "X-Portal-Signature": sign(secrets, self.body, int(self.now.timestamp())),
        }
        try:
            answer = guard.post(address, self.body, headers)
        except guard.Refused as error:
            return Result(False, str(error))
        except guard.Unreachable as error:
            return Result(False, str(error), can_retry=True, is_unknown=error.was_sent)
        return _read(answer.status, len(self.body))

    def close(self) -> None:
        """Nothing is open."""


def _read(status: int, n_bytes: int) -> Result:
    if 200 <= status < 300:
        return Result(True, f"Taken, answer {status}.", n_bytes=n_bytes)
    if 300 <= status < 400:
        return Result(False, f"It answers with a redirect ({status}), which is not followed. Use its new address.")
    can_retry = status >= 500 or status in (408, 425, 429)
    return Result(False, f"It answered {status}.", can_retry=can_retry)
