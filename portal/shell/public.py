"""What other rooms may use of the shell."""

from portal.shell.errors import BadInput, Conflict, NotAllowed, NotFound, PortalError, TooMuch, Unavailable
from portal.shell.incoming import UNREADABLE, StrictJSONParser, is_storable, own_body_limit
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
    "UNREADABLE",
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
    "StrictJSONParser",
    "TooMuch",
    "Unavailable",
    "UsedBy",
    "build_list",
    "csv_answer",
    "current_origin",
    "is_storable",
    "own_body_limit",
    "registry",
    "render_page",
    "wants_fragment",
    "working_for",
]
