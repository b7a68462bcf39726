"""Playbooks in the admin: found by what is to be done, and decided about by the library's own rules."""

import pytest
from django.urls import reverse

from playbooks.library import actions
from playbooks.library.models import Playbook
from portal.audit.models import AuditEntry
from portal.people.public import SYSTEM

pytestmark = pytest.mark.django_db
LIST = reverse("admin:playbooks_library_playbook_changelist")


@pytest.fixture
def two(team, ops):
    """Two drafts: ops wrote in the second."""
    said = {"purpose": "Calm", "body": "Go."}
    first = actions.create_playbook(team, actor=SYSTEM, title="Launch list", **said)
    second = actions.create_playbook(team, actor=ops, title="Interview round", **said)
    return first, second


def test_several_are_decided_about_at_once_and_none_goes_round_a_rule(two, owner, ops, admin_user, client_of):
    client = client_of(ops)

    def press(act):
        chosen = {"action": act, "_selected_action": [one.pk for one in two]}
        return client.post(LIST, chosen, follow=True).content.decode()

    actions.set_rules(actor=admin_user, has_four_eyes=True)
    for one in two:
        actions.send_to_review(one, actor=owner)
    told = press("publish_drafts")
    assert "1 playbook published." in told and "Interview round: You wrote in this draft" in told
    assert [one.state for one in Playbook.objects.order_by("pk")] == ["published", "draft"]
    assert AuditEntry.objects.get(verb="playbook.published").actor_id == ops.pk
    assert "1 playbook confirmed." in press("confirm")
    told = press("retire")
    assert "1 playbook retired." in told and "Only what is published is retired" in told
    assert "1 playbook brought back." in press("bring_back")


def test_the_list_says_what_is_to_be_done(two, ops, owner, viewer, client_of):
    actions.publish(two[0], actor=SYSTEM)
    actions.send_to_review(two[1], actor=owner)
    client = client_of(ops)
    assert "today" in client.get(LIST).content.decode()
    found = client.get(f"{LIST}?draft=review").content.decode()
    assert "Interview round" in found and "Launch list" not in found
    found = client.get(f"{LIST}?draft=none&q=calm").content.decode()
    assert "Launch list" in found and "Interview round" not in found
    assert client_of(viewer).get(LIST).status_code in (302, 403)
