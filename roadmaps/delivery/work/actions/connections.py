"""Saying how a tracker is read by itself, and asking for it now."""

import re
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit.public import record
from portal.messages.public import Refused, check_url
from portal.operations.public import enqueue_on_commit
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, NotFound, is_storable, refuse_stale, seal
from roadmaps.delivery.work.actions.trackers import locked
from roadmaps.delivery.work.models import Connection, Tracker

PURPOSE = "roadmaps.delivery.work.connection"
_PROJECT = {Connection.Kind.JIRA: r"[A-Za-z][A-Za-z0-9_]{0,79}", Connection.Kind.GITHUB: r"[\w.-]{1,100}/[\w.-]{1,100}"}
_EXAMPLE = {Connection.Kind.JIRA: "the key of one project, such as PLAN", Connection.Kind.GITHUB: "owner/repository"}


@transaction.atomic
def connect_tracker(
    tracker: Tracker,
    *,
    actor: Any,
    kind: str,
    address: str,
    project: str,
    account: str = "",
    token: str = "",
    takes_pulls: bool = False,
    version: int = 0,
) -> Connection:
    """Say where a tracker is read and with what token; an empty token keeps the stored one, at the same address."""
    require(actor, "connections.edit", tracker)
    current = locked(tracker)
    found = Connection.objects.select_for_update().filter(tracker=current).first()
    connection = found or Connection(tracker=current, version=0)
    refuse_stale(connection, version)
    before = _told(connection) if found else None
    address, project = _checked(kind, address, project, account, token)
    place = (connection.kind, connection.address, connection.project)
    if found and not token and (kind, address) != place[:2]:
        raise BadInput(fields={"token": ["Enter the token again: it is not sent to another address than it was for."]})
    connection.kind, connection.address, connection.project = kind, address, project
    connection.account, connection.takes_pulls = account.strip(), takes_pulls
    if (kind, address, project) != place:
        connection.cursor_at = None  # another project is read from its beginning
    if token:
        connection.token = seal(PURPOSE, token.strip())
    connection.error, connection.not_before, connection.failing_since = "", None, None
    if not connection.is_busy:
        connection.state = Connection.State.IDLE
    connection.version = version + 1
    connection.save()
    after = {**_told(connection), "has_new_token": bool(token)}
    record(actor, f"connection.{'changed' if found else 'created'}", connection, before=before, after=after)
    return connection


def _told(connection: Connection) -> dict[str, Any]:
    names = ("kind", "address", "project", "takes_pulls", "is_paused")
    return {name: getattr(connection, name) for name in names}


def _checked(kind: str, address: str, project: str, account: str, token: str) -> tuple[str, str]:
    faults: dict[str, list[str]] = {}
    if kind not in Connection.Kind.values:
        raise BadInput(fields={"kind": ["Choose Jira or GitHub."]})
    address, project = address.strip().rstrip("/"), project.strip()
    try:
        parts = check_url(address)
        if parts.query or parts.fragment or len(address) > 300:
            raise Refused("Leave away what follows the path.")
    except Refused as refused:
        faults["address"] = [str(refused)]
    if not re.fullmatch(_PROJECT[Connection.Kind(kind)], project, re.ASCII):
        faults["project"] = [f"Write {_EXAMPLE[Connection.Kind(kind)]}."]
    for name, text in (("account", account), ("token", token)):
        if len(text) > 2_000 or any(not 32 <= ord(sign) < 127 for sign in text.strip()) or not is_storable(text):
            faults[name] = ["Use plain letters, digits and signs, without a line break."]
    if len(account) > 200:
        faults["account"] = ["Use at most 200 characters."]
    if faults:
        raise BadInput(fields=faults)
    return address, project


@transaction.atomic
def disconnect_tracker(tracker: Tracker, *, actor: Any) -> None:
    """Read a tracker no more, and forget its token; what came from it stays."""
    require(actor, "connections.edit", tracker)
    connection = _locked(tracker)
    record(actor, "connection.deleted", connection, before=_told(connection))
    connection.delete()


@transaction.atomic
def pause_connection(tracker: Tracker, *, actor: Any, is_paused: bool) -> Connection:
    """Stop reading a tracker for now, or go on."""
    require(actor, "connections.edit", tracker)
    connection = _locked(tracker)
    before = _told(connection)
    connection.is_paused = is_paused
    connection.version += 1
    connection.save(update_fields=["is_paused", "version"])
    record(
        actor, f"connection.{'paused' if is_paused else 'resumed'}", connection, before=before, after=_told(connection)
    )
    return connection


@transaction.atomic
def pull_now(tracker: Tracker, *, actor: Any) -> Connection:
    """Have a worker read a tracker; asked twice it is read once. A tracker that wants to be left alone is."""
    require(actor, "connections.edit", tracker)
    connection = _locked(tracker)
    if connection.is_busy:
        return connection
    now = timezone.now()
    if connection.not_before and connection.not_before > now:
        raise Conflict("The tracker has asked to be left alone for a while. It is read when that is over.")
    record(actor, "connection.pull_asked", connection)
    announce(connection)
    return connection


def announce(connection: Connection) -> None:
    """Put a reading before the workers, in the caller's transaction."""
    connection.state, connection.n_attempts = Connection.State.WAITING, 0
    connection.step, connection.heartbeat_at = "", timezone.now()
    connection.save(update_fields=["state", "n_attempts", "step", "heartbeat_at"])
    enqueue_on_commit("delivery.pull_tracker", connection_id=connection.pk)


def _locked(tracker: Tracker) -> Connection:
    rows = Connection.objects.select_for_update(of=["self"]).select_related("tracker__product__team")
    found = rows.filter(tracker=tracker).first()
    if found is None:
        raise NotFound()
    return found
