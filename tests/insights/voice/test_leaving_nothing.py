"""An erased person is nowhere: not in a dump of the database, not in a file, not in the cache, by no name or word.

Somebody is spread over every room through its own doors; what a room adds one day belongs in here.
"""

import base64
import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from insights.capture.actions import create_write_key
from insights.cohorts import actions as cohorts
from insights.cohorts.counting import count_cohort
from insights.cohorts.lists import read_ids
from insights.contacts.public import Consent, Contact
from insights.dashboards import actions as boards
from insights.dashboards import refreshing
from insights.dashboards.models import Tile
from insights.events.compaction import sweep_files
from insights.events.public import DistinctId, Source
from insights.explore import actions as insights
from insights.persons import actions as persons
from insights.persons.jobs import run_job
from insights.persons.models import PersonJob
from insights.questions.public import ask, parse_question
from insights.sharing import actions as sharing
from insights.sources import actions as sources
from insights.sources.mapping import parse_mapping
from insights.sources.tasks import run_load
from insights.voice.closing.actions import set_status
from insights.voice.closing.models import Telling
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.conversations.steps import add_next_step
from insights.voice.feedback.actions import update_feedback
from insights.voice.feedback.attachments import attach_file
from insights.voice.feedback.models import Feedback
from insights.voice.findings.actions import create_finding
from insights.voice.findings.gathering import add_evidence
from insights.voice.highlights.actions import add_highlight
from insights.voice.highlights.models import Highlight
from insights.voice.listening.calling import claim_call
from insights.voice.search.actions import save_search
from insights.voice.search.counting import count_changed
from insights.voice.suggestions.jobs import ask_to_learn, run_learning
from insights.voice.surveys.actions import create_survey, open_survey
from insights.voice.surveys.answering import add_answer
from insights.voice.surveys.loading import load_all
from insights.voice.themes.actions import create_theme
from insights.voice.themes.linking import link_theme
from insights.voice.themes.models import Theme
from insights.voice.triage.actions import archive_piece, ask_back
from portal.messages.public import Delivery, notify, send
from portal.messages.sending import deliver
from tests.factories import make_source, store_events, store_faults
from tests.insights.voice.intake.conftest import Wizard
from tests.traces import find_traces

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

NAME, ADDRESS, ID, PHONE = "Zaphira Quillon", "zaphira.quillon@quill.example", "zq-471188", "+49 171 5550199"
SAID = "violet lighthouse hums"  # in all that she said herself
TRACES = ["quillon", "zaphira", ID, "5550199", "171 555", SAID]
EVENTS = ("2026-11-01T10:00:00+00:00", "2026-11-02T10:00:00+00:00")


def _trait(key, value, who=ID, subject="person"):
    return {"subject": subject, "subject_id": who, "key": key, "value": value, "timestamp": EVENTS[0], "item_no": 90}


@pytest.fixture
def source(product):
    return make_source(product)


@pytest.fixture
def events(source, product, owner):
    """What the store holds: events, traits, a join, rows set aside, a kept file, what waits in the inbox."""
    rows = [
        {
            "event": "opened",
            "distinct_id": ID,
            "timestamp": at,
            "properties": {"email": ADDRESS, "note": SAID},
            "account_id": "acme",
        }
        for at in EVENTS
    ]
    rows += [{"event": "opened", "distinct_id": "bob", "timestamp": EVENTS[0], "properties": {"plan": "pro"}}]
    traits = [_trait("name", NAME), _trait("email", ADDRESS), _trait("phone", PHONE), _trait("name", "Bob Bay", "bob")]
    joins = [{"kind": "identify", "distinct_id": "anon-77aa01", "person_id": ID, "timestamp": EVENTS[1]}]
    rejects = [
        {"raw": f"{ID},someday", "reason_code": "bad_time", "reason": "No time."},
        {"raw": f"bob,someday,{ADDRESS}", "reason_code": "bad_time", "reason": "No time."},
    ]
    store_events(source, rows, traits=traits, joins=joins, rejects=rejects)
    upload = sources.store_upload(
        source, "export.csv", [f"who,at,what\n{ID},2026-11-03,opened\n".encode()], actor=owner
    )
    sources.map_upload(upload, parse_mapping({"who": "who", "when": "at", "what": "what"}), actor=owner)
    run_load(sources.load_upload(upload, actor=owner).pk)


