"""PostHog's capture: single events, batches, the newer event-by-event protocol, with its person and group properties.

$identify joins `$anon_distinct_id` to the distinct id; $create_alias and $merge_dangerously join `alias` to it.
`$set`, `$set_once` and `$unset` are traits of the person. A group is an account when it is the only one or of the type
company, account, organization, workspace, customer or tenant: `$groups` names the event's account. `$groupidentify`
sets the account's traits and, for those types, puts the person who sent it into it, unless the id was made up for the
call (it begins with a dollar sign).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from insights.capture.contracts import (
    ALIAS,
    GROUP,
    IDENTIFY,
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
    set_once_time,
    traits_of,
    write_properties,
)
from insights.capture.payloads.times import check_time, event_time
from insights.capture.payloads.wire import to_json
from insights.events.contracts import PERSON_ACCOUNT_KEY

_ALIASES = frozenset({ALIAS, "$merge_dangerously"})
_ACCOUNT_TYPES = ("company", "account", "organization", "organisation", "workspace", "customer", "tenant")
_KEY_NAMES = ("api_key", "token", "$token")
# Not kept as properties: who (in its own column), person and account traits (in the trait log), and the key.
_NOT_PROPERTIES = frozenset({"distinct_id", "$set", "$set_once", "$unset", "$group_set", *_KEY_NAMES})


def _text_key(values: Mapping[str, Any]) -> str:
    return next((values[name] for name in _KEY_NAMES if isinstance(values.get(name), str) and values[name]), "")


def _without_key(item: Any) -> tuple[Any, str]:
    if not isinstance(item, dict):
        return item, ""
    key = _text_key(item)
    item = {name: value for name, value in item.items() if name not in _KEY_NAMES}
    properties = item.get("properties")
    if isinstance(properties, dict) and any(name in properties for name in _KEY_NAMES):
        key = key or _text_key(properties)
        item["properties"] = {name: value for name, value in properties.items() if name not in _KEY_NAMES}
    return item, key


def open_envelope(body: Any, sent_at: Any = None) -> Envelope:
    """Take a request apart: one event, a list of them, or an object with a list named batch.

    `sent_at` is what the address said of it, for clients that put it there.
    """
    if isinstance(body, list):
        items, outer = body, {}
    elif isinstance(body, dict) and "batch" in body:
        items, outer = body["batch"], body
        if not isinstance(items, list):
            raise RefusedBody(400, "no_batch", "The body has no list named “batch”.")
    elif isinstance(body, dict):
        items, outer = [body], body
    else:
        raise RefusedBody(400, "bad_json", "The body must be a JSON object or a list of them.")
    key = _text_key(outer)
    cleaned = []
    for item in items:
        item, own_key = _without_key(item)
        key = key or own_key
        cleaned.append(item)
    return Envelope(Header("posthog", sent_at=outer.get("sent_at") or sent_at), cleaned, key)


def _account_of(groups: Mapping[str, Any]) -> str:
    for kind in _ACCOUNT_TYPES:
        if groups.get(kind) not in (None, ""):
            return read_id(groups[kind], "group")
    return read_id(next(iter(groups.values())), "group") if len(groups) == 1 else ""


def _time_of(item: Mapping[str, Any], header: Header, rules: Rules) -> tuple[datetime, str]:
    options, properties = item.get("options"), item.get("properties")
    is_exact = (isinstance(options, dict) and options.get("disable_skew_correction") is True) or (
        isinstance(properties, dict) and properties.get("$ignore_sent_at") is True
    )
    sent = item.get("timestamp")
    if sent not in (None, ""):
        header = replace(header, sent_at=item.get("sent_at") or header.sent_at, is_skew_corrected=not is_exact)
        return event_time(sent, header, rules), str(sent)
    offset = item.get("offset")  # milliseconds between the event and its sending, from older clients
    if isinstance(offset, (int, float)) and not isinstance(offset, bool) and 0 <= offset < 1e12:
        return check_time(rules.received_at - timedelta(milliseconds=offset), rules), ""
    return rules.received_at, ""


def _person_traits(
    item: Mapping[str, Any], properties: Mapping[str, Any], distinct_id: str, at: datetime
) -> tuple[TraitValue, ...]:
    options = item.get("options")
    if properties.get("$process_person_profile") is False or (
        isinstance(options, dict) and options.get("process_person_profile") is False
    ):
        return ()
    found: tuple[TraitValue, ...] = ()
    for name, moment in (("$set_once", set_once_time(at)), ("$set", at)):
        values = {**read_object(properties.get(name), name), **read_object(item.get(name), name)}
        if values:
            found += traits_of("person", distinct_id, values, moment)
    removed = properties.get("$unset") or item.get("$unset")
    if isinstance(removed, (list, dict)) and removed:
        found += traits_of("person", distinct_id, {str(key): None for key in removed}, at)
    return found


def _group_traits(properties: Mapping[str, Any], distinct_id: str, at: datetime) -> tuple[str, tuple[TraitValue, ...]]:
    group_type = properties.get("$group_type")
    account_id = read_id(properties.get("$group_key"), "$group_key")
    if not isinstance(group_type, str) or not group_type or not account_id:
        raise UnfitItem("no_group_id", "A $groupidentify needs a $group_type and a $group_key.")
    traits = traits_of("account", account_id, read_object(properties.get("$group_set"), "$group_set"), at)
    if group_type in _ACCOUNT_TYPES and not distinct_id.startswith("$"):
        traits = (TraitValue("person", distinct_id, PERSON_ACCOUNT_KEY, to_json(account_id), at), *traits)
    return account_id, traits


def _join(name: str, properties: Mapping[str, Any], distinct_id: str) -> tuple[Join | None, str]:
    if name == IDENTIFY:
        return join_of("identify", read_id(properties.get("$anon_distinct_id"), "$anon_distinct_id"), distinct_id)
    if name in _ALIASES:
        other = read_id(properties.get("alias"), "alias")
        if not other:
            raise UnfitItem("no_previous_id", "An alias needs the property “alias”.")
        return join_of("alias", other, distinct_id)
    return None, ""


def _kept_properties(item: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in properties.items() if name not in _NOT_PROPERTIES}
    for field, name in (("session_id", "$session_id"), ("window_id", "$window_id")):
        if isinstance(item.get(field), str):
            kept.setdefault(name, item[field])
    return kept


def parse_item(item: Any, header: Header, rules: Rules) -> ParsedEvent:
    """Return the event that an item stands for.

    Raises: UnfitItem with the reason why it cannot be taken.
    """
    if not isinstance(item, dict):
        raise UnfitItem("not_an_object", "The item is not a JSON object.")
    name = read_name(item.get("event"))
    properties = read_object(item.get("properties"), "properties")
    sender = next(
        (v for v in (item.get("distinct_id"), item.get("$distinct_id"), properties.get("distinct_id")) if v), None
    )
    distinct_id = require_distinct_id(read_id(sender, "distinct_id"))
    at, sent_time = _time_of(item, header, rules)
    account_id = _account_of(read_object(properties.get("$groups"), "$groups")) if "$groups" in properties else ""
    traits = _person_traits(item, properties, distinct_id, at)
    if name == GROUP:
        account_id, of_group = _group_traits(properties, distinct_id, at)
        traits += of_group
    join, note = _join(name, properties, distinct_id)
    return ParsedEvent(
        name=name,
        distinct_id=distinct_id,
        at=at,
        sent_time=sent_time,
        properties=write_properties(_kept_properties(item, properties)),
        event_id=read_event_id(item.get("uuid") or properties.get("$insert_id")),
        account_id=account_id or None,
        traits=traits,
        join=join,
        note=note,
    )
