"""Filling an empty portal with the demo workspace: every room's registered piece in turn, with progress."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from portal.operations.contracts import DemoWorld
from portal.operations.demo_logins import list_demo_users
from portal.operations.models import DemoSeeding
from portal.operations.outbox import enqueue_on_commit
from portal.people.public import Product
from portal.shell.errors import Conflict
from portal.shell.registry import DemoSeed, registry

SEED = 20260
_WRITE_EVERY_S = 0.5
_LOCK = (7302, 1)  # advisory lock of the database session: gone with the process that makes the workspace


def get_seeding() -> DemoSeeding | None:
    """Return the making of the demo workspace, if it was ever asked for."""
    return DemoSeeding.objects.filter(pk=1).first()


@transaction.atomic
def request_demo_seeding() -> bool:
    """Have a worker make the demo workspace if the portal holds nothing yet; say whether it was asked for now."""
    if Product.objects.exists() or not registry.all(DemoSeed):
        return False
    yesterday = timezone.now().date() - timedelta(days=1)
    _, is_new = DemoSeeding.objects.get_or_create(pk=1, defaults={"ends_on": yesterday})
    if is_new:
        enqueue_on_commit("operations.seed_demo")
    return is_new


def seed_demo(on_progress: Callable[[DemoSeeding], None] = lambda seeding: None) -> DemoSeeding:
    """Run every room's piece that is not done; safe to run again after it died at any line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", _LOCK)
        if not cursor.fetchone()[0]:
            raise Conflict("The demo workspace is being made already. Home shows how far it is.")
    try:
        with connection.cursor() as cursor:
            # Thousands of small commits, none of which needs to be on the disk before the next: what a power cut takes
            # is made again, since what was written later goes with it.
            cursor.execute("SET synchronous_commit = off")
        return _seed(on_progress)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", _LOCK)


def _seed(on_progress: Callable[[DemoSeeding], None]) -> DemoSeeding:
    yesterday = timezone.now().date() - timedelta(days=1)
    seeding, _ = DemoSeeding.objects.get_or_create(pk=1, defaults={"ends_on": yesterday})
    seeds = registry.all(DemoSeed)
    known = {piece["name"]: piece for piece in seeding.pieces}
    waiting = {"state": "waiting", "done": 0, "total": 0, "note": ""}
    seeding.pieces = [known.get(seed.name, {"name": seed.name, **waiting}) for seed in seeds]
    seeding.state, seeding.error, seeding.finished_at = DemoSeeding.State.RUNNING, "", None
    seeding.started_at = seeding.started_at or timezone.now()
    seeding.save()
    world = DemoWorld(ends_on=seeding.ends_on, seed=SEED, users=list_demo_users())
    for seed, piece in zip(seeds, seeding.pieces, strict=True):
        if piece["state"] != "done":
            _run_piece(seed, piece, world, seeding, on_progress)
    seeding.state, seeding.finished_at = DemoSeeding.State.DONE, timezone.now()
    seeding.save()
    return seeding


def _run_piece(seed: DemoSeed, piece: dict, world: DemoWorld, seeding: DemoSeeding, on_progress: Callable) -> None:
    written_at = 0.0

    def progress(done: int, total: int, note: str = "") -> None:
        nonlocal written_at
        piece.update(done=done, total=total, note=note)
        if time.monotonic() - written_at >= _WRITE_EVERY_S:
            written_at = time.monotonic()
            seeding.save(update_fields=["pieces"])
            on_progress(seeding)

    piece.update(state="running")
    progress(0, 0)
    try:
        seed.seed(world, progress)
    except Exception as error:
        piece.update(state="failed")
        seeding.state, seeding.error = DemoSeeding.State.FAILED, f"{seed.name}: {error}"
        seeding.save()
        raise
    piece.update(state="done", done=piece["total"], note="")
    seeding.save()
    on_progress(seeding)
