"""A worker's reading of a tracker: page by page, each written with how far it is read in one transaction."""

import base64
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.messages.public import Answer, Refused, Unreachable, fetch
from portal.operations.public import Pulse, claim, requeue_dead
from portal.shell.public import Conflict, unseal
from roadmaps.delivery.work.actions.connections import PURPOSE, announce
from roadmaps.delivery.work.contracts import Change
from roadmaps.delivery.work.models import Connection
from roadmaps.delivery.work.pulling import github, jira
from roadmaps.delivery.work.pulling.pages import Page, Rest, Trouble, Wrong, check_answer, read_json
from roadmaps.delivery.work.writing import write_items

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
AGAIN = timedelta(minutes=5)  # after an error that may pass
MOST_PAGES = 2_000  # of one reading; the rest is read by the next one, which follows at once
_MOST_LOGS = 50  # parts of one issue's changelog
_DIED = (
    "The worker ended {n} times before it was through. What was read until then is kept; tell ops (connection {pk})."
)
_FAILED = "It stopped on an error of the portal. What was read until then is kept; tell ops (connection {})."


def pull(connection_id: int) -> None:
    """Read what changed in a waiting connection's tracker."""
    mine = claim(Connection.objects.all(), connection_id)
    connection = mine.select_related("tracker__product").first() if mine is not None else None
    if connection is None:
        return
    try:
        with Pulse(mine) as pulse:
            _read(connection, mine, pulse)
    except Rest as rest:
        _end(mine, not_before=rest.until)
    except (Trouble, Unreachable) as trouble:
        _end(mine, not_before=timezone.now() + AGAIN, error=str(trouble))
    except (Wrong, Refused) as wrong:
        _end(mine, Connection.State.FAILED, error=str(wrong))
    except Conflict:
        log.info("%s is read by another worker", connection)
    except Exception:  # the outermost loop of a job: the person must see that it is over
        log.exception("%s failed", connection)
        _end(mine, Connection.State.FAILED, error=_FAILED.format(connection.pk))


def _end(mine: QuerySet, state: str = Connection.State.IDLE, *, error: str = "", **fields: Any) -> None:
    failing_since = Coalesce("failing_since", timezone.now()) if error else None
    mine.update(state=state, step="", n_done=None, n_total=None, error=error, failing_since=failing_since, **fields)


def _read(connection: Connection, mine: QuerySet, pulse: Pulse) -> None:
    n_read = n_pages = n_written = 0
    is_over = True
    for page in _pages(connection):
        n_written += _write(connection, mine, page)
        n_read, n_pages = n_read + len(page.items), n_pages + 1
        pulse("Reading items", n_read)
        if n_pages >= MOST_PAGES and page.following:
            is_over = False
            break
    if is_over:
        _end(mine, read_at=timezone.now(), n_read=n_written, not_before=None)
        return
    with transaction.atomic():
        _end(mine, n_read=n_written, not_before=None)
        announce(connection)


def _write(connection: Connection, mine: QuerySet, page: Page) -> int:
    """Write a page and how far it is read, both or neither; raise Conflict once the work is another worker's."""
    with transaction.atomic():
        counts = write_items(connection.tracker, page.items) if page.items else {}
        if page.newest and (connection.cursor_at is None or page.newest > connection.cursor_at):
            connection.cursor_at = page.newest
        if not mine.update(cursor_at=connection.cursor_at, heartbeat_at=timezone.now()):
            raise Conflict("Another worker has this work now.")
    return counts.get("new", 0) + counts.get("changed", 0)


def _pages(connection: Connection) -> Iterator[Page]:
    headers = headers_of(connection)
    return (_jira_pages if connection.kind == Connection.Kind.JIRA else _github_pages)(connection, headers)


def headers_of(connection: Connection) -> dict[str, str]:
    """Return what every request says, its token among it; Wrong where that cannot be read any more."""
    headers = {"User-Agent": "product-ops-portal", "Accept": "application/json"}
    token = unseal(PURPOSE, connection.token) if connection.token else ""
    if token is None:
        raise Wrong("The portal's SECRET_KEY has changed, so the token must be entered again.")
    if connection.kind == Connection.Kind.GITHUB:
        headers |= {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": github.API_VERSION}
    if token and connection.account:
        pair = base64.b64encode(f"{connection.account}:{token}".encode()).decode()
        return headers | {"Authorization": f"Basic {pair}"}
    return headers | ({"Authorization": f"Bearer {token}"} if token else {})


def _ask(url: str, headers: dict[str, str]) -> tuple[Any, Answer]:
    answer = fetch(url, headers)
    check_answer(answer.status, answer.headers, datetime.now(UTC))
    return read_json(answer.body), answer


def _jira_pages(connection: Connection, headers: dict[str, str]) -> Iterator[Page]:
    address = connection.address
    url: str | None = jira.first_url(address, connection.project, connection.cursor_at)
    while url:
        body, _ = _ask(url, headers)
        page = jira.read_page(body, url, address)
        longer = {key: _whole_log(address, key, total, headers) for key, total in jira.cut_logs(body)}
        items = tuple(replace(item, changes=longer.get(item.key, item.changes)) for item in page.items)
        yield replace(page, items=items)
        url = page.following


def _whole_log(address: str, key: str, total: int, headers: dict[str, str]) -> tuple[Change, ...]:
    """Return all changes of an issue whose changelog a search cuts short."""
    found: list[Change] = []
    for start in range(0, min(total, _MOST_LOGS * jira.PER_PAGE), jira.PER_PAGE):
        body, _ = _ask(jira.log_url(address, key, start), headers)
        found += jira.read_changes(body.get("values") if isinstance(body, dict) else None)
    return tuple(found)


def _github_pages(connection: Connection, headers: dict[str, str]) -> Iterator[Page]:
    address, project, since = connection.address, connection.project, connection.cursor_at
    url: str | None = github.first_url(address, project, since)
    while url:
        body, answer = _ask(url, headers)
        page = github.read_page(
            body,
            answer.headers.get("link", ""),
            url,
            address=address,
            project=project,
            since=since,
            takes_pulls=connection.takes_pulls,
        )
        yield page
        since = max(filter(None, [since, page.newest]), default=None)
        url = page.following


@transaction.atomic
def announce_due() -> int:
    """Announce the readings whose time has come; return how many there were."""
    now = timezone.now()
    due = Connection.objects.select_for_update(skip_locked=True).filter(
        Q(read_at=None) | Q(read_at__lt=now - EVERY) | ~Q(error=""),
        Q(not_before=None) | Q(not_before__lte=now),
        state=Connection.State.IDLE,
        is_paused=False,
    )
    found = list(due)
    for connection in found:
        announce(connection)
    return len(found)


@transaction.atomic
def requeue_dead_pulls() -> list[int]:
    """Announce readings again whose worker died, but end what no worker survives."""
    given_up = {"step": "", "failing_since": Coalesce("failing_since", timezone.now())}
    ids, _ = requeue_dead(Connection.objects.all(), _DIED, again={"step": "Starting again"}, given_up=given_up)
    return ids
