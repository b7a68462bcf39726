"""The demo workspace: logins made once and only for an empty portal, every room's piece run in turn with progress."""

import json
import stat
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from portal.audit.models import AuditEntry
from portal.operations import demo
from portal.operations.demo_logins import ensure_demo_logins, list_demo_users, logins_file, remove_demo_logins
from portal.operations.models import DemoSeeding, OutboxMessage
from portal.people.public import SYSTEM, User
from portal.shell.registry import DemoSeed, registry


@pytest.fixture
def seeds(monkeypatch):
    """Stand in for the rooms' pieces; give them in the order in which they run."""
    pieces: dict[str, DemoSeed] = {}
    monkeypatch.setitem(registry.pieces, DemoSeed, pieces)
    return pieces


@pytest.fixture
def var_dir(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_logins_are_made_for_each_role_and_kept_private(db, var_dir, client):
    logins = ensure_demo_logins()
    assert [login["role"] for login in logins] == ["viewer", "product_manager", "ops", "admin"]
    assert len({login["password"] for login in logins}) == 4
    assert stat.S_IMODE(logins_file().stat().st_mode) == 0o600
    assert json.loads(logins_file().read_text()) == logins == ensure_demo_logins()
    assert AuditEntry.objects.filter(verb="user.created").count() == 4
    for login in logins:
        assert client.login(email=login["email"], password=login["password"])


def test_logins_are_never_made_beside_real_users_or_in_production(db, var_dir, settings, owner):
    assert ensure_demo_logins() == []
    User.objects.all().delete()
    settings.IS_PRODUCTION = True
    assert ensure_demo_logins() == []
    assert not logins_file().exists()


def test_start_killed_between_file_and_users_keeps_the_passwords(db, var_dir):
    logins = ensure_demo_logins()
    User.objects.all().delete()
    assert ensure_demo_logins() == logins


def test_removed_logins_cannot_sign_in_and_open_the_portal_to_others(db, var_dir, client):
    password = ensure_demo_logins()[0]["password"]
    with pytest.raises(CommandError, match="remove_demo_logins"):
        call_command("prepare", public=True)
    assert remove_demo_logins(actor=SYSTEM) == 4
    assert not list_demo_users()
    assert not logins_file().exists()
    assert not client.login(email="viewer@demo.example", password=password)
    assert AuditEntry.objects.filter(verb="user.deactivated").count() == 4


def test_every_room_is_seeded_in_order_with_progress(db, seeds):
    seen = []

    def seed(name):
        def run(world, progress):
            seen.append((name, world.ends_on))
            progress(1, 2, "half")

        return run

    seeds["later"] = DemoSeed("later", seed("later"), order=20)
    seeds["sooner"] = DemoSeed("sooner", seed("sooner"), order=10)
    seeding = demo.seed_demo()
    assert [name for name, _ in seen] == ["sooner", "later"]
    assert {type(ends_on) for _, ends_on in seen} == {date}
    assert seeding.state == DemoSeeding.State.DONE
    assert seeding.share_done == 1
    demo.seed_demo()
    assert len(seen) == 2  # what is done is not done again


def test_failed_piece_is_shown_and_tried_again(db, seeds, client_of, viewer):
    is_broken = True

    def seed(world, progress):
        progress(1, 4)
        if is_broken:
            raise RuntimeError("the disk is full")

    seeds["events"] = DemoSeed("events", seed)
    with pytest.raises(RuntimeError):
        demo.seed_demo()
    page = client_of(viewer).get("/demo/")
    assert "the disk is full" in page.content.decode()
    assert "25 %" in page.content.decode()
    is_broken = False
    assert demo.seed_demo().state == DemoSeeding.State.DONE
    assert client_of(viewer).get("/demo/").status_code == 302
    answer = client_of(viewer).get("/demo/", headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"


def test_seeding_is_asked_for_once_and_only_of_an_empty_portal(db, seeds, product):
    seeds["events"] = DemoSeed("events", lambda world, progress: None)
    assert not demo.request_demo_seeding()
    product.delete()
    assert demo.request_demo_seeding()
    assert not demo.request_demo_seeding()
    assert OutboxMessage.objects.filter(task="operations.seed_demo").count() == 1


def test_two_workers_never_seed_at_once(transactional_db, seeds):
    seeds["events"] = DemoSeed("events", lambda world, progress: None)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", demo._LOCK)
    try:
        with pytest.raises(CommandError, match="being made already"):
            call_command("seed_demo")
    finally:
        other.close()
    assert not DemoSeeding.objects.exists()
