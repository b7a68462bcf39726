"""Segment's HTTP tracking API: track, identify, page, screen, group, alias, batch.

identify joins `anonymousId` to `userId` and sets the person's traits; group puts the person into an account and sets
the account's traits; alias joins `previousId` to `userId`. The rest is an event of `userId`, else of `anonymousId`.
Of `context` those parts become properties that tell where something happened, under PostHog's names, so that both
dialects share one vocabulary; address, user agent and device ids are personal and left out.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from insights.capture.contracts import (
    ALIAS,
    GROUP,
    IDENTIFY,
    PAGE,
    SCREEN,
    Envelope,
    Header,
    Join,
    ParsedEvent,
    RefusedBody,
    Rules,
    TraitValue,
    UnfitItem,
)
from insights.capture.payloads.build import (
    join_of,
    read_event_id,
    read_id,
    read_name,
    read_object,
    require_distinct_id,
    traits_of,
    write_properties,
)
from insights.capture.payloads.times import event_time
from insights.capture.payloads.wire import to_json
from insights.events.contracts import PERSON_ACCOUNT_KEY

KINDS = frozenset({"track", "identify", "page", "screen", "group", "alias"})
_NAMES = {"identify": IDENTIFY, "group": GROUP, "alias": ALIAS, "page": PAGE, "screen": SCREEN}
_CONTEXT = {
    ("page", "url"): "$current_url",
    ("page", "path"): "$pathname",
    ("page", "referrer"): "$referrer",
    ("campaign", "source"): "utm_source",
    ("campaign", "medium"): "utm_medium",
    ("campaign", "name"): "utm_campaign",
    ("campaign", "term"): "utm_term",
    ("campaign", "content"): "utm_content",
    ("os", "name"): "$os",
    ("os", "version"): "$os_version",
    ("device", "type"): "$device_type",
    ("device", "manufacturer"): "$device_manufacturer",
    ("device", "model"): "$device_model",
    ("app", "name"): "$app_name",
    ("app", "version"): "$app_version",
    ("library", "name"): "$lib",
    ("library", "version"): "$lib_version",
}
_CONTEXT_TEXTS = {"locale": "$locale", "timezone": "$timezone"}


def open_envelope(body: Any, kind: str) -> Envelope:
    """Take a request apart; kind is the call's name from its path, "batch" for many."""
    if not isinstance(body, dict):
        raise RefusedBody(400, "bad_json", "The body must be a JSON object.")
    key = body.get("writeKey")
    key = key if isinstance(key, str) else ""
    if kind != "batch":
        item = {name: value for name, value in body.items() if name != "writeKey"}
        return Envelope(Header("segment", sent_at=body.get("sentAt")), [item | {"type": kind}], key)
    items = body.get("batch")
    if not isinstance(items, list):
        raise RefusedBody(400, "no_batch", "The body has no list named “batch”.")
    context = body.get("context")
    header = Header("segment", sent_at=body.get("sentAt"), context=context if isinstance(context, dict) else {})
    items = [
        {name: value for name, value in item.items() if name != "writeKey"} if isinstance(item, dict) else item
        for item in items
    ]
    return Envelope(header, items, key)


def _context_properties(context: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for (group, name), property_name in _CONTEXT.items():
        values = context.get(group)
        if isinstance(values, dict) and isinstance(value := values.get(name), (str, int, float)) and value != "":
            found[property_name] = value
    for name, property_name in _CONTEXT_TEXTS.items():
        if isinstance(value := context.get(name), str) and value:
            found[property_name] = value
    return found


def _properties(kind: str, item: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    found = _context_properties(context) if context else {}
    found.update(read_object(item.get("properties"), "properties"))
    if kind in {"page", "screen"}:
        for name in ("name", "category"):
            if isinstance(item.get(name), str) and item[name]:
                found.setdefault(name, item[name])
    return found


def _person_of(kind: str, item: Mapping[str, Any]) -> tuple[str, str]:
    user_id = read_id(item.get("userId"), "userId")
    anonymous_id = read_id(item.get("anonymousId"), "anonymousId")
    distinct_id = require_distinct_id(user_id or anonymous_id)
    if kind == "alias" and not user_id:
        raise UnfitItem("no_user_id", "An alias needs a userId.")
    return distinct_id, anonymous_id if user_id else ""


def _joins(kind: str, item: Mapping[str, Any], distinct_id: str, anonymous_id: str) -> tuple[Join | None, str]:
    if kind == "identify":
        return join_of("identify", anonymous_id, distinct_id)
    if kind == "alias":
        previous_id = read_id(item.get("previousId"), "previousId")
        if not previous_id:
            raise UnfitItem("no_previous_id", "An alias needs a previousId.")
        return join_of("alias", previous_id, distinct_id)
    return None, ""


def _traits(
    kind: str, item: Mapping[str, Any], context: Mapping[str, Any], distinct_id: str, account_id: str, at: datetime
) -> tuple[TraitValue, ...]:
    own = read_object(item.get("traits"), "traits")
    if kind == "group":
        member = TraitValue("person", distinct_id, PERSON_ACCOUNT_KEY, to_json(account_id), at)
        return (member, *traits_of("account", account_id, own, at))
    of_context = context.get("traits") if context else None
    if kind == "identify":
        return traits_of("person", distinct_id, own, at)
    return traits_of("person", distinct_id, of_context, at) if isinstance(of_context, dict) else ()


def parse_item(item: Any, header: Header, rules: Rules) -> ParsedEvent:
    """Return the event that an item stands for.

    Raises: UnfitItem with the reason why it cannot be taken.
    """
    if not isinstance(item, dict):
        raise UnfitItem("not_an_object", "The item is not a JSON object.")
    kind = item.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnfitItem("unknown_type", f"The type must be one of {', '.join(sorted(KINDS))}.")
    name = _NAMES.get(kind) or read_name(item.get("event"))
    distinct_id, anonymous_id = _person_of(kind, item)
    context = {**header.context, **read_object(item.get("context"), "context")}
    account_id = read_id(item.get("groupId") if kind == "group" else context.get("groupId"), "groupId")
    if kind == "group" and not account_id:
        raise UnfitItem("no_group_id", "A group call needs a groupId.")
    sent = item.get("originalTimestamp") or item.get("timestamp")
    own_sent_at = item.get("sentAt")
    header = Header("segment", sent_at=own_sent_at) if own_sent_at else header
    at = event_time(sent, header, rules)
    join, note = _joins(kind, item, distinct_id, anonymous_id)
    return ParsedEvent(
        name=name,
        distinct_id=distinct_id,
        at=at,
        sent_time="" if sent is None else str(sent),
        properties=write_properties(_properties(kind, item, context)),
        event_id=read_event_id(item.get("messageId")),
        account_id=account_id or None,
        traits=_traits(kind, item, context, distinct_id, account_id, at),
        join=join,
        note=note,
    )
