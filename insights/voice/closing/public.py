"""What other rooms may use of closing: a room whose things people ask for registers an `AskedForKind`."""

from insights.voice.closing.actions import set_status
from insights.voice.closing.contracts import AskedForKind, ToldShare
from insights.voice.closing.models import Status, StatusChange, Telling
from insights.voice.closing.queries import read_share

__all__ = ["AskedForKind", "Status", "StatusChange", "Telling", "ToldShare", "read_share", "set_status"]
