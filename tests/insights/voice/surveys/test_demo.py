"""The demo's surveys are believable: waves that are over and under way, a metric, words that wait in triage."""

from django.urls import reverse
from django.utils import timezone

from insights.metrics.models import Metric
from insights.voice.feedback.models import Feedback
from insights.voice.surveys.demo import seed_surveys
from insights.voice.surveys.models import Answer, Invitation, Survey
from portal.operations.contracts import DemoWorld
from tests.factories import make_channel, make_many_people


def test_the_demo_is_asked_and_answers_and_its_pages_show_it(product, owner, client_of):
    make_many_people(product, 550)
    make_channel("survey")
    for _ in range(2):  # run again it leaves all as it is
        seed_surveys(DemoWorld(timezone.localdate(), 7, {}), lambda *told: None)
    assert (Survey.objects.count(), Invitation.objects.count(), Answer.objects.count()) == (3, 530, 237)
    assert Feedback.objects.filter(origin="survey").count() == 46 and Metric.objects.get().name == "NPS of Planner"
    client = client_of(owner)
    assert b"NPS of autumn" in client.get(reverse("surveys:survey-list")).content
    page = client.get(Survey.objects.get(name="NPS of autumn").get_absolute_url(), {"interval": "week"})
    shown = page.content.decode()
    assert "95 % sure" in shown and "Strategic" in shown and "87 of 220" in shown and "NPS a week" in shown
