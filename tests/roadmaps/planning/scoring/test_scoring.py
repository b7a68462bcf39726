"""Scoring: inputs and their labels, caps also over the API, measured numbers, one effort, undo, blind rounds."""

import datetime as dt
import json
from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse

from insights.cohorts.models import Cohort
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound
from roadmaps.planning.initiatives.public import Dependency, Initiative, change_initiative, create_initiative
from roadmaps.planning.scoring import actions
from roadmaps.planning.scoring.access import get_score
from roadmaps.planning.scoring.kinds import build, to_json
from roadmaps.planning.scoring.models import Ballot, KeptOrder, ModelVersion, Round, Score, ScoringModel
from roadmaps.planning.scoring.night import refresh_at_night
from roadmaps.planning.scoring.orders import order_moved
from roadmaps.planning.scoring.tasks import rework_scores
from tests import factories

NIGHT = dt.datetime(2026, 6, 1, 3, tzinfo=dt.UTC)  # a Monday


def night():
    return SimpleNamespace(now=NIGHT, progress=lambda *_: None, check_still_mine=lambda: None)


def guess(likely, low=None, high=None):
    return {"likely": likely, "low": low, "high": high, "label": "guessed"}


def estimate(likely, low=None, high=None):
    return {"likely": likely, "low": low, "high": high, "label": "estimated", "source": "Asked support"}


def full(reach=600, label=estimate):
    return {"reach": label(reach), "impact": label(2), "confidence": {"likely": 1}, "effort": label(3)}


def test_the_first_models_are_what_their_kinds_ask(db):
    for version in ModelVersion.objects.all():
        assert version.definition == json.loads(json.dumps(to_json(build(version.kind, version.options)))), version.kind
    assert ScoringModel.objects.count() == 6


def test_a_score_says_what_it_rests_on_and_the_cap_holds_over_the_api(invite, rice, owner, client):
    client.force_login(owner)
    sent = {"initiative": invite.pk, "model": "rice", "inputs": full()}
    made = client.post("/api/v1/scores/", json.dumps(sent), content_type="application/json")
    said = made.json()
    # 600 times 2 times 0.8 (an estimate caps it) over 3
    assert made.status_code == 201 and said["value"] == 320 and said["is_capped"] and said["weakest"] == "estimated"
    assert (said["inputs"]["confidence"]["likely"], said["counted"]["confidence"]) == (1, 0.8)
    path = f"/api/v1/scores/{said['id']}/"
    change = {"inputs": {"impact": guess(3)}, "version": said["version"]}
    changed = client.patch(path, json.dumps(change), content_type="application/json").json()
    assert changed["value"] == 300 and changed["counted"]["confidence"] == 0.5
    assert client.patch(path, json.dumps(change), content_type="application/json").status_code == 409
    for wrong, field in (
        ({"reach": {"likely": 5, "label": "measured"}}, "reach.label"),
        ({"reach": {"likely": 5, "label": "estimated"}}, "reach.source"),
        ({"impact": guess(2.5)}, "impact.likely"),
        ({"effort": guess(0.2)}, "effort.likely"),
        ({"reach": guess(5, 7, 9)}, "reach.likely"),
        ({"confidence": guess(0.8, 0.5, 1)}, "confidence.low"),
        ({"sales": guess(5)}, "sales"),
        ({"effort": {"bound": "cohort:1"}}, "effort.bound"),
        ({"reach": {"bound": "secret:1"}}, "reach.bound"),
    ):
        sent = {"inputs": wrong, "version": changed["version"]}
        answer = client.patch(path, json.dumps(sent), content_type="application/json")
        assert answer.status_code == 400 and field in answer.json()["fields"], (wrong, answer.json())
    assert Score.objects.get().version == changed["version"]


