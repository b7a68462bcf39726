"""Pages of trackers: their statuses and what these mean, rules, and how they are read."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people.public import can, can_see, require
from portal.shell.public import answer_form, answer_list, render_page
from roadmaps.delivery.work import actions
from roadmaps.delivery.work.access import get_connection, get_rule, get_tracker
from roadmaps.delivery.work.filters import TrackerListFilter
from roadmaps.delivery.work.forms import ConnectionForm, RuleForm, StatusForm, TrackerForm
from roadmaps.delivery.work.models import Connection, PlacingRule, Tracker, TrackerStatus, WorkItem

SORTS = {"name": "name", "product": "product__name", "kind": "kind", "items": "n_items"}
COLUMNS = {
    "id": lambda tracker: tracker.pk,
    "name": lambda tracker: tracker.name,
    "product": lambda tracker: tracker.product.name,
    "kind": lambda tracker: tracker.get_kind_display(),
    "items": lambda tracker: tracker.n_items,
    "statuses without a meaning": lambda tracker: tracker.n_unmapped,
}
_MOST_STATUSES, _MOST_ON_HOME = 300, 5


def _with_counts(trackers: Any) -> Any:
    items = WorkItem.objects.filter(tracker=OuterRef("pk")).order_by().values("tracker").annotate(n=Count("pk"))
    open_ones = TrackerStatus.objects.filter(tracker=OuterRef("pk"), phase="").order_by().values("tracker")
    unmapped = open_ones.annotate(n=Count("pk"))
    return trackers.annotate(
        n_items=Coalesce(Subquery(items.values("n")), 0), n_unmapped=Coalesce(Subquery(unmapped.values("n")), 0)
    )


@require_GET
def tracker_list(request: HttpRequest) -> HttpResponse:
    """List the trackers that the user may read."""
    rows = _with_counts(Tracker.objects.visible_to(request.user).of_rows())
    found = TrackerListFilter(request.GET, rows, user=request.user)
    template, may_make = "roadmaps/delivery/work/tracker_list.html", can(request.user, "trackers.edit")
    return answer_list(request, template, found, COLUMNS, SORTS, "name", may_make=may_make)


@require_GET
def tracker_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a tracker: what its statuses mean, where its items belong, and how it is read."""
    user, tracker = request.user, get_tracker(request.user, pk)
    statuses = _statuses(tracker)
    rules = PlacingRule.objects.filter(tracker=tracker).select_related("initiative")
    counts = WorkItem.objects.filter(tracker=tracker).aggregate(n=Count("pk"), newest=Max("changed_at"))
    context = {
        "tracker": tracker,
        "form": StatusForm(statuses=statuses),
        "n_unmapped": sum(not status.phase for status in statuses),
        "n_guessed": sum(status.is_guessed and bool(status.phase) for status in statuses),
        "rules": [rule for rule in rules if can_see(user, rule.initiative)],
        "counts": counts,
        "connection": Connection.objects.filter(tracker=tracker).first(),
        "may_edit": can(user, "trackers.edit", tracker),
        "may_connect": can(user, "connections.edit", tracker),
        "history": history_of(tracker),
    }
    return render_page(request, "roadmaps/delivery/work/tracker_page.html", context)


def _statuses(tracker: Tracker) -> list[TrackerStatus]:
    """Return a tracker's statuses with how many items have each now, those without a meaning first."""
    items = WorkItem.objects.filter(tracker=tracker).order_by().values("status").annotate(n=Count("pk"))
    counts = dict(items.values_list("status", "n"))
    found = list(tracker.statuses.all()[:_MOST_STATUSES])
    for status in found:
        status.n_items = counts.get(status.name, 0)
    return sorted(found, key=lambda one: (bool(one.phase), -one.n_items, one.name))


