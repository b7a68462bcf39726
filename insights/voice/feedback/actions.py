"""Writing feedback down, changing it, deleting it."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction

from insights.contacts.public import find_speaker
from insights.voice.feedback.attachments import forget_files
from insights.voice.feedback.contracts import Added
from insights.voice.feedback.models import Channel, Feedback
from insights.voice.texts.public import LANGUAGES, clean_text, follow_text, mask
from portal.audit.public import record, state_of
from portal.people.public import Product, User, Visibility, require
from portal.shell.public import BadInput, NotFound, is_storable, refuse_stale

PASTED = "paste"
_FIELDS = frozenset(
    {"title", "text", "kind", "channel", "said_on", "language", "person", "account", "author"}
    | {"origin", "origin_id", "origin_url", "visibility", "owner"}
)
_LENGTHS = {"title": 300, "author": 200, "origin": 60, "origin_id": 200, "origin_url": 1000}
_is_url = URLValidator(schemes=["http", "https"])


@transaction.atomic
def add_feedback(
    product: Product,
    *,
    actor: Any,
    today: date,
    text: str,
    channel: Channel,
    said_on: date | None = None,
    owner: User | None = None,
    **values: Any,
) -> tuple[Feedback, bool]:
    """Write a piece of feedback down; returns it, and whether it is new.

    One that names an origin id which the product has already is returned as it is: a file or a caller may be run again.
    """
    feedback = Feedback(product=product, team=product.team, owner=owner, channel=channel, said_on=said_on or today)
    if owner is None and actor.pk:
        feedback.owner_id = actor.pk
    require(actor, "feedback.create", feedback)
    fill(feedback, {"text": text, **values}, today)
    if known := _of_origin(feedback):
        return known, False
    try:
        with transaction.atomic():
            feedback.save()
    except IntegrityError:  # the same origin id at the same moment
        known = _of_origin(feedback)
        if known is None:
            raise
        return known, False
    record(actor, "feedback.added", feedback, after={"product": product.name, "kind": feedback.kind})
    return feedback, True


@transaction.atomic
def add_pieces(product: Product, texts: Iterable[str], *, actor: Any, today: date, **values: Any) -> Added:
    """Write pasted pieces down, all or none; pasted again on the same day of the same person they are known."""
    seen: Counter[str] = Counter()
    n_new = n_known = 0
    said_on, person = values.get("said_on") or today, values.get("person", "")
    for text in texts:
        digest = hashlib.sha256("\0".join([clean_text(text), said_on.isoformat(), person]).encode()).hexdigest()[:32]
        seen[digest] += 1
        origin = {"origin": PASTED, "origin_id": f"{digest}-{seen[digest]}"}
        _, is_new = add_feedback(product, actor=actor, today=today, text=text, **{**values, **origin})
        n_new, n_known = n_new + is_new, n_known + (not is_new)
    return Added(n_new, n_known)


@transaction.atomic
def update_feedback(feedback: Feedback, *, actor: Any, today: date, version: int, **changes: Any) -> Feedback:
    """Change a piece of feedback if nobody changed it since `version`; what stands on its text moves with it."""
    require(actor, "feedback.edit", feedback)
    current = Feedback.objects.select_for_update(of=["self"]).select_related("product").filter(pk=feedback.pk).first()
    if current is None:
        raise NotFound()
    refuse_stale(current, version)
    before, text = state_of(current), current.text
    fill(current, changes, today)
    taken = _of_origin(current)
    if taken is not None and taken.pk != current.pk:
        raise BadInput(fields={"origin_id": ["Another piece of feedback of this product has this origin id."]})
    current.version = version + 1
    current.save()
    follow_text(current, text, current.text)
    record(actor, "feedback.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def delete_feedback(feedback: Feedback, *, actor: Any) -> None:
    """Delete a piece of feedback, with all that was marked in it."""
    require(actor, "feedback.edit", feedback)
    record(actor, "feedback.deleted", feedback, before=state_of(feedback))
    forget_files([feedback])
    feedback.delete()


def _of_origin(feedback: Feedback) -> Feedback | None:
    if not feedback.origin_id:
        return None
    keys = {"product": feedback.product, "origin": feedback.origin, "origin_id": feedback.origin_id}
    return Feedback.objects.dressed().filter(**keys).first()


def fill(feedback: Feedback, values: dict[str, Any], today: date) -> None:
    """Set what was given, or say what is wrong with each field; nothing is saved."""
    faults: dict[str, list[str]] = {name: ["This cannot be changed here."] for name in sorted(values.keys() - _FIELDS)}
    for name in ("kind", "channel", "said_on", "language", "visibility", "owner", *_LENGTHS):
        if name in values:
            value = values[name]
            setattr(feedback, name, " ".join(value.split()) if name in _LENGTHS else value)
    try:
        if "text" in values:
            feedback.text = clean_text(values["text"])
            feedback.masked = mask(feedback.text)
    except BadInput as error:
        faults |= error.fields
    faults |= _faults(feedback, today)
    if faults:
        raise BadInput(fields=faults)
    if "person" in values or "account" in values:
        _set_speaker(feedback, values)


def _set_speaker(feedback: Feedback, values: dict[str, Any]) -> None:
    person, account = (values.get(name) for name in ("person", "account"))
    if person is None:
        person = feedback.person.distinct_id if feedback.person else ""
    if account is None:
        account = feedback.account.account_id if feedback.account else ""
    speaker = find_speaker(feedback.product, person=person, account=account)
    feedback.person_id, feedback.account_id = speaker.person_no, speaker.account_no


def _faults(feedback: Feedback, today: date) -> dict[str, list[str]]:
    faults = {}
    for name, length in _LENGTHS.items():
        value = getattr(feedback, name)
        if len(value) > length or not is_storable(value):
            faults[name] = [f"Use at most {length} readable characters."]
    if feedback.origin_url and "origin_url" not in faults:
        try:
            _is_url(feedback.origin_url)
        except ValidationError:
            faults["origin_url"] = ["Give a whole address, as https://example.com/ticket/12."]
    if feedback.kind not in Feedback.Kind.values:
        faults["kind"] = [f"Use one of: {', '.join(Feedback.Kind.values)}."]
    if feedback.language and feedback.language not in LANGUAGES:
        faults["language"] = ["Use a code of two letters such as en or de, of a language in the list."]
    if feedback.visibility not in Visibility.values:
        faults["visibility"] = [f"Use one of: {', '.join(Visibility.values)}."]
    if feedback.said_on > today + timedelta(days=1):
        faults["said_on"] = ["This day is still to come."]
    return faults
