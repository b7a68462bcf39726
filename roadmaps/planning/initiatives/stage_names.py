"""What statuses of files mean as stages: guessed by their words where that is sure, else as people said it."""

from collections.abc import Iterable

from portal.people.public import Product
from roadmaps.planning.initiatives.models import Stage, StageName

_WORDS = {
    Stage.DISCOVERY: "backlog, idea, open, new, to do, todo, proposed, proposal, draft, triage, discovery, planned",
    Stage.PROTOTYPING: "prototyping, prototype, design, in design",
    Stage.BUILDING: "in progress, doing, started, building, development, in development, accepted, approved",
    Stage.LAUNCHED: "launched, released, shipped, live",
    Stage.MEASURING: "measuring",
    Stage.DONE: "done, closed, complete, completed, finished, final",
    Stage.DROPPED: "dropped, rejected, withdrawn, cancelled, canceled, declined, superseded, replaced, wont do",
}
_KNOWN = {word: str(stage) for stage, words in _WORDS.items() for word in words.split(", ")}
_SIGNS = str.maketrans({"'": "", "\u2019": "", "-": " ", "_": " "})


def guess_stage(sent: str) -> str:
    """Return the stage that a status surely means; "" where that is not sure.

    >>> guess_stage("In Progress"), guess_stage("Won't do"), guess_stage("Deferred")
    ('building', 'dropped', '')
    """
    return _KNOWN.get(" ".join(sent.lower().translate(_SIGNS).split()), "")


def stages_of(product: Product, sent: Iterable[str]) -> dict[str, str]:
    """Return what statuses mean in a product, by their text in small letters; "" where nobody said so."""
    said = {row.sent.lower(): row.stage for row in StageName.objects.filter(product=product)}
    return {one.lower(): said.get(one.lower(), guess_stage(one)) for one in sent}


def note_names(product: Product, sent: Iterable[str]) -> None:
    """Write down statuses that files said and nobody named yet, so that the table shows them."""
    named = {row.lower() for row in StageName.objects.filter(product=product).values_list("sent", flat=True)}
    new = {one.lower(): one for one in sent if one and one.lower() not in named}
    StageName.objects.bulk_create(
        [StageName(product=product, sent=one, stage=guess_stage(one)) for one in new.values()], ignore_conflicts=True
    )
