"""One story of a person and of an account, and all that is known of a person as a file."""

import datetime as dt
import io
import json
import zipfile

from django.urls import reverse

from insights.contacts.public import Contact, give_consent
from insights.events.public import Account, DistinctId
from insights.persons.story import PAGE_SIZE
from insights.voice.conversations.models import Conversation, Participant
from insights.voice.feedback.actions import add_feedback
from portal.audit.models import AuditEntry
from portal.people.public import SYSTEM
from portal.shell.public import PersonExporter, registry
from tests.factories import make_channel, store_events
from tests.insights.persons.conftest import at

TODAY = dt.date(2024, 2, 1)


def _say(product, text, day, **who):
    said = {"channel": make_channel("call"), "said_on": dt.date(2024, 1, day), **who}
    return add_feedback(product, actor=SYSTEM, today=TODAY, text=text, **said)[0]


def _story(client, name, no, **query):
    return client.get(reverse(f"api:{name}-story", args=[no]), query).json()


def _no(who):
    return DistinctId.objects.get(distinct_id=who).resolved_no


def test_a_person_did_and_said_and_agreed_newest_first(people, product, client_of, viewer, owner):
    _say(product, "It is slow.", 5, person="anon-1")  # an id of Ann's visit before the login
    _say(product, "Nobody knows me", 5, person="bob")
    ann = DistinctId.objects.select_related("id_space__product__team").get(distinct_id="ann")
    give_consent(ann, purpose="quote", given_on=dt.date(2024, 1, 3), proof="said so", actor=owner)
    client = client_of(viewer)
    told = _story(client, "person", ann.no)["moments"]
    assert [(line["at"][:10], line["side"], line["text"]) for line in told] == [
        ("2024-01-09", "did", "opened"),
        ("2024-01-05", "said", "It is slow."),
        ("2024-01-03", "said", "Agreed to being quoted by name"),
        ("2024-01-02", "did", "opened"),
        ("2024-01-01", "did", "visited"),
    ]
    about = {"title": "How she plans", "transcript": "Ann: I plan.\nOwner: How?", "held_on": dt.date(2024, 1, 4)}
    talk = Conversation.objects.create(product=product, team=product.team, **about)
    Participant.objects.create(conversation=talk, person=ann, speaker="Ann", account=Account.objects.get())
    page = client.get(reverse("persons:person-story", args=[ann.no])).content.decode()
    assert "Talked: How she plans" in page and page.index("It is slow.") < page.index("Talked") < page.index("Agreed")
    exported = dict(registry.pieces[PersonExporter]["conversations"].export(ann.id_space, ["ann"]))
    assert [row["said"] for row in exported["conversations"]] == [["Ann: I plan."]]
    Conversation.objects.all().delete()
    assert "It is slow." in page and "They said" in page and "Nobody knows me" not in page
    acme = Account.objects.get(account_id="acme")
    _say(product, "We want seats.", 7, account="acme")
    told = _story(client, "account", acme.no)["moments"]
    assert [(line["at"][:10], line["text"]) for line in told] == [
        ("2024-01-09", "opened"),
        ("2024-01-07", "We want seats."),
        ("2024-01-05", "Nobody knows me"),
        ("2024-01-03", "opened"),
    ]


def test_days_are_the_readers_own_and_pages_meet_without_gap_or_twin(source, product, client_of, viewer):
    rows = []
    for no in range(70):  # two events a day, one of them in the evening of the day before in New York
        day = dt.date(2024, 1, 1) + dt.timedelta(days=no)
        rows += [
            {"event": "opened", "distinct_id": "ann", "timestamp": f"{day}T{hour}:00+00:00"}
            for hour in ("02:00", "18:00")
        ]
    store_events(source, rows)
    for no in range(PAGE_SIZE):
        _say(product, f"Piece {no}", 20, person="ann")
    viewer.time_zone = "America/New_York"
    viewer.save()
    client, found, before = client_of(viewer), [], ""
    for _ in range(9):
        page = _story(client, "person", _no("ann"), **({"before": before} if before else {}))
        found += [(line["at"][:10], line["text"]) for line in page["moments"]]
        before = page["older"]
        if before is None:
            break
    said = [text for _, text in found if text.startswith("Piece")]
    assert len(said) == PAGE_SIZE == len(set(said))
    days = [line for line in found if line[1].startswith("opened")]
    assert len(days) == 71 and days[0][1] == "opened" and days[1][1] == "opened (2)"
    assert [day for day, _ in found] == sorted((day for day, _ in found), reverse=True)
    assert client.get(reverse("api:person-story", args=[_no("ann")]), {"before": "never"}).status_code == 400


def test_all_that_is_known_of_a_person_is_handed_out_by_ops_alone(people, product, client_of, viewer, ops):
    _say(product, "Call me at ann@example.com", 5, person="ann")
    Contact.objects.create(person=DistinctId.objects.get(distinct_id="ann"), name="Ann Arbor", title="Planner")
    url = reverse("persons:person-export", args=[_no("ann")])
    assert client_of(viewer).post(url).status_code == 403
    answer = client_of(ops).post(url)
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        files = {
            name: [json.loads(line) for line in archive.read(name).splitlines()]
            for name in archive.namelist()
            if name.endswith(".jsonl")
        }
    assert [row["event"] for row in files["events.jsonl"]] == ["visited", "opened", "opened"]
    assert {row["distinct_id"] for row in files["ids.jsonl"]} == {"ann", "anon-1"}
    assert {row["value"] for row in files["traits.jsonl"]} >= {"Ann Arbor", "pro"}
    assert files["contacts.jsonl"][0]["title"] == "Planner" and "bob" not in str(files["events.jsonl"])
    assert files["feedback.jsonl"][0]["text"] == "Call me at ann@example.com"
    entry = AuditEntry.objects.get(verb="person.exported")
    assert "3 events" in entry.note and "Ann" not in f"{entry.note}{entry.changes}{entry.thing_label}"
    assert at(1) in files["events.jsonl"][0]["at"].replace("Z", "+00:00")