def test_there_is_one_effort_wherever_it_is_typed(invite, rice, owner):
    inputs = {"reach": estimate(600), "impact": estimate(2), "confidence": {"likely": 0.8}}
    score = actions.score_initiative(invite, rice, actor=owner, inputs=inputs)
    assert score.value == 200 and score.weakest == "guessed"  # 600 x 2 x 0.5 / 3: the initiative's effort is a guess
    actions.score_initiative(invite, rice, actor=owner, inputs={"effort": estimate(4, 2, 8)})
    changed = Initiative.objects.get(pk=invite.pk)
    assert (changed.effort_low, changed.effort_months, changed.effort_high) == (2, 4, 8)
    change_initiative(changed, actor=owner, changes={"effort_low": None, "effort_months": 6.0, "effort_high": None})
    score = Score.objects.get()
    assert score.value == 160 and score.given["effort"]["label"] == "estimated"  # 600 x 2 x 0.8 / 6
    plain = ScoringModel.objects.select_related("current").get(slug="value-and-effort")
    other = actions.score_initiative(invite, plain, actor=owner, inputs={"value": estimate(9)})  # from an old state
    assert other.value == 1.5 and Initiative.objects.get(pk=invite.pk).effort_months == 6
    actions.score_initiative(invite, plain, actor=owner, inputs={"effort": None})
    assert Score.objects.get(pk=score.pk).value is None and Initiative.objects.get(pk=invite.pk).effort_months is None


def test_what_one_press_did_is_undone_unless_somebody_changed_it_since(invite, timeline, rice, owner, editor):
    for one in (invite, timeline):
        actions.score_initiative(one, rice, actor=owner, inputs=full())
    batch, found = actions.score_several([invite, timeline], rice, actor=owner, inputs={"reach": estimate(300)})
    assert [one.value for one in found] == [160, 160]
    actions.undo_changes(batch, actor=editor)
    assert set(Score.objects.values_list("value", flat=True)) == {320}
    with pytest.raises(Conflict):
        actions.undo_changes(batch, actor=owner)
    batch, _ = actions.score_several([invite, timeline], rice, actor=owner, inputs={"effort": estimate(6)})
    assert set(Initiative.objects.values_list("effort_months", flat=True)) == {6.0}
    actions.score_initiative(timeline, rice, actor=editor, inputs={"reach": estimate(1)})
    with pytest.raises(Conflict):
        actions.undo_changes(batch, actor=owner)
    assert set(Initiative.objects.values_list("effort_months", flat=True)) == {6.0}  # nothing is half done


def test_a_measured_input_is_read_at_night_and_says_when_it_moved(product, invite, rice, owner):
    factories.store_events(
        factories.make_source(product),
        [{"event": "a", "distinct_id": f"p{n}", "timestamp": "2026-05-01T00:00:00Z"} for n in range(30)],
    )
    cohort = factories.make_cohort(product, "New teams", [f"p{n}" for n in range(20)])
    with time_machine.travel(NIGHT, tick=False):
        inputs = {**full(), "reach": {"bound": f"cohort:{cohort.pk}"}}
        score = actions.score_initiative(invite, rice, actor=owner, inputs=inputs)
        assert score.given["reach"]["likely"] == 20 and score.given["reach"]["label"] == "measured"
        assert KeptOrder.objects.count() == 0
        refresh_at_night(night())
        cohort.current.set_numbers(list(range(1, 26)))
        cohort.current.save()
        refresh_at_night(night())
        refresh_at_night(night())
    score.refresh_from_db()
    assert score.given["reach"]["likely"] == 25 and score.has_moved and score.given["reach"]["agreed"] == 20
    assert KeptOrder.objects.get().rows[0][1] == pytest.approx(20 * 2 * 0.8 / 3)
    moved = order_moved(rice, product, owner, before=dt.date(2026, 6, 2))
    assert moved.moves == []  # one alone keeps its rank
    actions.confirm_scores([Score.objects.of_rows().get()], actor=owner)
    assert not Score.objects.get().has_moved
    Cohort.objects.filter(pk=cohort.pk).delete()
    refresh_at_night(night())
    assert score.bindings.get().trouble and Score.objects.get().given["reach"]["likely"] == 25


