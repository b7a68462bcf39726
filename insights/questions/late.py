"""Late events: those received after an earlier answer of the same question that covered their closed bucket."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

from insights.events.public import Source, changed_since
from insights.questions.contracts import Question
from insights.questions.models import EarlierAnswer
from insights.questions.running import Run
from insights.questions.sql import Statement

# What is asked again within a month still learns of its late events; tiles are asked every night, so theirs stay.
KEEP = timedelta(days=35)
KEEP_AT_MOST = 50_000


def count_late(question: Question, run: Run, sources: list[Source]) -> int:
    """Return how many events of the range came late since the answer before, and remember this answer."""
    ids = [source.pk for source in sources]
    text = json.dumps([question.to_json(), ids], sort_keys=True)
    key = hashlib.sha256(text.encode()).hexdigest()
    earlier = EarlierAnswer.objects.filter(key=key).first()
    count = count_since(question, run, ids, earlier) if earlier else 0
    EarlierAnswer.objects.update_or_create(
        key=key,
        defaults={
            "data_version": run.snapshot.version,
            "closed_until": closed_until_of(question, run),
            "computed_at": question.now,
        },
    )
    return count


def closed_until_of(question: Question, run: Run) -> datetime:
    """Return the end of the last bucket that was over at the question's moment."""
    moment = question.now.astimezone(UTC)
    over = [edge.replace(tzinfo=UTC) for edge in run.buckets.edges if edge.replace(tzinfo=UTC) <= moment]
    return max(over, default=run.buckets.since.replace(tzinfo=UTC))


def count_since(question: Question, run: Run, ids: list[int], earlier: EarlierAnswer) -> int:
    """Return how many events of the buckets that an earlier answer covered, and that were over, came after it."""
    since = run.buckets.since
    until = min(earlier.closed_until.astimezone(UTC).replace(tzinfo=None), run.buckets.until)
    if until <= since:
        return 0
    span = (since.replace(tzinfo=UTC), until.replace(tzinfo=UTC))
    if not changed_since(ids, earlier.data_version, *span, uses_traits=False):
        return 0
    statement = Statement()
    rows = run.event_rows(statement)
    fits = " or ".join(f"({' and '.join(rows.matches(spec) or ['true'])})" for spec in question.event_specs())
    received = statement.bind(earlier.computed_at.astimezone(UTC).replace(tzinfo=None))
    where = [f"({fits})", *rows.between(since, until), *rows.holds(question.filters), f"e.received_at > {received}"]
    ((count,),) = run.execute(statement, rows.select({"n": "count(*)"}, where), since, until)
    return count


def forget_earlier_answers(now: datetime) -> int:
    """Remove what is remembered of answers nobody asked for again, and all but the newest; return how many went."""
    n_old, _ = EarlierAnswer.objects.filter(computed_at__lt=now - KEEP).delete()
    newest = EarlierAnswer.objects.order_by("-computed_at", "-pk").values("pk")[:KEEP_AT_MOST]
    n_more, _ = EarlierAnswer.objects.exclude(pk__in=newest).delete()
    return n_old + n_more
