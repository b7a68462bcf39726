"""The admin in the portal's words: what it lists, what it says of a thing's past, what it lets one search."""

import re

from django.db import connection
from django.urls import reverse

from portal.people.actions import change_team
from portal.people.public import SYSTEM
from portal.shell.lists import Pages
from tests import factories


def test_a_list_is_headed_by_what_it_lists_in_words(client_of, admin_user, product):
    text = client_of(admin_user).get("/admin/portal_people/product/").content.decode()
    assert "<h1>Products</h1>" in text and "Short name" in text and "Created at" not in text


def test_history_shows_the_trail_of_every_door(client_of, admin_user, team):
    change_team(team, actor=SYSTEM, name="Renamed")
    text = client_of(admin_user).get(f"/admin/portal_people/team/{team.pk}/history/").content.decode()
    assert "History of Renamed" in text and "the portal" in text and "changed the team" in text


def test_history_is_for_those_who_may_see_the_thing(client_of, team):
    ops = factories.make_user("olga", "ops")
    assert client_of(ops).get(f"/admin/portal_people/team/{team.pk}/history/").status_code == 404


def test_people_are_searched_by_admins_and_chosen_from_a_menu_by_ops(client_of, admin_user, product):
    source = factories.make_source(product)
    url = reverse("admin:insights_events_source_change", args=[source.pk])
    assert "admin-autocomplete" in client_of(admin_user).get(url).content.decode()
    text = client_of(factories.make_user("olga", "ops")).get(url).content.decode()
    assert "admin-autocomplete" not in text and ">Olga</option>" in text


def test_what_the_portal_does_not_use_is_not_there(client_of, admin_user):
    text = client_of(admin_user).get("/admin/").content.decode()
    assert "Solar" not in text and "User sessions" not in text and "Periodic tasks" in text


def test_a_package_s_form_holds_no_inline_script(client_of, admin_user):
    text = client_of(admin_user).get("/admin/django_celery_beat/periodictask/add/").content.decode()
    assert "periodic-task-overrides" not in text


def test_dates_read_as_on_every_page(client_of, admin_user):
    text = client_of(admin_user).get("/admin/portal_people/user/").content.decode()
    assert "a.m." not in text and "p.m." not in text


def test_a_long_list_says_about_how_much_it_holds(client_of, admin_user, monkeypatch):
    for number in range(60):  # more than a page
        factories.make_team(f"Team {number}")
    with connection.cursor() as cursor:
        cursor.execute("analyze portal_people_team")
    client = client_of(admin_user)
    assert "about" not in client.get("/people/teams/").content.decode()
    monkeypatch.setattr(Pages, "MOST_COUNTED", 3)
    assert "of about" in client.get("/people/teams/").content.decode()
    text = " ".join(client.get("/admin/portal_people/team/").content.decode().split())
    assert re.search(r"about \d+ teams", text)
