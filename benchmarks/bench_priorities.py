"""Priorities of thousands: how fast the Prioritise page, its chart and its chances answer.

    python -m benchmarks.bench_priorities --initiatives 5000 --requests 30

Makes initiatives of one product, nine of ten scored by RICE with ranges and by value and effort, then asks the pages
through Django's own stack, signed in, warm: by score, page after page, with a capacity, by words, as a chart, two
models beside each other, what moved, how sure the order is (worked out anew, as after a change, and kept). Prints a
table; ends with 1 when a page takes more than its p95 <= 200 ms or 12 queries. Starts its own PostgreSQL and Valkey in
a temporary folder.
"""

import argparse
import random
import sys
import time
from typing import Any

from benchmarks.asked_pages import ask_pages

_WORDS = ("Invite", "Timeline", "Reports", "Export", "Search", "Roles", "Mobile", "Holidays", "Prices", "Notices")


def make_initiatives(product: Any, n: int) -> None:
    """Make initiatives with scores by two models; the same ones each time."""
    from roadmaps.planning.initiatives.models import Initiative

    dice = random.Random(5)
    made = Initiative.objects.bulk_create(
        Initiative(
            product=product,
            team=product.team,
            title=f"{dice.choice(_WORDS)} {number}",
            effort_months=float(dice.randint(1, 24)),
            position=number,
        )
        for number in range(n)
    )
    score_initiatives(made)


def score_initiatives(made: list[Any]) -> None:
    """Score nine of ten initiatives by two models, as their actions would leave them."""
    from django.utils import timezone

    from roadmaps.planning.scoring.contracts import Given
    from roadmaps.planning.scoring.models import Score, ScoringModel
    from roadmaps.planning.scoring.totals import fill_score

    dice, today, scores = random.Random(6), timezone.localdate(), []
    for slug in ("rice", "value-and-effort"):
        model = ScoringModel.objects.select_related("current").get(slug=slug)
        for number, one in enumerate(made):
            if number % 10 == 9:
                continue
            reach, label = float(dice.randint(10, 5_000)), dice.choice(("estimated", "guessed"))
            months = one.effort_months or 4.0
            effort = Given(months, months * 0.6, months * 2, label, on=today)
            given = {"value": Given(float(dice.randint(1, 10)), label=label, on=today), "effort": effort}
            if slug == "rice":
                given = {
                    "reach": Given(reach, reach * 0.5, reach * 1.8, label, "Counted", today),
                    "impact": Given(dice.choice((3.0, 2.0, 1.0, 0.5, 0.25)), label=label, on=today),
                    "confidence": Given(dice.choice((1.0, 0.8, 0.5))),
                    "effort": effort,
                }
            score = Score(initiative=one, model=model, worked_with=model.current)
            fill_score(score, model.definition, given)
            scores.append(score)
    Score.objects.bulk_create(scores, batch_size=1_000)


def measure(product: Any, user: Any, n_requests: int) -> bool:
    """Ask the pages and print; say whether the promises were kept."""
    from django.core.cache import cache

    from roadmaps.planning.scoring.models import Score

    def unsure(turn: int) -> str:
        """Let the chances be worked out anew, as after a change of the first."""
        first = Score.objects.filter(model__slug="rice").order_by("-value").first()
        Score.objects.filter(pk=first.pk).update(version=first.version + 1)
        return "/priorities/sureness/?model=rice"

    base = f"/priorities/?model=rice&product={product.slug}"
    addresses = {
        "by score": lambda turn: f"{base}&page={turn % 20 + 1}",
        "with a capacity": lambda turn: f"{base}&capacity={200 + turn}&page={turn % 5 + 1}",
        "by words": lambda turn: f"{base}&q={_WORDS[turn % len(_WORDS)]}",
        "of a stage, by title": lambda turn: f"{base}&stage=discovery&sort=title&page={turn % 9 + 1}",
        "chart": lambda turn: f"/priorities/chart/?model=rice&product={product.slug}",
        "compare": lambda turn: f"/priorities/compare/?a=rice&b=value-and-effort&product={product.slug}",
        "moved": lambda turn: f"/priorities/moved/?model=rice&product={product.slug}",
        "how sure, worked out anew": unsure,
        "how sure, kept": lambda turn: "/priorities/sureness/?model=rice",
    }
    cache.clear()
    return ask_pages(user, "priorities", addresses, n_requests)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--initiatives", type=int, default=5_000)
    parser.add_argument("--requests", type=int, default=30)
    options = parser.parse_args()
    from benchmarks.dashboard_world import own_portal

    with own_portal():
        from datetime import timedelta

        from django.db import connection
        from django.utils import timezone

        from roadmaps.planning.scoring.models import ScoringModel
        from roadmaps.planning.scoring.orders import keep_order
        from tests.factories import make_product, make_team, make_user

        team = make_team("Bench")
        product, user = make_product("Bench", team), make_user("manager", "product_manager", team)
        started = time.monotonic()
        make_initiatives(product, options.initiatives)
        print(f"{options.initiatives:,} initiatives scored by two models in {time.monotonic() - started:.1f} s")
        rice = ScoringModel.objects.select_related("current").get(slug="rice")
        started = time.monotonic()
        keep_order(rice, product, timezone.localdate() - timedelta(days=7))
        print(f"order kept in {time.monotonic() - started:.2f} s")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE roadmaps_planning_scoring_score")
            cursor.execute("VACUUM ANALYZE roadmaps_planning_initiatives_initiative")
        return 0 if measure(product, user, options.requests) else 1


if __name__ == "__main__":
    sys.exit(main())
