"""A link leaks no other field: every byte of its pages, its JSON and their headers is read."""

import datetime as dt

import pytest

from roadmaps.delivery.forecasts.models import Forecast
from roadmaps.plan.sharing import actions
from roadmaps.plan.sharing.contracts import FIELDS, PRESETS, views_of
from tests.roadmaps.plan.sharing.conftest import HEADING, MARKS, PASSWORD, SECRETS, TITLE


def every_byte(client, path):
    """Return all that an address answers: headers, cookies and body, each view of it, and as JSON."""
    found = {}
    for what, response in {
        "page": client.get(path),
        **{view: client.get(f"{path}?view={view}") for view in ("board", "timeline", "list", "goals", "calendar")},
        "more": client.get(f"{path}?stage=all&done=1&fields=owner&product=zelsewhereq&format=csv&q=z&day=2026-01-01"),
        "fragment": client.get(path, headers={"HX-Request": "true", "Accept": "application/json"}),
        "head": client.head(path),
        "json": client.get(f"{path.removesuffix('/')}.json"),
        "json of a view": client.get(f"{path.removesuffix('/')}.json?view=timeline&fields=owner"),
    }.items():
        assert response.status_code == 200, what
        assert not response.cookies, what
        found[what] = (response.serialize_headers() + response.content).decode()
    return found


def check(client, path, fields):
    for what, text in every_byte(client, path).items():
        leaked = [mark for mark in SECRETS if mark in text]
        leaked += [mark for name, marks in MARKS.items() if name not in fields for mark in marks if mark in text]
        if what == "board" and "horizon" in fields:
            leaked = [mark for mark in leaked if mark != "Later"]
        assert not leaked, f"{what} with {fields} tells {leaked}"
        if what == "head":
            continue
        told = [TITLE, HEADING, *(mark for name in fields for mark in MARKS[name])]
        missing = [mark for mark in told if mark not in text]
        assert not missing, f"{what} with {fields} does not tell {missing}"


def test_the_marks_are_those_of_all_fields():
    assert MARKS.keys() == FIELDS.keys()


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_alone_shows_itself_and_nothing_else(marked, share, anybody, name):
    for view in views_of([name]):
        check(anybody, share([name], view)[1], [name])


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_that_is_left_out_is_nowhere(marked, share, anybody, name):
    others = [one for one in FIELDS if one != name]
    check(anybody, share(others, views_of(others)[0])[1], others)


@pytest.mark.parametrize("audience", PRESETS)
def test_presets_show_what_they_say(marked, share, anybody, audience):
    fields = PRESETS[audience]
    check(anybody, share(fields, views_of(fields)[0], audience=audience)[1], fields)


def test_titles_alone_and_everything(marked, share, anybody):
    check(anybody, share([])[1], [])
    check(anybody, share(FIELDS, "timeline")[1], list(FIELDS))


def test_nothing_at_all_is_told_before_the_password_or_after_the_end(marked, share, anybody, owner):
    link, path = share(FIELDS, password=PASSWORD)
    said = [TITLE, HEADING, *SECRETS, *(mark for marks in MARKS.values() for mark in marks)]

    def tells_nothing():
        for address in (path, f"{path.removesuffix('/')}.json"):
            for response in (anybody.get(address), anybody.post(address, {"password": "wrong"})):
                text = (response.serialize_headers() + response.content).decode()
                assert not [mark for mark in said if mark in text]

    tells_nothing()
    actions.revoke_link(link, actor=owner)
    tells_nothing()


def test_bars_of_quarters_are_the_same_wherever_in_a_quarter_the_days_lie(add, share, anybody):
    add("Early", starts_on=dt.date(2026, 4, 1), ends_on=dt.date(2026, 4, 3))
    add("Late", starts_on=dt.date(2026, 6, 20), ends_on=dt.date(2026, 6, 30))
    bars = []
    for fields in (["quarter"], ["quarter", "days"]):
        page = anybody.get(share(fields, "timeline")[1]).content.decode()
        bars.append([part.split("y=")[0] for part in page.split("<rect")[1:]])
    assert bars[0][0] == bars[0][1], "the picture tells no more than the quarter"
    assert bars[1][0] != bars[1][1]


def test_a_forecast_within_one_quarter_is_said_once(marked, share, anybody):
    Forecast.objects.update(p50=dt.date(2033, 4, 2))
    page = anybody.get(share(["forecast"])[1]).content.decode()
    assert "<td>Q2 2033 (85 %)</td>" in page
    Forecast.objects.update(p85=None)
    page = anybody.get(share(["forecast"])[1]).content.decode()
    assert "<td>Q2 2033 (even chance)</td>" in page
