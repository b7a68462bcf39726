"""Why a period that was over came out differently: what the store's history says, in words."""

from typing import Any

from insights.events.public import Source, list_changes
from insights.questions.public import DEFINITION_VERSION, list_causes, time_span, uses_traits

_LONGEST = 500
UNKNOWN = "the store's history does not say why"


def say_causes(question: Any, sources: list[str], after: int | None, definition_version: str) -> str:
    """Return what happened to a question's data since a version of the store, as far as known."""
    if definition_version and definition_version != DEFINITION_VERSION:
        return f"the portal's definitions changed from version {definition_version} to {DEFINITION_VERSION}"
    if after is None:
        return UNKNOWN
    ids = list(Source.objects.filter(slug__in=sources).values_list("pk", flat=True))
    causes = list_causes(list_changes(ids, after, *time_span(question), uses_traits=uses_traits(question)))
    said = [f"{cause.text} on {cause.at.day} {cause.at:%b %Y}" for cause in causes]
    return "; ".join(dict.fromkeys(said))[:_LONGEST] or UNKNOWN
