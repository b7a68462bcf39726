"""Asking an audience: each person is claimed at the door of asks, then invited; the rest is passed over, with why."""

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from insights.cohorts.models import CohortEdition
from insights.cohorts.public import Cohort
from insights.contacts.public import check_askable, claim_asks, name_speakers, source_ids_of, who_agreed
from insights.events.public import DistinctId, default_id_space
from insights.voice.surveys.actions import fault_of_audience
from insights.voice.surveys.models import Answer, Invitation, Sending, Survey
from insights.voice.surveys.tokens import link_of, stop_link_of
from portal.audit.public import record
from portal.messages.public import send_letter
from portal.operations.public import Pulse, claim, enqueue_on_commit, requeue_dead
from portal.people.public import SYSTEM, require
from portal.shell.public import BadInput, Conflict, PortalError

log = logging.getLogger(__name__)

CHUNK = 200
REASONS = {
    "asked_lately": "asked something lately",
    "opted_out": "want to be asked no more",
    "consent_ended": "took back their consent, or it expired",
    "no_consent": "have not agreed to surveys",
    "no_address": "have no e-mail address",
    "already_asked": "asked by this survey already",
    "answered": "have answered already",
    "already_reminded": "reminded already",
}
_FAILED = "It stopped on an error of the portal. Who was asked stays asked; start another round for the rest."
_DIED = "The worker ended {n} times before it was through. Who was asked stays asked; tell ops ({pk})."


@transaction.atomic
def ask_people(survey: Survey, *, actor: Any, way: str, cohort: Cohort | None = None) -> Sending:
    """Have an audience asked by a worker, by mail or with links to hand out; nobody is asked twice by one survey."""
    require(actor, "surveys.edit", survey)
    _refuse_closed(survey)
    audience = cohort or survey.cohort
    if audience is None:
        raise BadInput(fields={"cohort": ["Choose whom to ask."]})
    if fault := fault_of_audience(audience, survey.product, actor):
        raise BadInput(fields={"cohort": [fault]})
    if audience.current_id is None:
        raise BadInput(fields={"cohort": ["This cohort is not counted yet. Try again in a minute."]})
    if way not in Sending.Way.values:
        raise BadInput(fields={"way": [f"Use one of: {', '.join(Sending.Way.values)}."]})
    return _start(survey, actor, kind=Sending.Kind.FIRST, way=way, cohort=audience, cohort_name=audience.name)


@transaction.atomic
def remind_people(survey: Survey, *, actor: Any) -> Sending:
    """Have those reminded by mail who were asked by mail and have not answered: once, and as the limit allows."""
    require(actor, "surveys.edit", survey)
    _refuse_closed(survey)
    if not _to_remind(survey).exists():
        raise Conflict("There is nobody to remind: all have answered, were reminded, or said no.")
    return _start(survey, actor, kind=Sending.Kind.REMINDER, way=Sending.Way.MAIL)


def _refuse_closed(survey: Survey) -> None:
    if not survey.takes_answers(timezone.localdate()):
        raise Conflict("This survey is not open. Open it before you ask people.")


def _start(survey: Survey, actor: Any, **values: Any) -> Sending:
    try:
        with transaction.atomic():
            sending = Sending.objects.create(survey=survey, asked_by_id=actor.pk, **values)
    except IntegrityError as error:
        raise Conflict("A round of asking is under way already. Wait until it is through.") from error
    record(actor, "survey.sent", survey, after={"kind": sending.kind, "way": sending.way, "to": sending.cohort_name})
    enqueue_on_commit("voice.run_sending", sending_id=sending.pk)
    return sending


def members_of(survey: Survey, cohort: Cohort) -> list[int]:
    """Return the persons of a cohort who live in the product's id space, as they are joined now, by number."""
    edition = CohortEdition.objects.filter(pk=cohort.current_id).first()
    if edition is None:
        return []
    numbers = [int(no) for no in edition.numbers]
    space, found = default_id_space(survey.product), set()
    for start in range(0, len(numbers), 5_000):
        rows = DistinctId.objects.filter(id_space=space, no__in=numbers[start : start + 5_000])
        found |= {person or no for no, person in rows.values_list("no", "person_no")}
    return sorted(found)


