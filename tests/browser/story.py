"""What the stories share: a small file of events, and a walk that checks each page that it touches."""

import csv
import datetime as dt
import io
import random
from dataclasses import dataclass, field

STEPS = ("signed up", "project created", "teammate invited")
USES = ("task created", "report opened", "search used")


def make_rows(first_day: dt.date, days: int, people: range, seed: int = 7) -> list[dict[str, str]]:
    """Return made-up use of a planning tool: people sign up, lose heart on the way, come back on weekdays."""
    dice, rows = random.Random(seed), []
    midnight = dt.datetime.combine(first_day, dt.time())
    for number in people:
        begun = dice.randrange(days)
        for day in range(begun, min(days, begun + dice.randrange(2, 40))):
            at = midnight + dt.timedelta(days=day, hours=9, seconds=dice.randrange(20_000))
            names = STEPS[: dice.choice((1, 2, 2, 3))] if day == begun else dice.sample(USES, dice.randrange(3))
            for place, name in enumerate(names):
                when = (at + dt.timedelta(minutes=7 * place)).isoformat(sep=" ")
                row = {"user_id": f"u{number:04}", "event": name, "timestamp": when}
                rows.append({**row, "company": f"c{number // 4}", "plan": ("free", "team", "business")[number % 3]})
    return sorted(rows, key=lambda row: (row["timestamp"], row["user_id"]))


def to_csv(rows: list[dict[str, str]]) -> dict[str, object]:
    """Return rows as a file that a browser can upload."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return {"name": "usage.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}


@dataclass
class Walk:
    """A walk through the portal that stops on every page: axe in both themes, nothing wider than the window."""

    page: object
    look: object
    seen: list[str] = field(default_factory=list)

    def stop(self, name: str) -> None:
        """Check the page in both themes and photograph it."""
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)
            self.page.check_axe()
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
        self.seen.append(name)
        if self.look:
            self.look(self.page, name, full=True)

    def wait_for_tiles(self) -> None:
        """Wait until a worker has computed every tile of the dashboard."""
        self.page.get_by_text("up to date").wait_for(timeout=60_000)
