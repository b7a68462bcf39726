"""What other rooms of roadmaps may use of releases."""

from roadmaps.planning.releases.access import get_release
from roadmaps.planning.releases.actions import create_release, release_now
from roadmaps.planning.releases.contracts import ReleaseListener
from roadmaps.planning.releases.models import Release, ReleaseItem
from roadmaps.planning.releases.queries import read_calendar, released_on

__all__ = [
    "Release",
    "ReleaseItem",
    "ReleaseListener",
    "create_release",
    "get_release",
    "read_calendar",
    "release_now",
    "released_on",
]
