"""Notices and mails reach their reader, once."""

from django.core import mail

from portal.messages.actions import deliver_mail, notify, notify_ops, read_notices, send_mail
from portal.messages.models import Notice


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
    assert read_notices(owner) == 0


def test_home_shows_what_waits(client_of, owner):
    notify([owner], "The source Planner is late.", key="late")
    assert "The source Planner is late." in client_of(owner).get("/").content.decode()


def test_a_mail_is_sent_once(owner):
    letter = send_mail(owner, "Weekly digest", "All is well.", key="digest:2026-W47")
    assert send_mail(owner, "Weekly digest", "All is well.", key="digest:2026-W47") == letter
    assert deliver_mail(letter.pk) and not deliver_mail(letter.pk)
    assert [one.to for one in mail.outbox] == [[owner.email]]


def test_no_mail_to_somebody_without_access(owner):
    letter = send_mail(owner, "Weekly digest", "All is well.", key="digest:1")
    owner.is_active = False
    owner.save()
    assert not deliver_mail(letter.pk)
    assert not mail.outbox
