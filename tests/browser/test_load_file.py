"""A product manager loads a file through the wizard, and a real worker does the work."""

import pytest

from insights.events.public import Batch
from insights.sources.models import Upload
from portal.people.public import Product
from tests import factories

LINES = ["user_id,timestamp,event,plan,amount"]
LINES += [
    f"u{n % 40},2024-03-{n % 28 + 1:02d}T10:00:00Z,report opened,{'pro' if n % 3 else 'free'},{n}.50"
    for n in range(400)
]
LINES += ["u1,someday,report opened,pro,1"]


@pytest.mark.long
def test_load_a_file_in_four_steps(browse, look, worker, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text("\n".join(LINES) + "\n")
    page = browse("product_manager", "/data/sources/")
    look(page, "sources-empty")
    page.get_by_role("link", name="Load a file").first.click()
    page.locator("#id_name").fill("Web events")
    page.locator("#id_product").select_option(label="Planner")
    look(page, "load-1-source")
    page.get_by_role("button", name="Next: the file").click()
    page.locator("#id_file").set_input_files(file)
    look(page, "load-2-file")
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("heading", name="What do the columns say?").wait_for()
    assert page.locator("#id_who").input_value() == "user_id"
    assert page.locator('[data-column="user_id"] select').is_hidden()
    page.get_by_text("How the file is written").click()
    page.locator("#id_separator").focus()
    page.locator("#id_separator").select_option("semicolon")
    page.locator('[data-column="user_id"]').wait_for(state="detached")
    assert page.evaluate("document.activeElement.id") == "id_separator"
    page.locator("#id_separator").select_option("")
    page.locator('[data-column="user_id"]').get_by_text("Who did it").wait_for()
    page.locator("#id_time_format").select_option("own")
    page.locator("#id_time_pattern").wait_for()
    page.locator("#id_time_format").select_option("iso")
    page.locator("#id_time_pattern").wait_for(state="hidden")
    page.locator("#id_account").select_option("plan")
    page.locator("#preview").get_by_text("pro").first.wait_for()
    look(page, "load-3-columns")
    page.check_axe()
    page.get_by_role("button", name="Next: check the whole file").click()
    page.get_by_role("button", name="Load 400 new events").wait_for(timeout=60_000)
    look(page, "load-4-check")
    page.get_by_role("button", name="Load 400 new events").click()
    page.get_by_text("1 row went to quarantine").wait_for(timeout=60_000)
    look(page, "load-5-done")
    page.check_axe()
    page.get_by_role("link", name="See why").click()
    page.wait_for_url("**/quarantine/**")
    look(page, "quarantine")
    page.check_axe()
    page.get_by_role("link", name="u1,someday").click()
    page.locator("#id_raw").fill("u1,2024-03-01T11:00:00Z,report opened,pro,1")
    look(page, "quarantine-row")
    page.get_by_role("button", name="Check and load").click()
    page.get_by_text("New events").wait_for(timeout=60_000)
    page.get_by_role("link", name="To Web events").click()
    look(page, "source-page")
    page.check_axe()
    assert Upload.objects.count() == 1
    assert list(Batch.objects.order_by("pk").values_list("n_accepted", flat=True)) == [400, 1]


def test_a_file_that_is_none_leads_to_what_is_wrong_and_the_way_on(browse, cast):
    cast("product_manager")
    source = factories.make_source(Product.objects.get(), "Web")
    page = browse("product_manager", f"/data/sources/{source.slug}/load/")
    page.allow("422")
    photo = {"name": "photo.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n" + bytes(range(1, 9)) * 400}
    page.locator("#id_file").set_input_files(photo)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("heading", name="“photo.png” cannot be read").wait_for()
    page.get_by_role("link", name="Choose another file").wait_for()
    page.check_axe()
