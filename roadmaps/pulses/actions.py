"""Making pulses, changing them, saying whom they ask, opening and closing them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from portal.audit.public import record, state_of
from portal.operations.public import enqueue_on_commit
from portal.people.public import SYSTEM, Product, Visibility, possible_owners, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale, refuse_unknown
from roadmaps.goals.public import Objective, line
from roadmaps.pulses.agreement import sum_up
from roadmaps.pulses.contracts import LEAST, Given
from roadmaps.pulses.models import Invitee, Pulse, PulseAnswer, PulseFunction, PulseGoal, Ticket

FEWEST_GOALS, MOST_GOALS = 2, 7
MOST_PEOPLE, MOST_FUNCTIONS = 2_000, 20
LONGEST_DAYS = 60
_FIELDS = frozenset({"name", "sender", "closes_on", "goals", "visibility", "owner"})
_ASKED = "People are asked already: what they are asked stays as it is. Make another pulse to ask otherwise."


@transaction.atomic
def create_pulse(
    product: Product, *, name: str, goals: Sequence[Objective], closes_on: date, actor: Any, **values: Any
) -> Pulse:
    """Make a draft about a product's goals."""
    refuse_unknown(values, _FIELDS)
    pulse = Pulse(product=product, team=product.team, owner_id=actor.pk or None)
    require(actor, "pulses.create", pulse)
    _fill(pulse, {"name": name, "closes_on": closes_on, **values})
    chosen = _checked_goals(pulse, goals)
    pulse.save()
    _set_goals(pulse, chosen)
    record(actor, "pulse.created", pulse, after={**state_of(pulse), "goals": [one.pk for one in chosen]})
    return pulse


@transaction.atomic
def update_pulse(pulse: Pulse, *, actor: Any, version: int, **changes: Any) -> Pulse:
    """Change a pulse if nobody changed it since `version`; once people are asked, only until when and who sees it."""
    refuse_unknown(changes, _FIELDS)
    current = _locked(pulse, actor)
    refuse_stale(current, version)
    if current.state == Pulse.State.CLOSED:
        raise Conflict("It is closed, and its numbers are worked out. It stays as it is.")
    before, had = state_of(current), list(current.goals.values_list("objective", flat=True))
    goals = changes.pop("goals", None)
    _fill(current, changes)
    chosen = _checked_goals(current, goals) if goals is not None else None
    if current.state == Pulse.State.OPEN:
        faults = {name: [_ASKED] for name in ("name", "sender") if before[name] != getattr(current, name)}
        if chosen is not None and [one.pk for one in chosen] != had:
            faults["goals"] = [_ASKED]
        if faults:
            raise BadInput(fields=faults)
    elif chosen is not None:
        _set_goals(current, chosen)
    if chosen is None and "visibility" in changes:
        _refuse_hidden(current, [one.objective for one in current.goals.select_related("objective") if one.objective])
    current.version = version + 1
    current.save()
    now_has = had if chosen is None else [one.pk for one in chosen]
    record(
        actor,
        "pulse.changed",
        current,
        before={**before, "goals": had},
        after={**state_of(current), "goals": now_has},
    )
    return current