def test_an_input_is_not_bound_to_what_its_readers_may_not_know(product, invite, rice, owner):
    cohort = factories.make_cohort(product, "Quiet", [], visibility="team")
    with pytest.raises(BadInput) as caught:
        actions.score_initiative(invite, rice, actor=owner, inputs={"reach": {"bound": f"cohort:{cohort.pk}"}})
    assert "not shared" in caught.value.fields["reach.bound"][0]
    ours = change_initiative(invite, actor=owner, changes={"visibility": "team"})
    actions.score_initiative(ours, rice, actor=owner, inputs={"reach": {"bound": f"cohort:{cohort.pk}"}})


def test_what_it_unblocks_counts_as_soon_as_it_waits(product, invite, timeline, wsjf, owner):
    inputs = {"value": guess(8), "urgency": guess(5), "risk": guess(3)}
    first = actions.score_initiative(invite, wsjf, actor=owner, inputs={**inputs, "size": guess(8)})
    second = actions.score_initiative(timeline, wsjf, actor=owner, inputs={**inputs, "size": guess(2)})
    assert (first.value, second.value) == (2, 8)
    Dependency.objects.create(initiative=timeline, needs=invite)  # the timeline waits for the guide
    refresh_at_night(night())
    assert (Score.objects.get(pk=first.pk).value, Score.objects.get(pk=first.pk).own) == (10, 2)
    actions.score_initiative(timeline, wsjf, actor=owner, inputs={"size": guess(1)})
    assert Score.objects.get(pk=first.pk).value == 18


def test_a_new_version_is_worked_out_anew_and_ops_alone_write_it(invite, rice, owner, ops):
    actions.score_initiative(invite, rice, actor=owner, inputs=full())
    with pytest.raises(NotAllowed):
        actions.write_version(rice, kind="ice", actor=owner, seen=1)
    options = {
        "inputs": [{"key": "reach", "label": "Reach"}, {"key": "effort", "label": "Effort", "role": "effort"}],
        "formula": "reach / effort",
    }
    with pytest.raises(BadInput):
        actions.write_version(rice, kind="own", options={**options, "formula": "reach.real"}, actor=ops, seen=1)
    actions.write_version(rice, kind="own", options=options, actor=ops, seen=1, note="Less to guess")
    with pytest.raises(Conflict):
        actions.write_version(rice, kind="ice", actor=ops, seen=1)
    rework_scores(rice.pk)
    rework_scores(rice.pk)
    score = Score.objects.get()
    assert score.value == 200 and score.worked_with.number == 2 and "impact" not in score.given


def test_scores_of_other_teams_are_not_there(invite, rice, owner, outsider, client):
    change_initiative(invite, actor=owner, changes={"visibility": "team"})
    score = actions.score_initiative(Initiative.objects.get(pk=invite.pk), rice, actor=owner, inputs=full())
    with pytest.raises(NotFound):
        get_score(outsider, score.pk)
    client.force_login(outsider)
    assert client.get(score.get_absolute_url()).status_code == 404
    assert client.get("/api/v1/scores/").json()["results"] == []


