"""How initiatives were: reading any past moment, and keeping each change as a version."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from portal.shell.public import BadInput
from roadmaps.planning.initiatives.contracts import KEPT
from roadmaps.planning.initiatives.models import Initiative, InitiativeVersion
from roadmaps.planning.initiatives.models.version import InitiativeVersionQuerySet

_TICK = dt.timedelta(microseconds=1)


def end_of(day: dt.date) -> dt.datetime:
    """Return the last moment of a day in the reader's zone."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), timezone.get_current_timezone())
    return midnight.astimezone(dt.UTC) - _TICK


def initiatives_on(day: dt.date, user: Any) -> InitiativeVersionQuerySet:
    """Return all initiatives as they were at the end of a local day, that the user may see: one version each.

    Those deleted since are among them, with `initiative` null; `number` is the number that they had.
    """
    return InitiativeVersion.objects.visible_to(user).at(end_of(day))


def kept_of(initiative: Initiative) -> dict[str, Any]:
    """Return what versions keep of an initiative, by column."""
    return {name: getattr(initiative, name) for name in KEPT}


def keep_versions(initiatives: Sequence[Initiative], *, by: int | None, why: str, at: dt.datetime | None) -> None:
    """Keep some locked and changed initiatives as they are from now on, or from a past moment `at` on.

    A past moment may not lie before the newest version's: history is told forwards. Told again for the same moment,
    what was told last holds. One whose kept columns did not change gets no version.
    """
    now = timezone.now()
    if at is not None and at > now:
        raise BadInput(fields={"at": ["This lies in the future."]})
    open_ones = {
        version.number: version
        for version in InitiativeVersion.objects.filter(number__in=[one.pk for one in initiatives], valid_to=None)
    }
    made, closed, again = [], [], []
    for one in initiatives:
        last, kept = open_ones.get(one.pk), kept_of(one)
        if last is not None and all(getattr(last, name) == value for name, value in kept.items()):
            continue
        moment = at or now
        if last is not None and moment <= last.valid_from:
            if at is not None and moment < last.valid_from:
                raise BadInput(fields={"at": [f"“{one}” was changed after this moment already."]})
            if at is not None:
                for name, value in {**kept, "by_id": by, "why": why}.items():
                    setattr(last, name, value)
                again.append(last)
                continue
            moment = last.valid_from + _TICK  # two changes within one tick of the clock
        if last is not None:
            last.valid_to = moment
            closed.append(last)
        made.append(InitiativeVersion(initiative=one, number=one.pk, valid_from=moment, by_id=by, why=why, **kept))
    InitiativeVersion.objects.bulk_update(closed, ["valid_to"], batch_size=500)
    InitiativeVersion.objects.bulk_update(again, [*KEPT, "by_id", "why"], batch_size=500)
    InitiativeVersion.objects.bulk_create(made, batch_size=500)


def end_versions(numbers: Iterable[int]) -> None:
    """Let the history of deleted initiatives end now."""
    now = timezone.now()
    for version in InitiativeVersion.objects.filter(number__in=list(numbers), valid_to=None):
        version.valid_to = max(now, version.valid_from + _TICK)
        version.save(update_fields=["valid_to"])