@transaction.atomic
def ask_function(pulse: Pulse, *, name: str, addresses: Sequence[str], actor: Any) -> PulseFunction:
    """Have people of a function asked: at once where the pulse is open, else when it opens; nobody twice."""
    current = _locked(pulse, actor)
    if current.state == Pulse.State.CLOSED:
        raise Conflict("It is closed and takes no more answers.")
    name, wanted = line("name", name, 60), _checked_addresses(addresses)
    there = set(Invitee.objects.filter(function__pulse=current).values_list("address", flat=True))
    new = [address for address in wanted if address not in there]
    if len(there) + len(new) > MOST_PEOPLE:
        raise BadInput(fields={"addresses": [f"A pulse asks at most {MOST_PEOPLE:,} people."]})
    function = current.functions.filter(name__iexact=name).first()
    if function is None:
        if current.functions.count() >= MOST_FUNCTIONS:
            raise BadInput(fields={"name": [f"A pulse asks at most {MOST_FUNCTIONS} functions."]})
        function = PulseFunction.objects.create(pulse=current, name=name)
    if current.state == Pulse.State.OPEN and function.n_asked + len(new) < LEAST:
        raise BadInput(fields={"addresses": [_too_few(function.name, function.n_asked + len(new))]})
    Invitee.objects.bulk_create([Invitee(function=function, address=address) for address in new])
    function.n_asked += len(new)
    function.save(update_fields=["n_asked"])
    record(actor, "pulse.people_added", current, after={"function": function.name, "people": len(new)})
    if current.state == Pulse.State.OPEN and new:
        enqueue_on_commit("pulses.write_letters", pulse_id=current.pk)
    function.n_new, function.n_there = len(new), len(wanted) - len(new)
    return function


@transaction.atomic
def drop_function(function: PulseFunction, *, actor: Any) -> None:
    """Take a function out of a draft, with the addresses of its people."""
    current = _locked(function.pulse, actor)
    if current.state != Pulse.State.DRAFT:
        raise Conflict("Its people are asked already.")
    record(actor, "pulse.function_dropped", current, before={"function": function.name, "people": function.n_asked})
    PulseFunction.objects.filter(pk=function.pk).delete()


@transaction.atomic
def open_pulse(pulse: Pulse, *, actor: Any) -> Pulse:
    """Ask everybody who is on the list; from now on the questions stay as they are."""
    current = _locked(pulse, actor)
    if current.state != Pulse.State.DRAFT:
        raise Conflict("It was opened already. A pulse is asked once.")
    if current.closes_on < timezone.localdate():
        raise Conflict("Its last day is over. Give it a later one first.")
    functions = list(current.functions.all())
    if not functions:
        raise Conflict("Say first whom to ask.")
    if few := [_too_few(one.name, one.n_asked) for one in functions if one.n_asked < LEAST]:
        raise Conflict(" ".join(few))
    current.state, current.opened_at, current.version = Pulse.State.OPEN, timezone.now(), current.version + 1
    current.save()
    record(actor, "pulse.opened", current, after={"people": sum(one.n_asked for one in functions)})
    enqueue_on_commit("pulses.write_letters", pulse_id=current.pk)
    return current


@transaction.atomic
def close_pulse(pulse: Pulse, *, actor: Any) -> Pulse:
    """Take no more answers and work the numbers out, once; addresses and open links are deleted."""
    current = _locked(pulse, actor)
    if current.state != Pulse.State.OPEN:
        raise Conflict("It is not open.")
    functions = list(PulseFunction.objects.select_for_update().filter(pulse=current).order_by("pk"))
    answers = _shuffled(current)
    names = {one.pk: one.name for one in functions}
    given = [Given(names[one.function_id], tuple(one.ranks), one.vision, one.execution) for one in answers]
    current.results = sum_up(given, list(names.values()), current.goals.count())
    current.state, current.closed_at, current.version = Pulse.State.CLOSED, timezone.now(), current.version + 1
    current.save()
    Invitee.objects.filter(function__pulse=current).delete()
    Ticket.objects.filter(function__pulse=current).delete()
    record(actor, "pulse.closed", current, after={"answers": len(given)})
    return current


def _shuffled(pulse: Pulse) -> list[PulseAnswer]:
    """Write the answers anew in the order of new random ids, so that how they lie tells nothing of when they came."""
    answers = list(PulseAnswer.objects.filter(function__pulse=pulse))
    PulseAnswer.objects.filter(function__pulse=pulse).delete()
    for one in answers:
        one.pk = PulseAnswer._meta.pk.get_default()
    answers.sort(key=lambda one: one.pk)
    return PulseAnswer.objects.bulk_create(answers)


