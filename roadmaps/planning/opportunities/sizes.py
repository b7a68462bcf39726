"""How much is asked for opportunities: one statement for any number of them."""

from collections.abc import Collection

from django.db import connection

from insights.voice.highlights.public import SAID
from roadmaps.planning.opportunities.contracts import Demand

# What was said for opportunities: quotes and feedback at the weight of the evidence, what is linked to a theme (and to
# those that are merged into it or lie below it) at the importance that it was linked with, quotes for a finding.
# `link_id` is twice the number of the quote, or one more than twice that of the feedback.
LINKED = """
roll AS (
    SELECT e.opportunity_id AS key, e.thing_id AS theme_id
    FROM roadmaps_planning_opportunities_evidence e
    WHERE e.kind = 'theme' AND e.opportunity_id = ANY(%(opportunities)s)
    UNION
    SELECT r.key, t.id
    FROM roll r JOIN insights_voice_themes_theme t ON coalesce(t.merged_into_id, t.parent_id) = r.theme_id
),
linked AS (
    SELECT e.opportunity_id AS key, coalesce(2 * h.id, 2 * e.feedback_id + 1) AS link_id, e.weight AS importance,
        coalesce(e.feedback_id, h.feedback_id) AS feedback_id, h.conversation_id, h.speaker
    FROM roadmaps_planning_opportunities_evidence e
    LEFT JOIN insights_voice_highlights_highlight h ON h.id = e.highlight_id
    WHERE e.opportunity_id = ANY(%(opportunities)s) AND e.thing_id IS NULL
    UNION ALL
    SELECT r.key, coalesce(2 * h.id, 2 * l.feedback_id + 1), l.importance, coalesce(l.feedback_id, h.feedback_id),
        h.conversation_id, h.speaker
    FROM roll r JOIN insights_voice_themes_themelink l ON l.theme_id = r.theme_id
    LEFT JOIN insights_voice_highlights_highlight h ON h.id = l.highlight_id
    UNION ALL
    SELECT e.opportunity_id, 2 * h.id, e.weight, h.feedback_id, h.conversation_id, h.speaker
    FROM roadmaps_planning_opportunities_evidence e
    JOIN insights_voice_findings_evidence f ON f.finding_id = e.thing_id AND f.side = 'for'
    JOIN insights_voice_highlights_highlight h ON h.id = f.highlight_id
    WHERE e.kind = 'finding' AND e.opportunity_id = ANY(%(opportunities)s)
)
"""
_DEMAND = f"""
WITH RECURSIVE {LINKED}, {SAID}
SELECT s.key, count(DISTINCT s.piece), count(DISTINCT coalesce(d.person_no, s.person_id)),
    count(DISTINCT s.account_id),
    count(DISTINCT s.account_id) FILTER (WHERE s.importance >= 3),
    count(DISTINCT s.account_id) FILTER (WHERE s.importance >= 2), max(s.said_on)
FROM said s LEFT JOIN insights_events_distinctid d ON d.no = s.person_id GROUP BY s.key
"""
_ACCOUNTS = f"""
WITH RECURSIVE {LINKED}, {SAID}
SELECT s.key, s.account_id, max(s.importance) FROM said s WHERE s.account_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
"""


def read_demand(opportunities: Collection[int]) -> dict[int, Demand]:
    """Return the demand of some opportunities by number; those that nobody asked for are absent.

    The numbers count what all teams wrote down, also what the reader may not read: a number names nobody.
    """
    if not opportunities:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_DEMAND, {"opportunities": list(opportunities)})
        rows = cursor.fetchall()
    return {
        key: Demand(
            n_pieces=n_pieces,
            n_people=n_people,
            n_accounts=n_accounts,
            n_critical=n_critical,
            n_important=n_over_nice - n_critical,
            n_nice=n_accounts - n_over_nice,
            last_said_on=last,
        )
        for key, n_pieces, n_people, n_accounts, n_critical, n_over_nice, last in rows
    }


def accounts_behind(opportunities: Collection[int]) -> dict[int, dict[int, int]]:
    """Return the accounts behind each of some opportunities, with the highest weight that anybody gave; one query.

    Opportunities that no account asked for are absent.
    """
    found: dict[int, dict[int, int]] = {}
    if not opportunities:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, {"opportunities": list(opportunities)})
        for key, account, weight in cursor.fetchall():
            found.setdefault(key, {})[account] = weight
    return found
