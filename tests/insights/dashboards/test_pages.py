"""The pages of dashboards: what is stored shows at once, in few queries, to those who may see it."""

import datetime as dt
import html
import io
import json
import re

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from insights.dashboards import actions, refreshing
from insights.dashboards.models import Dashboard, Tile, TileAnswer
from portal.people.models import Product, Visibility
from portal.shell.search import find_things
from tests.insights.dashboards.conftest import NOW, TREND


@pytest.fixture
def computed(events, tile):
    with time_machine.travel(NOW, tick=False):
        refreshing.refresh_tiles(Tile.objects.on_duty(), NOW)
        yield tile


def page(client, dashboard, **query):
    return client.get(dashboard.get_absolute_url(), query)


def test_a_stored_answer_shows_at_once_with_its_age(computed, dashboard, client_of, viewer):
    text = page(client_of(viewer), dashboard).content.decode()
    assert "data to <time" in text and "18 Mar, 12:00" in text and "computed <time" in text and "09:00</time>" in text
    assert "up to date" in text and 'hx-trigger="every 120s"' in text


def test_a_tile_without_an_answer_says_so_and_the_pulse_brings_it(events, tile, dashboard, client_of, viewer):
    client = client_of(viewer)
    text = page(client, dashboard).content.decode()
    assert "computed for the first time" in text and 'hx-trigger="every 1500ms"' in text
    refreshing.refresh_tiles(Tile.objects.on_duty(), refreshing.timezone.now())
    pulse = client.get(reverse("dashboards:dashboard-pulse", args=[dashboard.slug]), {"known": f"{tile.pk}-p0"})
    text = pulse.content.decode()
    assert f'id="tile-{tile.pk}" hx-swap-oob="true"' in text and "computed <time" in text
    known = text.partition("known=")[2].partition("&")[0]
    again = client.get(reverse("dashboards:dashboard-pulse", args=[dashboard.slug]), {"known": known})
    assert "hx-swap-oob" not in again.content.decode().partition('id="board-age"')[2].partition(">")[2]


@pytest.mark.parametrize("n_more", [0, 11])
def test_the_page_takes_few_queries_however_many_tiles(
    computed, dashboard, owner, client_of, django_assert_max_num_queries, n_more
):
    for number in range(n_more):
        asked = {**TREND, "date_from": f"-{number + 2}d"}
        actions.add_tile(dashboard, actor=owner, question=asked, title=f"Tile {number}")
    refreshing.refresh_tiles(Tile.objects.on_duty(), NOW)
    client = client_of(owner)
    page(client, dashboard)
    with django_assert_max_num_queries(12):
        assert page(client, dashboard).status_code == 200


def test_the_list_takes_few_queries(dashboard, owner, product, client_of, django_assert_max_num_queries):
    for number in range(30):
        actions.create_dashboard(actor=owner, product=product, title=f"Board {number}")
    client = client_of(owner)
    client.get("/dashboards/")
    with django_assert_max_num_queries(12):
        assert "Board 29" in client.get("/dashboards/").content.decode()


def test_the_list_sorts_and_keeps_what_is_asked_for(dashboard, owner, product, client_of):
    other = actions.create_dashboard(actor=owner, product=product, title="=Onboarding")
    actions.archive_dashboard(actions.create_dashboard(actor=owner, product=product, title="Old"), actor=owner)
    actions.set_star(other, actor=owner, is_starred=True)
    client = client_of(owner)
    page(client, dashboard)

    def shown(query):
        text = client.get(f"/dashboards/?{query}").content.decode().partition('id="rows"')[2]
        return [title for title in ("Product health", "=Onboarding", "Old") if f">{title}</a>" in text]

    assert shown("") == ["Product health", "=Onboarding"]
    assert (shown("show=starred"), shown("show=recent"), shown("show=archived")) == (
        ["=Onboarding"],
        ["Product health"],
        ["Old"],
    )
    assert shown("q=product+health&product=planner") == ["Product health"]
    for sort in ("title", "-product", "owner", "-tiles", "viewed", "-viewed", "updated"):
        assert len(shown(f"sort={sort}")) == 2
    text = client.get("/dashboards/?format=csv&sort=title").getvalue().decode("utf-8-sig")
    assert "'=Onboarding," in text and "Old" not in text, "no spreadsheet runs a title"


def test_a_team_only_dashboard_is_404_for_an_outsider(dashboard, client_of, outsider):
    Dashboard.objects.update(visibility=Visibility.TEAM)
    assert page(client_of(outsider), dashboard).status_code == 404


