"""People, teams and products: by page, admin and action."""

from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from portal.audit.models import AuditEntry
from portal.people import actions
from portal.people.models import Membership, Product, Team, User
from portal.shell.errors import BadInput, Conflict, NotAllowed
from tests import factories


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_an_invited_person_sets_a_password_by_the_mail_and_signs_in(client_of, admin_user, team, client):
    values = {"email": "Mara@Example.com", "name": "Mara", "role": "product_manager", "time_zone": "Europe/Berlin"}
    response = client_of(admin_user).post("/people/new/", {**values, "teams": [team.pk]})
    user = User.objects.get(name="Mara")
    assert response.status_code == 302 and user.team_ids == {team.pk}
    assert verbs() == ["user.created", "team.member_added"]
    link = next(line for line in mail.outbox[0].body.splitlines() if "/accounts/password/reset/key/" in line)
    visitor = Client()
    form = visitor.get(urlsplit(link).path, follow=True)
    secret = "correct horse battery 9"
    done = visitor.post(form.redirect_chain[-1][0], {"password1": secret, "password2": secret}, follow=True)
    assert done.status_code == 200
    assert visitor.login(email="mara@example.com", password=secret)
    assert visitor.get("/").status_code == 200


def test_an_address_is_taken_whatever_its_case(client_of, admin_user, owner):
    values = {"email": owner.email.upper(), "name": "Other", "role": "viewer", "time_zone": "UTC"}
    response = client_of(admin_user).post("/people/new/", values)
    assert response.status_code == 422 and "Somebody has this address already." in response.content.decode()


def test_a_removed_person_is_out_at_once(owner, admin_user):
    browser = Client()
    browser.post("/accounts/login/", {"login": owner.email, "password": "a long password 1"})
    assert browser.get("/").status_code == 200
    actions.deactivate_user(owner, actor=admin_user)
    assert browser.get("/").status_code == 302
    assert "user.deactivated" in verbs()
    actions.activate_user(owner, actor=admin_user)
    assert browser.get("/").status_code == 302


def test_leaving_a_team_closes_its_things_at_once(client_of, viewer, team, admin_user):
    product = factories.make_product("Secret", team, visibility="team")
    client = client_of(viewer)
    assert client.get(f"/api/v1/products/{product.slug}/").status_code == 200
    actions.remove_member(team, viewer, actor=admin_user)
    assert client.get(f"/api/v1/products/{product.slug}/").status_code == 404


def test_the_last_admin_stays(admin_user, owner):
    with pytest.raises(NotAllowed):
        actions.change_user(admin_user, actor=admin_user, role="viewer")
    with pytest.raises(NotAllowed):
        actions.deactivate_user(admin_user, actor=admin_user)