def test_a_round_is_blind_until_it_is_revealed_and_settles_what_counts(
    product, invite, timeline, rice, owner, editor, viewer, ops, client
):
    with pytest.raises(BadInput):
        actions.open_round(product, rice, title="Alone", initiatives=[invite], people=[owner], actor=owner)
    round_ = actions.open_round(
        product, rice, title="New year", initiatives=[invite, timeline], people=[owner, editor, viewer], actor=owner
    )
    mine = {invite.pk: {"reach": 777_123, "impact": 3, "confidence": 0.8, "effort": 2}}
    actions.hand_in(round_, actor=editor, ballots=mine, notes={invite.pk: "Everybody asks"})
    with pytest.raises(Conflict):
        actions.reveal_round(round_, actor=owner)
    for reader in (owner, viewer, ops):  # also who leads it, and ops: in no page, no answer, no trail
        client.force_login(reader)
        seen = client.get(round_.get_absolute_url()).content.decode()
        seen += client.get(f"/api/v1/scoring-rounds/{round_.pk}/items/").content.decode()
        seen += client.get("/scoring/rounds/?format=csv").getvalue().decode()
        assert "777" not in seen and "Everybody asks" not in seen
        assert not Ballot.objects.visible_to(reader).exists()
    client.force_login(editor)
    assert "777123" in client.get(f"/api/v1/scoring-rounds/{round_.pk}/items/").content.decode()
    mine_said = client.get(round_.get_absolute_url()).content.decode()
    assert "reach 777,123, impact 3, confidence 0.8, effort 2" in mine_said
    sent = {f"i{one.pk}-{key}": value for one in (invite, timeline) for key, value in
            {"reach": "100", "impact": "1", "confidence": "1", "effort": "4"}.items()}  # fmt: skip
    client.force_login(viewer)
    assert client.post(reverse("scoring:ballot", args=[round_.pk]), {**sent, "act": "hand-in"}).status_code == 302
    client.force_login(owner)
    assert client.post(reverse("scoring:round-reveal", args=[round_.pk])).status_code == 302
    page = client.get(round_.get_absolute_url()).content.decode()
    assert "777,123" in page and "Everybody asks" in page and "far apart" in page
    assert page.index("Guide new teams") < page.index("A faster timeline")  # the widest disagreement first
    item = round_.items.get(initiative=invite)
    form = client.get(reverse("scoring:item-settle", args=[round_.pk, item.pk])).context["form"]
    assert form.initial["reach_low"] == 100 and form.initial["reach_high"] == 777_123
    values = {name: value for name, value in form.initial.items() if value is not None}
    answer = client.post(reverse("scoring:item-settle", args=[round_.pk, item.pk]), values)
    assert answer.status_code == 302, answer.context["form"].errors
    score = Score.objects.get(initiative=invite)
    assert score.given["reach"]["label"] == "estimated" and score.given["effort"]["likely"] == 3
    with pytest.raises(Conflict):
        actions.hand_in(round_, actor=owner, ballots={})
    actions.settle_item(round_.items.get(initiative=timeline), actor=owner, inputs=full())
    assert Round.objects.get().state == "settled"


def test_a_sheet_is_saved_and_shows_both_where_somebody_was_faster(invite, rice, owner, editor, client):
    client.force_login(owner)
    path = reverse("scoring:score-page", args=[invite.pk, "rice"])
    form = client.get(path).context["form"]
    assert form.initial["effort_likely"] == 3
    sent = {
        **{"version": 0, "reach_likely": "500", "reach_label": "estimated", "reach_source": "Funnel"},
        **{"impact_likely": "2", "impact_label": "guessed", "confidence_likely": "0.8"},
        **{"effort_likely": "3", "effort_label": "guessed"},
    }
    assert client.post(path, sent).status_code == 302
    score = Score.objects.get()
    assert score.value == pytest.approx(500 * 2 * 0.5 / 3) and score.given["reach"]["source"] == "Funnel"
    actions.score_initiative(invite, rice, actor=editor, inputs={"reach": estimate(900)})
    late = client.post(path, {**sent, "version": score.version, "reach_likely": "501"})
    assert late.status_code == 409 and b"900" in late.content and b"501" in late.content
    refused = client.post(path, {**sent, "version": score.version + 1, "reach_low": "9999"})
    assert refused.status_code == 422 and b"Low, likely and high go up" in refused.content


def test_a_deleted_initiative_takes_its_scores_along_and_create_needs_nothing_of_scoring(product, rice):
    made = create_initiative(product, title="Gone", actor=SYSTEM)
    actions.score_initiative(made, rice, actor=SYSTEM, inputs=full())
    made.delete()
    assert not Score.objects.exists()
