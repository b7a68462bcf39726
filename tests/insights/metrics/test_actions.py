"""Who may change what a metric means: proposed with a reason, decided by another, kept with its words."""

import threading

import pytest
from django.db import connection

from insights.metrics import actions
from insights.metrics.access import get_metric, get_version
from insights.metrics.models import Metric, MetricVersion
from portal.audit.models import AuditEntry
from portal.messages.models import Notice
from portal.people.models import Membership
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound
from tests.insights.metrics.conftest import EVENTS, FUNNEL, PEOPLE, RETENTION, define


def verbs(metric):
    found = AuditEntry.objects.filter(thing_type="insights_metrics.metric", thing_id=str(metric.pk))
    return list(found.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def certified(metric, ops):
    Metric.objects.update(description="Different people who open a report.")
    actions.certify_metric(metric, actor=ops)
    metric.refresh_from_db()
    return metric


@pytest.fixture
def change(product, owner):
    return define(PEOPLE, product, owner, interval="month", unit="people")


REFUSED = [
    ({"kind": "stickiness", "series": [{"event": "x"}]}, {}, "question.kind"),
    ({"kind": "lifecycle", "event": {"event": "x"}}, {}, "question.kind"),
    ({**PEOPLE, "interval": "hour"}, {}, "question.interval"),
    ({**PEOPLE, "interval": "all"}, {}, "question.interval"),
    ({**PEOPLE, "cumulative": True}, {}, "question.cumulative"),
    ({**PEOPLE, "series": [{"event": "a"}, {"event": "b"}]}, {}, "question.series"),
    ({**PEOPLE, "breakdown": [{"property": "plan", "of": "event"}]}, {}, "question.breakdown"),
    ({**RETENTION, "unbounded": True}, {"column": 1}, "question.unbounded"),
    (RETENTION, {}, "column"),
    (RETENTION, {"column": 62}, "column"),
    (PEOPLE, {"column": 1}, "column"),
    (PEOPLE, {"direction": "sideways"}, "direction"),
    (PEOPLE, {"unit": "u" * 41}, "unit"),
    ({"kind": "trend", "series": [{"event": "x", "measure": "nonsense"}]}, {}, "question.series[0].measure"),
    ({"kind": "funnel", "steps": [{"event": "x"}]}, {}, "question.view"),
]


@pytest.mark.parametrize(
    ("question", "given", "field"), REFUSED, ids=[f"{row[2]}-{n}" for n, row in enumerate(REFUSED)]
)
def test_what_yields_no_number_a_period_is_refused_by_name(product, owner, source, question, given, field):
    with pytest.raises(BadInput) as refused:
        define(question, product, owner, **given)
    assert field in refused.value.fields


def test_a_metric_is_about_one_product(product, owner, source, team):
    from tests import factories

    other = factories.make_product("Scheduler", team)
    with pytest.raises(BadInput) as refused:
        define({**PEOPLE, "products": [product.slug, other.slug]}, product, owner)
    assert "question.products" in refused.value.fields
    with pytest.raises(BadInput):
        define({**PEOPLE, "products": [], "sources": [source.slug]}, other, owner)


def test_a_question_of_a_product_that_is_not_shared_is_refused(product, outsider, source):
    type(product).objects.update(visibility="team")
    with pytest.raises(BadInput) as refused:
        define(PEOPLE, product, outsider)
    assert "question.products[0]" in refused.value.fields


def test_one_name_is_one_number(metric, make_metric, product, owner):
    with pytest.raises(BadInput) as refused:
        make_metric(EVENTS, name="  people who READ reports ")
    assert "name" in refused.value.fields
    actions.archive_metric(metric, actor=owner)
    make_metric(EVENTS, name="People who read reports")
    with pytest.raises(BadInput):
        actions.restore_metric(metric, actor=owner)


def test_a_draft_that_nothing_uses_is_changed_at_once_and_keeps_its_versions(metric, owner, change):
    actions.redefine_metric(metric, change, actor=owner, reason="Weeks are too noisy.")
    found = get_metric(owner, metric.pk)
    assert found.current.interval == "month" and found.current.number == 2
    past = found.versions.get(number=1)
    assert (past.state, past.interval) == ("past", "week")
    assert verbs(metric) == ["metric.created", "metric.redefined"]


def test_a_certified_metric_changes_by_proposal_only(certified, owner, change):
    with pytest.raises(Conflict):
        actions.redefine_metric(certified, change, actor=owner, reason="Weeks are too noisy.")


def test_a_metric_that_something_uses_changes_by_proposal_only(metric, make_metric, owner, change):
    whole = make_metric(EVENTS, name="All")
    other = make_metric(FUNNEL, name="Part")
    actions.set_parts(whole, actor=owner, rule="product", parts=[(metric, 1), (other, 1)])
    with pytest.raises(Conflict):
        actions.redefine_metric(metric, change, actor=owner, reason="Weeks are too noisy.")


def test_a_change_is_proposed_and_approved_by_the_owner(certified, owner, editor, change):
    proposal = actions.propose_version(certified, change, actor=editor, reason="Weeks are too noisy.")
    assert Metric.objects.get(pk=certified.pk).current.interval == "week", "until it is decided nothing changes"
    notice = Notice.objects.get(user=owner)
    assert "Weeks are too noisy." in notice.text and notice.url == proposal.get_absolute_url()
    done = actions.approve_version(proposal, actor=owner, decision="Agreed in the review.")
    assert (done.state, done.number, done.decided_by) == ("current", 2, owner)
    assert Metric.objects.get(pk=certified.pk).current == done
    assert MetricVersion.objects.get(metric=certified, number=1).state == "past"
    assert "approved" in Notice.objects.get(user=editor).text
    entry = AuditEntry.objects.get(verb="metric.change_approved")
    assert entry.note == "Agreed in the review." and entry.changes["question"]


def test_a_declined_change_says_why_and_changes_nothing(certified, owner, editor, change):
    proposal = actions.propose_version(certified, change, actor=editor, reason="Weeks are too noisy.")
    with pytest.raises(BadInput):
        actions.decline_version(proposal, actor=owner, decision=" ")
    actions.decline_version(proposal, actor=owner, decision="The board reads weeks.")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.number, proposal.decision) == ("declined", None, "The board reads weeks.")
    assert Metric.objects.get(pk=certified.pk).current.number == 1
    actions.propose_version(certified, change, actor=editor, reason="Again, for months.")


