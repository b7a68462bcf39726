"""Contacts and accounts out of files: what each row comes to, run again, undone in any order."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from insights.contact_imports.models import ImportedRow
from insights.contacts.models import AccountRecord, Contact
from insights.events.public import DistinctId
from insights.imports.models import Import
from insights.imports.running import run_task
from portal.audit.models import AuditEntry
from tests.factories import make_source, store_events

AT = "2024-01-05T10:00:00+00:00"
PEOPLE = """email,Full name,Job title,Company,Contact owner,Next step,Follow up
ANN@acme.example,Ann Arbor,Planner,acme,owner@example.com,Call her,2024-03-01
dora@elm.example,Dora Dahl,Head of planning,elm,Nobody Known,,someday
,No Address,Planner,acme,,,
dora@elm.example,Dora Other,,,,,
not an address,Eve,,,,,
"""
ACCOUNTS = """Account ID,Company name,Tier,ARR
acme,Acme Works,gold,"€ 1.200,50"
elm,Elm & Sons,silver,plenty
"""


@pytest.fixture
def people(product):
    """Ann, whom events know by another id and an address."""
    trait = {"subject": "person", "subject_id": "ann", "key": "email", "value": "ann@acme.example", "timestamp": AT}
    rows = [{"event": "opened", "distinct_id": "ann", "timestamp": AT}]
    return store_events(make_source(product), rows, traits=[{**trait, "item_no": 9}])


def _work() -> None:
    for batch in Import.objects.filter(state="waiting").order_by("pk"):
        run_task(batch.pk)


def _bring(client, kind, text, name="people.csv"):
    """Upload a file, take the columns as they are guessed, check and import it; return the import."""
    file = SimpleUploadedFile(name, text.encode())
    made = client.post(reverse("imports:import-new", args=[kind]), {"product": "planner", "file": file})
    assert made.status_code == 302, made.content.decode()
    batch = Import.objects.latest("pk")
    url = reverse("imports:import-map", args=[batch.pk])
    wizard = client.get(url).context["wizard"]
    fields = [field for form in (wizard.reading, wizard.targets, wizard.options) for field in form]
    data = {field.html_name: field.value() for field in fields if field.value() is not None}
    checked = client.post(url, {**data, "columns": wizard.head.columns_key, "act": "check"})
    assert checked.status_code == 302, checked.content.decode()[-3000:]
    _work()
    batch.refresh_from_db()
    return batch


def _run(client, batch):
    client.post(reverse("imports:import-run", args=[batch.pk]))
    _work()
    batch.refresh_from_db()
    assert batch.state == "done", batch.error
    return batch


def _undo(client, batch, **data):
    client.post(reverse("imports:import-undo", args=[batch.pk]), data)
    _work()
    batch.refresh_from_db()
    assert batch.state == "undone", batch.error
    return batch


def _counts(batch):
    return batch.n_new, batch.n_changed, batch.n_known, batch.n_refused, batch.n_noted


def test_people_come_out_of_a_file_once_and_bad_rows_are_told(people, client_of, owner):
    client = client_of(owner)
    batch = _bring(client, "contacts", PEOPLE)
    assert batch.state == "checked", batch.error
    assert _counts(batch) == (2, 0, 0, 3, 2) and not Contact.objects.exists()
    _run(client, batch)
    ann = Contact.objects.get(name="Ann Arbor")
    assert (ann.person.distinct_id, ann.account.account_id, ann.owner) == ("ann", "acme", owner)
    assert (ann.next_step, str(ann.next_step_on)) == ("Call her", "2024-03-01")
    told = " ".join(batch.problems.values_list("reason", flat=True))
    assert "names nobody" in told and "Line 3" in told and "whole address" in told and "cannot be read" in told
    assert AuditEntry.objects.filter(verb="contact.created", note__startswith="Import").count() == 2
    again = _run(client, _bring(client, "contacts", PEOPLE))
    assert _counts(again)[:3] == (0, 0, 2) and Contact.objects.count() == 2
    assert "Dora Dahl" in client.get(reverse("persons:person-list"), {"product": "planner"}).content.decode()


def test_accounts_come_out_of_a_file_and_empty_cells_say_nothing(people, client_of, owner):
    client = client_of(owner)
    batch = _run(client, _bring(client, "accounts", ACCOUNTS, "accounts.csv"))
    assert _counts(batch) == (2, 0, 0, 0, 1)
    acme = AccountRecord.objects.get(account__account_id="acme")
    assert (acme.name, acme.plan, str(acme.revenue)) == ("Acme Works", "gold", "1200.50")
    batch = _run(client, _bring(client, "accounts", "Account ID,Company name,Tier,ARR\nacme,,platinum,\n"))
    acme.refresh_from_db()
    assert _counts(batch)[:2] == (0, 1) and (acme.name, acme.plan, str(acme.revenue)) == (
        "Acme Works", "platinum", "1200.50",
    )  # fmt: skip


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["older_first", "newer_first"])
def test_undone_in_any_order_the_table_is_as_before(people, client_of, owner, order):
    client = client_of(owner)
    ann = DistinctId.objects.get(distinct_id="ann")
    Contact.objects.create(person=ann, name="Ann by hand", title="Boss", status="champion")

    def table():
        names = (
            "person__distinct_id",
            "name",
            "address",
            "title",
            "status",
            "account__account_id",
            "owner",
            "next_step",
        )
        return list(Contact.objects.order_by("person").values_list(*names))

    before = table()
    first = _run(client, _bring(client, "contacts", PEOPLE))
    second = "email,Full name,Job title\nann@acme.example,Ann Second,Chief\ndora@elm.example,Dora Second,\n"
    batches = [first, _run(client, _bring(client, "contacts", second))]
    assert {row[1] for row in table()} == {"Ann Second", "Dora Second"}
    _undo(client, batches[order[0]])
    left = {row[1] for row in table()}
    assert left == ({"Ann Second", "Dora Second"} if order[0] == 0 else {"Ann Arbor", "Dora Dahl"})
    _undo(client, batches[order[1]])
    assert table() == before and not ImportedRow.objects.exists()


def test_what_was_changed_by_hand_since_stays_unless_the_undo_is_told_otherwise(people, client_of, owner):
    client = client_of(owner)
    batch = _run(client, _bring(client, "contacts", PEOPLE))
    dora = Contact.objects.get(name="Dora Dahl")
    url = reverse("contacts:contact-edit", args=[dora.person_id])
    client.post(url, {"name": "Dora D.", "address": "dora@elm.example", "next_step": "Visit", "version": 1})
    page = client.get(reverse("imports:import-undo", args=[batch.pk])).content.decode()
    assert "Dora D." in page and "changed by hand since" in page
    _undo(client, batch)
    assert batch.n_kept == 1 and Contact.objects.get().next_step == "Visit"
