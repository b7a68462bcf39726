"""Who the persons and accounts of a source are, counted again in plain Python from what was sent; shares no code."""

import datetime as dt
from dataclasses import dataclass, field

DAY = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


@dataclass
class Load:
    """What one load brought: events (who, day, account or None), groups (who, account, day), joins (id, id)."""

    events: list[tuple] = field(default_factory=list)
    groups: list[tuple] = field(default_factory=list)
    joins: list[tuple] = field(default_factory=list)


def owners(loads):
    """Return {id: the least id of its person} after the joins of these loads."""
    known = {one for load in loads for join in load.joins for one in join}
    known |= {row[0] for load in loads for row in (*load.events, *load.groups)}
    person = {one: one for one in known}
    for load in loads:
        for old, new in load.joins:
            low, high = sorted((person[old], person[new]))
            person = {one: low if owner == high else owner for one, owner in person.items()}
    return person


def persons(loads):
    """Return {ids that did or said something, as a frozenset: (events, first day, last day)}; days None without any."""
    person, found = owners(loads), {}
    for who in {row[0] for load in loads for row in (*load.events, *load.groups)}:
        found.setdefault(person[who], set()).add(who)
    days = lambda ids: sorted(day for load in loads for who, day, _ in load.events if who in ids)  # noqa: E731
    return {
        frozenset(ids): (len(days(ids)), *((days(ids)[0], days(ids)[-1]) if days(ids) else (None, None)))
        for ids in found.values()
    }


def accounts(loads):
    """Return {account: (people, events, first day, last day)}."""
    person, group = owners(loads), {}
    for _, who, account in sorted((day, who, account) for load in loads for who, account, day in load.groups):
        group[person[who]] = account
    acts = [
        (account or group.get(person[who]), person[who], day) for load in loads for who, day, account in load.events
    ]
    found = {}
    for account in {account for account, _, _ in acts if account} | set(group.values()):
        mine = [(who, day) for named, who, day in acts if named == account]
        people = {who for who, _ in mine} | {who for who, named in group.items() if named == account}
        days = sorted(day for _, day in mine)
        found[account] = (len(people), len(mine), *((days[0], days[-1]) if days else (None, None)))
    return found


def without(load, ids):
    """Return a load after the erasure of a person with these ids."""
    return Load(
        [row for row in load.events if row[0] not in ids],
        [row for row in load.groups if row[0] not in ids],
        [join for join in load.joins if not ids.intersection(join)],
    )


def as_rows(load, name):
    """Return a load as the store's factory takes it; its name makes its events none that came before."""
    at = lambda day: DAY + dt.timedelta(days=day)  # noqa: E731
    return {
        "rows": [
            {"event": "did", "distinct_id": who, "timestamp": at(day), "account_id": account}
            | {"event_id": f"{name}-{number}"}
            for number, (who, day, account) in enumerate(load.events)
        ],
        "traits": [
            {"subject": "person", "subject_id": who, "key": "$account", "value": account, "timestamp": at(day)}
            for who, account, day in load.groups
        ],
        "joins": [
            {"kind": "alias", "distinct_id": old, "person_id": new, "timestamp": at(0)} for old, new in load.joins
        ],
    }