def test_nobody_decides_about_their_own_change_of_a_certified_metric(certified, owner, editor, ops, change):
    proposal = actions.propose_version(certified, change, actor=owner, reason="Weeks are too noisy.")
    with pytest.raises(NotAllowed):
        actions.approve_version(proposal, actor=owner)
    actions.approve_version(proposal, actor=editor)
    again = define(PEOPLE, certified.product, ops, interval="day", unit="people")
    own = actions.propose_version(get_metric(ops, certified.pk), again, actor=ops, reason="Days again.")
    with pytest.raises(NotAllowed):
        actions.approve_version(own, actor=ops)
    actions.approve_version(own, actor=owner)


def test_the_owner_of_a_draft_in_use_may_decide_alone(metric, make_metric, owner, change):
    whole, other = make_metric(EVENTS, name="All"), make_metric(FUNNEL, name="Part")
    actions.set_parts(whole, actor=owner, rule="product", parts=[(metric, 1), (other, 1)])
    proposal = actions.propose_version(metric, change, actor=owner, reason="Weeks are too noisy.")
    assert actions.approve_version(proposal, actor=owner).number == 2


def test_neither_a_viewer_nor_another_team_decides(certified, editor, viewer, outsider, change):
    proposal = actions.propose_version(certified, change, actor=editor, reason="Weeks are too noisy.")
    for somebody in (viewer, outsider, editor):
        with pytest.raises(NotAllowed):
            actions.approve_version(proposal, actor=somebody)
    with pytest.raises(NotAllowed):
        actions.propose_version(certified, change, actor=viewer, reason="Why not?")


def test_one_change_is_open_at_a_time_and_its_author_may_take_it_back(certified, owner, editor, change):
    proposal = actions.propose_version(certified, change, actor=editor, reason="Weeks are too noisy.")
    with pytest.raises(Conflict):
        actions.propose_version(certified, change, actor=owner, reason="Mine is better.")
    with pytest.raises(NotAllowed):
        actions.withdraw_version(proposal, actor=owner)
    actions.withdraw_version(proposal, actor=editor)
    actions.propose_version(certified, change, actor=owner, reason="Mine is better.")


