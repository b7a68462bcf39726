"""What rooms whose things are imported may use."""

from insights.imports.contracts import Fate, Kept, Note, Plan, Preset, Seen, Taker, Target, Worked
from insights.imports.guessing import guess_targets, plain_name
from insights.imports.kinds import ImportKind, ImportKindPiece, OptionsForm
from insights.imports.models import Import
from insights.imports.values import guess_day_format, read_day, read_time, row_digest, row_key
from insights.imports.whole import import_at_once

__all__ = [
    "Fate",
    "Import",
    "ImportKind",
    "ImportKindPiece",
    "Kept",
    "Note",
    "OptionsForm",
    "Plan",
    "Preset",
    "Seen",
    "Taker",
    "Target",
    "Worked",
    "guess_day_format",
    "guess_targets",
    "import_at_once",
    "plain_name",
    "read_day",
    "read_time",
    "row_digest",
    "row_key",
]