def preview_audience(survey: Survey, cohort: Cohort, way: str) -> tuple[int, int, dict[str, int]]:
    """Return (people of the cohort, how many would be asked now, how many not by reason); claims nobody."""
    numbers, n_asked, passed = members_of(survey, cohort), 0, Counter[str]()
    for start in range(0, len(numbers), 5_000):
        rows = list(DistinctId.objects.filter(no__in=numbers[start : start + 5_000]).order_by("no"))
        addresses = _addresses(survey, rows)
        left, why = _sieve(survey, rows, addresses, way)
        refused = check_askable([row.no for row in left], "survey")
        passed.update(why)
        passed.update(one.code for one in refused.values())
        n_asked += len(left) - len(refused)
    return len(numbers), n_asked, dict(passed)


def run_sending(sending_id: int) -> None:
    """Go through a round that waits, chunk by chunk; each chunk is one transaction, so it may die at any line."""
    mine = claim(Sending.objects.all(), sending_id)
    sending = mine.select_related("survey__product__team", "cohort").first() if mine is not None else None
    if sending is None:
        return
    try:
        with Pulse(mine) as pulse:
            _run(sending, mine, pulse)
    except PortalError as fault:
        mine.update(state=Sending.State.FAILED, error=fault.message, finished_at=timezone.now(), step="")
    except Exception:  # the outermost loop of a job
        log.exception("%s failed", sending)
        mine.update(state=Sending.State.FAILED, error=_FAILED, finished_at=timezone.now(), step="")


def requeue_dead_sendings() -> list[int]:
    """Announce rounds again whose worker died; they go on where they stood."""
    given_up = {"finished_at": timezone.now(), "step": ""}
    with transaction.atomic():
        ids, _ = requeue_dead(Sending.objects.all(), _DIED, again={"step": "Starting again"}, given_up=given_up)
        for sending_id in ids:
            enqueue_on_commit("voice.run_sending", sending_id=sending_id)
    return ids


def _run(sending: Sending, mine: Any, pulse: Pulse) -> None:
    survey = sending.survey
    is_first = sending.kind == Sending.Kind.FIRST
    if is_first:
        numbers = members_of(survey, sending.cohort) if sending.cohort else []
    else:
        numbers = sorted(_to_remind(survey).values_list("person", flat=True))
    left = [no for no in numbers if no > sending.after_no]
    n_before = len(numbers) - len(left)
    for start in range(0, len(left), CHUNK):
        pulse("Asking", n_before + start, len(numbers))
        chunk = left[start : start + CHUNK]
        with transaction.atomic():
            current = Sending.objects.select_for_update().get(pk=sending.pk)
            _refuse_closed(Survey.objects.get(pk=survey.pk))
            n_asked, passed = _ask(current, survey, chunk) if is_first else _remind(current, survey, chunk)
            values = {"after_no": chunk[-1], "n_asked": current.n_asked + n_asked}
            values["passed"] = dict(Counter(current.passed) + Counter(passed))
            if not mine.update(**values):
                raise Conflict("Another worker has this round now.")
    done = {"state": Sending.State.DONE, "finished_at": timezone.now(), "step": ""}
    mine.update(**done, n_done=len(numbers), n_total=len(numbers))


def _addresses(survey: Survey, rows: Sequence[DistinctId]) -> dict[int, str]:
    named, _ = name_speakers(rows, [], source_ids_of([survey.product_id]))
    return {no: one.detail for no, one in named.items() if "@" in one.detail}