def test_numbers_of_a_product_that_one_may_not_see_stay_hidden(computed, dashboard, client_of, outsider):
    Product.objects.update(visibility=Visibility.TEAM)
    client = client_of(outsider)
    text = page(client, dashboard).content.decode()
    assert "not shared with you" in text and "application/json" not in text
    assert client.get(reverse("dashboards:tile-csv", args=[computed.pk])).status_code == 404
    assert client.get(f"/api/v1/tiles/{computed.pk}/answer/").status_code == 404


def test_a_failed_tile_says_why_and_shows_the_last_good_answer(computed, dashboard, client_of, viewer):
    TileAnswer.objects.update(state="failed", failure="The question took too long.", failed_at=NOW, n_failures=3)
    text = page(client_of(viewer), dashboard).content.decode()
    assert "The question took too long. Below is the last good answer." in text
    assert "application/json" in text and "1 tile failed" in text


def test_range_and_filters_live_in_the_address(computed, dashboard, client_of, viewer):
    client = client_of(viewer)
    typed = {"from": "-7d", "of": "event", "property": "kind", "op": "is", "value": "team"}
    response = page(client, dashboard, **typed)
    assert response.url == f"{dashboard.get_absolute_url()}?from=-7d&filter=event~kind~is~team"
    text = client.get(response.url).content.decode()
    assert "kind is “team”" in text and "computed for the first time" in text
    assert "is not a day" in page(client, dashboard, **{"from": "yesterday"}).content.decode()


def test_csv_has_the_tiles_numbers_and_says_where_they_come_from(computed, client_of, viewer):
    url = reverse("dashboards:tile-csv", args=[computed.pk])
    response = client_of(viewer).get(url)
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    told = [line for line in lines if line.strip('"').startswith("# ")]
    assert response["Content-Type"].startswith("text/csv") and len(lines) - len(told) == 31
    assert lines[-3] == "2026-03-18,2," and lines[-1] == "2026-03-20,0,all of the row"
    assert "# Time zone: UTC" in told and '"# Data until: 18 Mar 2026, 12:00 (UTC)"' in told
    bare = client_of(viewer).get(url, {"about": "no"}).getvalue().decode("utf-8-sig").splitlines()
    assert bare[0] == "Day,report opened (people),Not over yet" and len(bare) == 31


def test_xlsx_of_a_tile_and_of_the_whole_dashboard(computed, broken, dashboard, owner, client_of, viewer):
    actions.add_tile(dashboard, actor=owner, kind="text", title="=cmd", text="=1+1")
    client = client_of(viewer)
    book = xlsx(client.get(reverse("dashboards:tile-csv", args=[computed.pk]), {"format": "xlsx"}))
    assert book.sheetnames == ["About", "People who read reports"] and book.active.title == "People who read reports"
    page = book.active
    assert (page["A29"].value, page["B29"].value) == (dt.datetime(2026, 3, 18), 2)
    assert page["B31"].number_format == "#,##0" and page["C31"].value == "all of the row"
    board = xlsx(client.get(reverse("dashboards:dashboard-xlsx", args=[dashboard.slug]), {"from": "-30d"}))
    assert board.sheetnames == ["About", "People who read reports"]
    said = {row[0].value: row[1].value for row in board["About"].iter_rows()}
    assert said["Dashboard"] == "Product health" and said["Range"] == "Last 30 days"
    assert said["Tile: Broken"].startswith("not here.") and said["Text: =cmd"] == "'=1+1"
    assert said["People who read reports: Time zone"] == "UTC"
    assert said["Open it at"] == "http://testserver/dashboards/product-health/"


def xlsx(response):
    return load_workbook(io.BytesIO(response.getvalue()))


def test_people_behind_a_tiles_numbers_are_a_link_away_for_the_team_alone(
    computed, dashboard, owner, client_of, viewer, outsider
):
    steps = [{"event": "signed up"}, {"event": "report opened"}]
    funnel = actions.add_tile(dashboard, actor=owner, question={"kind": "funnel", "steps": steps}, title="Funnel")
    back = {"target": steps[0], "returning": steps[1], "interval": "week", "intervals": 2}
    retention = actions.add_tile(dashboard, actor=owner, question={"kind": "retention", **back}, title="Back")
    refreshing.refresh_tiles(Tile.objects.on_duty(), NOW)
    counted = {}
    with time_machine.travel(NOW + dt.timedelta(days=3), tick=False):
        client = client_of(viewer)
        for tile in (computed, funnel, retention):
            text = client.get(reverse("dashboards:tile-page", args=[tile.pk])).content.decode()
            links = re.findall(r'<a href="([^"]+)" data-point="[^"]+" title="[^"]+">([\d,]+)', text)
            for url, number in links:
                people = client.get(html.unescape(url)).content.decode()
                assert f">{number} pe" in people, "the list is as long as the number"
            counted[str(tile)] = len(links)
        assert counted == {"People who read reports": 5, "Funnel": 3, "Back": counted["Back"]} and counted["Back"]
        text = client_of(outsider).get(reverse("dashboards:tile-page", args=[funnel.pk])).content.decode()
        assert "data-point" not in text


