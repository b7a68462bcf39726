"""Learning in a worker: claimed, kept alive by a heartbeat, kept in one transaction, run again if it died.

What was read before a person was erased is never kept after it: the erasure is counted, and the count is compared in
the transaction that keeps.
"""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.voice.suggestions import keeping
from insights.voice.suggestions.embedding import embed, embedder_name
from insights.voice.suggestions.models import Learning
from insights.voice.suggestions.proposing import put_proposals
from insights.voice.suggestions.reading import Stamp, read_marked, read_pieces, read_stamp
from portal.operations.public import Pulse, claim, enqueue_on_commit, requeue_dead
from portal.people.public import Product
from portal.shell.public import Conflict, PortalError

log = logging.getLogger(__name__)

REST = timedelta(minutes=10)  # between two learnings of a product
OLDEST = timedelta(days=1)  # at which little news is learned too
SURE, MOST_KNOWN = 0.6, 0.5  # a group with more pieces of such confidence than this share is no new theme
_FAILED = "It stopped on an error of the portal. What was learned before is still used; the worker's log says why."
_DIED = "The worker ended {n} times before it had learned. What was learned before is still used; tell ops ({pk})."


@transaction.atomic
def ask_to_learn(product: Product) -> Learning:
    """Have a worker learn from what is linked now; asked twice it is done once."""
    Learning.objects.get_or_create(product=product)
    learning = Learning.objects.select_for_update().get(product=product)
    if learning.state != Learning.State.RUNNING:
        fresh = {"state": Learning.State.WAITING, "n_attempts": 0, "error": "", "asked_at": timezone.now()}
        Learning.objects.filter(pk=learning.pk).update(**fresh)
        enqueue_on_commit("voice.learn_product", learning_id=learning.pk)
    return learning


def learn_changed(now: Any = None) -> list[int]:
    """Ask for a learning of each product where there is news; return the products' numbers."""
    now = now or timezone.now()
    asked = []
    known = {one.product_id: one for one in Learning.objects.all()}
    for product in Product.objects.order_by("pk"):
        if is_due(known.get(product.pk), read_stamp(product), now):
            ask_to_learn(product)
            asked.append(product.pk)
    return asked


