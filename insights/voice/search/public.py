"""What other rooms may use of search; to be found, a room registers a `TextKind` of the texts' room."""

from insights.voice.search.contracts import Answer, Hit, Wish
from insights.voice.search.finding import find

__all__ = ["Answer", "Hit", "Wish", "find"]
