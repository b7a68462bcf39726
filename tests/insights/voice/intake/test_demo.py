"""The demo shows an import and an inlet, made once however often it is seeded."""

from django.urls import reverse

from insights.imports.models import Import
from insights.voice.feedback.models import Feedback
from insights.voice.intake.demo import seed_intake
from insights.voice.intake.models import Inlet
from insights.voice.themes.models import Theme
from portal.operations.contracts import DemoWorld
from tests.insights.voice.conftest import TODAY


def test_the_demo_imports_a_survey_and_opens_an_inlet_once(product, owner, client_of):
    for _ in range(2):
        seed_intake(DemoWorld(TODAY, 1, {}), lambda done, total, note="": None)
    batch = Import.objects.get()
    assert (batch.state, batch.n_new, batch.n_refused, batch.error) == ("done", 15, 0, "")
    assert Feedback.objects.filter(imported_in=batch).count() == 15 and Inlet.objects.get().product == product
    assert set(Theme.objects.values_list("name", flat=True)) == {"Inviting the team", "Calendars"}
    assert "spring-survey.csv" in client_of(owner).get(reverse("imports:import-list")).content.decode()
