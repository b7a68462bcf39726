"""Search over 100,000 texts: how fast it finds, how fast every list answers a word, how long the words take to count.

    python -m benchmarks.bench_search --items 100000 --requests 40

Feedback (85 %), highlights (10 %) and conversations (5 %, a tenth of them with an hour's transcript), made of 20,000
words as frequent as those of a language are (Zipf), in English and German, by 20,000 people of 500 accounts with plans;
a third of it is shared with the company. Searches run as a browser asks for them, signed in, warm: as one of the team,
as one of another team, and as ops. Prints a table; ends with 1 when a page takes more than its p95 <= 200 ms or 12
queries. Starts its own PostgreSQL and Valkey in a temporary folder.
"""

import argparse
import itertools
import random
import sys
import time
from datetime import date, timedelta
from typing import Any

from benchmarks.asked_pages import ask_pages

_SYLLABLES = (
    "re",
    "po",
    "ti",
    "la",
    "ver",
    "son",
    "ka",
    "mi",
    "dus",
    "en",
    "tro",
    "fi",
    "gal",
    "ne",
    "ob",
    "sur",
    "ple",
)
_N_WORDS, _N_ACCOUNTS, _PEOPLE = 20_000, 500, 20_000


def make_words() -> list[str]:
    """Return words that no language has, the shortest first, as the most frequent ones are; the same each time."""
    made = ("".join(parts) for n in (2, 3, 4) for parts in itertools.product(_SYLLABLES, repeat=n))
    words = list(itertools.islice(made, 5 * _N_WORDS))[::5]
    return [*("slow", "report", "export", "invite", "team", "timeline"), *words][:_N_WORDS]


class Texts:
    """Makes texts of words that are as frequent as those of a language are."""

    def __init__(self, words: list[str]):
        self.chance, self.words = random.Random(5), words
        self.weights = list(itertools.accumulate(1 / (place + 20) for place in range(len(words))))

    def make(self, n: int) -> str:
        """Return a text of so many words."""
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=n)).capitalize() + "."


def fill(product: Any, user: Any, n_items: int, words: list[str]) -> dict[str, int]:
    """Write the texts down, past the actions but not past the database; return how many of each."""
    from insights.events.models import Account, DistinctId, IdSpace
    from insights.voice.conversations.models import Conversation, Participant
    from insights.voice.feedback.models import Feedback
    from insights.voice.highlights.models import Highlight
    from insights.voice.texts.public import mask
    from insights.voice.themes.models import Theme, ThemeLink
    from tests.factories import make_channel

    texts, first = Texts(words), date(2023, 1, 1)
    chance, space = texts.chance, IdSpace.objects.get(product=product)
    persons = list(DistinctId.objects.filter(id_space=space).values_list("pk", flat=True))
    accounts = list(Account.objects.filter(id_space=space).values_list("pk", flat=True))
    channels = [make_channel(slug) for slug in ("support", "call", "review")]
    shared = itertools.cycle(("team", "team", "company"))
    counts = {"feedback": int(n_items * 0.85), "highlights": int(n_items * 0.1), "conversations": int(n_items * 0.05)}

    def day() -> date:
        return first + timedelta(days=chance.randrange(1_000))

    for start in range(0, counts["feedback"], 5_000):
        rows = []
        for number in range(start, min(start + 5_000, counts["feedback"])):
            text = texts.make(chance.randint(8, 70))
            values = {
                "said_on": day(),
                "language": "de" if number % 5 == 0 else "en",
                "channel": chance.choice(channels),
            }
            who = {
                "person_id": chance.choice(persons),
                "account_id": chance.choice(accounts),
                "visibility": next(shared),
            }
            rows.append(Feedback(product=product, team=product.team, text=text, masked=mask(text), **values, **who))
        Feedback.objects.bulk_create(rows, batch_size=1_000)
    theme = Theme.objects.create(product=product, team=product.team, name="Speed")
    pieces = Feedback.objects.order_by("pk")[: counts["highlights"]]
    marks = [Highlight(feedback=one, quote=one.text[:80].strip(), start=0, created_by=user) for one in pieces]
    Highlight.objects.bulk_create(marks, batch_size=1_000)
    ThemeLink.objects.bulk_create([ThemeLink(theme=theme, feedback=one) for one in pieces], batch_size=1_000)
    for start in range(0, counts["conversations"], 500):
        talks = []
        for number in range(start, min(start + 500, counts["conversations"])):
            notes, title = texts.make(120), texts.make(4)
            said = texts.make(8_000 if number % 10 == 0 else 900)
            values = {"title": title, "masked_title": title, "notes": notes, "masked_notes": notes, "transcript": said}
            values |= {"held_on": day(), "visibility": next(shared)}
            talks.append(Conversation(product=product, team=product.team, **values))
        made = Conversation.objects.bulk_create(talks, batch_size=100)
        Participant.objects.bulk_create([Participant(conversation=one, name=texts.make(2)) for one in made])
    return counts


