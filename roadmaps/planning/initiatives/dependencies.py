"""What initiatives need of each other: adding and taking away, never a circle; and where more of them is written."""

from typing import Any

from django.db import IntegrityError, connection, transaction

from portal.audit.public import record
from portal.people.public import can_see, require
from portal.shell.public import BadInput, NotFound
from roadmaps.goals.public import checked, line
from roadmaps.planning.initiatives.models import Dependency, Initiative, InitiativeLink

_GRAPH_LOCK = 0x494E4954  # "INIT": one writer of dependencies at a time
MOST_NEEDS = 50
MOST_LINKS = 50
_CHAIN = """
WITH RECURSIVE chain AS (
    SELECT needs_id AS at FROM roadmaps_planning_initiatives_dependency WHERE initiative_id = %(start)s
    UNION
    SELECT d.needs_id FROM chain c JOIN roadmaps_planning_initiatives_dependency d ON d.initiative_id = c.at
)
SELECT EXISTS (SELECT FROM chain WHERE at = %(wanted)s)
"""


@transaction.atomic
def add_dependency(initiative: Initiative, needs: Initiative, *, actor: Any, note: str = "") -> tuple[Dependency, bool]:
    """Say that an initiative waits for another one; returns the dependency, and whether it is new.

    One writer at a time: two people who each close half of a circle would both see none.
    """
    require(actor, "initiatives.edit", initiative)
    if not can_see(actor, needs):
        raise NotFound()
    note = line("note", note, 200, is_needed=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_GRAPH_LOCK])
        if initiative.pk == needs.pk:
            raise BadInput(fields={"needs": ["An initiative does not wait for itself."]})
        cursor.execute(_CHAIN, {"start": needs.pk, "wanted": initiative.pk})
        if cursor.fetchone()[0]:
            raise BadInput(fields={"needs": [f"“{needs}” waits for this one already: that would be a circle."]})
    known = Dependency.objects.filter(initiative=initiative, needs=needs).first()
    if known is not None:
        return known, False
    if initiative.dependencies.count() >= MOST_NEEDS:
        raise BadInput(fields={"needs": [f"One initiative needs at most {MOST_NEEDS} others."]})
    try:
        with transaction.atomic():
            made = Dependency.objects.create(initiative=initiative, needs=needs, note=note)
    except IntegrityError as fault:  # one of them was deleted meanwhile
        raise NotFound() from fault
    record(actor, "initiative.dependency_added", initiative, after={"needs": needs.pk, "note": note})
    return made, True


@transaction.atomic
def remove_dependency(dependency: Dependency, *, actor: Any) -> None:
    """Say that an initiative waits for another one no more."""
    require(actor, "initiatives.edit", dependency.initiative)
    record(actor, "initiative.dependency_removed", dependency.initiative, before={"needs": dependency.needs_id})
    dependency.delete()


@transaction.atomic
def add_link(
    initiative: Initiative, *, actor: Any, url: str, kind: str = InitiativeLink.Kind.DOCUMENT, title: str = ""
) -> InitiativeLink:
    """Add where more of an initiative is written; the same address again is called what was said last."""
    require(actor, "initiatives.edit", initiative)
    url, title = checked("url", url, 1_000, is_needed=True), line("title", title, 200, is_needed=False)
    if not url.lower().startswith(("https://", "http://")):
        raise BadInput(fields={"url": ["Give an address that begins with https:// or http://."]})
    if kind not in InitiativeLink.Kind.values:
        raise BadInput(fields={"kind": [f"Use one of: {', '.join(InitiativeLink.Kind.values)}."]})
    if list(Initiative.objects.select_for_update().filter(pk=initiative.pk).values_list("pk", flat=True)) == []:
        raise NotFound()
    link = InitiativeLink.objects.filter(initiative=initiative, url=url).first()
    if link is None and initiative.links.count() >= MOST_LINKS:
        raise BadInput(f"One initiative has at most {MOST_LINKS} links.")
    link = link or InitiativeLink(initiative=initiative, url=url)
    link.kind, link.title = kind, title
    link.save()
    record(actor, "initiative.link_added", initiative, after={"kind": kind, "url": url, "title": title})
    return link


@transaction.atomic
def remove_link(link: InitiativeLink, *, actor: Any) -> None:
    """Take a link away."""
    require(actor, "initiatives.edit", link.initiative)
    record(actor, "initiative.link_removed", link.initiative, before={"kind": link.kind, "url": link.url})
    link.delete()
