"""The search of an admin list by the words that the database keeps of texts."""

from typing import Any


class SearchesWords:
    """Mixed into the admin of a table with `words`: `search_fields` is what the box says that it looks through."""

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Return the rows that fit what was typed, by words as on the pages; never by parts of a text."""
        found = queryset.matching(search_term, request.user) if search_term.strip() else queryset
        return found, False
