"""Surveys in a browser: answered by keyboard without JavaScript, and read by who asked."""

import pytest
from django.urls import reverse
from django.utils import timezone

from insights.voice.surveys.actions import create_survey, open_survey
from insights.voice.surveys.asking import ask_people, run_sending
from insights.voice.surveys.demo import seed_surveys
from insights.voice.surveys.models import Answer, Invitation, Survey
from insights.voice.surveys.tokens import link_of
from portal.operations.contracts import DemoWorld
from portal.people.models import Product
from tests.factories import make_channel, make_cohort, make_many_people


@pytest.fixture
def demo(cast):
    """The demo's surveys, of people whom events know."""
    cast("product_manager")
    make_many_people(Product.objects.get(), 550)
    make_channel("survey")
    seed_surveys(DemoWorld(timezone.localdate(), 7, {}), lambda *told: None)


@pytest.mark.long
def test_a_survey_is_answered_without_javascript_and_read_with_it(browse, cast, look, demo):
    product, owner = Product.objects.get(), cast("product_manager")
    survey = create_survey(product, actor=owner, kind="nps", name="NPS of a few", sender="Mara of Planner")
    cohort = make_cohort(product, "Pilots", ["user-00003", "user-00004"])
    sending = ask_people(open_survey(survey, actor=owner), actor=owner, way="links", cohort=cohort)
    run_sending(sending.pk)
    # Whoever was asked by the demo's surveys lately is passed over, so one may be enough.
    invitation = Invitation.objects.filter(survey=survey).first()
    if invitation is None:
        person = Invitation.objects.order_by("pk").first().person
        invitation = Invitation.objects.create(survey=survey, person=person, way="links", asked_at=timezone.now())
    page = browse(None, link_of(invitation.pk), has_scripts=False)
    page.allow("status of 422")  # sent without an answer
    look(page, "survey-answer", full=True)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Choose one answer.").wait_for()
    page.get_by_role("radio", name="9", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("It saves me hours.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Thank you. Your answer is kept.").wait_for()
    assert Answer.objects.get(survey=survey).score == 9
    assert page.open(link_of(invitation.pk)).status == 200
    page.get_by_text("You have answered this already.").wait_for()

    waiting = Invitation.objects.filter(survey__name="NPS of autumn", answered_at=None).first()
    page = browse(None, link_of(waiting.pk))
    page.check_axe()
    page.get_by_role("link", name="Do not ask me again").click()
    page.get_by_role("button", name="No more surveys", exact=True).wait_for()
    look(page, "survey-stop")
    page.check_axe()

    page = browse(owner, reverse("surveys:survey-list"))
    look(page, "survey-list")
    page.check_axe()
    nps = Survey.objects.get(name="NPS of autumn")
    for name, path in (
        ("survey-page", nps.get_absolute_url()),
        ("survey-ces", Survey.objects.get(kind="ces").get_absolute_url()),
        ("survey-answers", reverse("surveys:answer-list", args=[nps.pk])),
        ("survey-ask", reverse("surveys:survey-ask", args=[survey.pk])),
        ("survey-new", reverse("surveys:survey-new")),
        ("survey-edit", reverse("surveys:survey-edit", args=[nps.pk])),
        ("survey-remind", reverse("surveys:survey-remind", args=[nps.pk])),
        ("survey-metric", reverse("surveys:survey-metric", args=[nps.pk])),
        ("survey-person", reverse("contacts:ask-list", args=[waiting.person_id])),
    ):
        page.open(path)
        look(page, name, full=True)
        page.check_axe()
    page.open(reverse("surveys:survey-ask", args=[survey.pk]))
    page.get_by_role("button", name="Count first").click()
    page.get_by_text("would be asked now").wait_for()
    page.open(nps.get_absolute_url())
    page.get_by_label("By", exact=True).select_option("plan")
    page.get_by_role("rowheader", name="business").wait_for()
    page.check_quiet()
