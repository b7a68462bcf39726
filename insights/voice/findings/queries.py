"""What the pages of findings show: one finding with its evidence by side, and what a reader has to review."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from insights.voice.findings.contracts import AGAINST, FOR, Backing, EvidenceKind, EvidenceThing
from insights.voice.findings.models import Evidence, Finding
from insights.voice.findings.sizes import measure_backing
from portal.people.public import can
from portal.shell.public import Panel, panels_for, registry, render_markdown

MOST_ON_HOME = 6


@dataclass(frozen=True)
class ShownEvidence:
    """Evidence as one reader may see it; thing is None where it is gone, or not for this reader."""

    evidence: Any
    kind: EvidenceKind | None
    thing: EvidenceThing | None

    @property
    def label(self) -> str:
        """Return its kind as a reader calls it."""
        return self.kind.label if self.kind else self.evidence.kind

    @property
    def is_quote(self) -> bool:
        """Say whether it is somebody's own words."""
        return bool(self.evidence.highlight_id)


@dataclass(frozen=True)
class Side:
    """One side of a claim: what speaks there, how much stands behind it, and how much of it is not for this reader."""

    name: str
    title: str
    rows: list[ShownEvidence]
    backing: Backing
    n_hidden: int


@dataclass(frozen=True)
class FindingPage:
    """One finding with all that its page shows."""

    standing: Finding.Standing
    meaning: Any
    sides: tuple[Side, Side]
    panels: list[tuple[Panel, Any]]
    days_left: int | None
    caution: str
    may_edit: bool

    @property
    def is_to_review(self) -> bool:
        """Say whether somebody should review it now."""
        standings = Finding.Standing
        return self.standing in (standings.ENDS_SOON, standings.EXPIRED, standings.IN_QUESTION)


def show_evidence(rows: Sequence[Any], user: Any, *more: EvidenceKind) -> list[ShownEvidence]:
    """Return evidence with its things as a reader may see them: a constant number of queries for each kind.

    Rooms to the right show evidence of their own things so, with `more` kinds than findings rest on.
    """
    kinds: dict[str, EvidenceKind] = {piece.kind: piece for piece in [*registry.all(EvidenceKind), *more]}
    asked: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        asked[row.kind].add(row.thing_no)
    things = {name: kinds[name].show(ids, user) for name, ids in asked.items() if name in kinds}
    return [ShownEvidence(row, kinds.get(row.kind), things.get(row.kind, {}).get(row.thing_no)) for row in rows]


def build_finding_page(finding: Finding, user: Any, *, today: dt.date) -> FindingPage:
    """Return what the page of a finding shows to a reader."""
    rows = show_evidence(list(finding.evidence.select_related("created_by").order_by("pk")), user)
    backing = measure_backing([finding.pk]) if rows else {}
    standing = finding.standing_on(today)
    for_it = _side(finding, FOR, "What speaks for it", rows, backing)
    return FindingPage(
        standing=standing,
        meaning=render_markdown(finding.meaning) if finding.meaning else "",
        sides=(for_it, _side(finding, AGAINST, "What speaks against it", rows, backing)),
        panels=panels_for(finding, user),
        days_left=(finding.valid_until - today).days if finding.valid_until else None,
        caution=_caution(finding, rows, for_it.backing),
        may_edit=can(user, "findings.edit", finding),
    )


def _side(
    finding: Finding, name: str, title: str, rows: list[ShownEvidence], backing: dict[tuple[int, str], Backing]
) -> Side:
    own = [row for row in rows if row.evidence.side == name]
    # A quote that may not be read is not there, but for its number; of other things the title and note stay.
    seen = [row for row in own if row.thing is not None or not row.is_quote]
    return Side(name, title, seen, backing.get((finding.pk, name), Backing()), len(own) - len(seen))


def _caution(finding: Finding, rows: list[ShownEvidence], backing: Backing) -> str:
    """Return a sentence where a claim is held to be surer than its evidence."""
    kinds = {row.evidence.kind for row in rows if row.evidence.side == FOR}
    if finding.confidence == Finding.Confidence.HIGH and len(kinds) < 2:
        return "Its confidence is high, but all that speaks for it is of one kind. High means that two methods agree."
    is_thin = backing.n_quotes and backing.n_people < 2 and len(kinds) == 1 and "highlight" in kinds
    if finding.confidence >= Finding.Confidence.MEDIUM and is_thin:
        return "Its confidence says that several say the same, but its quotes are of one person."
    return ""


def findings_of_highlights(highlights: Any, user: Any) -> list[Evidence]:
    """Return the evidence that stands on some highlights, with the findings that the reader may see."""
    rows = Evidence.objects.visible_to(user).filter(highlight__in=highlights)
    return list(rows.select_related("finding", "highlight").order_by("finding__claim", "pk"))


def findings_to_review(user: Any, today: dt.date) -> tuple[list[Finding], bool]:
    """Return the findings that a person owns and has to review, the most urgent first, and whether there are more."""
    own = Finding.objects.visible_to(user).filter(owner_id=user.pk).to_review(today).dressed()
    found = list(own.order_by(F("valid_until").asc(nulls_first=True), "pk")[: MOST_ON_HOME + 1])
    for one in found:
        one.standing = one.standing_on(today)
    return found[:MOST_ON_HOME], len(found) > MOST_ON_HOME