def test_text_tiles_are_safe_markdown(dashboard, owner, client_of, viewer):
    hostile = "## Hello\n\n**bold** <script>alert(1)</script> [x](javascript:alert(1)) ![i](http://x/y.png)"
    actions.add_tile(dashboard, actor=owner, kind="text", text=hostile)
    text = page(client_of(viewer), dashboard).content.decode()
    assert "<strong>bold</strong>" in text and "<h4>Hello</h4>" in text
    assert "<script>alert" not in text and 'href="javascript' not in text and "<img" not in text


def test_layout_over_json_and_a_second_editor(computed, dashboard, owner, client_of):
    client = client_of(owner)
    url = reverse("dashboards:dashboard-layout", args=[dashboard.slug])
    dashboard.refresh_from_db()
    body = {"revision": dashboard.layout_revision, "tiles": [{"id": computed.pk, "x": 6, "y": 0, "w": 6, "h": 4}]}
    first = client.post(url, json.dumps(body), content_type="application/json")
    assert first.status_code == 200 and first.json()["tiles"][0]["x"] == 6
    second = client.post(url, json.dumps(body), content_type="application/json")
    assert second.status_code == 409 and second.json()["revision"] == first.json()["revision"]


def test_settings_of_a_second_editor_keep_what_was_typed(dashboard, owner, editor, client_of):
    actions.update_dashboard(dashboard, actor=editor, revision=1, title="Theirs")
    sent = {"title": "Mine", "product": dashboard.product_id, "visibility": "company", "revision": 1}
    client = client_of(owner)
    response = client.post(reverse("dashboards:dashboard-edit", args=[dashboard.slug]), sent)
    text = response.content.decode()
    assert response.status_code == 409 and 'value="Mine"' in text and "Theirs" in text and "Editor changed" in text
    assert 'name="revision" value="2"' in text
    assert client.post(reverse("dashboards:dashboard-edit", args=[dashboard.slug]), {**sent, "revision": 2}).url


def test_a_starter_dashboard_comes_in_one_click(events, source, owner, client_of):
    response = client_of(owner).post(reverse("dashboards:starter-create"), {"source": source.slug})
    board = Dashboard.objects.get()
    assert response.url == board.get_absolute_url()
    assert (board.title, board.date_to) == ("Planner app at a glance", "2026-03-18")
    assert board.tiles.live().count() >= 6
    done = refreshing.refresh_tiles(Tile.objects.on_duty(), NOW)
    assert done.n_failed == 0, done.problems


def test_a_starter_of_nothing_says_what_to_do(source, owner, client_of):
    response = client_of(owner).post(reverse("dashboards:starter-create"), {"source": source.slug})
    assert response.status_code == 400 and "has no events yet" in response.content.decode()


def test_my_home_dashboard_shows_its_tiles_on_home(computed, dashboard, viewer, client_of):
    client = client_of(viewer)
    page(client, dashboard)
    assert "looked at" in client.get("/").content.decode()
    client.post(reverse("dashboards:dashboard-home", args=[dashboard.slug]), {"home": "on"})
    assert f'id="tile-{computed.pk}"' in client.get("/").content.decode()


def test_search_finds_titles_and_tiles(computed, dashboard, viewer, outsider):
    for text in ("health", "read reports"):
        (found,) = (group for group in find_things(viewer, text, 5) if group.kind == "Dashboards")
        assert [hit.title for hit in found.hits] == ["Product health"]
    Dashboard.objects.update(visibility=Visibility.TEAM)
    assert "Dashboards" not in [group.kind for group in find_things(outsider, "health", 5)]


def test_a_question_changed_in_explore_comes_back_to_its_tile(computed, dashboard, owner, client_of):
    client = client_of(owner)
    there = client.get(reverse("dashboards:tile-explore", args=[computed.pk]))
    assert there.url.startswith(reverse("explore:explore"))
    changed = json.dumps({**TREND, "interval": "week"})
    offered = client.get(reverse("dashboards:tile-create"), {"q": changed, "chart": "bar"}).content.decode()
    assert "Change this tile" in offered
    client.post(reverse("dashboards:tile-question", args=[computed.pk]), {"q": changed, "chart": "bar", "revision": 1})
    computed.refresh_from_db()
    assert (computed.question["interval"], computed.chart, computed.revision) == ("week", "bar", 2)
