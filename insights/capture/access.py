"""The door to write keys."""

from typing import Any

from insights.capture.models import WriteKey
from portal.people.public import Role, allow, get_visible

EDIT = "write_keys.edit"
allow(EDIT, Role.PRODUCT_MANAGER)


def get_write_key(user: Any, key_id: int, write: bool = False) -> WriteKey:
    """Return a write key of a source that the user may see."""
    keys = WriteKey.objects.select_related("source__product")
    return get_visible(keys, user, EDIT if write else "", pk=key_id)
