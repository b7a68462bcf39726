"""Say and do of a theme: who asks and uses it, who is loud, what all would say; set and read by pages and the API."""

import datetime as dt
import json

import pytest
import time_machine

from insights.adoption.actions import create_feature
from insights.contacts.actions import create_record
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.demand.actions import set_area
from insights.voice.demand.demo import AREAS
from insights.voice.demand.models import ThemeArea
from insights.voice.demand.reading import area_of, read_loudest, read_say_and_do, read_weighted, voices_of
from insights.voice.themes.actions import create_theme, merge_theme
from insights.voice.themes.demo import THEMES
from insights.voice.themes.linking import link_theme
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotAllowed
from tests.factories import make_product, make_source, store_events

NOW = dt.datetime(2024, 4, 3, 12, tzinfo=dt.UTC)  # its 13 whole weeks run from 1 January to 31 March
SEGMENTS = {"Large": ("big-1", "big-2"), "Small": tuple(f"small-{no}" for no in range(1, 9)), "Quiet": ("quiet-1",)}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(product):
    """Ten accounts of two segments, and a quiet one; Ann and Bob use the timeline, Cy does not, Dora is gone."""
    day = "2024-02-20T10:00:00+00:00"
    rows = [
        {"event": "timeline opened", "distinct_id": "ann", "timestamp": day, "account_id": "big-1"},
        {"event": "timeline opened", "distinct_id": "bob-phone", "timestamp": day, "account_id": "big-2"},
        {"event": "logged in", "distinct_id": "cy", "timestamp": day, "account_id": "small-1"},
        {"event": "timeline opened", "distinct_id": "dora", "timestamp": "2023-06-01T10:00:00+00:00"},
        *({"event": "logged in", "distinct_id": f"more-{no}", "timestamp": day} for no in range(6)),
    ]
    said = [(one, name) for name, ones in SEGMENTS.items() for one in ones]
    traits = [
        {"subject": "account", "subject_id": one, "key": "segment", "value": name, "timestamp": day}
        for one, name in said
    ]
    joins = [{"kind": "alias", "distinct_id": "bob-phone", "person_id": "bob", "timestamp": day}]
    return store_events(make_source(product), rows, traits=traits, joins=joins)


@pytest.fixture
def theme(product):
    return create_theme(product, name="Timeline", actor=SYSTEM)


@pytest.fixture
def asks(say):
    """Return a function that writes a piece down and links it."""

    def asks(theme, person="", account="", **more):
        piece = say(f"{person or account} wants it, {len(more)}", person=person, account=account, **more)
        link_theme(theme, piece, actor=SYSTEM)
        return piece

    return asks


def test_those_who_ask_are_told_by_what_they_did(world, theme, asks, owner):
    accounts = {"ann": "big-1", "bob": "big-2", "cy": "small-1", "dora": ""}
    for who, account in accounts.items():
        asks(theme, who, account)
    asks(theme, "ann", title="again")
    area = set_area(theme, actor=SYSTEM, events=[{"event": "timeline opened"}])
    found = read_say_and_do(area, voices_of(theme), owner, unit="person", now=NOW)
    assert (found.asking.n_used, found.asking.n_other, found.asking.n_silent) == (2, 1, 1)
    assert (found.everybody.n_used, found.everybody.n_active) == (2, 9)
    assert (found.share.rate, found.share.n, found.share_of_everybody.text, found.verdict) == (None, 3, "22.2 %", "")
    by_account = read_say_and_do(area, voices_of(theme), owner, unit="account", now=NOW)
    assert (by_account.asking.n_used, by_account.asking.n_other) == (2, 1)


def test_themes_below_are_about_the_same_part_until_they_name_their_own(product, theme, owner):
    below = create_theme(product, name="Slow", parent=theme, actor=SYSTEM)
    lowest = create_theme(product, name="Slow on phones", parent=below, actor=SYSTEM)
    assert area_of(lowest) is None
    feature = create_feature(product, name="Timeline", events=[{"event": "timeline opened"}], actor=owner, now=NOW)
    area = set_area(theme, actor=owner, feature=feature)
    assert (area_of(lowest), area.name) == (area, "Timeline")
    own = set_area(below, actor=owner, events=[{"event": "zoomed"}, {"event": None}])
    assert (area_of(lowest), own.name) == (own, "zoomed, any event")


def test_an_area_is_of_the_product_and_of_its_team(product, theme, owner, outsider, viewer, team):
    other = create_feature(make_product("Other", team), name="F", events=[{"event": "a"}], actor=owner, now=NOW)
    own = create_feature(product, name="F", events=[{"event": "a"}], actor=owner, now=NOW)
    events = [{"event": "a"}]
    for values in ({}, {"feature": own, "events": events}, {"feature": other}, {"events": [{"evnt": "a"}]}):
        with pytest.raises(BadInput):
            set_area(theme, actor=owner, **values)
    for user in (outsider, viewer):
        with pytest.raises(NotAllowed):
            set_area(theme, actor=user, events=events)
    set_area(theme, actor=owner, events=events)
    with pytest.raises(Conflict):
        set_area(theme, actor=owner, version=0, feature=own)
    assert ThemeArea.objects.count() == 1


