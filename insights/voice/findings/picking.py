"""Choosing what shows something to be so: a kind of evidence by its name, a thing of it by its number."""

from collections.abc import Iterable
from typing import Any

from insights.voice.findings.contracts import EvidenceKind
from portal.people.public import Product
from portal.shell.public import BadInput

QUOTE = "highlight"
LONGEST_EVIDENCE_NOTE = 500


def pick_kind(kinds: Iterable[EvidenceKind], name: str) -> EvidenceKind:
    """Return one of some kinds of evidence by its name."""
    found = {piece.kind: piece for piece in kinds}
    if name not in found:
        raise BadInput(fields={"kind": [f"Use one of: {', '.join(sorted(found))}."]})
    return found[name]


def find_thing(kind: EvidenceKind, thing_id: int, *, actor: Any, product: Product) -> Any:
    """Return a thing of a product that may be evidence, as far as the actor may see it."""
    thing = kind.find(actor, thing_id, product)
    if thing is None:
        raise BadInput(fields={"thing_id": ["There is no such thing of this product, or it is not shared with you."]})
    return thing