@require_POST
def tracker_statuses(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a tracker's statuses mean."""
    tracker = get_tracker(request.user, pk, write=True)
    form = StatusForm(request.POST, statuses=_statuses(tracker))
    if form.is_valid():
        n_changed = actions.map_statuses(tracker, form.to_phases(), actor=request.user)
        said = "Saved. The items are worked out anew; that takes up to a minute." if n_changed else "Nothing changed."
        messages.success(request, said)
    else:
        messages.error(request, "One of the meanings cannot be used. Reload the page and choose again.")
    return redirect(tracker)


@require_http_methods(["GET", "POST"])
def tracker_new(request: HttpRequest) -> HttpResponse:
    """Make a tracker."""
    user = request.user
    require(user, "trackers.edit")
    start = {"visibility": "company", "owner": user.pk, "kind": "other"}
    form = TrackerForm(request.POST or None, initial=start, user=user)

    def save(*, version: int | None, **values: Any) -> Tracker:
        return actions.create_tracker(actor=user, **values)

    said = "“{}” is made. Import a file of its items, or have it read by itself."
    return answer_form(request, "roadmaps/delivery/work/tracker_form.html", form, save, said)


@require_http_methods(["GET", "POST"])
def tracker_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a tracker."""
    tracker = get_tracker(request.user, pk, write=True)

    def start() -> dict[str, Any]:
        now = get_tracker(request.user, pk)
        names = ("name", "kind", "counts_from_opening", "visibility", "version", "owner_id")
        return {name.removesuffix("_id"): getattr(now, name) for name in names}

    form = TrackerForm(request.POST or None, initial=start(), user=request.user, tracker=tracker)

    def save(*, version: int | None, **values: Any) -> Tracker:
        return actions.update_tracker(tracker, actor=request.user, version=version or 0, **values)

    template = "roadmaps/delivery/work/tracker_form.html"
    return answer_form(request, template, form, save, "“{}” is saved.", fresh=start, tracker=tracker)


@require_http_methods(["GET", "POST"])
def tracker_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a tracker with all of its items."""
    tracker = get_tracker(request.user, pk, write=True)
    if request.method == "POST":
        actions.delete_tracker(tracker, actor=request.user)
        messages.success(request, f"“{tracker}” is deleted, with its items.")
        return redirect("work:tracker-list")
    text = (
        f"Its {tracker.items.count():,} items go with it, with their history, what their statuses mean and where they "
        "belong. The tracker itself is not touched: its items can be read again."
    )
    context = {"tracker": tracker, "text": text}
    return render_page(request, "roadmaps/delivery/work/tracker_delete.html", context)


@require_http_methods(["GET", "POST"])
def rule_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which items of a tracker belong to an initiative."""
    tracker = get_tracker(request.user, pk, write=True)
    start = {name: request.GET[name] for name in ("field", "value", "initiative") if name in request.GET}
    form = RuleForm(request.POST or None, initial=start, tracker=tracker, user=request.user)

    def save(**values: Any) -> Tracker:
        actions.add_rule(tracker, actor=request.user, **values)
        return tracker

    said = "The rule is made. A worker places the items of “{}”; that takes up to a minute."
    return answer_form(request, "roadmaps/delivery/work/rule_form.html", form, save, said, tracker=tracker)


@require_POST
def rule_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule away."""
    rule = get_rule(request.user, pk, write=True)
    actions.remove_rule(rule, actor=request.user)
    messages.success(request, "The rule is gone. Its items go where the other rules say.")
    return redirect(rule.tracker)


@require_GET
def tracker_failing(request: HttpRequest) -> HttpResponse:
    """Show the trackers that cannot be read to those who may mend that; Home asks for the first."""
    require(request.user, "connections.edit")
    rows = list(Connection.objects.visible_to(request.user).failing()[:100])
    context = {"rows": rows, "first_rows": rows[:_MOST_ON_HOME]}
    return render_page(request, "roadmaps/delivery/work/tracker_failing.html", context, fragment="home")


@require_http_methods(["GET", "POST"])
def connection_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where a tracker is read by itself, and with what token."""
    connection, tracker = get_connection(request.user, pk), get_tracker(request.user, pk)

    def start() -> dict[str, Any]:
        now = get_connection(request.user, pk)
        names = ("kind", "address", "project", "account", "takes_pulls", "version")
        if now is not None:
            return {name: getattr(now, name) for name in names}
        is_github = tracker.kind == Tracker.Kind.GITHUB
        return {"kind": "github" if is_github else "jira", "address": "https://api.github.com" if is_github else ""}

    form = ConnectionForm(request.POST or None, initial=start())

    def save(*, version: int | None, **values: Any) -> Tracker:
        actions.connect_tracker(tracker, actor=request.user, version=version or 0, **values)
        return tracker

    template, said = "roadmaps/delivery/work/connection_form.html", "“{}” is read by itself from now on, every hour."
    return answer_form(request, template, form, save, said, fresh=start, tracker=tracker, connection=connection)


@require_POST
def connection_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a tracker now, stop reading it for a while or for good."""
    get_connection(request.user, pk)
    tracker, act, user = get_tracker(request.user, pk), request.POST.get("act"), request.user
    if act == "pull":
        actions.pull_now(tracker, actor=user)
        said = "A worker reads it now. Reload the page to see how far it is."
    elif act in ("pause", "resume"):
        actions.pause_connection(tracker, actor=user, is_paused=act == "pause")
        said = "It is not read until you go on." if act == "pause" else "It is read every hour again."
    elif act == "remove":
        actions.disconnect_tracker(tracker, actor=user)
        said = "It is not read by itself any more, and its token is forgotten. Its items stay."
    else:
        said = ""
    (messages.success if said else messages.error)(request, said or "There is no such button.")
    return redirect(tracker)
