"""The walls between rooms: across packages, code reaches in through `public` and `contracts` alone."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("portal", "insights", "roadmaps", "playbooks")
WINGS = {"insights.voice", "roadmaps.planning", "roadmaps.delivery", "roadmaps.plan"}  # folders of rooms
# Doors besides `public` and `contracts`: what loads too much for every importer of `public` to pay, and what is pure.
MORE_DOORS = {"portal.shell.arithmetic", "portal.shell.api", "portal.people.api_fields", "portal.people.list_filters"}


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _imports(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)


def test_rooms_are_entered_by_their_doors():
    faults = []
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            here = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
            for line, module in _imports(path):
                is_other_package = module.split(".")[0] in PACKAGES and module.split(".")[0] != package
                parts = module.split(".")[3 if _room(module) in WINGS else 2 :]
                is_door = parts[:1] in (["public"], ["contracts"]) or module in MORE_DOORS
                if is_other_package and not is_door and _room(module) != "portal.celery":
                    faults.append(f"{here}:{line} imports {module}")
    assert not faults, "\n".join(faults)
