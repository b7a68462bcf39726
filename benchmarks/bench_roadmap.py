"""The roadmap with thousands of initiatives: how fast its views answer, today and on a past day.

    python -m benchmarks.bench_roadmap --initiatives 5000 --requests 20

Initiatives of one product over all horizons and stages, of four goals, six teams and five owners, half of them dated,
each with three past versions; 40 releases, 300 promises, health worked out. Pages are asked through Django's own
stack, signed in and warm. Prints a table; ends with 1 when a page takes more than its p95 <= 200 ms or 12 queries.
Starts its own PostgreSQL and Valkey in a temporary folder.
"""

import argparse
import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

TODAY = date.today()


def fill(product: Any, owners: list[Any], teams: list[Any], n: int) -> list[Any]:
    """Store the world that is described above; return its initiatives."""
    from portal.people.public import SYSTEM
    from roadmaps.goals.actions import create_cycle, create_objective
    from roadmaps.plan.board.healing import refresh_health
    from roadmaps.planning.initiatives.models import Horizon, Initiative, Stage

    year = {"starts_on": date(TODAY.year, 1, 1), "ends_on": date(TODAY.year, 12, 31)}
    cycle = create_cycle(name="Year", actor=SYSTEM, **year)
    goals = [create_objective(title=f"Goal {no}", cycle=cycle, product=product, actor=SYSTEM) for no in range(4)]
    stages, horizons = Stage.values, Horizon.values
    made = Initiative.objects.bulk_create(
        (
            Initiative(
                product=product,
                team=teams[no % len(teams)],
                owner=owners[no % len(owners)],
                title=f"Initiative {no} about the timeline",
                summary="What would be different, for whom. " * 5,
                stage=stages[no * 5 % len(stages)],
                horizon=horizons[no % 3],
                objective=goals[no % 4] if no % 5 else None,
                position=no * 1024,
                starts_on=TODAY + timedelta(days=no % 400 - 200) if no % 2 else None,
                ends_on=TODAY + timedelta(days=no % 400 - 150) if no % 2 else None,
            )
            for no in range(n)
        ),
        batch_size=1_000,
    )
    keep_past(made)
    release_and_promise(product, made)
    started = time.monotonic()
    for start in range(0, n, 500):
        refresh_health([one.pk for one in made[start : start + 500]])
    print(f"health of {n:,}: {time.monotonic() - started:.1f} s")
    return made


def keep_past(made: list[Any]) -> None:
    """Store three versions of each initiative."""
    from roadmaps.planning.initiatives.models import InitiativeVersion

    now = datetime.now(UTC)
    ends = [now - timedelta(days=days) for days in (300, 200, 100)]
    columns = ("title", "stage", "horizon", "objective_id", "team_id", "product_id", "owner_id", "visibility")
    columns += ("starts_on", "ends_on", "promised_on", "position", "effort_months")
    versions = (
        InitiativeVersion(
            initiative=one,
            number=one.pk,
            valid_from=first,
            valid_to=last,
            **{name: getattr(one, name) for name in columns},
        )
        for one in made
        for first, last in zip(ends, [*ends[1:], None], strict=True)
    )
    InitiativeVersion.objects.bulk_create(versions, batch_size=1_000)


def release_and_promise(product: Any, made: list[Any]) -> None:
    """Put initiatives into forty releases, and promise some."""
    from roadmaps.plan.board.models import Promise
    from roadmaps.planning.releases.models import Release, ReleaseItem

    releases = Release.objects.bulk_create(
        Release(product=product, team=product.team, name=f"{no}", planned_on=TODAY + timedelta(days=9 * no - 90))
        for no in range(40)
    )
    ReleaseItem.objects.bulk_create(
        ReleaseItem(release=releases[no % 40], initiative=one) for no, one in enumerate(made[:800])
    )
    Promise.objects.bulk_create(
        Promise(initiative=one, to_whom="Acme", due_on=TODAY + timedelta(days=no % 90 - 40), made_on=TODAY)
        for no, one in enumerate(made[:300])
    )


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--initiatives", type=int, default=5_000)
    parser.add_argument("--requests", type=int, default=20)
    options = parser.parse_args()
    from benchmarks.dashboard_world import own_portal

    with own_portal():
        from django.db import connection

        from benchmarks.asked_pages import ask_pages
        from tests.factories import make_product, make_team, make_user

        teams = [make_team(f"Team {no}") for no in range(6)]
        product = make_product("Bench", teams[0])
        owners = [make_user(f"manager{no}", "product_manager", *teams) for no in range(5)]
        started = time.monotonic()
        fill(product, owners, teams, options.initiatives)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{options.initiatives:,} initiatives, in {time.monotonic() - started:.0f} s")
        past = (TODAY - timedelta(days=150)).isoformat()
        addresses = {
            "board": "/roadmap/",
            "board, all stages, by health": "/roadmap/?stage=all&colour=health",
            "board, words and team": "/roadmap/?q=timeline&team=team-3&owner=none",
            "by goal": "/roadmap/?view=goals",
            "by team": "/roadmap/?view=teams&colour=goal",
            "next 50 of a column": "/roadmap/cards/?column=now&after=50",
            "timeline": "/roadmap/?view=timeline&lanes=goal",
            "timeline by months": "/roadmap/?view=timeline&zoom=month&lanes=team",
            "list": "/roadmap/?view=list&stage=all&page=40",
            "calendar of releases": "/roadmap/?view=calendar",
            "a past day": f"/roadmap/?day={past}",
            "a past day by goal": f"/roadmap/?view=goals&day={past}",
            "moves": "/roadmap/moves/",
            "promises": "/roadmap/promises/",
        }
        asked = {name: (lambda turn, path=path: path) for name, path in addresses.items()}
        return 0 if ask_pages(owners[0], "page", asked, options.requests) else 1


if __name__ == "__main__":
    sys.exit(main())