def test_the_loudest_are_counted_by_pieces_and_named_to_insiders(product, world, theme, asks, owner, outsider):
    for title in ("a", "b", "c"):
        asks(theme, account="big-1", title=title)
    asks(theme, account="small-1")
    asks(theme, person="more-1")  # of no account
    who = [ParticipantInput(account="big-1"), ParticipantInput(account="small-2")]
    values = {"held_on": dt.date(2024, 3, 1), "notes": "They want it", "participants": who}
    talk = add_conversation(product, actor=SYSTEM, today=NOW.date(), title="Call", **values)
    link_theme(theme, talk, actor=SYSTEM, quote="want it")
    found, accounts, n_nameless = read_loudest(theme, voices_of(theme), owner)
    assert ([one.n_pieces for one in accounts], found.n_pieces, found.n_accounts, n_nameless) == ([4, 1, 1], 6, 3, 1)
    assert accounts[0].account.id == "big-1"
    assert [one.account for one in read_loudest(theme, voices_of(theme), outsider)[1]] == [None] * 3


def test_demand_is_weighted_to_all_accounts_and_says_who_is_unheard(product, world, theme, asks, say):
    merged = create_theme(product, name="Gantt", actor=SYSTEM)
    merge_theme(merged, theme, actor=SYSTEM)
    asks(theme, account="big-1")
    asks(merged, account="big-2")
    asks(theme, account="small-1")
    for no in (2, 3, 4):
        say("something else", account=f"small-{no}")
    say("They switched", account="small-5", kind="competitor")  # the market, not a customer
    found = read_weighted(theme, voices_of(theme), today=NOW.date())
    rows = {row.name: (row.n_accounts, row.n_spoke, row.n_asked) for row in found.strata}
    assert rows == {"Large": (2, 2, 2), "Small": (8, 4, 1), "Quiet": (1, 0, 0)}
    assert (found.n_spoke, found.n_asked, found.share.text, [row.name for row in found.unheard]) == (
        6,
        3,
        "50 %",
        ["Quiet"],
    )
    assert found.estimate.rate == pytest.approx(0.2 * 1 + 0.8 * 0.25)
    assert (found.estimate.n_covered, found.estimate.n_accounts) == (10, 11)
    active = read_weighted(theme, voices_of(theme), today=NOW.date(), base="active")
    assert {row.name: row.n_accounts for row in active.strata} == {"Large": 2, "Small": 1}
    assert (active.n_left_out, active.estimate) == (0, None)


def test_an_account_that_only_speaks_counts_among_all(product, world, theme, asks):
    asks(theme, account="stranger")
    create_record(product, actor=SYSTEM, account="typed", segment="Large")
    found = read_weighted(theme, voices_of(theme), today=NOW.date())
    rows = {row.name: (row.n_accounts, row.n_spoke, row.n_asked) for row in found.strata}
    assert (rows[""], rows["Large"]) == ((1, 1, 1), (3, 0, 0))


def test_pages_and_the_api_say_the_same(client_of, product, world, theme, asks, owner, outsider):
    for who in ("ann", "cy"):
        asks(theme, who, "big-1")
    client = client_of(owner)
    page = client.get(theme.get_absolute_url()).content.decode()
    for name in ("doing", "loudest", "weighted"):
        assert f'hx-get="/voice/themes/{theme.pk}/{name}/"' in page
    assert "Name the part" in client.get(f"/voice/themes/{theme.pk}/doing/").content.decode()
    address = f"/voice/themes/{theme.pk}/area/"
    assert client.post(address, {"version": 0}).status_code == 422
    assert client.post(address, {"version": 0, "events": ["unknown event"]}).status_code == 422
    opened = [{"event": "timeline opened"}]
    feature = create_feature(product, name="Timeline", events=opened, actor=owner, now=NOW)
    assert client.post(address, {"version": 0, "feature": feature.pk}).status_code == 302
    area = ThemeArea.objects.get()
    shown = client.get(f"/voice/themes/{theme.pk}/doing/").content.decode()
    assert "Of <strong>2</strong> people who ask, <strong>1</strong> used it" in shown
    answer = client.get(f"/api/v1/themes/{theme.pk}/say-and-do/").json()
    assert (answer["area"]["id"], answer["doing"]["asking"]) == (area.pk, {"n_used": 1, "n_other": 1, "n_silent": 0})
    assert client.get(f"/api/v1/themes/{theme.pk}/say-and-do/?unit=mood").status_code == 400
    weighted = client.get(f"/api/v1/themes/{theme.pk}/weighted-demand/").json()
    assert (weighted["n_left_out"], weighted["estimate"]) == (0, None)
    one = f"/api/v1/theme-areas/{area.pk}/"
    sent = json.dumps({"events": [{"event": "logged in"}], "version": area.version})
    assert client.patch(one, sent, content_type="application/json").json()["name"] == "logged in"
    assert client.patch(one, sent, content_type="application/json").status_code == 409
    assert client.delete(one).status_code == 204
    loud = client_of(outsider).get(f"/api/v1/themes/{theme.pk}/loudest/").json()
    assert loud["loudest"] == [{"n_pieces": 2, "account": None}]


def test_the_demo_names_themes_that_it_has():
    assert {name for name, _, _ in AREAS} <= {name for name, *_ in THEMES}
