"""GitHub's pages: which address is asked, and what an issue's JSON says. Pure.

Source: "REST API endpoints for issues", List repository issues: GET /repos/{owner}/{repo}/issues (state, since, sort,
direction, per_page, page → a list of issues; a pull request has `pull_request`; the next page by the header Link),
docs.github.com/rest/issues/issues; limits: 403 or 429 with Retry-After or X-RateLimit-Remaining 0 and
X-RateLimit-Reset, docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api. API version 2022-11-28.
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from roadmaps.delivery.work.contracts import GivenItem
from roadmaps.delivery.work.pulling.pages import Page, Trouble, moment, newest_of, text, texts

PER_PAGE = 100
API_VERSION = "2022-11-28"
_NEXT = re.compile(r'<([^>]+)>\s*;[^,]*\brel="?next"?')


def first_url(address: str, project: str, since: datetime | None, page: int = 1) -> str:
    """Return the address of a page of what changed since a moment, that one included, the oldest change first."""
    asked: dict[str, Any] = {"state": "all", "sort": "updated", "direction": "asc", "per_page": PER_PAGE}
    if since is not None:
        asked["since"] = f"{since:%Y-%m-%dT%H:%M:%SZ}"
    return f"{address}/repos/{project}/issues?{urlencode({**asked, 'page': page} if page > 1 else asked)}"


def read_page(
    body: Any, link: str, url: str, *, address: str, project: str, since: datetime | None, takes_pulls: bool
) -> Page:
    """Return a page of issues; the next one begins with the newest change that this one holds.

    What changes while pages are read moves to their end, and all others one place forward: a page number would skip
    one. Only where a whole page changed in one moment does the next number of it follow.
    """
    if not isinstance(body, list):
        raise Trouble("The tracker's answer holds no issues.")
    read = [(issue, read_issue(issue, takes_pulls=takes_pulls)) for issue in body if isinstance(issue, dict)]
    items = tuple(item for _, item in read if item)
    seen = [at for issue, _ in read if (at := moment(issue.get("updated_at")))]
    newest = max(seen, default=None)
    following = None
    if _NEXT.search(link):
        page = int((parse_qs(urlsplit(url).query).get("page") or ["1"])[0])
        is_same = newest is None or (since is not None and newest <= since)
        following = first_url(address, project, since if is_same else newest, page + 1 if is_same else 1)
    return Page(items, following, newest or newest_of(items))


def read_issue(issue: dict[str, Any], *, takes_pulls: bool) -> GivenItem | None:
    """Return what an issue says; None for a pull request that is not wanted, and for what is no issue."""
    pull = issue.get("pull_request")
    number = text(issue.get("number"), 200)
    if not number or (pull is not None and not takes_pulls):
        return None
    is_pull = isinstance(pull, dict)
    merged_at = moment(pull.get("merged_at")) if isinstance(pull, dict) else None
    closed_at = moment(issue.get("closed_at"))
    state, reason = text(issue.get("state"), 60), text(issue.get("state_reason"), 60)
    if is_pull:
        status = "merged" if merged_at else "closed (unmerged)" if state == "closed" else f"{state} pull request"
    else:
        status = f"{state} ({reason})" if reason else state
    said = {
        "origin_id": text(issue.get("id"), 100),
        "title": text(issue.get("title"), 500),
        "kind": "pull request" if is_pull else text(issue.get("type"), 100) or "issue",
        "status": status,
        "milestone": text(issue.get("milestone"), 200),
        "labels": texts(issue.get("labels"), 200),
        "url": text(issue.get("html_url"), 1000),
        "opened_at": moment(issue.get("created_at")),
        "changed_at": moment(issue.get("updated_at")),
        "sent_started_at": moment(issue.get("created_at")) if is_pull else None,
        "sent_finished_at": merged_at or closed_at,
    }
    return GivenItem(number, said)
