"""Tasks of sharing; each is a thin door."""

from celery import shared_task

from insights.sharing import checking


@shared_task(name="sharing.check_pack")
def check_pack(pack_id: int) -> None:
    """Ask a pack's questions again where the data changed, and read what changed."""
    checking.check_pack(pack_id)
