"""A small company's usage, the same every time: enough to draw every chart."""

import datetime as dt
import random

from insights.catalogue.reading import read_source
from tests import factories

PLANS = ("free", "team", "enterprise")
COUNTRIES = ("Germany", "France", "Japan", "Brazil", "Canada", "Kenya")


def store_usage(product, *, days: int = 60, people: int = 120, until: dt.datetime | None = None):
    """Store sign-ups, opened reports and invitations of some people, and bring the catalogue up to date."""
    dice = random.Random(7)
    until = until or dt.datetime.now(dt.UTC)
    rows, traits = [], []
    for number in range(people):
        start = until - dt.timedelta(days=dice.randrange(days), hours=dice.randrange(1, 24))
        who, plan, country = f"user-{number:03}@example.com", dice.choice(PLANS), dice.choice(COUNTRIES)
        base = {"distinct_id": who, "account_id": f"account-{number % 25}"}
        properties = {"plan": plan, "country": country}
        rows.append({**base, "event": "signed up", "timestamp": start, "properties": properties})
        traits.append({"subject_id": who, "key": "plan", "value": plan, "timestamp": start})
        keenness = dice.random()
        at = start
        while (at := at + dt.timedelta(hours=dice.expovariate(1) * (20 + 200 * (1 - keenness)))) < until:
            event = dice.choices(["report opened", "task created", "report exported"], [6, 3, 1])[0]
            size = {"size": round(dice.lognormvariate(3, 1), 1), "format": dice.choice(["pdf", "csv"])}
            rows.append({**base, "event": event, "timestamp": at, "properties": {**properties, **size}})
        if keenness > 0.5:
            invited = start + dt.timedelta(hours=dice.randrange(1, 120))
            if invited < until:
                rows.append({**base, "event": "teammate invited", "timestamp": invited, "properties": properties})
    source = factories.make_source(product, "Web app")
    factories.store_events(source, rows, traits=traits)
    read_source(source.pk, is_full=True)
    return source
