"""Opportunities that say something alike, so that nobody writes the same one twice."""

from typing import Any

from django.db import connection

from roadmaps.planning.opportunities.models import Opportunity

MOST = 5
LEAST = 0.15  # two short texts with one word in common are above it, two long ones with three are not
_ALIKE = """
WITH said AS (
    SELECT o.id, tsvector_to_array(to_tsvector('english', o.title || ' ' || o.who || ' ' || o.problem)) AS words
    FROM roadmaps_planning_opportunities_opportunity o WHERE o.product_id = %(product)s
)
SELECT s.id FROM said s, said own
WHERE own.id = %(own)s AND s.id <> own.id AND s.words && own.words
    AND 2.0 * (SELECT count(*) FROM unnest(s.words) w WHERE w = ANY(own.words))
        >= %(least)s * (cardinality(s.words) + cardinality(own.words))
ORDER BY 2.0 * (SELECT count(*) FROM unnest(s.words) w WHERE w = ANY(own.words))
    / (cardinality(s.words) + cardinality(own.words)) DESC, s.id DESC
LIMIT 50
"""


def similar_to(opportunity: Opportunity, user: Any) -> list[Opportunity]:
    """Return opportunities of the same product that share words with this one, those that share most first.

    Shared is the Dice coefficient of their different words, stemmed, without the common words of English: twice the
    words that both have over the words of each; at least LEAST.
    """
    with connection.cursor() as cursor:
        params = {"product": opportunity.product_id, "own": opportunity.pk, "least": LEAST}
        cursor.execute(_ALIKE, params)
        numbers = [number for (number,) in cursor.fetchall()]
    found = {one.pk: one for one in Opportunity.objects.visible_to(user).filter(pk__in=numbers)} if numbers else {}
    return [found[number] for number in numbers if number in found][:MOST]
