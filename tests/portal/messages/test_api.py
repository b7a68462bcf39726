"""What a person sets over the API as on their pages: quiet hours, and a webhook's new secret."""

from portal.audit.models import AuditEntry
from portal.messages.models import QuietHours
from tests.portal.messages.access_rows import make_webhook

QUIET = "/api/v1/quiet-hours/"


def test_quiet_hours_are_read_set_and_removed(client_of, owner):
    client = client_of(owner)
    assert client.get(QUIET).json() == {"starts_at": None, "ends_at": None, "has_quiet_weekends": False}
    hours = {"starts_at": "20:00:00", "ends_at": "07:00:00", "has_quiet_weekends": True}
    assert client.put(QUIET, hours, content_type="application/json").json() == client.get(QUIET).json() == hours
    assert client.delete(QUIET).status_code == 204 and not QuietHours.objects.exists()
    answer = client.put(QUIET, {"starts_at": "late"}, content_type="application/json")
    assert answer.status_code == 400 and set(answer.json()["fields"]) == {"starts_at", "ends_at"}


def test_a_new_secret_is_told_once_and_never_kept_in_the_trail(owner, viewer, client_of):
    webhook = make_webhook(owner)
    url = f"/api/v1/webhooks/{webhook.pk}/"
    assert client_of(viewer).post(f"{url}secret/").status_code == 404
    client = client_of(owner)
    told = client.post(f"{url}secret/", {"has_leaked": False}, content_type="application/json").json()
    assert told["secret"].startswith("whsec_") and told["old_secret_until"]
    assert "secret" not in client.get(url).json()
    entry = AuditEntry.objects.get(verb="webhook.secret_exchanged")
    assert told["secret"] not in str(vars(entry)) and "24 hours" in entry.note
    page = client.post(f"/profile/webhooks/{webhook.pk}/secret/", {"has_leaked": "on"}).content.decode()
    assert "whsec_" in page and "second v1" not in page
    assert "whsec_" not in client.get(f"/profile/webhooks/{webhook.pk}/").content.decode()
