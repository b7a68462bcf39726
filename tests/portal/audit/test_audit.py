"""The trail: every door writes it, nobody changes it."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from portal.audit.admin import AuditedAdmin
from portal.audit.models import AuditEntry
from portal.audit.public import forget_in_trail, history_of, record
from portal.audit.queries import _VERBS, in_words, list_verbs
from portal.celery import app
from portal.people.actions import add_member, change_product, change_team, create_token
from portal.people.public import SYSTEM
from tests import factories


@pytest.fixture
def entry(team):
    change_team(team, actor=SYSTEM, name="Renamed")
    return AuditEntry.objects.get()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE portal_audit_auditentry SET verb = 'x'",
        "DELETE FROM portal_audit_auditentry",
        "TRUNCATE portal_audit_auditentry",
    ],
)
def test_the_database_refuses_to_change_the_trail(entry, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_audit_auditentry ENABLE TRIGGER audit_entries_stay_whole")
        cursor.execute(sql)
    assert AuditEntry.objects.get().verb == "team.changed"


def test_an_entry_says_who_what_before_after_and_from_where(client_of, admin_user, team):
    response = client_of(admin_user).post("/people/teams/planner-team/", {"name": "Renamed", "slug": "planner-team"})
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.door, entry.address) == (admin_user.pk, "page", "127.0.0.1")
    assert entry.changes == {"name": ["Planner team", "Renamed"]}
    assert entry.request_id == response["X-Request-Id"]


def test_each_door_is_named(client_of, admin_user, team):
    client = client_of(admin_user)
    client.post("/people/teams/planner-team/", {"name": "One", "slug": "planner-team"})
    client.patch("/api/v1/teams/planner-team/", {"name": "Two"}, content_type="application/json")
    client.post(f"/admin/portal_people/team/{team.pk}/change/", {"name": "Three", "slug": "planner-team"})
    team.refresh_from_db()
    change_team(team, actor=SYSTEM, name="Four")

    @app.task(name="tests.rename_team")
    def rename_team():
        change_team(team, actor=SYSTEM, name="Five")

    rename_team.apply()
    doors = list(AuditEntry.objects.order_by("pk").values_list("door", flat=True))
    assert doors == ["page", "api", "admin", "command", "task"]


def test_a_save_without_a_change_leaves_no_entry(client_of, admin_user, team):
    client_of(admin_user).post("/people/teams/planner-team/", {"name": team.name, "slug": team.slug})
    assert not AuditEntry.objects.exists()


def test_the_history_tells_it_in_words(admin_user, team):
    change_team(team, actor=admin_user, name="Renamed")
    one = history_of(team)[0]
    assert (one.actor_name, one.sentence) == ("Admin", "changed the team")
    assert [(line.label, line.old, line.new) for line in one.change_lines] == [("name", "Planner team", "Renamed")]


def test_the_history_leaves_out_what_nobody_reads_in_a_line(admin_user, team):
    deep = {"kind": "trend", "series": [{"event": "a"}]}
    record(admin_user, "team.created", team, after={"name": "Five", "revision": 1, "question": deep})
    record(admin_user, "team.changed", team, before={"question": deep}, after={"question": {**deep, "kind": "funnel"}})
    changed, made = history_of(team)
    assert [(line.label, line.is_hidden) for line in changed.shown_lines] == [("question", True)]
    assert [(line.label, line.new) for line in made.shown_lines] == [("name", "Five")]


def test_the_page_filters_and_exports(client_of, admin_user, entry):
    client = client_of(admin_user)
    assert ">changed the team</td>" in client.get("/audit/?door=command&verb=team.changed").content.decode()
    assert "No entries fit" in client.get("/audit/?door=api").content.decode()
    assert b"team.changed" in b"".join(client.get("/audit/?format=csv").streaming_content)


def test_the_choices_of_what_was_done_are_read_along_an_index(db):
    rows = [AuditEntry(verb=verb, thing_type="x", thing_id="1", door="task") for verb in ["b.made", "a.made"] * 500]
    AuditEntry.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE portal_audit_auditentry")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {_VERBS}")
        plan = json.dumps(cursor.fetchone()[0])
    assert "Seq Scan" not in plan
    assert list_verbs() == [("a.made", "a made"), ("b.made", "b made")]


def test_every_admin_page_is_audited():
    assert all(isinstance(page, AuditedAdmin) for page in admin.site._registry.values())


def test_a_page_of_an_installed_package_is_audited(client_of, admin_user):
    from django_celery_beat.models import IntervalSchedule

    none = {f"periodictask_set-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    url = "/admin/django_celery_beat/intervalschedule/add/"
    client_of(admin_user).post(url, {"every": 7, "period": "hours", **none})
    assert IntervalSchedule.objects.filter(every=7).exists()
    assert AuditEntry.objects.get().verb == "intervalschedule.created"


def test_the_history_names_what_it_points_at_and_tells_times_in_the_readers_zone(admin_user, owner, team, product):
    change_product(product, actor=admin_user, owner=owner, visibility="team")
    add_member(team, admin_user, actor=admin_user)
    line = {line.label: (line.old, line.new) for line in history_of(product)[0].change_lines}
    assert line == {"owner": ("none", "Owner"), "visibility": ("Everybody in the company", "Members of the team")}
    assert history_of(team)[0].note == "Admin"
    token, _ = create_token(
        owner, actor=owner, name="Nightly", scope="read", expires_at=datetime(2999, 7, 1, tzinfo=UTC)
    )
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert ("none", "1 Jul 2999, 02:00") in [(one.old, one.new) for one in history_of(token)[0].change_lines]


def test_a_history_names_no_other_thing_that_the_reader_may_not_see(admin_user, team, product):
    secret = factories.make_product("Secret", team, visibility="team")
    source = factories.make_source(product)
    record(admin_user, "source.changed", source, before={"product_id": secret.pk}, after={"product_id": product.pk})
    change = history_of(source)[0].change_lines[0]
    assert (change.old, change.new) == (f"product {secret.pk}", "Planner")
    assert in_words(AuditEntry.objects.filter(verb="source.changed"))[0].change_lines[0].old == "Secret"


def test_the_history_tells_a_value_that_has_parts(admin_user, product):
    source = factories.make_source(product)
    record(admin_user, "source.mapped", source, before={"mapping": {}}, after={"mapping": {"who": ["user", "visitor"]}})
    line = history_of(source)[0].change_lines[0]
    assert (line.label, line.old, line.new) == ("mapping", "none", "who user, visitor")


def test_a_link_that_was_told_in_words_stays_as_told(client_of, admin_user, product):
    record(admin_user, "product.changed", product, after={"team": "planner-core", "owner": 10**9, "created_at": "soon"})
    lines = {line.label: line.new for line in history_of(product)[0].change_lines}
    assert lines == {"team": "planner-core", "owner": f"user {10**9}"}
    assert "planner-core" in client_of(admin_user).get("/audit/").content.decode()


def test_an_erased_name_leaves_the_trail_and_nothing_else_does(entry):
    sql = "UPDATE portal_audit_auditentry SET thing_label = %s"
    for label in ("", "x", "[erased] x", "Renamed [erased] x", "x [erased]"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [label])
    record(SYSTEM, "team.changed", entry, after={"text": "say “Ann Arbor” to Ann"}, note="Ann Arbor, Ann")
    assert forget_in_trail(["%ann%arbor%"], lambda text: text.replace("Ann Arbor", "[erased]")) == 1
    said = AuditEntry.objects.latest("pk")
    assert (said.note, said.changes) == ("[erased], Ann", {"text": [None, "say “[erased]” to Ann"]})
    assert forget_in_trail(["%ann%arbor%"], lambda text: text.replace("Ann Arbor", "[erased]")) == 0