def test_who_decides_second_is_told_who_was_first(certified, owner, editor, ops, change):
    proposal = actions.propose_version(certified, change, actor=editor, reason="Weeks are too noisy.")
    actions.approve_version(proposal, actor=ops)
    with pytest.raises(Conflict) as late:
        actions.decline_version(proposal, actor=owner, decision="No.")
    assert "Ops was faster" in late.value.message and "approved" in late.value.message


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_decide_once(certified, owner, ops, editor, change):
    proposal = actions.propose_version(certified, change, actor=editor, reason="Weeks are too noisy.")
    outcomes, ready = [], threading.Barrier(2)

    def decide(person):
        ready.wait(5)
        try:
            outcomes.append(actions.approve_version(get_version(person, proposal.pk), actor=person).number)
        except Conflict:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[person]) for person in (owner, ops)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(map(str, outcomes)) == ["2", "late"]
    assert certified.versions.filter(state="current").count() == 1


def test_what_is_proposed_must_differ_and_say_why(certified, editor, change):
    with pytest.raises(BadInput):
        actions.propose_version(certified, certified.current.definition, actor=editor, reason="No change.")
    with pytest.raises(BadInput) as refused:
        actions.propose_version(certified, change, actor=editor, reason="  ")
    assert "reason" in refused.value.fields


def test_ops_certifies_what_says_what_it_is(metric, ops, owner, viewer):
    with pytest.raises(NotAllowed):
        actions.certify_metric(metric, actor=owner)
    with pytest.raises(BadInput) as refused:
        actions.certify_metric(metric, actor=ops)
    assert list(refused.value.fields) == ["description"]
    actions.update_metric(metric, actor=owner, revision=1, description="Different people who open a report.")
    assert actions.certify_metric(metric, actor=ops) and not actions.certify_metric(metric, actor=ops)
    assert actions.uncertify_metric(metric, actor=ops) and not actions.uncertify_metric(metric, actor=ops)


def test_a_second_editor_is_told(metric, owner, editor):
    actions.update_metric(metric, actor=owner, revision=1, name="Readers")
    with pytest.raises(Conflict):
        actions.update_metric(metric, actor=editor, revision=1, name="Report readers")


def test_the_owner_is_somebody_who_may_decide(metric, owner, viewer, outsider, ops):
    for somebody in (viewer, outsider):
        with pytest.raises(BadInput):
            actions.update_metric(metric, actor=owner, revision=1, owner=somebody)
    assert actions.update_metric(metric, actor=owner, revision=1, owner=ops).owner == ops


def test_others_objects_are_not_there(metric, outsider, viewer, owner):
    Metric.objects.update(visibility="team")
    assert get_metric(viewer, metric.pk)
    for door in (get_metric, get_version):
        with pytest.raises(NotFound):
            door(outsider, metric.pk if door is get_metric else metric.current_id)
    Membership.objects.filter(user=viewer).delete()
    viewer = type(viewer).objects.get(pk=viewer.pk)
    with pytest.raises(NotFound):
        get_metric(viewer, metric.pk)
    Metric.objects.update(visibility="company")
    type(metric.product).objects.update(visibility="team")
    with pytest.raises(NotFound):
        get_metric(outsider, metric.pk)


def test_circles_of_parts_are_refused(metric, make_metric, owner):
    b, c, d = (make_metric(EVENTS, name=name) for name in "BCD")
    actions.set_parts(metric, actor=owner, rule="sum", parts=[(b, 1), (c, -1)])
    actions.set_parts(b, actor=owner, rule="sum", parts=[(c, 1), (d, 1)])
    for whole, parts in ((d, [(metric, 1), (c, 1)]), (c, [(b, 1), (d, 1)]), (metric, [(metric, 1), (d, 1)])):
        with pytest.raises(BadInput) as refused:
            actions.set_parts(whole, actor=owner, rule="sum", parts=parts)
        assert "parts" in refused.value.fields
    assert Metric.objects.get(pk=metric.pk).rule == "sum"
    assert verbs(metric)[-1] == "metric.parts_set"


@pytest.mark.parametrize(("rule", "n"), [("ratio", 1), ("ratio", 3), ("sum", 1), ("product", 1), ("", 2), ("mean", 2)])
def test_a_rule_that_its_parts_do_not_fit_is_refused(metric, make_metric, owner, rule, n):
    parts = [(make_metric(EVENTS, name=name), 1) for name in "BCD"[:n]]
    with pytest.raises(BadInput):
        actions.set_parts(metric, actor=owner, rule=rule, parts=parts)


def test_the_portal_itself_may_make_and_propose(metric, change):
    version = actions.propose_version(metric, change, actor=SYSTEM, reason="Months say more.")
    assert version.author is None and str(version) == "proposed version"
