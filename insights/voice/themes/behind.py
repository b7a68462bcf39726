"""Everybody behind a theme: who asked for it, how much it matters to them, and in which words."""

from collections.abc import Collection
from typing import Any

from django.db import connection

from insights.voice.conversations.public import Conversation
from insights.voice.highlights.public import SAID
from insights.voice.themes.contracts import AskedWords, Asker, Node
from insights.voice.themes.models import Theme, ThemeLink
from insights.voice.themes.queries import dress_links, links_of, read_tree
from insights.voice.themes.sizes import LINKED

# Whoever spoke for their account alone is a row of that account; of whom nothing is known is the row without either.
_BEHIND = """
who AS (SELECT s.*, coalesce(d.person_no, s.person_id) AS person_no
    FROM said s LEFT JOIN insights_events_distinctid d ON d.no = s.person_id),
asked AS (
    SELECT person_no,
        (array_agg(account_id ORDER BY said_on DESC, link_id DESC) FILTER (WHERE account_id IS NOT NULL))[1]
            AS account_no,
        max(importance) AS importance, count(DISTINCT piece) AS n_pieces, max(said_on) AS last_said_on,
        array_agg(link_id ORDER BY importance DESC, said_on DESC, link_id) AS link_ids
    FROM who GROUP BY person_no, CASE WHEN person_no IS NULL THEN account_id END
)
SELECT a.person_no, a.account_no, a.importance, a.n_pieces, a.last_said_on, a.link_ids,
    coalesce(nullif(c.name, ''), nullif(c.address, ''), p.distinct_id, ''),
    coalesce(nullif(r.name, ''), o.account_id, '')
FROM asked a
LEFT JOIN insights_events_distinctid p ON p.no = a.person_no
LEFT JOIN insights_contacts_contact c ON c.person_id = a.person_no
LEFT JOIN insights_events_account o ON o.no = a.account_no
LEFT JOIN insights_contacts_accountrecord r ON r.account_id = a.account_no
ORDER BY a.importance DESC, a.last_said_on DESC, a.person_no, a.account_no
"""


def list_behind(theme: Theme) -> list[Asker]:
    """Return who stands behind a theme with all that counts for it, the weightiest and newest first; one statement.

    People are those of now, however many of their ids spoke. An account of which only a person unknown spoke is a row
    of its own, unless somebody known of it stands there too; pieces of nobody known are one row, the last.
    """
    nodes = _nodes_of(theme)
    counts = next((node.counts for node in nodes if node.id == theme.pk), (theme.pk,))
    return list_askers(LINKED, {"themes": list(counts), "nodes": [theme.pk] * len(counts)})


def list_askers(linked: str, params: dict[str, Any]) -> list[Asker]:
    """Return who stands behind what a relation `linked` of one key names, as `highlights.SAID` reads it.

    It is the body of a WITH clause that ends with that relation; `link_ids` of each asker are its `link_id`.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"WITH RECURSIVE {linked}, {SAID}, {_BEHIND}", params)
        askers = [Asker(*row[:5], tuple(dict.fromkeys(row[5])), *row[6:]) for row in cursor.fetchall()]
    known = {asker.account_no for asker in askers if asker.person_no is not None}
    nobody = [asker for asker in askers if asker.person_no is None and asker.account_no is None]
    return [
        asker
        for asker in askers
        if asker.person_no is not None or (asker.account_no is not None and asker.account_no not in known)
    ] + nobody


def _nodes_of(theme: Theme) -> list[Node]:
    """Return the tree that a theme stands in, read once for a page."""
    if not hasattr(theme, "nodes_read"):
        theme.nodes_read = read_tree(theme.product)[1]
    return theme.nodes_read


def read_words(theme: Theme, link_ids: Collection[int], user: Any) -> dict[int, AskedWords]:
    """Return what was said, by link, as a reader may see it.

    They are one person's own where feedback or a named speaker of a transcript said them.
    """
    nodes = _nodes_of(theme)
    links = list(links_of(theme, user, nodes).filter(pk__in=link_ids))
    dress_links(links, user)
    return {link.pk: _words(link) for link in links}


def _words(link: ThemeLink) -> AskedWords:
    piece, is_talk = link.piece, isinstance(link.piece, Conversation)
    named = {row.speaker.lower() for row in piece.participants.all() if row.speaker} if is_talk else set()
    is_own = not is_talk or (bool(link.highlight.speaker) and link.highlight.speaker.lower() in named)
    place = link.highlight or piece
    return AskedWords(link.quote or piece.shown.text, place.get_absolute_url(), piece.said_on, is_own, is_talk)
