"""Releases: planned, filled, out; what follows once; who may, and two people at once."""

import datetime as dt

import pytest
import time_machine

from insights.dashboards.public import Annotation
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound, Stale, registry
from roadmaps.planning.initiatives.public import Initiative, InitiativeVersion, create_initiative
from roadmaps.planning.releases import actions
from roadmaps.planning.releases.access import get_release
from roadmaps.planning.releases.contracts import ReleaseListener
from roadmaps.planning.releases.models import Release, ReleaseItem, ReleaseReaction
from roadmaps.planning.releases.queries import read_calendar, released_on
from roadmaps.planning.releases.reactions import tell_listeners
from tests import factories

NOW = dt.datetime(2026, 3, 20, 9, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture
def initiatives(product):
    with time_machine.travel(NOW, tick=False):
        made = [
            create_initiative(product, title=title, stage=stage, actor=SYSTEM)
            for title, stage in (("Guide", "building"), ("Speed", "done"), ("Later", "discovery"))
        ]
    return made


@pytest.fixture
def release(product, owner, initiatives):
    return actions.create_release(
        product, name="Spring", planned_on=TODAY, actor=owner, initiatives=initiatives[:2], notes="# New\n\n- Guide"
    )


@pytest.fixture
def listener():
    """A room to the right that hears of releases; it stumbles as often as it is told to."""
    heard, stumbles = [], []

    def react(release):
        Release.objects.filter(pk=release.pk).update(said=f"{release.said}!")
        if stumbles:
            raise RuntimeError(stumbles.pop())
        heard.append(release.pk)

    registry.add(ReleaseListener("test", react))
    yield heard, stumbles
    registry.pieces[ReleaseListener].pop("test")


@time_machine.travel(NOW + dt.timedelta(hours=1), tick=False)
def test_once_out_its_initiatives_are_launched_and_charts_carry_the_day(release, owner, initiatives, client):
    out = actions.release_now(release, owner, TODAY - dt.timedelta(days=2))
    assert (out.state, out.released_on, out.version) == ("released", dt.date(2026, 3, 18), 2)
    assert list(Initiative.objects.order_by("pk").values_list("stage", flat=True)) == ["launched", "done", "discovery"]
    version = InitiativeVersion.objects.get(number=initiatives[0].pk, valid_to=None)
    assert (version.stage, version.why, version.by) == ("launched", "Out with Spring", owner)
    note = Annotation.objects.get()
    assert (note.text, note.starts_on, note.product) == ("Release Spring", dt.date(2026, 3, 18), release.product)
    renamed = actions.update_release(out, actor=owner, version=2, name="Spring 26")
    assert Annotation.objects.get().text == "Release Spring 26"
    assert released_on([one.pk for one in initiatives]) == {one.pk: dt.date(2026, 3, 18) for one in initiatives[:2]}
    hidden = actions.update_release(renamed, actor=owner, version=3, visibility="team")
    assert not Annotation.objects.exists(), "charts show it to everybody"
    with pytest.raises(Conflict):
        actions.release_now(hidden, owner)
    with pytest.raises(Conflict):
        actions.add_initiatives(hidden, initiatives[2:], actor=owner)
    back = actions.take_back(hidden, actor=owner, why="The build was broken")
    assert (back.state, back.released_at) == ("planned", None)
    client.force_login(owner)
    page = client.get(release.get_absolute_url()).content.decode()
    assert "Guide" in page and "2 days late" not in page and "The build was broken" in page


@time_machine.travel(NOW, tick=False)
def test_each_listener_reacts_once_however_often_the_work_is_run(release, owner, listener):
    heard, stumbles = listener
    assert tell_listeners(release.pk) == 0, "it is not out yet"
    actions.release_now(release, owner, said="Guides are there")
    stumbles.append("the line is cut")
    with pytest.raises(RuntimeError):
        tell_listeners(release.pk)
    assert Release.objects.get().said == "Guides are there", "what it wrote is taken back with it"
    others = {one.name for one in registry.all(ReleaseListener)} - {"test"}
    reacted = set(ReleaseReaction.objects.values_list("listener", flat=True))
    assert "voice" in reacted and reacted == others, "the others did their part"
    assert (tell_listeners(release.pk), tell_listeners(release.pk)) == (1, 0)
    actions.take_back(release, actor=owner, why="Not yet")
    actions.release_now(release, owner)
    assert tell_listeners(release.pk) == 0
    assert heard == [release.pk]
    with pytest.raises(Conflict):
        actions.delete_release(actions.take_back(release, actor=owner, why="Again"), actor=owner)


def test_what_cannot_be_is_refused_by_field(release, product, owner, viewer, outsider, initiatives):
    elsewhere = factories.make_product("Timesheet", product.team)
    other = create_initiative(elsewhere, title="Other", actor=SYSTEM)
    for fault, values in (
        ({"name": "spring", "planned_on": TODAY}, "name"),
        ({"name": " ", "planned_on": TODAY}, "name"),
        ({"name": "A", "planned_on": dt.date(1066, 1, 1)}, "planned_on"),
        ({"name": "A", "planned_on": TODAY, "initiatives": [other]}, "initiatives"),
    ):
        with pytest.raises(BadInput) as caught:
            actions.create_release(product, actor=owner, **fault)
        assert list(caught.value.fields) == [values]
    with pytest.raises(BadInput):
        actions.release_now(release, owner, dt.date(2999, 1, 1))
    with pytest.raises(Stale):
        actions.update_release(release, actor=owner, version=9, name="Mine")
    for who, error in ((viewer, NotAllowed), (outsider, NotAllowed)):
        with pytest.raises(error):
            actions.release_now(release, who)
    Release.objects.update(visibility="team")
    with pytest.raises(NotFound):
        get_release(outsider, release.pk)
    initiatives[0].delete()
    assert ReleaseItem.objects.count() == 1


@time_machine.travel(NOW, tick=False)
def test_the_calendar_has_what_is_out_on_its_day_and_what_is_planned_on_its(release, product, owner, outsider):
    early = actions.create_release(product, name="Early", planned_on=dt.date(2026, 5, 2), actor=owner)
    actions.release_now(early, owner, dt.date(2026, 2, 27))
    actions.create_release(product, name="Late", planned_on=dt.date(2026, 1, 9), actor=owner, visibility="team")
    gone = actions.create_release(product, name="Gone", planned_on=dt.date(2026, 3, 1), actor=owner)
    actions.cancel_release(gone, actor=owner, why="No")

    def titles(one):
        return [inside.title for inside in one.shown]

    def shown(user):
        months = read_calendar(Release.objects.visible_to(user), user, dt.date(2026, 1, 1), dt.date(2026, 4, 1))
        return [
            [(one.name, one.is_late, [inside.title for inside in one.shown]) for one in month.releases]
            for month in months
        ]

    assert shown(owner) == [[("Late", True, [])], [("Early", False, [])], [("Spring", False, ["Guide", "Speed"])]]
    assert shown(outsider)[0] == []
    Initiative.objects.filter(title="Guide").update(visibility="team")
    assert shown(outsider)[2] == [("Spring", False, ["Speed"])]


@time_machine.travel(NOW, tick=False)
def test_over_http_a_release_is_planned_filled_and_out(client, product, owner, initiatives):
    client.force_login(owner)
    planned = {"name": "Summer", "product": product.pk, "planned_on": "2026-06-01", "visibility": "company"}
    answer = client.post("/releases/new/", planned)
    release = Release.objects.get()
    assert answer.url == release.get_absolute_url()
    client.post(f"{answer.url}add/", {"initiatives": [initiatives[0].pk, initiatives[2].pk]})
    assert client.post(f"{answer.url}add/", {}).status_code == 400
    client.post(f"{answer.url}remove/{initiatives[2].pk}/")
    stale = client.post(f"{answer.url}edit/", {**planned, "name": "Hot summer", "version": 7})
    assert stale.status_code == 409 and b"Hot summer" in stale.content
    assert client.post(f"{answer.url}out/", {"on": "2026-03-20", "version": 7}).status_code == 409
    client.post(f"{answer.url}out/", {"on": "2026-03-20", "version": 1, "said": ""})
    url = f"/api/v1/releases/{release.pk}/"
    shown = client.get(url).json()
    assert (shown["state"], shown["released_on"]) == ("released", "2026-03-20")
    assert shown["initiatives"] == [initiatives[0].pk]
    listed = client.get("/releases/?format=csv").getvalue().decode()
    assert "Summer" in listed and "2026-03-20" in listed
    body = {"notes": "New", "version": 2}
    assert client.patch(url, body, "application/json").json()["version"] == 3
    assert client.patch(url, body, "application/json").status_code == 409
