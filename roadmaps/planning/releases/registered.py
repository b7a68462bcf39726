"""What releases hang into the shell and on the page of an initiative."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from portal.people.public import Visibility, can
from portal.shell.public import Command, DatedNote, DemoSeed, NoteProvider, SearchHit, SearchRows, UsedBy, registry
from roadmaps.planning.initiatives.public import Initiative, InitiativePanel
from roadmaps.planning.releases import demo, reactions  # noqa: F401 - reactions register themselves
from roadmaps.planning.releases.models import Release, ReleaseQuerySet


def _find(user: Any, text: str) -> ReleaseQuerySet:
    return Release.objects.visible_to(user).matching(text).order_by("-planned_on", "pk")


def _show_found(values: dict[str, Any]) -> SearchHit:
    release = Release(pk=values["pk"], name=values["name"], state=values["state"])
    release.planned_on = date.fromisoformat(values["planned_on"])
    release.released_at = values["released_at"] and datetime.fromisoformat(values["released_at"])
    when = f"{release.get_state_display().lower()}, {release.on:%-d %b %Y}"
    return SearchHit("Release", release.name, release.get_absolute_url(), f"{values['product__name']} · {when}")


def _notes(product: Any, user: Any) -> Iterator[DatedNote]:
    """Yield the releases of a product that their team alone may read; the others are annotations."""
    found = Release.objects.visible_to(user).out().filter(product=product, visibility=Visibility.TEAM)
    for one in found.order_by("released_at"):
        yield DatedNote(timezone.localdate(one.released_at), f"Release {one.name}", url=one.get_absolute_url())


def _using(thing: Any, user: Any) -> ReleaseQuerySet | None:
    return Release.objects.visible_to(user).filter(initiatives=thing) if isinstance(thing, Initiative) else None


def _show(values: dict[str, Any]) -> SearchHit:
    return SearchHit("Release", values["name"], Release(pk=values["pk"]).get_absolute_url())


def _panel(initiative: Initiative, request: HttpRequest) -> dict[str, Any] | None:
    """Return the releases that an initiative is in, and whether the reader may plan one."""
    found = list(Release.objects.visible_to(request.user).filter(initiatives=initiative).order_by("planned_on", "pk"))
    return {"releases": found, "today": timezone.localdate()} if found else None


registry.add(
    SearchRows(
        "Releases", _find, ("pk", "name", "state", "planned_on", "released_at", "product__name"), _show_found, order=44
    )
)
registry.add(NoteProvider("releases", _notes))
registry.add(UsedBy("Release", _using, ("pk", "name"), _show))
registry.add(
    InitiativePanel("releases", "Releases", "roadmaps/planning/releases/_initiative_panel.html", _panel, order=40)
)
registry.add(
    Command(
        "Plan a release",
        "releases:release-new",
        can_see=lambda user: any(can(user, "releases.create", one) for one in user.visible_products),
        order=44,
    )
)
registry.add(Command("Releases", "releases:release-list", order=45, detail="What comes out when"))
registry.add(DemoSeed("releases", demo.seed_releases, order=75))
