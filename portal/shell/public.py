"""What other rooms may use of the shell."""

from portal.shell.errors import BadInput, Conflict, NotAllowed, NotFound, PortalError, TooMuch, Unavailable
from portal.shell.lists import ListPage, build_list, csv_answer
from portal.shell.pages import render_page, wants_fragment
from portal.shell.registry import (
    BackupFiles,
    Command,
    DemoSeed,
    Exporter,
    Fact,
    FirstStep,
    FramePiece,
    HomePanel,
    NavItem,
    NightStep,
    PersonEraser,
    Schedule,
    SearchHit,
    SearchProvider,
    UsedBy,
    registry,
)
from portal.shell.request_context import Origin, current_origin, working_for

__all__ = [
    "BackupFiles",
    "BadInput",
    "Command",
    "Conflict",
    "DemoSeed",
    "Exporter",
    "Fact",
    "FirstStep",
    "FramePiece",
    "HomePanel",
    "ListPage",
    "NavItem",
    "NightStep",
    "NotAllowed",
    "NotFound",
    "Origin",
    "PersonEraser",
    "PortalError",
    "Schedule",
    "SearchHit",
    "SearchProvider",
    "TooMuch",
    "Unavailable",
    "UsedBy",
    "build_list",
    "csv_answer",
    "current_origin",
    "registry",
    "render_page",
    "wants_fragment",
    "working_for",
]
