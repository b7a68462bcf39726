"""One morning of digests: so many people, each subscribed to a dashboard or to their products, two workers.

    python -m benchmarks.bench_digests --people 500 --rows 1000000

All are due at the same moment and nothing was computed before. Mails go to files. Then the clock's task and the workers
run a second time, which must send nothing. Prints a table; ends with 1 unless every person got exactly one mail, each
different question was asked once, and each different chart was drawn once.
"""

import argparse
import datetime as dt
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

WORKERS = 2


def _set_up(folder: str) -> None:
    import django

    django.setup()
    _mail_to(folder)


def _mail_to(folder: str) -> None:
    from django.conf import settings

    settings.EMAIL_BACKEND = "portal.messages.mail_files.EmailBackend"
    settings.EMAIL_FILE_PATH = folder


def _work(ids: list[int]) -> tuple[int, int]:
    """Deliver messages as a worker does; return how many questions it asked and how many charts it drew."""
    from insights.dashboards import answers
    from portal.messages import drawing
    from portal.messages.sending import deliver

    counts = {"asked": 0, "drawn": 0}

    def counting(name: str, work):
        def counted(*arguments, **options):
            counts[name] += 1
            return work(*arguments, **options)

        return counted

    ask, draw = answers.ask, drawing.draw
    answers.ask, drawing.draw = counting("asked", ask), counting("drawn", draw)
    try:
        for delivery_id in ids:
            deliver(delivery_id)
    finally:
        answers.ask, drawing.draw = ask, draw
    return counts["asked"], counts["drawn"]


def _subscribe(n_people: int, boards: list, team) -> None:
    from portal.messages.actions.subscriptions import create_subscription
    from portal.messages.models import Subscription
    from tests.factories import make_user

    for number in range(n_people):
        user = make_user(f"person {number}".replace(" ", "."), "viewer", team)
        is_about_products = number % 5 == 4
        about = ("my_products", "") if is_about_products else ("dashboard", boards[number % len(boards)].slug)
        values = {"frequency": "daily", "at": dt.time(8), "time_zone": "Europe/Berlin"}
        create_subscription(actor=user, kind=about[0], thing_id=about[1], **values)
    Subscription.objects.update(next_at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1))


def _morning(mails: Path) -> tuple[float, float, int, int]:
    """Start what is due and deliver it; return seconds to start, seconds to deliver, questions asked, charts drawn."""
    from django.db import connection
    from django.utils import timezone

    from portal.messages.actions.subscriptions import start_due
    from portal.messages.models import Delivery

    started = time.perf_counter()
    start_due(timezone.now())
    due_s = time.perf_counter() - started
    ids = list(Delivery.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True))
    connection.close()
    started = time.perf_counter()
    with ProcessPoolExecutor(WORKERS, initializer=_set_up, initargs=[str(mails)]) as workers:
        # Dealt in turn, as a queue deals them: equal digests meet in both workers.
        found = list(workers.map(_work, [ids[place : place + 10] for place in range(0, len(ids), 10)]))
    return due_s, time.perf_counter() - started, sum(one for one, _ in found), sum(one for _, one in found)


def measure(n_people: int, n_rows: int, folder: Path) -> bool:
    """Fill, send and print; say whether every effect happened once."""
    from benchmarks.dashboard_world import make_dashboards, store_days
    from insights.dashboards.models import TileAnswer
    from portal.messages.models import Delivery, Drawing
    from tests.factories import make_product, make_source, make_team

    team = make_team("Bench")
    product = make_product("Bench", team)
    midnight = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    store_days(make_source(product, "Bench"), folder, n_rows, 180, midnight, "history")
    boards = make_dashboards(product, 8)
    _subscribe(n_people, boards, team)
    mails = folder / "mails"
    due_s, sent_s, n_asked, n_drawn = _morning(mails)
    n_sent = Delivery.objects.filter(state="sent").count()
    n_charts = sum(
        len(part["charts"]) for one in Delivery.objects.all() for part in (one.content or {}).get("parts", [])
    )
    n_answers, n_drawings = TileAnswer.objects.count(), Drawing.objects.count()
    _, _, again_asked, _ = _morning(mails)
    files = list(mails.glob("*"))
    n_bytes = sum(one.stat().st_size for one in files)
    # Two workers may choose the same name in the same second; then both mails are in one file.
    n_mails = sum(one.read_bytes().count(b"\nMessage-ID: ") for one in files)
    print(f"{'people':<40}{n_people:>12,}")
    print(f"{'deliveries made':<40}{due_s:>12.1f} s")
    print(f"{f'composed and handed over, {WORKERS} workers':<40}{sent_s:>12.1f} s")
    print(f"{'mails a second':<40}{n_sent / sent_s:>12.1f}")
    print(f"{'a mail, on average':<40}{n_bytes / max(n_mails, 1) / 1024:>12.0f} KiB")
    print(f"{'different questions, asked':<40}{n_answers:>12,}{n_asked:>12,}")
    print(f"{'charts in mails, different, drawn':<40}{n_charts:>12,}{n_drawings:>12,}{n_drawn:>12,}")
    print(f"{'mails, and after a second run':<40}{n_sent:>12,}{n_mails:>12,}")
    # Two workers may begin the same chart in the same moment; the second drawing is thrown away.
    once = n_sent == n_people == n_mails and n_asked == n_answers and again_asked == 0 and n_drawn <= 2 * n_drawings
    print("every effect once" if once else "NOT once")
    return once


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--rows", type=int, default=1_000_000, help="events of half a year")
    options = parser.parse_args()
    from benchmarks.dashboard_world import own_portal

    with own_portal() as folder:
        return 0 if measure(options.people, options.rows, folder) else 1


if __name__ == "__main__":
    sys.exit(main())
