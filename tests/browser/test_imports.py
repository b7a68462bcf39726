"""A product manager imports a survey's answers through the wizard, a worker does the work, and it is taken back."""

import os
import re
from pathlib import Path

import pytest

from insights.voice.feedback.models import Feedback
from insights.voice.themes.models import Theme
from tests.factories import make_channel

_DATA = os.environ.get("PORTAL_REAL_DATA")
MADE = "code,label,feedback,question\n" + "".join(
    f"c{n},{('Care', 'Staff')[n % 2]},Comment number {n} says how it was.,What was good?\n" for n in range(300)
)


def _file() -> dict[str, object]:
    real = Path(_DATA, "feedback_nhs_phase1", "feedback.csv.gz") if _DATA else None
    buffer = real.read_bytes() if real else MADE.encode()
    return {"name": real.name if real else "answers.csv", "mimeType": "text/csv", "buffer": buffer}


@pytest.mark.long
def test_import_labelled_comments_and_take_them_back(browse, look, worker, cast):
    cast("product_manager")
    make_channel("survey")
    page = browse("product_manager", "/voice/feedback/")
    page.get_by_role("link", name="Import a file").first.click()
    look(page, "import-1-file")
    page.check_axe()
    page.locator("#id_file").set_input_files(_file())
    page.get_by_role("button", name="Next: the columns").click()
    page.get_by_role("heading", name="What do the columns become?").wait_for()
    chosen = page.get_by_label("label", exact=True)
    assert chosen.input_value() == "theme"
    page.locator("#preview").get_by_text("new", exact=True).first.wait_for()
    chosen.select_option("")  # the preview follows, and the focus stays
    page.locator("#preview").get_by_text("Nothing is wrong with the first rows").wait_for()
    chosen.select_option("theme")
    page.locator("#id_parent").fill("Of the survey")
    page.locator("#id_channel").select_option("survey")
    look(page, "import-2-columns", full=True)
    page.check_axe()
    page.get_by_role("button", name="Next: check the whole file").click()
    button = page.get_by_role("button", name=re.compile("^Import [0-9,]+ new pieces"))
    button.wait_for(timeout=120_000)
    n_new = int(re.sub(r"\D", "", button.inner_text()))
    look(page, "import-3-check")
    page.check_axe()
    button.click()
    page.get_by_role("link", name="See what came").wait_for(timeout=240_000)
    look(page, "import-4-done")
    assert Feedback.objects.count() == n_new and Theme.objects.filter(parent__name="Of the survey").count() > 1
    page.get_by_role("link", name="See what came").click()
    page.locator("#rows tbody tr").first.wait_for()
    look(page, "import-5-pieces")
    page.go_back()
    page.get_by_role("link", name="Undo this import").click()
    look(page, "import-6-undo")
    page.check_axe()
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_text("all is as it was before").wait_for(timeout=240_000)
    assert not Feedback.objects.exists() and not Theme.objects.exists()
    page.open("/imports/")
    look(page, "import-7-list")
    page.check_axe()
    page.open("/voice/inlets/")
    look(page, "inlets-empty")
    page.locator("#id_name").fill("Help desk")
    page.locator("#id_origin").fill("zendesk")
    page.get_by_role("button", name="Make inlet").click()
    page.get_by_text("It is shown this once").wait_for()
    look(page, "inlet-made")
    page.check_axe()
