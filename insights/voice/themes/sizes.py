"""How much stands behind themes: one statement for a whole tree, however many links it has."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection

from insights.voice.themes.contracts import Node, Size

RECENT_DAYS = 90

# An id that was joined to another's is that person; a piece that is linked by several highlights is one piece.
_SIZES = """
WITH roll AS (SELECT * FROM unnest(%(themes)s::bigint[], %(nodes)s::bigint[]) AS r (theme_id, node_id)),
pieces AS (
    SELECT r.node_id, f.id, coalesce(p.person_no, f.person_id) AS person_no, f.account_id, f.said_on,
        max(l.importance) AS importance
    FROM roll r
    JOIN insights_voice_themes_themelink l ON l.theme_id = r.theme_id
    LEFT JOIN insights_voice_highlights_highlight h ON h.id = l.highlight_id
    JOIN insights_voice_feedback_feedback f ON f.id = coalesce(l.feedback_id, h.feedback_id)
    LEFT JOIN insights_events_distinctid p ON p.no = f.person_id
    GROUP BY r.node_id, f.id, p.person_no
)
SELECT node_id, count(*), count(DISTINCT person_no), count(DISTINCT account_id),
    count(DISTINCT account_id) FILTER (WHERE importance >= 3),
    count(DISTINCT account_id) FILTER (WHERE importance >= 2),
    count(DISTINCT account_id) FILTER (WHERE said_on > %(recent)s), max(said_on)
FROM pieces GROUP BY node_id
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
