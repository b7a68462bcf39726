"""Triage: what waits is decided about one by one, from what was seen, and each decision is taken back with one key."""

import datetime as dt

import pytest

from insights.voice.feedback.models import Feedback
from insights.voice.suggestions.models import Verdict
from insights.voice.themes.actions import create_theme
from insights.voice.themes.linking import link_theme
from insights.voice.themes.models import ThemeLink
from insights.voice.triage.actions import (
    archive_piece,
    ask_back,
    assign_piece,
    close_inquiry,
    last_decision_of,
    link_piece,
    split_piece,
    undo_decision,
)
from insights.voice.triage.demo import seed_waiting
from insights.voice.triage.demo_texts import LINES
from insights.voice.triage.models import Decision, Inquiry
from insights.voice.triage.queue import count_waiting, read_pace
from portal.audit.models import AuditEntry
from portal.messages.models import Delivery, Notice
from portal.operations.contracts import DemoWorld
from portal.shell.public import Conflict, NotAllowed
from tests.factories import make_channel, make_product

INBOX = "/voice/triage/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def speed(product, owner):
    return create_theme(product, name="Speed", actor=owner)


def state_of(piece):
    return Feedback.objects.get(pk=piece.pk).state


def shown_in(answer):
    """Return the number of the piece that an answer shows, 0 for none."""
    page = answer.context["page"]
    return page.piece.pk if page.piece else 0


