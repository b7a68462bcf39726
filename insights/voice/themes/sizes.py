"""How much stands behind themes: one statement for a whole tree, however many links it has."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection

from insights.voice.themes.contracts import Node, Size

RECENT_DAYS = 90

# An id that was joined to another's is that person; a piece that is linked by several highlights is one piece. Behind
# words of a conversation stands who spoke them, or all who took part where that is not known.
_SIZES = """
WITH roll AS (SELECT * FROM unnest(%(themes)s::bigint[], %(nodes)s::bigint[]) AS r (theme_id, node_id)),
linked AS (
    SELECT r.node_id, l.importance, coalesce(l.feedback_id, h.feedback_id) AS feedback_id, h.conversation_id, h.speaker
    FROM roll r
    JOIN insights_voice_themes_themelink l ON l.theme_id = r.theme_id
    LEFT JOIN insights_voice_highlights_highlight h ON h.id = l.highlight_id
),
said AS (
    SELECT k.node_id, k.importance, f.id AS piece, f.person_id, f.account_id, f.said_on
    FROM linked k JOIN insights_voice_feedback_feedback f ON f.id = k.feedback_id
    UNION ALL
    SELECT k.node_id, k.importance, -c.id, p.person_id, p.account_id, c.held_on
    FROM linked k JOIN insights_voice_conversations_conversation c ON c.id = k.conversation_id
    LEFT JOIN insights_voice_conversations_participant p ON p.conversation_id = c.id
        AND (lower(p.speaker) = lower(k.speaker) OR NOT EXISTS (
            SELECT FROM insights_voice_conversations_participant o
            WHERE o.conversation_id = c.id AND k.speaker <> '' AND lower(o.speaker) = lower(k.speaker)
        ))
)
SELECT s.node_id, count(DISTINCT s.piece), count(DISTINCT coalesce(d.person_no, s.person_id)),
    count(DISTINCT s.account_id),
    count(DISTINCT s.account_id) FILTER (WHERE s.importance >= 3),
    count(DISTINCT s.account_id) FILTER (WHERE s.importance >= 2),
    count(DISTINCT s.account_id) FILTER (WHERE s.said_on > %(recent)s), max(s.said_on)
FROM said s LEFT JOIN insights_events_distinctid d ON d.no = s.person_id GROUP BY s.node_id
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