def people_of(product: Any) -> None:
    """Let there be persons and accounts with plans."""
    from tests.factories import make_source, store_events

    at = "2024-01-02T10:00:00+00:00"
    rows = [
        {"event": "opened", "distinct_id": f"user-{no}", "account_id": f"account-{no % _N_ACCOUNTS}", "timestamp": at}
        for no in range(_PEOPLE)
    ]
    plans = [
        {
            "subject": "account",
            "subject_id": f"account-{no}",
            "key": "plan",
            "value": ("free", "team", "business")[no % 3],
            "timestamp": at,
            "item_no": _PEOPLE + no,
        }
        for no in range(_N_ACCOUNTS)
    ]
    store_events(make_source(product), rows, traits=plans)


def measure(people: dict[str, Any], words: list[str], n_requests: int) -> bool:
    """Ask search in several ways, and the lists for words; say whether the promises were kept."""
    from insights.voice.conversations.models import Conversation
    from insights.voice.feedback.models import Feedback

    base, frequent, rare = "/voice/search/", words[:60], words[3_000:9_000]
    pieces = list(Feedback.objects.order_by("-pk").values_list("pk", flat=True)[:200])
    talks = list(Conversation.objects.order_by("-pk").values_list("pk", flat=True)[:200])

    def slip(word: str) -> str:
        return word[:2] + word[3] + word[2] + word[4:]

    searches = {
        "a frequent word": lambda turn: f"{base}?q={frequent[turn % 60]}",
        "a rare word": lambda turn: f"{base}?q={rare[turn * 7]}",
        "three words": lambda turn: f"{base}?q={frequent[turn % 60]}+{frequent[turn * 3 % 60]}+{words[100 + turn]}",
        "words in a row, and not": lambda turn: (
            f'{base}?q="{frequent[turn % 20]}+{frequent[turn % 17]}"+-{words[turn]}'
        ),
        "the beginning of a word": lambda turn: f"{base}?q={words[200 + turn][:3]}",
        "a slip of the hand": lambda turn: f"{base}?q={slip(rare[turn * 7])}",
        "two slips and a word": lambda turn: (
            f"{base}?q={slip(rare[turn])}+{slip(rare[turn + 99])}+{frequent[turn % 60]}"
        ),
        "newest first, third page": lambda turn: f"{base}?q={frequent[turn % 60]}&sort=new&page=3",
        "of a channel and a year": lambda turn: f"{base}?q={frequent[turn % 60]}&channel=call&since=2024-01-01",
        "of a theme": lambda turn: f"{base}?q={frequent[turn % 60]}&theme=1",
        "of a plan": lambda turn: f"{base}?q={frequent[turn % 60]}&plan=business",
        "filters alone": lambda turn: f"{base}?since=2024-{turn % 12 + 1:02}-01",
        "similar to feedback": lambda turn: f"{base}?like=feedback-{pieces[turn]}",
        "similar to a conversation": lambda turn: f"{base}?like=conversation-{talks[turn]}",
        "the palette": lambda turn: f"/search/palette/?q={words[100 + turn]}",
        "all filters": lambda turn: f"{base}filters/",
    }
    kept = ask_pages(people["manager"], "search, of the team", searches, n_requests)
    few = {name: searches[name] for name in ("a frequent word", "a slip of the hand", "the palette", "three words")}
    kept = ask_pages(people["other"], "search, of another team", few, n_requests) and kept
    kept = ask_pages(people["ops"], "search, ops", few, n_requests) and kept
    lists = {}
    for room in ("feedback", "conversations", "highlights"):
        lists[f"{room}, a frequent word"] = lambda turn, room=room: f"/voice/{room}/?q={frequent[turn % 60]}"
        lists[f"{room}, a rare word"] = lambda turn, room=room: f"/voice/{room}/?q={rare[turn * 7]}"
        lists[f"{room}, all, a page"] = lambda turn, room=room: f"/voice/{room}/?page={turn % 20 + 1}"
    return ask_pages(people["manager"], "lists, of the team", lists, n_requests) and kept


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40)
    options = parser.parse_args()
    from benchmarks.dashboard_world import own_portal

    with own_portal():
        from django.db import connection

        from insights.voice.search.counting import count_changed
        from insights.voice.search.models import Word
        from tests.factories import make_product, make_team, make_user

        team, other = make_team("Bench"), make_team("Other")
        product, words = make_product("Bench", team), make_words()
        people = {"manager": make_user("manager", "product_manager", team), "ops": make_user("ops", "ops")}
        people["other"] = make_user("other", "product_manager", other)
        people_of(product)
        started = time.monotonic()
        counts = fill(product, people["manager"], options.items, words)
        print(
            ", ".join(f"{n:,} {name}" for name, n in counts.items()), f"written in {time.monotonic() - started:.0f} s"
        )
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        started = time.monotonic()
        count_changed()
        print(f"words counted in {time.monotonic() - started:.1f} s: {Word.objects.count():,}")
        started = time.monotonic()
        count_changed()
        print(f"nothing to count: {time.monotonic() - started:.2f} s", flush=True)
        return 0 if measure(people, words, options.requests) else 1


if __name__ == "__main__":
    sys.exit(main())
