"""Tasks of the releases room."""

from celery import shared_task

from roadmaps.planning.releases import reactions


@shared_task(name="planning.tell_listeners")
def tell_listeners(release_id: int) -> None:
    """Let other rooms react to a release that is out, each once."""
    reactions.tell_listeners(release_id)
