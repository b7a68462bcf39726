"""How much stands behind themes: one statement for a whole tree, however many links it has."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection

from insights.voice.highlights.public import SAID
from insights.voice.themes.contracts import Node, Size, Voice

RECENT_DAYS = 90

# What is linked to themes, rolled up to the nodes that they count for.
LINKED = """
roll AS (SELECT * FROM unnest(%(themes)s::bigint[], %(nodes)s::bigint[]) AS r (theme_id, key)),
linked AS (
    SELECT r.key, l.id AS link_id, l.importance, coalesce(l.feedback_id, h.feedback_id) AS feedback_id,
        h.conversation_id, h.speaker
    FROM roll r
    JOIN insights_voice_themes_themelink l ON l.theme_id = r.theme_id
    LEFT JOIN insights_voice_highlights_highlight h ON h.id = l.highlight_id
)
"""
# An id that was joined to another's is that person; a piece that is linked by several highlights is one piece.
_SIZES = f"""
WITH {LINKED}, {SAID}
SELECT s.key, count(DISTINCT s.piece), count(DISTINCT coalesce(d.person_no, s.person_id)),
    count(DISTINCT s.account_id),
    count(DISTINCT s.account_id) FILTER (WHERE s.importance >= 3),
    count(DISTINCT s.account_id) FILTER (WHERE s.importance >= 2),
    count(DISTINCT s.account_id) FILTER (WHERE s.said_on > %(recent)s), max(s.said_on)
FROM said s LEFT JOIN insights_events_distinctid d ON d.no = s.person_id GROUP BY s.key
"""
_VOICES = f"""
WITH {LINKED}, {SAID}
SELECT s.piece, coalesce(d.person_no, s.person_id), s.account_id, max(s.importance), max(s.said_on)
FROM said s LEFT JOIN insights_events_distinctid d ON d.no = s.person_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def measure(nodes: Sequence[Node], today: date) -> dict[int, Size]:
    """Return the size of each node, with all that counts for it; recent is the last RECENT_DAYS days.

    The numbers count what all teams wrote down, also what the reader may not read: a number names nobody.
    """
    pairs = [(theme, node.id) for node in nodes for theme in node.counts]
    if not pairs:
        return {}
    params = {
        "themes": [theme for theme, _ in pairs],
        "nodes": [node for _, node in pairs],
        "recent": today - timedelta(days=RECENT_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, params)
        rows = cursor.fetchall()
    found = {}
    for node_id, n_pieces, n_people, n_accounts, n_critical, n_over_nice, n_recent, last in rows:
        found[node_id] = Size(
            n_pieces=n_pieces,
            n_people=n_people,
            n_accounts=n_accounts,
            n_critical=n_critical,
            n_important=n_over_nice - n_critical,
            n_nice=n_accounts - n_over_nice,
            n_recent_accounts=n_recent,
            last_said_on=last,
        )
    return found


def read_voices(themes: Sequence[int]) -> list[Voice]:
    """Return who stands behind some themes together: each piece once for each person and account that said it."""
    with connection.cursor() as cursor:
        cursor.execute(_VOICES, {"themes": list(themes), "nodes": [0] * len(themes)})
        return [Voice(*row) for row in cursor.fetchall()]