@transaction.atomic
def delete_pulse(pulse: Pulse, *, actor: Any) -> None:
    """Delete a draft; what people were asked stays."""
    current = _locked(pulse, actor)
    if current.state != Pulse.State.DRAFT:
        raise Conflict("People were asked. Close it instead: what they said stays true.")
    record(actor, "pulse.deleted", current, before=state_of(current))
    current.delete()


def close_due(today: date) -> int:
    """Close each pulse whose last day is over; can be run twice and die at any line."""
    n_closed = 0
    for pulse in Pulse.objects.filter(state=Pulse.State.OPEN, closes_on__lt=today).order_by("pk"):
        try:
            close_pulse(pulse, actor=SYSTEM)
        except Conflict:  # somebody else closed it in the meantime
            continue
        n_closed += 1
    return n_closed


def _locked(pulse: Pulse, actor: Any) -> Pulse:
    current = Pulse.objects.select_for_update(of=["self"]).dressed().filter(pk=pulse.pk).first()
    if current is None:
        raise NotFound()
    require(actor, "pulses.edit", current)
    return current


def _too_few(name: str, n: int) -> str:
    return (
        f"{name} has {n} {'person' if n == 1 else 'people'}. A function needs at least {LEAST}, or its numbers could "
        "not be shown: put small ones together, such as “Design and research”."
    )


def _fill(pulse: Pulse, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name in ("name", "sender"):
            value = line(name, value or "", 120, is_needed=name == "name")
        setattr(pulse, name, value)
    today = timezone.localdate()
    if "closes_on" in values and not today <= pulse.closes_on <= today + timedelta(days=LONGEST_DAYS):
        raise BadInput(fields={"closes_on": [f"Choose a day from today on, within {LONGEST_DAYS} days."]})
    owner = pulse.owner
    if values.get("owner") is not None and not possible_owners([pulse.team_id], owner.pk).contains(owner):
        raise BadInput(fields={"owner": ["Choose somebody of the product's team."]})


def _checked_goals(pulse: Pulse, goals: Sequence[Objective]) -> list[Objective]:
    chosen = list({one.pk: one for one in goals}.values())
    if not FEWEST_GOALS <= len(chosen) <= MOST_GOALS:
        raise BadInput(fields={"goals": [f"Choose {FEWEST_GOALS} to {MOST_GOALS} goals to be ranked."]})
    _refuse_hidden(pulse, chosen)
    return chosen


def _refuse_hidden(pulse: Pulse, goals: Sequence[Objective]) -> None:
    """Refuse goals that some of those who may see the pulse may not see."""
    hidden = [
        one.title
        for one in goals
        if one.visibility == Visibility.TEAM
        and (pulse.visibility == Visibility.COMPANY or one.team_id != pulse.team_id)
    ]
    if hidden:
        said = f"“{hidden[0]}” is for its team alone. Leave it out, or keep the pulse to that team."
        raise BadInput(fields={"goals": [said]})


def _set_goals(pulse: Pulse, goals: Sequence[Objective]) -> None:
    pulse.goals.all().delete()
    rows = [PulseGoal(pulse=pulse, objective=one, title=one.title, place=place) for place, one in enumerate(goals)]
    PulseGoal.objects.bulk_create(rows)


def _checked_addresses(addresses: Sequence[str]) -> list[str]:
    plain = list(dict.fromkeys(one.strip().lower() for one in addresses if one.strip()))
    wrong = []
    for address in plain:
        try:
            validate_email(address)
        except ValidationError:
            wrong.append(address)
    if wrong:
        shown = ", ".join(f"“{one[:60]}”" for one in wrong[:3])
        raise BadInput(fields={"addresses": [f"These are no e-mail addresses: {shown}."]})
    if not plain:
        raise BadInput(fields={"addresses": ["Give at least one e-mail address."]})
    if len(plain) > MOST_PEOPLE or any(len(one) > 254 for one in plain):
        raise BadInput(fields={"addresses": [f"Give at most {MOST_PEOPLE:,} e-mail addresses."]})
    return plain
