"""A real HTTP server on this machine that answers as Jira and GitHub do: pages, limits, errors."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Tracker:
    """What the server holds; `faults` are answered before anything else, one a request: (status, headers)."""

    port: int = 0
    issues: list[dict[str, Any]] = field(default_factory=list)
    per_page: int = 2
    faults: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    requests: list[tuple[str, dict[str, list[str]], dict[str, str]]] = field(default_factory=list)
    logs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def jira(self, path: str, asked: dict[str, list[str]]) -> tuple[Any, dict[str, str]]:
        """Answer GET /rest/api/3/search/jql and /rest/api/3/issue/{key}/changelog as the vendor documents them."""
        if path.endswith("/changelog"):
            values = self.logs[path.split("/")[-2]]
            return {"startAt": 0, "maxResults": 100, "total": len(values), "isLast": True, "values": values}, {}
        start = int(asked.get("nextPageToken", ["0"])[0])
        page = self.issues[start : start + self.per_page]
        is_last = start + self.per_page >= len(self.issues)
        body = {"issues": page, "isLast": is_last}
        return body if is_last else {**body, "nextPageToken": str(start + self.per_page)}, {}

    def github(self, path: str, asked: dict[str, list[str]]) -> tuple[Any, dict[str, str]]:
        """Answer GET /repos/{owner}/{repo}/issues as the vendor documents it."""
        since, page = asked.get("since", [""])[0], int(asked.get("page", ["1"])[0])
        found = sorted((one for one in self.issues if one["updated_at"] >= since), key=lambda one: one["updated_at"])
        start = (page - 1) * self.per_page
        more = start + self.per_page < len(found)
        link = f'<{self.url}{path}?page={page + 1}>; rel="next", <{self.url}{path}?page=9>; rel="last"' if more else ""
        return found[start : start + self.per_page], {"Link": link} if link else {}


@contextmanager
def tracker_server() -> Iterator[Tracker]:
    """Run it on a free port."""
    tracker = Tracker()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            asked = parse_qs(parts.query)
            tracker.requests.append((parts.path, asked, dict(self.headers)))
            if tracker.faults:
                status, headers = tracker.faults.pop(0)
                return self.say(status, {"message": "no"}, headers)
            body, headers = (tracker.jira if "/rest/api/3/" in parts.path else tracker.github)(parts.path, asked)
            return self.say(200, body, headers)

        def say(self, status, body, headers):
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tracker.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield tracker
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