@pytest.fixture
def numbers(events, product, owner, source):
    """What is made of events: answers in the cache and on tiles, a saved filter, cohorts, a frozen pack."""
    filters = [{"property": "email", "of": "event", "op": "is", "value": ADDRESS}]
    value = {"kind": "trend", "series": [{"event": "opened", "measure": "persons"}], "products": [product.slug]}
    value |= {"interval": "day", "date_from": "2026-11-01", "date_to": "2026-11-05"}
    broken_down = {**value, "breakdown": [{"property": "email", "of": "event"}]}
    question = parse_question(broken_down, now=timezone.now(), default_zone="UTC")
    assert ADDRESS in str(ask(question, user=owner, caller="tests"))
    asked = parse_question({**value, "filters": filters}, now=timezone.now(), default_zone="UTC")
    insights.create_insight(asked, actor=owner, title=f"Only {NAME}")
    board = boards.create_dashboard(actor=owner, product=product, title=f"For {NAME}")
    boards.add_tile(board, actor=owner, title="Who", question=broken_down, chart="line")
    boards.add_tile(board, actor=owner, kind="text", title="Note", text=f"**{NAME}** asked for this.")
    refreshing.refresh_tiles(Tile.objects.on_duty(), timezone.now())
    sharing.freeze_dashboard(board, actor=owner, name=f"For {NAME}", held_on=timezone.localdate())
    listed = cohorts.create_list(read_ids(f"{ID}\nbob".encode()), actor=owner, name="Pilot", products=[product])
    count_cohort(listed.pk, timezone.now())


@pytest.fixture
def voice(events, product, owner, editor, say, client_of, people_written):
    """What she said, and what others wrote of her, in every room of the voice."""
    own = say(f"The {SAID}, says {NAME}.", person=ID, author=NAME, title=f"{SAID} again")
    attach_file(own, f"{NAME}.txt", f"{SAID} by {ADDRESS}".encode(), actor=owner)
    add_highlight(own, actor=owner, quote=SAID)
    others = say(f"{NAME} told me, call {PHONE}.", person="bob", origin_url=f"https://desk.example/?by={ADDRESS}")
    update_feedback(others, actor=owner, today=dt.date(2026, 11, 20), version=1, title=f"Asked by {NAME}")
    others.refresh_from_db()
    highlight, _ = add_highlight(others, actor=owner, quote="told me", note=f"like {NAME}")
    theme = create_theme(product=product, name=f"Wishes of {NAME}", actor=owner, description=f"Ask {ADDRESS}.")
    link_theme(theme, others, actor=owner, highlight=highlight)
    archive_piece(say("One more", person="bob"), actor=owner, version=1, reason="noise", note=f"said {NAME}")
    ask_back(say("And one", person="bob"), f"Is it {NAME}?", actor=owner, version=1, colleague=editor)
    talk = {"today": dt.date(2026, 11, 20), "actor": owner, "held_on": dt.date(2026, 11, 10)}
    alone = add_conversation(
        product, title=f"Call with {NAME}", notes=SAID, transcript=f"{NAME}: {SAID}", **talk,
        participants=[ParticipantInput(person=ID, name=NAME)],
    )  # fmt: skip
    both = add_conversation(
        product, title="Call with two", transcript=f"{NAME}: {SAID}\nBob: {NAME} is right.\n", **talk,
        participants=[ParticipantInput(person=ID, name=NAME), ParticipantInput(person="bob", name="Bob")],
    )  # fmt: skip
    add_conversation(
        product, title="Of others", notes=f"**{NAME}** was named", **talk, participants=[ParticipantInput(name=NAME)]
    )
    for one in (alone, both):
        add_next_step(one, actor=owner, text=f"Write to {ADDRESS}")
    for _ in range(14):
        say(f"Reports are slow {_}", person="bob")
    run_learning(ask_to_learn(product).pk)


@pytest.fixture
def people_written(events, product, owner):
    """Contacts: hers, and one that names her."""
    her = DistinctId.objects.get(distinct_id=ID)
    Contact.objects.create(person=her, name=NAME, address=ADDRESS, next_step=SAID, created_by=owner)
    Consent.objects.create(
        person=her, purpose="quote", given_on=dt.date(2026, 1, 1), proof=f"{SAID}, signed", created_by=owner
    )
    bob = DistinctId.objects.get(distinct_id="bob")
    Contact.objects.create(person=bob, name="Bob Bay", next_step=f"Greet {NAME}", created_by=owner)


