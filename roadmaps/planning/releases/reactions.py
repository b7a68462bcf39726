"""What follows once a release is out: each listener is told exactly once, letters to those who asked are drafted."""

import logging

from django.db import transaction

from insights.voice.closing.public import Status, StatusChange, set_status
from portal.people.public import SYSTEM
from portal.shell.public import NotAllowed, NotFound, registry
from roadmaps.planning.initiatives.public import Initiative, Stage
from roadmaps.planning.releases.contracts import ReleaseListener
from roadmaps.planning.releases.models import Release, ReleaseReaction

log = logging.getLogger(__name__)
OPPORTUNITY = "opportunity"  # as opportunities register themselves with closing
_UNDER_WAY = (Stage.DISCOVERY, Stage.PROTOTYPING, Stage.BUILDING)


def tell_listeners(release_id: int) -> int:
    """Let each listener that did not yet react to a release do so; returns how many did.

    One that fails does not keep the others from theirs; its error is raised at the end, so that it is tried again.
    """
    failed, n_told = None, 0
    for listener in registry.all(ReleaseListener):
        try:
            n_told += _tell(release_id, listener)
        except Exception as error:  # the outermost loop of a job: the others are told, then it is raised
            log.exception("release %s: %s could not react", release_id, listener.name)
            failed = error
    if failed is not None:
        raise failed
    return n_told


@transaction.atomic
def _tell(release_id: int, listener: ReleaseListener) -> bool:
    release = Release.objects.select_for_update(of=("self",)).of_rows().filter(pk=release_id).first()
    if release is None or not release.is_out:  # deleted or taken back before the worker came to it
        return False
    _, is_first = ReleaseReaction.objects.get_or_create(release=release, listener=listener.name)
    if is_first:
        listener.react(release)
    return is_first


def draft_letters(release: Release) -> None:
    """Say of each opportunity behind a release what became of it, which drafts a letter to each who asked for it.

    Done where nothing else is under way for it, else in progress. What nobody was to hear, drafts nothing; neither does
    an opportunity that whoever released may not speak for, or of which the same was said already.
    """
    if not release.said:
        return
    actor = release.released_by or SYSTEM
    own = release.initiatives.order_by().values("pk")
    for number in _opportunities_of(release):
        others = Initiative.objects.filter(opportunities=number, stage__in=_UNDER_WAY).exclude(pk__in=own)
        status = Status.STARTED if others.exists() else Status.DONE
        before = StatusChange.objects.filter(kind=OPPORTUNITY, thing_id=number).current().first()
        if before is not None and (before.status, before.said) == (status, release.said):
            continue
        try:
            with transaction.atomic():
                set_status(OPPORTUNITY, number, status=status, said=release.said, actor=actor)
        except (NotAllowed, NotFound):
            log.info("release %s: opportunity %s is not for who released it to speak of", release.pk, number)


def _opportunities_of(release: Release) -> list[int]:
    found = Initiative.opportunities.through.objects.filter(initiative__releases=release)
    return sorted(set(found.values_list("opportunity_id", flat=True)))


registry.add(ReleaseListener("voice", draft_letters, order=10))
