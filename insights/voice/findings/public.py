"""What other rooms may use of findings."""

from insights.voice.findings.access import get_finding
from insights.voice.findings.actions import create_finding, read_words, review_finding
from insights.voice.findings.contracts import AGAINST, FOR, Backing, EvidenceKind, EvidenceThing
from insights.voice.findings.gathering import add_evidence, quote_for_finding
from insights.voice.findings.models import Evidence, Finding, Review
from insights.voice.findings.picking import LONGEST_EVIDENCE_NOTE, QUOTE, find_thing, pick_kind
from insights.voice.findings.queries import ShownEvidence, show_evidence
from insights.voice.findings.sizes import measure_backing

__all__ = [
    "AGAINST",
    "FOR",
    "LONGEST_EVIDENCE_NOTE",
    "QUOTE",
    "Backing",
    "Evidence",
    "EvidenceKind",
    "EvidenceThing",
    "Finding",
    "Review",
    "ShownEvidence",
    "add_evidence",
    "create_finding",
    "find_thing",
    "get_finding",
    "measure_backing",
    "pick_kind",
    "quote_for_finding",
    "read_words",
    "review_finding",
    "show_evidence",
]
