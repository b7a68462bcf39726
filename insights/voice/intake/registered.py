"""What the intake hangs into the shell: feedback as a kind of import, and a command."""

from insights.imports.public import ImportKindPiece
from insights.voice.intake.importing import FeedbackImport
from portal.shell.public import registry

registry.add(ImportKindPiece(FeedbackImport()))