@pytest.mark.parametrize("role", ["viewer", "product_manager", "ops"])
def test_only_admins_manage_people(role, team):
    user = factories.make_user("somebody", role, team)
    for act in (
        lambda: actions.create_user(actor=user, email="a@example.com", name="A", role="viewer"),
        lambda: actions.change_user(user, actor=user, role="admin"),
        lambda: actions.create_team(actor=user, name="T", slug="t"),
        lambda: actions.add_member(team, user, actor=user),
        lambda: actions.create_product(actor=user, name="P", slug="p", team=team),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert verbs() == []


def test_personal_data_is_audited_without_its_value(admin_user, owner):
    actions.change_user(owner, actor=admin_user, name="Somebody Else", role="ops")
    entry = AuditEntry.objects.get()
    assert entry.changes["name"] == "changed" and entry.changes["role"] == ["product_manager", "ops"]
    text = str(AuditEntry.objects.values().get())
    assert "Somebody Else" not in text and owner.email not in text


def test_teams_and_products_by_page(client_of, admin_user, owner):
    client = client_of(admin_user)
    client.post("/people/teams/new/", {"name": "Mobile", "slug": "mobile"})
    team = Team.objects.get(slug="mobile")
    client.post("/people/teams/mobile/members/", {"user": owner.email.upper()})
    assert Membership.objects.filter(team=team, user=owner).exists()
    client.post(f"/people/teams/mobile/members/{owner.pk}/remove/")
    assert not Membership.objects.filter(team=team).exists()
    values = {"name": "App", "slug": "app", "team": team.pk, "visibility": "team"}
    client.post("/people/products/new/", values)
    client.post("/people/products/app/", {**values, "name": "The app"})
    assert Product.objects.get(slug="app").name == "The app"
    assert verbs() == [
        "team.created", "team.member_added", "team.member_removed", "product.created", "product.changed",
    ]  # fmt: skip


def test_the_list_filters_sorts_pages_and_exports(client_of, admin_user, django_assert_max_num_queries):
    for n in range(60):
        factories.make_user(f"person{n:02}", "viewer")
    client = client_of(admin_user)
    client.get("/keyboard/")  # the first page of a session notes the session, once in minutes
    with django_assert_max_num_queries(12):
        text = client.get("/people/?q=person&sort=-name&page=2").content.decode()
    assert "Person00" in text and "Person59" not in text
    csv = b"".join(client.get("/people/?q=person0&format=csv").streaming_content).decode("utf-8-sig")
    assert len(csv.strip().splitlines()) == 11


def test_a_formula_in_a_name_is_no_formula_in_the_csv(client_of, admin_user):
    User.objects.filter(pk=admin_user.pk).update(name="=1+1")
    assert "'=1+1" in b"".join(client_of(admin_user).get("/people/?format=csv").streaming_content).decode("utf-8-sig")


def test_preferences_are_ones_own(client_of, viewer, owner, product):
    client = client_of(viewer)
    client.post("/profile/theme/", {"theme": "dark"})
    client.post("/profile/product/", {"product": product.slug, "next": "/search/"})
    viewer.refresh_from_db()
    assert viewer.theme == "dark" and viewer.current_product == product
    assert 'data-theme="dark"' in client.get("/").content.decode()
    with pytest.raises(NotAllowed):
        actions.change_preferences(owner, actor=viewer, theme="dark")


def test_a_redirect_stays_in_the_house(client_of, viewer):
    response = client_of(viewer).post("/profile/theme/", {"theme": "dark", "next": "https://evil.example/"})
    assert response.url == "/"


def test_sign_up_is_closed(client, db):
    text = client.get("/accounts/signup/").content.decode()
    assert "Nobody signs up by themselves" in text


def test_signing_in_too_often_is_refused(client, owner, settings):
    from django.core.cache import cache

    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/key"}
    for _ in range(2):
        client.post("/accounts/login/", {"login": owner.email, "password": "wrong"})
    client.post("/accounts/login/", {"login": owner.email, "password": "a long password 1"})
    assert client.get("/").status_code == 302
    cache.clear()


def test_the_admin_saves_people_through_the_actions(client_of, admin_user, owner):
    url = f"/admin/portal_people/user/{owner.pk}/change/"
    values = {"email": owner.email, "name": owner.name, "role": "ops", "time_zone": "UTC"}
    assert client_of(admin_user).post(url, values).status_code == 302
    owner.refresh_from_db()
    assert owner.role == "ops" and not owner.is_active
    assert verbs() == ["user.changed", "user.deactivated"]
    assert set(AuditEntry.objects.values_list("door", flat=True)) == {"admin"}


def test_the_admin_saves_teams_and_products_through_the_actions(client_of, admin_user, owner, team):
    client = client_of(admin_user)
    client.post("/admin/portal_people/team/add/", {"name": "Mobile", "slug": "mobile"})
    mobile = Team.objects.get(slug="mobile")
    client.post("/admin/portal_people/membership/add/", {"user": owner.pk, "team": mobile.pk})
    values = {"name": "App", "slug": "app", "team": mobile.pk, "visibility": "team"}
    client.post("/admin/portal_people/product/add/", values)
    app = Product.objects.get(slug="app")
    client.post(f"/admin/portal_people/product/{app.pk}/change/", {**values, "name": "The app"})
    client.post(f"/admin/portal_people/product/{app.pk}/change/", {**values, "name": "The app"})
    place = Membership.objects.get(team=mobile)
    assert client.post(f"/admin/portal_people/membership/{place.pk}/change/", {"user": owner.pk}).status_code == 403
    client.post(f"/admin/portal_people/membership/{place.pk}/delete/", {"post": "yes"})
    client.post(f"/admin/portal_people/product/{app.pk}/delete/", {"post": "yes"})
    client.post(f"/admin/portal_people/team/{mobile.pk}/delete/", {"post": "yes"})
    assert verbs() == [
        "team.created", "team.member_added", "product.created", "product.changed", "team.member_removed",
        "product.deleted", "team.deleted",
    ]  # fmt: skip


def test_a_person_made_in_the_admin_is_invited(client_of, admin_user):
    values = {"email": "mara@example.com", "name": "Mara", "role": "viewer", "time_zone": "UTC"}
    assert client_of(admin_user).post("/admin/portal_people/user/add/", values).status_code == 302
    assert mail.outbox[0].to == ["mara@example.com"] and verbs() == ["user.created"]


def test_what_is_in_use_is_not_deleted(admin_user, team, product):
    factories.make_source(product)
    with pytest.raises(Conflict, match="Planner still has"):
        actions.delete_product(product, actor=admin_user)
    with pytest.raises(Conflict, match="Planner team still has products"):
        actions.delete_team(team, actor=admin_user)


def test_no_thing_takes_the_address_of_a_page(admin_user, team):
    with pytest.raises(BadInput):
        actions.create_team(actor=admin_user, name="New", slug="new")
    with pytest.raises(BadInput):
        actions.change_team(team, actor=admin_user, slug="new")


def test_the_list_keeps_its_order_in_the_csv(client_of, admin_user):
    for name in ("Alpha", "Beta"):
        factories.make_team(name)
    csv = b"".join(client_of(admin_user).get("/people/teams/?sort=-name&format=csv").streaming_content).decode(
        "utf-8-sig"
    )
    assert [line.split(",")[0] for line in csv.splitlines()] == ["name", "Beta", "Alpha"]


def test_the_sign_in_page_labels_its_fields_once(client, db):
    text = client.get("/accounts/login/").content.decode()
    assert "placeholder" not in text and "E-mail" in text and "Email" not in text


def test_sessions_name_the_browser(owner):
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    browser = Client(headers={"User-Agent": agent})
    browser.force_login(owner)
    assert "Edge on Windows" in browser.get("/accounts/sessions/").content.decode()


def test_a_name_that_two_people_have_is_no_name_for_a_member(client_of, admin_user, team):
    for n in (1, 2):
        User.objects.create_user(f"twin{n}@example.com", name="Anna Adler", role="viewer")
    client = client_of(admin_user)
    text = client.post("/people/teams/planner-team/members/", {"user": "anna adler"}, follow=True).content.decode()
    assert "Several people have this name. Use the e-mail address." in text
    text = client.post("/people/teams/planner-team/members/", {"user": "nobody"}, follow=True).content.decode()
    assert "Nobody outside the team has this name or address." in text
    client.post("/people/teams/planner-team/members/", {"user": "twin2@example.com"})
    assert team.members.filter(email="twin2@example.com").exists()


def test_a_short_name_is_made_from_the_name_and_free(client_of, admin_user):
    client = client_of(admin_user)
    for name in ("Mobile & Web", "Mobile, Web"):
        assert client.post("/people/teams/new/", {"name": name, "slug": ""}).status_code == 302
    assert set(Team.objects.values_list("slug", flat=True)) >= {"mobile-web", "mobile-web-2"}
    refused = client.post("/people/teams/new/", {"name": "移动", "slug": ""})
    assert refused.status_code == 422 and "Type a short name" in refused.content.decode()
