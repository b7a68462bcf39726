"""Drafts of what people are told: one letter a person, with their own words in it."""

import re
from collections.abc import Sequence
from typing import Any

from insights.contacts.public import Named, name_speakers, source_ids_of
from insights.events.public import Account, DistinctId
from insights.voice.closing.access import get_kind
from insights.voice.closing.models import StatusChange, Telling
from insights.voice.texts.public import excerpt
from insights.voice.themes.public import AskedWords, Asker
from portal.people.public import SYSTEM

LETTER = "Hello {name},\n\n{asked}\n\n{said}\n\nThank you for telling us.\n{sender}"
PLACES = ("{name}", "{asked}", "{said}", "{sender}")
_PLACES = re.compile("|".join(map(re.escape, PLACES)))
LONGEST_LETTER, LONGEST_SUBJECT = 5_000, 150
_LONGEST_WORDS = 300


def names_of(askers: Sequence[Asker], product: Any) -> tuple[dict[int, Named], dict[int, Named]]:
    """Return (persons, accounts) by number, as they are called now; one read of the store for all."""
    persons = DistinctId.objects.filter(no__in={one.person_no for one in askers if one.person_no})
    accounts = Account.objects.filter(no__in={one.account_no for one in askers if one.account_no})
    return name_speakers(list(persons), list(accounts), source_ids_of([product.pk]))


def address_of(named: Named | None) -> str:
    """Return the mail address of a person, "" where none is known: what is written down, a trait, or the id itself."""
    if named is None:
        return ""
    found = named.detail or named.id
    return found if "@" in found and "." in found.rpartition("@")[2] and " " not in found else ""


def write_drafts(change: StatusChange, thing: Any, askers: Sequence[Asker], *, sender: Any) -> int:
    """Write a draft for each of some askers who has none; returns how many are new. Safe to run twice."""
    askers = [one for one in askers if one.person_no is not None or one.account_no is not None]
    askers = _without_known(change, askers)
    if not askers:
        return 0
    persons, accounts = names_of(askers, change.product)
    firsts = {link for one in askers for link in one.link_ids[:1]}
    words = get_kind(change.kind).words(thing, firsts, SYSTEM)
    drafts = []
    for one in askers:
        named = persons.get(one.person_no) if one.person_no else accounts.get(one.account_no)
        said = words.get(one.link_ids[0]) if one.link_ids and one.person_no else None
        drafts.append(
            Telling(
                change=change,
                person_id=one.person_no,
                account_id=one.account_no,
                name=(named.label if named else one.person_label or one.account_label)[:200],
                importance=one.importance,
                subject=change.subject,
                text=compose(change, _call(named), said, sender),
            )
        )
    before = change.tellings.count()
    Telling.objects.bulk_create(drafts, ignore_conflicts=True, batch_size=500)
    return change.tellings.count() - before


def compose(change: StatusChange, name: str, words: AskedWords | None, sender: Any) -> str:
    """Return the letter to one person: what they asked in their own words, and what becomes of it."""
    filled = {
        "{name}": name,
        "{asked}": say_asked(words),
        "{said}": change.said.strip(),
        "{sender}": str(sender) if getattr(sender, "pk", None) else change.team.name,
    }
    text = change.letter or LETTER
    text = text if name else text.replace(" {name}", "")
    # In one go: what somebody said may hold such a place itself.
    text = _PLACES.sub(lambda found: filled[found[0]], text)
    return text.strip()[:LONGEST_LETTER]


def say_asked(words: AskedWords | None) -> str:
    """Return what somebody asked and when, as a sentence of a letter.

    >>> import datetime
    >>> say_asked(AskedWords("It is slow.", "/", datetime.date(2024, 1, 5), True, False))
    'On 5 January 2024 you told us: “It is slow.”'
    """
    if words is None:
        return "You told us about this."
    day = f"{words.said_on:%-d %B %Y}"
    if not words.is_own:
        return f"We spoke about this on {day}."
    verb = "you said" if words.is_conversation else "you told us"
    return f"On {day} {verb}: “{excerpt(words.text, _LONGEST_WORDS)}”"


def _call(named: Named | None) -> str:
    """Return how a letter calls somebody: nothing where only an id or an address is known."""
    if named is None or named.label == named.id or "@" in named.label:
        return ""
    return named.label


def _without_known(change: StatusChange, askers: Sequence[Asker]) -> list[Asker]:
    """Leave out who has a telling of this change already, also under an id that was another's person before."""
    rows = change.tellings.values_list("person", "person__person_no", "account")
    people, accounts = set(), set()
    for own, owner, account in rows:
        (people.add(owner or own) if own else accounts.add(account))
    return [
        one
        for one in askers
        if (one.person_no not in people if one.person_no is not None else one.account_no not in accounts)
    ]
