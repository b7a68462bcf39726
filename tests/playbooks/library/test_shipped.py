"""The playbooks that come with the portal: complete, tied to its pages, seeded once."""

import re

import pytest

from playbooks.library.demo import seed_playbooks, shipped_files
from playbooks.library.files.exporting import as_file
from playbooks.library.models import Playbook
from playbooks.library.showing import show_text
from tests.factories import make_product

pytestmark = pytest.mark.django_db


def test_shipped_playbooks_are_whole_and_each_of_their_links_leads_somewhere(team, viewer):
    make_product("Planner", team)
    seed_playbooks(None, lambda *said: None)
    seed_playbooks(None, lambda *said: None)
    files = {file.path: file.text for file in shipped_files()}
    assert len(files) == 5 and Playbook.objects.in_force().count() == 5
    for playbook in Playbook.objects.select_related("face"):
        assert as_file(playbook) == files[playbook.path]
        shown = show_text(playbook.face, viewer)
        html = shown.body.html + "".join(text.html for _, text in shown.steps if text)
        written = re.findall(r"\]\(", files[playbook.path])
        assert len(re.findall("<a href", html)) == len(written) > 0, playbook.slug
        assert shown.body.contents and playbook.face.purpose and playbook.face.parts and len(shown.steps) >= 6
