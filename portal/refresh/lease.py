"""The lease in PostgreSQL: taken, kept by a heartbeat on a connection of its own, lost with the worker.

All times are the database's, so that clocks of workers do not matter.
"""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connections
from django.db.models import F, Q
from django.db.models.functions import Now

from portal.refresh.models import Lease
from portal.shell.public import PortalError

log = logging.getLogger(__name__)

NAME = "refresh"
HEARTBEAT_S = 10
EXPIRY_S = 30
_BEAT = "UPDATE portal_refresh_lease SET heartbeat_at = clock_timestamp() WHERE name = %s AND holder = %s"


class LeaseLost(PortalError):
    """Somebody else has taken over; whoever sees this must stop without writing."""

    code = "lease_lost"
    message = "Another worker has taken this refresh over."


class Holding:
    """A lease in hand."""

    def __init__(self) -> None:
        self.holder = uuid.uuid4()
        self._lost = threading.Event()
        self._stopped = threading.Event()

    def mine(self) -> Q:
        """Return the condition under which the lease is still ours, for use in guarded updates."""
        return Q(name=NAME, holder=self.holder)

    def check(self) -> None:
        """Raise LeaseLost once the heartbeat has found that the lease is gone."""
        if self._lost.is_set():
            raise LeaseLost()

    def _beat(self) -> None:
        connection = connections.create_connection("default")
        try:
            while not self._stopped.wait(HEARTBEAT_S):
                with connection.cursor() as cursor:
                    cursor.execute(_BEAT, [NAME, self.holder])
                    if cursor.rowcount == 0:
                        self._lost.set()
                        return
        except DatabaseError:
            # Without a heartbeat the lease runs out and another worker takes over, so this one must stop.
            log.exception("refresh: the heartbeat failed")
            self._lost.set()
        finally:
            connection.close()


@contextmanager
def hold_lease() -> Iterator[Holding | None]:
    """Hold the lease for a block of work, or yield None when somebody else holds it."""
    Lease.objects.get_or_create(name=NAME)
    holding = Holding()
    is_free = Q(holder=None) | Q(heartbeat_at__lt=Now() - timedelta(seconds=EXPIRY_S))
    if not Lease.objects.filter(is_free, name=NAME).update(holder=holding.holder, heartbeat_at=Now()):
        yield None
        return
    thread = threading.Thread(target=holding._beat, name="refresh heartbeat", daemon=True)
    thread.start()
    try:
        yield holding
    finally:
        holding._stopped.set()
        thread.join()
        Lease.objects.filter(holding.mine()).update(holder=None, heartbeat_at=F("heartbeat_at"))


def is_held() -> bool:
    """Say whether a living worker holds the lease."""
    fresh = Now() - timedelta(seconds=EXPIRY_S)
    return Lease.objects.filter(name=NAME, heartbeat_at__gte=fresh).exclude(holder=None).exists()
