"""The oracle: every kind of question in plain row-by-row Python, from the definitions, sharing no code with the SQL.

Questions are JSON with absolute dates. A world is a list of events, traits and joins as `store_events` takes them.
Slow and obvious on purpose: sets, loops and permutations.
"""

from tests.insights.questions.oracle.adoption import adoption
from tests.insights.questions.oracle.asked import World
from tests.insights.questions.oracle.coming_back import lifecycle, retention, stickiness
from tests.insights.questions.oracle.funnels import funnel
from tests.insights.questions.oracle.goes_with import goes_with
from tests.insights.questions.oracle.paths import paths
from tests.insights.questions.oracle.trends import trend

__all__ = ["KINDS", "World"]

KINDS = {
    "goes_with": goes_with,
    "adoption": adoption,
    "trend": trend,
    "funnel": funnel,
    "retention": retention,
    "stickiness": stickiness,
    "lifecycle": lifecycle,
    "paths": paths,
}