def is_due(learning: Learning | None, stamp: Stamp, now: Any) -> bool:
    """Say whether there is enough news since the last learning: a fiftieth more links or pieces, or a day is over."""
    if learning is None or not learning.token:
        return learning is None or (learning.state in (Learning.State.DONE,) and stamp.text != learning.stamp)
    if learning.state in (Learning.State.WAITING, Learning.State.RUNNING) or stamp.text == learning.stamp:
        return False
    age = now - (learning.finished_at or learning.asked_at)
    is_much = abs(stamp.n_marks - learning.n_marks) >= max(5, learning.n_marks // 50)
    is_much = is_much or abs(stamp.n_pieces - learning.n_pieces) >= max(20, learning.n_pieces // 50)
    return age >= OLDEST or (is_much and age >= REST)


def run_learning(learning_id: int) -> None:
    """Learn a product that waits for it."""
    mine = claim(Learning.objects.all(), learning_id, started_at=timezone.now())
    learning = mine.select_related("product__team").first() if mine is not None else None
    if learning is None:
        return
    try:
        with Pulse(mine) as pulse:
            _learn(learning, mine, pulse)
    except PortalError as fault:
        mine.update(state=Learning.State.FAILED, error=fault.message, finished_at=timezone.now(), step="")
    except Exception:  # the outermost loop of a job: what was learned before stays in use
        log.exception("%s failed", learning)
        mine.update(state=Learning.State.FAILED, error=_FAILED, finished_at=timezone.now(), step="")


def requeue_dead_learnings() -> list[int]:
    """Announce learnings again whose worker died, but end one that no worker survives."""
    given_up = {"finished_at": timezone.now(), "step": ""}
    with transaction.atomic():
        ids, _ = requeue_dead(Learning.objects.all(), _DIED, again={"step": "Starting again"}, given_up=given_up)
        for learning_id in ids:
            enqueue_on_commit("voice.learn_product", learning_id=learning_id)
    return ids


def _learn(learning: Learning, mine: Any, pulse: Pulse) -> None:
    from insights.voice.suggestions.likeness import Index

    product, stamp = learning.product, read_stamp(learning.product)
    pulse("Reading what was linked")
    space, classifier, n_examples = _learn_themes(product, pulse)
    pulse("Reading what was said")
    ids, texts, waiting = read_pieces(product)
    pulse("Comparing pieces")
    piece_space, rows = _place(texts)
    import numpy as np

    index = Index.build(np.array(ids, dtype=np.int64), rows)
    pulse("Looking for new themes")
    groups = _without_known(_group(texts, rows, waiting), texts, space, classifier)
    learned = keeping.Learned(space, classifier, piece_space, index, embedder_name())
    token = keeping.keep(product.pk, learned)
    done = {
        "state": Learning.State.DONE,
        "finished_at": timezone.now(),
        "learned_at": timezone.now(),
        "step": "",
        "error": "",
        "token": token,
        "stamp": stamp.text,
        "n_marks": stamp.n_marks,
        "n_examples": n_examples,
        "n_themes": 0 if classifier is None else len(classifier.themes),
        "n_pieces": len(ids),
        "quality": None if classifier is None else classifier.quality,
    }
    with transaction.atomic():
        current = Learning.objects.select_for_update().get(pk=learning.pk)
        if current.n_erasures != learning.n_erasures:
            keeping.forget_others(product.pk, current.token)
            again = {"state": Learning.State.WAITING, "step": "Starting again: somebody was erased", "n_attempts": 0}
            mine.update(**again)
            enqueue_on_commit("voice.learn_product", learning_id=learning.pk)
            return
        put_proposals(product, [(group, [ids[place] for place in group.places]) for group in groups])
        if not mine.update(**done):
            raise Conflict("Another worker has this learning now.")
    keeping.forget_others(product.pk, token)


def _learn_themes(product: Product, pulse: Pulse) -> tuple[Any, Any, int]:
    """Return (space, classifier, number of examples); without enough of them, no classifier."""
    from insights.voice.suggestions.features import TextSpace
    from insights.voice.suggestions.learning import MOST_EXAMPLES, Examples, learn

    marked = read_marked(product, MOST_EXAMPLES)
    if not marked.labels:
        return None, None, 0
    pulse(f"Learning from {len(marked.labels):,} examples")
    space, rows = (None, embed(marked.texts)) if embedder_name() else TextSpace.fit(marked.texts)
    classifier = learn(Examples(rows, marked.labels, marked.refused))
    return (space if classifier is not None else None), classifier, len(marked.labels)


def _place(texts: list[str]) -> tuple[Any, Any]:
    """Return where pieces are compared, and their rows there."""
    from insights.voice.suggestions.features import TextSpace

    if embedder_name():
        return None, embed(texts)
    return TextSpace.fit(texts, has_letters=False)


def _group(texts: list[str], rows: Any, waiting: list[bool]) -> list[Any]:
    """Return groups of the newest pieces that wait without a theme, by their places among all pieces."""
    from dataclasses import replace

    from insights.voice.suggestions.grouping import find_groups
    from insights.voice.suggestions.reading import MOST_UNLINKED

    own = [place for place, is_waiting in enumerate(waiting) if is_waiting][:MOST_UNLINKED]
    if not own:
        return []
    others = [texts[place] for place, is_waiting in enumerate(waiting) if not is_waiting][:MOST_UNLINKED]
    groups = find_groups([texts[place] for place in own], others, rows[own] if embedder_name() else None)
    return [replace(group, places=tuple(own[place] for place in group.places)) for group in groups]


def _without_known(groups: list[Any], texts: list[str], space: Any, classifier: Any) -> list[Any]:
    """Leave out groups most of whose pieces surely belong to a theme that there is already."""
    if classifier is None:
        return groups

    def is_known(group: Any) -> bool:
        near = [texts[place] for place in group.places[:50]]
        sure = classifier.confidences(embed(near) if space is None else space.rows_of(near)).max(axis=1)
        return bool((sure >= SURE).mean() > MOST_KNOWN)

    return [group for group in groups if not is_known(group)]
