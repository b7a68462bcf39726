"""The signed address by which somebody outside says that they want no more messages."""

from typing import Any

from django.core import signing
from django.urls import reverse

from insights.contacts.public import opt_out
from insights.events.public import DistinctId
from insights.voice.closing.models import Telling
from portal.people.public import SYSTEM
from portal.shell.public import NotFound

_SALT = "closing.stop"


def stop_path(telling: Telling) -> str:
    """Return the path in a letter under which its reader says: no more."""
    return reverse("told:stop", args=[signing.dumps(telling.person_id, salt=_SALT)])


def find_reader(token: str) -> DistinctId:
    """Return who got a letter, by its signed token; NotFound where it was made up or they were erased."""
    try:
        no = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise NotFound() from error
    found = DistinctId.objects.filter(no=no).select_related("id_space__product__team").first()
    if found is None:
        raise NotFound()
    return found


def stop_messages(reader: DistinctId) -> Any:
    """Note that somebody wants no more messages; can be done twice."""
    return opt_out(reader, actor=SYSTEM, kind="message", is_own=True)