def test_each_decision_is_taken_back(say, speed, owner, editor, people):
    piece = say("It is slow.\n\nAnd ugly.", person="ann")
    version = 1
    for act in (
        lambda version: link_piece(piece, speed, actor=owner, version=version, importance=3, was_suggested=True),
        lambda version: archive_piece(piece, actor=owner, version=version, reason="noise", note="an advert"),
        lambda version: split_piece(piece, ["It is slow.", "And ugly."], actor=owner, version=version),
        lambda version: assign_piece(piece, editor, actor=owner, version=version),
        lambda version: ask_back(piece, "What is slow?", actor=owner, version=version, colleague=editor),
    ):
        decision = act(version)
        assert last_decision_of(owner) == decision
        version = undo_decision(decision, actor=owner).version
        assert state_of(piece) == "new"
        with pytest.raises(Conflict, match="undone already"):
            undo_decision(decision, actor=owner)
    left = (ThemeLink, Verdict, Inquiry)
    assert not any(model.objects.exists() for model in left) and Feedback.objects.count() == 1
    assert Feedback.objects.get().assignee is None
    kinds = list(Decision.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["link", "archive", "split", "assign", "ask"]
    assert not AuditEntry.objects.filter(changes__icontains="advert").exists()


def test_of_two_people_at_once_the_second_is_told_what_happened(say, speed, owner, editor, product):
    piece = say("It is slow.")
    first = link_piece(piece, speed, actor=owner, version=1)
    for act in (
        lambda: archive_piece(piece, actor=editor, version=1, reason="noise"),
        lambda: link_piece(piece, speed, actor=editor, version=1),
        lambda: assign_piece(piece, editor, actor=editor, version=1),
    ):
        with pytest.raises(Conflict, match="Owner linked it to “Speed” at"):
            act()
    other = create_theme(product, name="Pace", actor=owner)
    undo_decision(first, actor=owner)
    link_theme(other, piece, actor=editor)  # from the page of the piece
    with pytest.raises(Conflict, match="triaged by now, from its own page"):
        archive_piece(piece, actor=owner, version=3, reason="noise")


def test_a_decision_is_not_undone_once_something_else_happened(say, speed, owner, editor):
    piece = say("It is slow.")
    first = assign_piece(piece, editor, actor=owner, version=1)
    link_piece(piece, speed, actor=editor, version=2)
    with pytest.raises(Conflict, match="Editor linked it"):
        undo_decision(first, actor=owner)
    whole = say("It is slow. And ugly.")
    split = split_piece(whole, ["It is slow.", "And ugly."], actor=owner, version=1)
    part = Feedback.objects.filter(split_from=whole).first()
    archive_piece(part, actor=owner, version=1, reason="unclear")
    with pytest.raises(Conflict, match="worked on"):
        undo_decision(split, actor=owner)


def test_outsiders_and_viewers_decide_nothing(say, speed, outsider, viewer, client_of):
    piece = say("It is slow.", visibility="company")
    for user in (outsider, viewer):
        with pytest.raises(NotAllowed):
            archive_piece(piece, actor=user, version=1, reason="noise")
    client = client_of(outsider)
    assert shown_in(client.get(INBOX)) == 0 and count_waiting(outsider) == 0
    assert client.get(INBOX, {"at": piece.pk}).status_code == 404
    assert client.post(f"{INBOX}{piece.pk}/archive/", {"version": 1, "reason": "noise"}).status_code == 404
    body = {"feedback": piece.pk, "version": 1, "kind": "archive", "reason": "noise"}
    assert client.post("/api/v1/triage-decisions/", body, content_type="application/json").status_code == 400
    assert state_of(piece) == "new"


def test_the_inbox_walks_and_goes_on_by_itself(say, speed, owner, client_of):
    days = [dt.date(2024, 1, day) for day in (5, 6, 6, 7)]
    old, first, second, new = (say(f"Piece {no}", said_on=day) for no, day in enumerate(days))
    client = client_of(owner)
    assert shown_in(client.get(INBOX)) == new.pk
    walked = [shown_in(client.get(INBOX, {"after": piece.pk}, headers=HTMX)) for piece in (new, second, first, old)]
    assert walked == [second.pk, first.pk, old.pk, 0]
    assert shown_in(client.get(INBOX, {"before": old.pk})) == first.pk
    answer = client.post(
        f"{INBOX}{new.pk}/link/", {"version": 1, "shown": 1, "importance": 3, "theme": " speed "}, headers=HTMX
    )
    assert shown_in(answer) == second.pk and answer.headers["HX-Push-Url"] == f"{INBOX}?at={second.pk}"
    assert "Linked to" in answer.headers["HX-Trigger"]
    assert ThemeLink.objects.get().importance == 3
    # Without a script: the same forms, and the page that follows.
    answer = client.post(f"{INBOX}{second.pk}/archive/", {"version": 1, "reason": "unclear"}, follow=True)
    assert shown_in(answer) == first.pk and state_of(second) == "archived"
    answer = client.post(f"{INBOX}undo/", headers=HTMX)
    assert shown_in(answer) == second.pk and state_of(second) == "new"
    assert "Owner linked it to “Speed”" in client.get(INBOX, {"at": new.pk}).content.decode()


def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(say, speed, owner, client_of):
    piece, client = say("It is slow.\nAnd ugly."), client_of(owner)
    answer = client.post(f"{INBOX}{piece.pk}/link/", {"version": 1, "importance": 2, "theme": "Pace"}, headers=HTMX)
    assert answer.status_code == 422 and "No theme is called that" in answer.content.decode()
    values = {"version": 1, "importance": 2, "theme": "Pace", "make": 1}
    client.post(f"{INBOX}{piece.pk}/link/", values, headers=HTMX)
    assert ThemeLink.objects.get().theme.name == "Pace"
    client.post(f"{INBOX}undo/")
    for text in ("It is slow.\nAnd ugly.", "It is fast.\n---\nAnd ugly."):
        answer = client.post(f"{INBOX}{piece.pk}/split/", {"version": 3, "text": text}, headers=HTMX)
        assert answer.status_code == 422 and answer.context["page"].opened == "split"
    answer = client.post(
        f"{INBOX}{piece.pk}/split/", {"version": 3, "text": "It is slow.\n---\nAnd ugly."}, headers=HTMX
    )
    assert answer.context["page"].piece.text == "It is slow.", "it goes on with the first part"


def test_who_looks_at_a_piece_is_said_and_the_next_one_is_another(say, owner, editor, client):
    new, old = say("New", said_on=dt.date(2024, 1, 9)), say("Old", said_on=dt.date(2024, 1, 8))
    client.force_login(owner)
    assert shown_in(client.get(INBOX)) == new.pk
    client.force_login(editor)
    assert shown_in(client.get(INBOX)) == old.pk, "somebody is at the newest"
    assert "Owner looks at this piece just now" in client.get(INBOX, {"at": new.pk}).content.decode()


def test_what_is_given_away_or_asked_about_leaves_the_queue(say, owner, editor, client):
    given, asked, free = (say(f"Piece {no}", said_on=dt.date(2024, 1, 9 - no)) for no in range(3))
    assign_piece(given, editor, actor=owner, version=1)
    inquiry = ask_back(asked, "Which one?", actor=owner, version=1, colleague=editor).inquiry
    assert [one.user for one in Delivery.objects.all()] == [editor]
    assert Notice.objects.filter(user=editor).count() == 2
    client.force_login(owner)
    seen = {whose: shown_in(client.get(INBOX, {"whose": whose})) for whose in ("", "me", "all", "asked")}
    assert seen == {"": free.pk, "me": 0, "all": given.pk, "asked": asked.pk}
    client.force_login(editor)
    assert shown_in(client.get(INBOX, {"whose": "me"})) == given.pk
    assert "Which one?" in client.get(INBOX, {"at": asked.pk}).content.decode()
    close_inquiry(inquiry, actor=editor)
    assert count_waiting(owner) == 2 and Notice.objects.filter(user=owner).exists()
    with pytest.raises(Conflict):
        close_inquiry(inquiry, actor=owner)


def test_a_draft_to_who_said_it_leaves_the_company_by_no_door(say, owner):
    ask_back(say("It is slow.", person="ann@example.com"), "Ann, where?", actor=owner, version=1)
    assert not Delivery.objects.exists() and Inquiry.objects.get().colleague is None


def test_the_pace_is_the_middle_of_what_teams_took(say, owner, outsider, ops):
    for seconds in (5, 9, 40, None, 4_000):
        archive_piece(say(f"It took {seconds}"), actor=owner, version=1, reason="noise", seconds=seconds)
    assert (read_pace(owner).median_s, read_pace(owner).n_decisions) == (9, 3), "one was left on the screen"
    assert read_pace(outsider).n_decisions == 0 and read_pace(ops).n_decisions == 3


def test_the_api_decides_as_the_inbox_does(say, speed, owner, editor, client_of):
    client, piece = client_of(owner), say("It is slow. And ugly.")

    def decide(**body):
        return client.post(
            "/api/v1/triage-decisions/", {"feedback": piece.pk, "version": 1, **body}, content_type="application/json"
        )

    assert decide(kind="link").json()["fields"] == {"theme": ["This decision needs it."]}
    assert "theme" in decide(kind="archive", reason="noise", theme=speed.pk).json()["fields"]
    assert decide(kind="assign", assignee=10**6).status_code == 400
    made = decide(kind="link", theme=speed.pk, importance=3, seconds=4)
    assert made.status_code == 201 and made.json()["link"] == ThemeLink.objects.get().pk
    assert decide(kind="archive", reason="noise").status_code == 409
    assert client.get("/api/v1/feedback/?state=triaged").json()["results"][0]["id"] == piece.pk
    undone = client.post(f"/api/v1/triage-decisions/{made.json()['id']}/undo/")
    assert undone.status_code == 200 and undone.json()["undone_at"]
    asked = client.post(
        "/api/v1/triage-decisions/",
        {"feedback": piece.pk, "version": 3, "kind": "ask", "text": "Where?", "colleague": editor.pk},
        content_type="application/json",
    )
    assert asked.status_code == 201
    inquiry = client.get("/api/v1/inquiries/?is_answered=false").json()["results"][0]
    assert client.post(f"/api/v1/inquiries/{inquiry['id']}/close/").json()["answered_at"]


def test_home_the_tab_and_the_page_of_a_piece_say_what_waits(say, speed, owner, viewer, client):
    piece = say("It is slow.")
    client.force_login(owner)
    assert f"{INBOX}home/" in client.get("/").content.decode()
    assert "Feedback that waits" in client.get(f"{INBOX}home/", headers=HTMX).content.decode()
    assert ">1<" in client.get(f"{INBOX}count/", headers=HTMX).content.decode()
    archive_piece(piece, actor=owner, version=1, reason="unclear", note="ask Ann")
    history = f"{INBOX}{piece.pk}/history/"
    assert history in client.get(piece.get_absolute_url()).content.decode()
    page = client.get(history, headers=HTMX).content.decode()
    assert "archived it (too little to go by): “ask Ann”" in page
    assert "Feedback that waits" not in client.get(f"{INBOX}home/", headers=HTMX).content.decode()
    assert "In the triage inbox" in client.get("/keyboard/").content.decode()


def test_the_demos_inbox_is_alive(team, owner):
    for slug in {line[2] for line in LINES}:
        make_channel(slug)
    make_product("Planner", team) if not team.pk else None
    from portal.people.models import Product

    Product.objects.get_or_create(slug="planner", defaults={"name": "Planner", "team": team})
    world = DemoWorld(dt.date(2024, 2, 1), 1, {})
    for _ in range(2):
        seed_waiting(world, lambda *args: None)
    assert Feedback.objects.filter(state="new").count() == len(LINES) == len({line[0] for line in LINES})