def _sieve(
    survey: Survey, rows: list[DistinctId], addresses: dict[int, str], way: str
) -> tuple[list[DistinctId], Counter[str]]:
    """Return who may be claimed, and how many not, by reason: what needs no claim to be known."""
    numbers = [row.no for row in rows]
    same = Q(person__in=numbers) | Q(person__person_no__in=numbers)
    ids = ("person", "person__person_no")
    asked = {person or no for no, person in Invitation.objects.filter(same, survey=survey).values_list(*ids)}
    answered = {person or no for no, person in Answer.objects.filter(same, survey=survey).values_list(*ids)}
    agreed = who_agreed(numbers, "survey", timezone.localdate()) if survey.needs_consent else set(numbers)
    left, why = [], Counter[str]()
    for row in rows:
        if row.no in answered:
            why["answered"] += 1
        elif row.no in asked:
            why["already_asked"] += 1
        elif row.no not in agreed:
            why["no_consent"] += 1
        elif way == Sending.Way.MAIL and row.no not in addresses:
            why["no_address"] += 1
        else:
            left.append(row)
    return left, why


def _ask(sending: Sending, survey: Survey, numbers: list[int]) -> tuple[int, Counter[str]]:
    rows = list(DistinctId.objects.filter(no__in=numbers).select_related("contact").order_by("no"))
    addresses = _addresses(survey, rows)
    left, passed = _sieve(survey, rows, addresses, sending.way)
    keys = {row.no: f"survey:{survey.pk}:{row.no}" for row in left}
    about = {"kind": "survey", "about": survey.name, "actor": SYSTEM}
    claimed, refused = claim_asks([row.no for row in left], keys=keys, **about)
    passed.update(one.code for one in refused.values())
    now = timezone.now()
    invitations = Invitation.objects.bulk_create(
        [Invitation(survey=survey, person_id=no, way=sending.way, asked_at=now) for no in sorted(claimed)]
    )
    if sending.way == Sending.Way.MAIL:
        for one in invitations:
            _write(survey, one, addresses[one.person_id], "first")
    return len(invitations), passed


def _to_remind(survey: Survey) -> Any:
    return Invitation.objects.filter(
        survey=survey, way=Sending.Way.MAIL, answered_at=None, declined_at=None, reminded_at=None
    )


def _remind(sending: Sending, survey: Survey, numbers: list[int]) -> tuple[int, Counter[str]]:
    waiting = {one.person_id: one for one in _to_remind(survey).filter(person__in=numbers).select_for_update()}
    rows = list(DistinctId.objects.filter(no__in=waiting).select_related("contact").order_by("no"))
    addresses = _addresses(survey, rows)
    left = [row.no for row in rows if row.no in addresses]
    passed = Counter({"no_address": len(rows) - len(left)} if len(rows) > len(left) else {})
    keys = {no: f"survey:{survey.pk}:{no}:again" for no in left}
    about = {"kind": "survey", "about": survey.name, "actor": SYSTEM}
    claimed, refused = claim_asks(left, keys=keys, **about)
    passed.update(one.code for one in refused.values())
    now = timezone.now()
    for no in sorted(claimed):
        Invitation.objects.filter(pk=waiting[no].pk).update(reminded_at=now)
        _write(survey, waiting[no], addresses[no], "again")
    return len(claimed), passed


def letter_key(invitation_id: int, time: str) -> str:
    """Return what names the letter of an invitation among all messages; time is "first" or "again"."""
    return f"survey-letter:{invitation_id}:{time}"


def _write(survey: Survey, invitation: Invitation, address: str, time: str) -> None:
    words = survey.mail_text or survey.question
    send_letter(
        address,
        survey.question,
        f"{words}\n\n{survey.sender}" if survey.sender else words,
        key=letter_key(invitation.pk, time),
        url=link_of(invitation.pk),
        link_text=_ANSWER.get(survey.language, _ANSWER["en"]),
        stop_url=stop_link_of(invitation.pk),
    )


_ANSWER = {"en": "Answer", "de": "Antworten", "fr": "Répondre", "es": "Responder"}
