"""Answers as events: "survey answered", in a source of the portal's own, so that metrics, alerts and cohorts read them.

Answers are the truth; the events are made of them. What is loaded once and changes later (an answer is deleted, an
import undone, a later answer counts) is taken back load by load, and what is left of it loaded again.
"""

import datetime as dt
import json
import logging
import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.catalogue.reading import announce_commit
from insights.events.contracts import STAGED
from insights.events.public import (
    Batch,
    Source,
    commit_staged,
    create_source,
    default_id_space,
    start_batch,
    undo_batch,
)
from insights.voice.surveys.contracts import CES
from insights.voice.surveys.models import Answer, AnswerLoad, Survey
from portal.people.public import SYSTEM, Product
from portal.shell.public import Conflict

log = logging.getLogger(__name__)

EVENT = "survey answered"
MOST_AT_ONCE = 20_000
_ABOUT = "Answers to surveys of this portal, by persons who are known. The portal writes it by itself."


def note_stale(answers: Any) -> None:
    """Note that answers which may be loaded already are about to change or to go: their loads are made again."""
    AnswerLoad.objects.filter(pk__in=answers.exclude(load=None).values("load")).update(is_stale=True)


def answer_source(product: Product) -> Source:
    """Return the source that holds a product's answers, made when it is first needed."""
    found = Source.objects.filter(product=product, kind=Source.Kind.PORTAL).first()
    if found is not None:
        return found
    names = [f"Surveys of {product.name}"[:100], f"Surveys of {product.name}"[:80] + f" ({product.pk})"]
    name = next(name for name in names if not Source.objects.filter(name=name).exists())
    return create_source(
        actor=SYSTEM,
        product=product,
        name=name,
        kind=Source.Kind.PORTAL,
        id_space=default_id_space(product),
        description=_ABOUT,
    )


def load_all() -> int:
    """Bring the events of every product up to date with its answers; return how many answers were loaded."""
    n_loaded = 0
    for product in Product.objects.filter(pk__in=_products_with_news()).select_related("team").order_by("pk"):
        n_loaded += load_product(product)
    return n_loaded


def load_product(product: Product) -> int:
    """Take back what is stale and load what waits; safe to run twice and to die at any line."""
    take_back_stale(product)
    n_loaded = 0
    while rows := list(_waiting(product)[:MOST_AT_ONCE]):
        _load(product, rows)
        n_loaded += len(rows)
    return n_loaded


def take_back_stale(product: Product) -> None:
    """Undo the stale loads of a product, so that their answers wait again."""
    stale = AnswerLoad.objects.filter(is_stale=True, batch__source__product=product)
    for load in stale.select_related("batch__source__product__team").order_by("pk"):
        if load.batch.state == Batch.State.DONE:
            undo_batch(load.batch, actor=SYSTEM)
        load.delete()  # its answers wait again by that


def _products_with_news() -> Any:
    waiting = _to_load().order_by().values_list("survey__product", flat=True)
    stale = AnswerLoad.objects.filter(is_stale=True).order_by().values_list("batch__source__product", flat=True)
    return set(waiting.distinct()) | set(stale.distinct())


def _to_load() -> Any:
    return Answer.objects.filter(load=None, is_counted=True, score__isnull=False, person__isnull=False)


def _waiting(product: Product) -> Any:
    return _to_load().filter(survey__product=product).select_related("survey", "person", "account").order_by("pk")


def _load(product: Product, rows: list[Answer]) -> None:
    source = answer_source(product)
    batch = start_batch(source, Batch.Kind.PORTAL, actor=SYSTEM)
    ids = [row.pk for row in rows]

    def also() -> None:
        load = AnswerLoad.objects.create(batch=batch)
        if _to_load().filter(pk__in=ids).update(load=load) != len(ids):
            raise Conflict("Some of these answers changed while they were loaded. They are loaded by the next run.")
        announce_commit(source.pk)

    try:
        with tempfile.TemporaryDirectory(prefix="answers-") as folder:
            _stage(Path(folder), [event_of(number, row) for number, row in enumerate(rows, start=1)])
            commit_staged(batch, Path(folder), also=also)
    except Exception as fault:
        failed = {"state": Batch.State.FAILED, "finished_at": timezone.now(), "error": f"{type(fault).__name__}"}
        Batch.objects.filter(pk=batch.pk, state__in=["waiting", "running"]).update(**failed)
        raise


def event_of(number: int, answer: Answer) -> dict[str, Any]:
    """Return an answer as a row of the event store: who, when, and what it adds to the score; never its words."""
    survey = answer.survey
    at = answer.answered_at.astimezone(dt.UTC).replace(tzinfo=None)
    return {
        "item_no": number,
        "event_id": f"answer-{answer.pk}",
        "row_hash": None,
        "event": EVENT,
        "distinct_id": answer.person.distinct_id,
        "account_id": answer.account.account_id if answer.account else None,
        "ts": at,
        "sent_time": answer.answered_at.isoformat(),
        "received_at": at,
        "properties": json.dumps(properties_of(survey, answer), ensure_ascii=False),
        "request_no": None,
    }


def properties_of(survey: Survey, answer: Answer) -> dict[str, Any]:
    """Return what an answer's event says of it: the mean of `points` is the score, of `agrees` the share of 5 to 7."""
    scale, score = survey.scale, answer.score
    assert scale is not None and score is not None
    found: dict[str, Any] = {"survey": survey.pk, "survey name": survey.name, "kind": survey.kind, "score": score}
    found["points"] = scale.points(score)
    if survey.kind == CES:
        found["agrees"] = 100 if score in scale.positive else 0
    return found | {name: value for name, value in (("plan", answer.plan), ("segment", answer.segment)) if value}


def _stage(folder: Path, rows: list[dict[str, Any]]) -> None:
    import duckdb

    columns = ", ".join(f"unnest($c_{name}::{kind}[]) AS {name}" for name, kind in STAGED["events"].items())
    params = {f"c_{name}": [row[name] for row in rows] for name in STAGED["events"]}
    with duckdb.connect() as duck:
        duck.execute(f"COPY (SELECT {columns}) TO '{folder / 'events-1.parquet'}' (FORMAT parquet)", params)


@transaction.atomic
def forget_answers(answers: Any) -> int:
    """Delete answers for good; what was loaded of them goes with the next run, as it does with an erasure at once."""
    note_stale(answers)
    return int(answers.delete()[1].get(Answer._meta.label, 0))
