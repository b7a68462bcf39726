"""Jira's pages: which address is asked, and what an issue's JSON says. Pure.

Source: "The Jira Cloud platform REST API", version 3, Issue search: GET /rest/api/3/search/jql (jql, fields, expand,
maxResults, nextPageToken → issues, nextPageToken, isLast), developer.atlassian.com/cloud/jira/platform/rest/v3/
api-group-issue-search/; a changelog in a search holds the newest changes alone, so a longer one is asked for by GET
/rest/api/3/issue/{issueIdOrKey}/changelog (startAt, maxResults → values, total, isLast), api-group-issues/. Answers of
too many requests: 429 with Retry-After, …/rate-limiting/.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from roadmaps.delivery.work.contracts import Change, GivenItem
from roadmaps.delivery.work.pulling.pages import Page, Trouble, moment, newest_of, text, texts

PER_PAGE = 100
_FIELDS = "summary,status,issuetype,created,updated,resolutiondate,labels,fixVersions,parent,project"
# JQL reads times in the zone of the account that asks, which nobody says; no zone is farther than this from UTC.
_ZONES = timedelta(hours=14)
_MARGIN = timedelta(minutes=2)  # JQL knows no seconds


def first_url(address: str, project: str, since: datetime | None) -> str:
    """Return the address of the first page of what changed since a moment, the oldest change first."""
    jql = f'project = "{project}"'
    if since is not None:
        jql += f' AND updated >= "{since - _ZONES - _MARGIN:%Y-%m-%d %H:%M}"'
    return _url(address, jql + " ORDER BY updated ASC, key ASC")


def _url(address: str, jql: str, token: str = "") -> str:
    asked = {"jql": jql, "fields": _FIELDS, "expand": "changelog", "maxResults": PER_PAGE}
    return f"{address}/rest/api/3/search/jql?{urlencode({**asked, 'nextPageToken': token} if token else asked)}"


def read_page(body: Any, url: str, address: str) -> Page:
    """Return a page of a search; the next one is asked for by the token that it holds."""
    issues = body.get("issues") if isinstance(body, dict) else None
    if not isinstance(issues, list):
        raise Trouble("The tracker's answer holds no issues.")
    items = tuple(item for issue in issues if (item := read_issue(issue, address)))
    token = body.get("nextPageToken")
    is_last = body.get("isLast", not token)
    base = url.partition("&nextPageToken=")[0]
    following = None if is_last or not isinstance(token, str) else f"{base}&nextPageToken={quote(token, safe='')}"
    return Page(items, following, newest_of(items))


def read_issue(issue: Any, address: str) -> GivenItem | None:
    """Return what an issue says; None for what is none."""
    if not isinstance(issue, dict) or not isinstance(fields := issue.get("fields"), dict):
        return None
    key = text(issue.get("key"), 200)
    if not key:
        return None
    status, parent = fields.get("status"), fields.get("parent")
    category = status.get("statusCategory") if isinstance(status, dict) else None
    versions = texts(fields.get("fixVersions"), 200)
    said = {
        "origin_id": text(issue.get("id"), 100),
        "title": text(fields.get("summary"), 500),
        "kind": text(fields.get("issuetype"), 100),
        "status": text(status, 200),
        "parent_key": text(parent.get("key"), 200) if isinstance(parent, dict) else "",
        "project": text(fields.get("project"), 200),
        "milestone": versions[-1] if versions else "",
        "labels": texts(fields.get("labels"), 200),
        "url": f"{address}/browse/{quote(key)}"[:1000],
        "opened_at": moment(fields.get("created")),
        "changed_at": moment(fields.get("updated")),
        "sent_finished_at": moment(fields.get("resolutiondate")),
    }
    log = issue.get("changelog")
    histories = log.get("histories") if isinstance(log, dict) else None
    return GivenItem(key, said, text(category, 60), tuple(read_changes(histories)))


def read_changes(histories: Any) -> Iterable[Change]:
    """Yield the changes of status that a changelog holds."""
    for one in histories if isinstance(histories, list) else []:
        at = moment(one.get("created")) if isinstance(one, dict) else None
        parts = one.get("items") if at else None
        for part in parts if isinstance(parts, list) else []:
            if isinstance(part, dict) and part.get("field") == "status" and at:
                yield Change(at, text(part.get("fromString"), 200), text(part.get("toString"), 200))


def cut_logs(body: Any) -> list[tuple[str, int]]:
    """Return the keys of issues whose changelog was cut short, each with how many changes there are."""
    found = []
    for issue in body.get("issues") or []:
        log = issue.get("changelog") if isinstance(issue, dict) else None
        total, rows = (log.get("total"), log.get("histories")) if isinstance(log, dict) else (0, [])
        if isinstance(total, int) and isinstance(rows, list) and total > len(rows):
            found.append((text(issue.get("key"), 200), total))
    return found


def log_url(address: str, key: str, start: int) -> str:
    """Return the address of a part of an issue's changelog."""
    return f"{address}/rest/api/3/issue/{quote(key, safe='')}/changelog?startAt={start}&maxResults={PER_PAGE}"
