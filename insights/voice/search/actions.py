"""Keeping searches: saved, changed, shared, deleted."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from insights.voice.search.access import get_saved_search, teams_to_share_with
from insights.voice.search.models import SavedSearch
from portal.audit.public import record, state_of
from portal.people.public import Team, require
from portal.shell.public import BadInput, is_storable, refuse_stale, refuse_unknown

MOST_SAVED = 200
_FIELDS = frozenset({"name", "asked", "team"})
_TAKEN = "You have a search of this name already. Choose another name."


@transaction.atomic
def save_search(*, name: str, asked: Mapping[str, str], actor: Any, team: Team | None = None) -> SavedSearch:
    """Keep a search for its owner, or for a team of theirs too."""
    require(actor, "searches.save")
    if SavedSearch.objects.filter(owner=actor.pk).count() >= MOST_SAVED:
        raise BadInput(f"You have {MOST_SAVED} saved searches. Delete one that you do not need any more.")
    search = SavedSearch(owner_id=actor.pk)
    _fill(search, {"name": name, "asked": asked, "team": team}, actor)
    _save(search)
    record(actor, "saved_search.created", search, after=state_of(search))
    return search


@transaction.atomic
def change_search(search: SavedSearch, *, actor: Any, version: int, **changes: Any) -> SavedSearch:
    """Change a saved search if nobody changed it since `version`."""
    refuse_unknown(changes, _FIELDS)
    get_saved_search(actor, search.pk, write=True)
    current = SavedSearch.objects.select_for_update(of=["self"]).get(pk=search.pk)
    refuse_stale(current, version)
    before = state_of(current)
    _fill(current, changes, actor)
    current.version = version + 1
    _save(current)
    record(actor, "saved_search.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def delete_search(search: SavedSearch, *, actor: Any) -> None:
    """Delete a saved search; what it finds stays where it is."""
    get_saved_search(actor, search.pk, write=True)
    record(actor, "saved_search.deleted", search, before=state_of(search))
    search.delete()


def _fill(search: SavedSearch, values: Mapping[str, Any], actor: Any) -> None:
    faults: dict[str, list[str]] = {}
    if "name" in values:
        search.name = " ".join(values["name"].split())
        if not 1 <= len(search.name) <= 120 or not is_storable(search.name):
            faults["name"] = ["Give it a name of at most 120 readable characters."]
    if "asked" in values:
        search.asked = {name: str(value) for name, value in sorted(values["asked"].items()) if str(value).strip()}
        if not search.asked or not all(is_storable(value) for value in search.asked.values()):
            faults["asked"] = ["Search for something first: words, or a filter."]
    if "team" in values:
        search.team = values["team"]
        mine = {one.pk for one in teams_to_share_with(actor)}
        if search.team is not None and search.team.pk not in mine:
            faults["team"] = ["Share it with a team that you are a member of."]
    if faults:
        raise BadInput(fields=faults)


def _save(search: SavedSearch) -> None:
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError as error:
        raise BadInput(fields={"name": [_TAKEN]}) from error
