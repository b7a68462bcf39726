"""Notices reach their reader, once."""

from portal.messages.models import Notice
from portal.messages.public import notify, notify_ops


def test_a_notice_reaches_each_person_once(owner, viewer):
    assert notify([owner, viewer], "The load failed.", key="load:7:failed", url="/") == 2
    assert notify([owner, viewer], "The load failed.", key="load:7:failed") == 0
    assert Notice.objects.count() == 2


def test_notices_for_ops_reach_ops_and_admins(ops, admin_user, viewer):
    assert notify_ops("Disk is full.", key="disk:2026-11-22") == 2


def test_reading_a_notice_leads_to_its_page_and_only_for_its_reader(client_of, owner, viewer):
    notify([owner], "See this.", key="x", url="/search/")
    notice = Notice.objects.get()
    assert client_of(viewer).get(f"/notices/{notice.pk}/").status_code == 404
    response = client_of(owner).get(f"/notices/{notice.pk}/")
    assert response.status_code == 302 and response.url == "/search/"
    assert not Notice.objects.unread().exists()


def test_home_shows_what_waits(client_of, owner):
    notify([owner], "The source Planner is late.", key="late")
    assert "The source Planner is late." in client_of(owner).get("/").content.decode()
