"""A metric's story in a browser: made from a question, certified, a change proposed by one and approved by another."""

import json
import urllib.parse

import pytest
from django.utils import timezone

from insights.metrics import actions
from insights.metrics.explaining import explain_series
from insights.metrics.forming import read_definition
from insights.metrics.models import Metric, MetricSeries, MetricVersion
from insights.metrics.refreshing import refresh_versions
from portal.people.models import Product
from portal.people.public import SYSTEM
from tests.browser.story import Walk
from tests.insights.explore.usage import store_usage

REPORTS = {"kind": "trend", "series": [{"event": "report opened"}], "interval": "week", "date_from": "-90d"}
DONE = "Different people say more than how often they look."


@pytest.fixture
def product(cast):
    cast("product_manager")
    product = Product.objects.get()
    store_usage(product, people=60)
    return product


def compute():
    refresh_versions(MetricVersion.objects.select_related("metric"), timezone.now())
    for series in MetricSeries.objects.filter(version__state="current"):
        explain_series(series.pk)


def address(question, product):
    text = urllib.parse.quote(json.dumps({**question, "products": [product.slug]}))
    return f"/insights/explore/?q={text}"


@pytest.mark.long
def test_a_change_is_proposed_by_one_and_approved_by_another(browse, cast, look, product):
    page = browse("product_manager", address(REPORTS, product))
    walk = Walk(page, look)
    page.get_by_role("link", name="Make it a metric").click()
    page.get_by_label("Name").fill("Reports opened")
    page.get_by_label("Description").fill("How often anybody opened a report in the week.")
    walk.stop("metric-new")
    page.get_by_role("button", name="Make the metric").click()
    page.get_by_role("heading", level=1, name="Reports opened").wait_for()
    metric = Metric.objects.get()
    actions.certify_metric(metric, actor=SYSTEM)
    compute()
    page.open(f"/metrics/{metric.pk}/")
    page.locator(".chart[data-drawn] .main-svg").first.wait_for()
    page.get_by_role("heading", name="What explains the change").wait_for()
    walk.stop("metric-page")
    page.get_by_role("link", name="Change its definition").click()
    page.get_by_role("link", name="Change the question in Explore").click()
    page.get_by_role("link", name="Use for the metric").wait_for()
    new = {**REPORTS, "series": [{"event": "report opened", "measure": "persons"}]}
    page.open(address(new, product) + f"&metric={metric.pk}")
    page.get_by_role("link", name="Use for the metric").click()
    page.get_by_label("Unit").fill("people")
    page.get_by_label("Why").fill(DONE)
    walk.stop("metric-propose")
    page.get_by_role("button", name="Propose the change").click()
    page.get_by_text("Others rely on a certified metric").wait_for()
    compute()
    decider = browse("ops", MetricVersion.objects.get(state="proposed").get_absolute_url())
    decider.locator(".chart[data-drawn] .main-svg").first.wait_for()
    assert decider.get_by_text("it says").count() and decider.get_by_text(DONE).count()
    Walk(decider, look).stop("metric-decide")
    decider.get_by_role("button", name="Decline").click()
    decider.get_by_text("Say why not").first.wait_for()
    decider.allow("422")
    decider.allow("400")
    decider.get_by_label("Your words").fill("Agreed in the review.")
    decider.get_by_role("button", name="Approve").click()
    decider.get_by_text("Approved: it is in force.").wait_for()
    assert Metric.objects.get().current.number == 2
    decider.open(f"/metrics/{metric.pk}/history/")
    decider.get_by_text("Agreed in the review.").first.wait_for()
    Walk(decider, look).stop("metric-history")


@pytest.mark.long
def test_lists_and_trees_are_for_everybody(browse, cast, look, product):
    def make(name, measure, unit):
        question = {"kind": "trend", "series": [{"event": "report opened", "measure": measure}], "interval": "week"}
        now = timezone.now()
        definition = read_definition(question, product=product, actor=SYSTEM, now=now, unit=unit)
        return actions.create_metric(definition, product=product, name=name, actor=SYSTEM)

    whole, people, each = (
        make("Reports", "total", "reports"),
        make("Readers", "persons", "people"),
        make("Reports a reader", "per_person", "reports"),
    )
    actions.set_parts(whole, actor=SYSTEM, rule="product", parts=[(people, 1), (each, 1)])
    compute()
    page = browse("viewer", "/metrics/")
    page.get_by_role("link", name="Readers").first.wait_for()
    walk = Walk(page, look)
    walk.stop("metric-list")
    page.open(f"/metrics/{whole.pk}/tree/")
    page.get_by_text("Its parts come to exactly this.").wait_for()
    walk.stop("metric-tree")
