"""How much stands for and against claims: one statement for any number of findings."""

from collections.abc import Collection

from django.db import connection

from insights.voice.findings.contracts import Backing
from insights.voice.highlights.public import SAID

_BACKING = f"""
WITH linked AS (
    SELECT e.finding_id || ':' || e.side AS key, e.id AS link_id, 1 AS importance, h.feedback_id, h.conversation_id,
        h.speaker
    FROM insights_voice_findings_evidence e JOIN insights_voice_highlights_highlight h ON h.id = e.highlight_id
    WHERE e.finding_id = ANY(%(findings)s)
), {SAID},
behind AS (
    SELECT s.key, count(DISTINCT s.link_id) AS n_quotes, count(DISTINCT s.piece) AS n_texts,
        count(DISTINCT coalesce(d.person_no, s.person_id)) AS n_people, count(DISTINCT s.account_id) AS n_accounts,
        max(s.said_on) AS last_said_on
    FROM said s LEFT JOIN insights_events_distinctid d ON d.no = s.person_id GROUP BY s.key
)
SELECT e.finding_id, e.side, count(*), coalesce(max(b.n_quotes), 0), coalesce(max(b.n_texts), 0),
    coalesce(max(b.n_people), 0), coalesce(max(b.n_accounts), 0), max(b.last_said_on)
FROM insights_voice_findings_evidence e LEFT JOIN behind b ON b.key = e.finding_id || ':' || e.side
WHERE e.finding_id = ANY(%(findings)s) GROUP BY e.finding_id, e.side
"""


def measure_backing(findings: Collection[int]) -> dict[tuple[int, str], Backing]:
    """Return what stands behind each side of some findings, by (finding, side); sides without evidence are absent.

    The numbers count what all teams wrote down, also what the reader may not read: a number names nobody.
    """
    if not findings:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BACKING, {"findings": list(findings)})
        return {(finding, side): Backing(*counts) for finding, side, *counts in cursor.fetchall()}