@pytest.fixture
def imported(events, client_of, owner, product, django_capture_on_commit_callbacks):
    """An import with a row that was refused, and a file that waits."""
    wizard = Wizard(client_of(owner), product, django_capture_on_commit_callbacks)
    content = f"id,text,who,day\n1,The {SAID},{ID},2026-11-01\n2,No day by {NAME},bob,someday\n"
    targets = {"id": "origin_id", "text": "text", "who": "person", "day": "said_on"}
    wizard.bring(content, name=f"{NAME}.csv").check(targets).run()
    wizard.another().bring(content.replace("1,", "11,"), name="waits.csv").check(targets)


@pytest.fixture
def mailed(events, owner, settings):
    """Messages: on their way, sent, in the bell, to her."""
    settings.EMAIL_BACKEND = "portal.messages.mail_files.EmailBackend"
    send(owner, f"About {NAME}", f"{NAME} waits.", key=f"about:{ID}")
    notify([owner], f"{NAME} waits", key=f"bell:{ID}")
    for delivery in Delivery.objects.all():
        deliver(delivery.pk)
    send(owner, "Later", f"{NAME} waits still.", key="later")


@pytest.fixture
def answered(voice, product, owner):
    """What the wing's right rooms keep: findings, letters to those who asked, calls, surveys, searches."""
    her = DistinctId.objects.select_related("id_space__product__team").get(distinct_id=ID)
    theme, own = Theme.objects.get(), Feedback.objects.get(person=her)
    link_theme(theme, own, actor=owner, quote=SAID)
    finding = create_finding(product, claim=f"{NAME} plans by hand", actor=owner, how=f"Asked {NAME}")
    add_evidence(
        finding, actor=owner, kind="highlight", thing_id=Highlight.objects.get(quote=SAID).pk, note=f"By {NAME}"
    )
    set_status("theme", theme.pk, status="planned", said=f"{NAME} asked, we plan.", actor=owner)
    assert Telling.objects.filter(person=her).exists()
    claim_call(product, her, actor=owner, note=f"Ask {NAME} how the {SAID}")
    survey = open_survey(create_survey(product, actor=owner, kind="nps", name="NPS", sender="Planner"), actor=owner)
    add_answer(survey, her, actor=owner, score=3, comment=f"The {SAID} still, {NAME}")
    load_all()
    save_search(name=f"What {NAME} said", asked={"q": NAME}, actor=owner)
    count_changed()


def test_an_erased_person_is_nowhere(
    events, numbers, voice, answered, imported, mailed, product, ops, client_of, django_capture_on_commit_callbacks
):
    app = make_source(product, "App", Source.Kind.API)
    key = create_write_key(app, name="web", actor=ops)[1]
    sent = [{"type": "track", "event": "opened", "userId": ID, "properties": {"mail": ADDRESS}}]
    sent += [{"type": "track", "userId": "bob", "event": "", "properties": {"mail": ADDRESS}}]
    basic = base64.b64encode(f"{key}:".encode()).decode()
    body, kind = json.dumps({"batch": sent}), "application/json"
    answer = client_of(ops).post("/v1/batch", body, content_type=kind, headers={"Authorization": f"Basic {basic}"})
    assert answer.status_code == 200, answer.content
    before = find_traces(TRACES)
    places = {trace.rpartition(":")[0].split(" ")[0] + " " + trace.split(" ")[1].split(":")[0] for trace in before}
    print(*sorted(places), sep="\n")
    for word in TRACES:
        assert any(trace.endswith(word) for trace in before), word
    no = DistinctId.objects.get(distinct_id=ID).resolved_no
    client = client_of(ops)
    client.post(reverse("persons:person-look", args=[no]))
    run_job(PersonJob.objects.get(kind="look").pk)
    look = PersonJob.objects.get(kind="look")
    job = persons.erase(no, confirm=ID, take=[one.key for one in look.mentions], actor=ops)
    with django_capture_on_commit_callbacks(execute=True):
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    sweep_files(timezone.now() + dt.timedelta(hours=1))
    assert find_traces(TRACES) == []
    assert store_faults() == []
