"""Cohorts in a browser: from a drop-off to a cohort, to a filter, and to the paths of those who dropped out."""

import json
import os
import re
import urllib.parse

import pytest

from portal.people.models import Product
from tests.browser.story import Walk
from tests.insights.explore.usage import store_usage

FUNNEL = {
    "kind": "funnel",
    "products": ["planner"],
    "steps": [{"event": "signed up"}, {"event": "report opened"}],
    "window": {"value": 1, "unit": "minute"},
    "date_from": "-90d",
}


@pytest.fixture
def walk_on(look):
    """Return a function that begins a walk on a page; with PORTAL_LOOK_DIR it is photographed."""
    return lambda page: Walk(page, look if os.environ.get("PORTAL_LOOK_DIR") else None)


@pytest.fixture
def usage(cast):
    cast("product_manager")
    return store_usage(Product.objects.get(), people=60)


@pytest.mark.long
def test_a_drop_off_becomes_a_cohort_and_a_filter(browse, usage, walk_on):
    page = browse("product_manager", f"/insights/explore/?q={urllib.parse.quote(json.dumps(FUNNEL))}&chart=table")
    walk = walk_on(page)
    lost = page.locator(".chart__table a[data-point$='lost']").first
    lost.wait_for()
    number = lost.inner_text().strip()
    lost.click()
    page.get_by_role("heading", level=1, name=re.compile(f"^{number} p")).wait_for()
    walk.stop("people")
    page.get_by_role("link", name="Save as cohort").click()
    page.get_by_label("Name").fill("Never read a report")
    walk.stop("save")
    page.get_by_role("button", name="Save cohort").click()
    page.get_by_role("heading", level=1, name="Never read a report").wait_for()
    assert page.locator(".stat__value").inner_text() == number
    walk.stop("cohort")
    page.get_by_role("link", name="Members").click()
    page.get_by_role("heading", level=1, name=re.compile(rf": {number} people$")).wait_for()
    walk.stop("members")
    _filter_by_it(page, number)
    walk.stop("explore")


def _filter_by_it(page, number):
    trend = {"kind": "trend", "products": ["planner"], "series": [{"event": None, "measure": "persons"}]}
    trend |= {"interval": "all", "date_from": "-90d"}
    page.goto(
        page.url.split("/insights/")[0] + f"/insights/explore/?q={urllib.parse.quote(json.dumps(trend))}&chart=table"
    )
    page.locator(".chart__table").wait_for()
    page.get_by_role("button", name="Add filter").last.click()
    page.locator('[name="filters.0.of"]').select_option("cohort")
    page.locator('select[name="filters.0.value"]').first.wait_for()
    page.locator('select[name="filters.0.value"]').first.select_option("never-read-a-report")
    page.wait_for_url(re.compile("never-read-a-report"))
    page.locator(".chart__table a", has_text=re.compile(f"^{number}$")).wait_for()


@pytest.mark.long
def test_the_paths_of_those_who_dropped_out_are_one_click_away(browse, usage):
    page = browse("product_manager", f"/insights/explore/?q={urllib.parse.quote(json.dumps(FUNNEL))}&chart=table")
    lost = page.locator(".chart__table a[data-point$='lost']").first
    lost.wait_for()
    lost.click()
    page.get_by_role("button", name="Paths of those who dropped out here").click()
    page.wait_for_url(re.compile("in_cohort"))
    page.locator(".chart[data-drawn] .main-svg").first.wait_for()


@pytest.mark.long
def test_a_rule_is_written_on_a_page(browse, usage, walk_on):
    page = browse("product_manager", "/insights/cohort-rules/new/")
    walk = walk_on(page)
    page.get_by_label("Name").fill("Readers")
    page.locator('[name="filters.0.event"]').fill("report opened")
    page.locator('[name="filters.0.when"]').select_option("ever")
    assert not page.locator('[name="filters.0.last_days"]').is_visible()
    page.get_by_role("button", name="Add a trait or cohort").last.click()
    page.locator('[name="filters.1.of"]').select_option("person")
    page.locator('[name="filters.1.property"]').fill("nothing")
    page.locator('[name="filters.1.op"]').select_option("is_not_set")
    page.locator('[name="filters.1.value"]').wait_for(state="detached")
    walk.stop("rule")
    page.get_by_role("button", name="Save cohort").last.click()
    page.get_by_role("heading", level=1, name="Readers").wait_for()
    walk.stop("cohort")
