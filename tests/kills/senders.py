"""Clients that record what was acknowledged, from outside, while the portal is being killed around them."""

import base64
import http.client
import itertools
import json
import threading
import time
import urllib.error
import urllib.request

BATCH = 25


class Sender(threading.Thread):
    """Posts events in batches until told to stop; a batch without an answer is sent again, as clients do."""

    def __init__(self, url: str, write_key: str, n_least: int):
        super().__init__(name="sender", daemon=True)
        self.url = f"{url}v1/batch"
        self.n_least = n_least
        self.acknowledged: set[str] = set()
        self.n_failures = 0
        self.may_stop = threading.Event()
        secret = base64.b64encode(f"{write_key}:".encode()).decode()
        self._headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}

    def run(self) -> None:
        """Send until enough is acknowledged and nobody wants more."""
        for number in itertools.count():
            if self.may_stop.is_set() and len(self.acknowledged) >= self.n_least:
                return
            ids = [f"message-{number}-{place}" for place in range(BATCH)]
            while not self._post(number, ids):
                self.n_failures += 1
                time.sleep(0.1)
            self.acknowledged.update(ids)

    def _post(self, number: int, ids: list[str]) -> bool:
        when = f"2026-03-{1 + number % 28:02d}T12:00:00Z"
        items = [
            {"type": "track", "event": "clicked", "userId": f"u{number % 300}", "messageId": one, "timestamp": when}
            for one in ids
        ]
        request = urllib.request.Request(self.url, json.dumps({"batch": items}).encode(), self._headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                assert json.load(response)["n_accepted"] == len(ids)
                return True
        except (urllib.error.URLError, http.client.HTTPException, OSError, json.JSONDecodeError):
            return False
