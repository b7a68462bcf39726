"""Consents that end: which, whom it concerns, what may no longer be used for it, and telling who looks after them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone

from insights.contacts.contracts import ConsentUse
from insights.contacts.finding import source_ids_of
from insights.contacts.models import Consent, Contact
from insights.contacts.naming import name_speakers
from portal.audit.public import record
from portal.messages.public import notify
from portal.people.public import SYSTEM, Role, User, is_insider
from portal.shell.public import SearchHit, registry

LOOK_BACK, LOOK_AHEAD = dt.timedelta(days=90), dt.timedelta(days=30)
_TOLD_AHEAD = dt.timedelta(days=14)
_MISSED_NIGHTS = dt.timedelta(days=7)
_ASKING = {
    Consent.Purpose.CONTACT: "Do not write to them or call them.",
    Consent.Purpose.INTERVIEW: "Do not invite them to interviews or tests.",
    Consent.Purpose.SURVEY: "No survey is sent to them.",
    Consent.Purpose.RECORDING: "Do not record them; take away what was recorded for it.",
    Consent.Purpose.QUOTE: "Do not name them beside their words.",
}


def ending_consents(today: dt.date) -> QuerySet:
    """Return the consents that ended in the last 90 days or end within 30, unless they were given anew for longer.

    Each with `owner_no`, the person's own number, whichever of their ids it was given under, and how they are called.
    """
    owner = Coalesce("person__person_no", "person_id", output_field=IntegerField())
    anew = Consent.objects.annotate(owner_no=owner).filter(
        Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on")),
        owner_no=OuterRef("owner_no"),
        purpose=OuterRef("purpose"),
        withdrawn_at=None,
    )
    contacts = (
        Contact.objects.annotate(owner_no=owner).filter(owner_no=OuterRef("owner_no")).exclude(name="", address="")
    )
    called = (
        contacts.order_by("pk").annotate(called=Coalesce(NullIf("name", Value("")), "address")).values("called")[:1]
    )
    rows = Consent.objects.annotate(owner_no=owner).filter(withdrawn_at=None)
    rows = rows.annotate(shown_name=Coalesce(Subquery(called), "person__distinct_id"))
    rows = rows.filter(expires_on__gte=today - LOOK_BACK, expires_on__lte=today + LOOK_AHEAD)
    along = ("person__id_space__product__team", "person__contact__owner")
    return rows.filter(~Exists(anew)).select_related(*along)


def show_uses(consents: Iterable[Consent], user: Any) -> None:
    """Give each consent `uses`, what was made by it that this reader sees, and `rule`, what not to do without it."""
    rows = list(consents)
    uses: dict[str, dict[int, list[SearchHit]]] = {}
    for piece in registry.all(ConsentUse):
        numbers = {row.owner_no for row in rows if row.purpose == piece.purpose}
        for no, hits in (piece.find(numbers, user) if numbers else {}).items():
            uses.setdefault(piece.purpose, {}).setdefault(no, []).extend(hits)
    for row in rows:
        row.uses = uses.get(row.purpose, {}).get(row.owner_no, [])
        row.rule = rule_of(row)


def name_owners(consents: Sequence[Consent], user: Any) -> None:
    """Call those of whom no name is written down as the events of the reader's products call them."""
    nameless = [row.person for row in consents if row.shown_name == row.person.distinct_id]
    products = [product.pk for product in user.visible_products if is_insider(user, product.team_id)]
    named = name_speakers(nameless, [], source_ids_of(products))[0] if nameless else {}
    for row in consents:
        if found := named.get(row.person_id):
            row.shown_name = found.label


def rule_of(consent: Consent) -> str:
    """Return what not to do any more once a consent has ended."""
    return _ASKING[Consent.Purpose(consent.purpose)]


def tell_ending(night: Any) -> None:
    """Tell who looks after somebody, once, that a consent of theirs ends within a fortnight, and that it has ended."""
    today = timezone.localdate(night.now)
    rows = ending_consents(today)
    rows = rows.filter(expires_on__gte=today - _MISSED_NIGHTS, expires_on__lte=today + _TOLD_AHEAD).order_by("pk")
    n_told = 0
    for consent in rows:
        has_ended = consent.expires_on < today
        what = f"to {consent.get_purpose_display().lower()}"
        when = "has ended" if has_ended else f"ends on {consent.expires_on:%-d %b %Y}"
        key = f"consent-{'ended' if has_ended else 'ends'}:{consent.pk}"
        url = reverse("persons:person-page", args=[consent.owner_no])
        said = f"A consent {what} {when}, of somebody of {consent.person.id_space}."
        if notify(_who_looks_after(consent), said, key=key, url=url):
            n_told += 1
            if has_ended:
                record(SYSTEM, "consent.ended", consent)
    night.progress(1, 1, f"{n_told:,} told")


def _who_looks_after(consent: Consent) -> list[User]:
    contact = getattr(consent.person, "contact", None)
    if contact and contact.owner and contact.owner.is_active:
        return [contact.owner]
    product = consent.person.id_space.product
    if product is None:
        return []
    return list(User.objects.filter(teams=product.team, role=Role.PRODUCT_MANAGER, is_active=True).order_by("pk"))
