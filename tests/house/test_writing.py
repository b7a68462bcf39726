"""How the house is written: sizes, reasons, names; each rule says what to do when it is broken."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.celery import app

ROOT = Path(__file__).resolve().parents[2]
CODE = ("portal", "insights", "roadmaps", "playbooks", "tests", "benchmarks")
TEXTS = (*CODE, "templates", "static", ".ci")
TEXT_FILES = {".py", ".html", ".txt", ".js", ".css", ".md", ".toml", ".yml", ".lock", ".json", ".sql", ""}
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
_TODO = re.compile(r"\b(TODO|FIXME|XXX)\b")
_OWNED_TODO = re.compile(r"\bTODO\([\w-]+\): \w.{9,}")
_TASK = re.compile(r"[a-z]+\.[a-z]+_[a-z_]+")
_INCLUDE = re.compile(r'\{%-?\s*include "components/(?P<name>[\w-]+)\.html"(?P<rest>[^%]*)%\}')
_ARGUMENT = re.compile(r"(\w+)=")


def _here(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _code() -> Iterator[Path]:
    for package in CODE:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def _texts() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.suffix in TEXT_FILES)
    for folder in TEXTS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in TEXT_FILES and "__pycache__" not in path.parts:
                yield path


def test_modules_are_short():
    long = [_here(path) for path in _code() if len(path.read_text().splitlines()) > MOST_LINES]
    assert not long, f"Split these by noun: {', '.join(long)}"


def test_functions_are_short():
    faults = [
        f"{_here(path)}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in _code()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]
    assert not faults, "Let a step of these be a function of its own:\n" + "\n".join(faults)


def test_what_is_left_to_do_has_an_owner_and_a_reason():
    faults = [
        f"{_here(path)}:{number}"
        for path in _texts()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if _TODO.search(line) and not _OWNED_TODO.search(line)
    ]
    assert not faults, f"Write TODO(name): what, and why not now: {', '.join(faults)}"


def test_text_that_is_not_escaped_says_why():
    faults = [
        f"{_here(path)}:{number}"
        for path in _code()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "mark_safe(" in line and "# safe: " not in line
    ]
    assert not faults, f"Say beside mark_safe who made the text safe, as “# safe: …”: {', '.join(faults)}"
    unescaped = [_here(path) for path in (ROOT / "templates").rglob("*.html") if "|safe" in path.read_text()]
    assert not unescaped, f"Let the code that makes the text safe mark it, not the template: {', '.join(unescaped)}"


def test_tasks_are_named_by_room_verb_and_noun():
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith(("celery.", "tests."))]
    faults = [
        task.name
        for task in ours
        if not _TASK.fullmatch(task.name) or task.name.split(".")[0] != task.__module__.split(".")[1]
    ]
    assert ours and not faults, f"Name these room.verb_noun: {', '.join(sorted(faults))}"


def test_no_file_names_a_package_registry():
    # In pieces, so that this file names none either.
    names = ["pypi", "pythonhosted", "npmjs", "unpkg", "jsdelivr", "cdnjs", "crates", "rubygems"]
    hosts = re.compile(rf"\b({'|'.join(names)})\.(org|com|net|io)\b|--(extra-)?index-url[ =]\S|^\s*index-url\s*=", re.M)
    faults = [f"{_here(path)}: {found[0]}" for path in _texts() if (found := hosts.search(path.read_text()))]
    assert not faults, "Packages come from the registry that pip is set up for:\n" + "\n".join(faults)


@pytest.mark.parametrize("path", sorted((ROOT / "templates/components").glob("*.html")), ids=lambda path: path.stem)
def test_component_says_what_it_takes(path):
    first = path.read_text().partition("#}")[0]
    assert first.startswith("{# "), "Begin with a comment that lists the arguments."
    passed = {
        (name, _here(template))
        for template in (ROOT / "templates").rglob("*.html")
        for found in _INCLUDE.finditer(template.read_text())
        if found["name"] == path.stem
        for name in _ARGUMENT.findall(re.sub(r'"[^"]*"', '""', found["rest"]))
    }
    unknown = sorted(f"{name} ({place})" for name, place in passed if not re.search(rf"\b{name}\b", first))
    assert not unknown, f"The comment on line 1 does not speak of: {', '.join(unknown)}"


def test_the_readme_names_what_is_there():
    words = re.sub(r"\s+", " ", (ROOT / "README.md").read_text())
    missing = []
    for path, name in re.findall(r"`((?:portal|insights|templates|tests|static)/[\w./-]+\w)(?:: (\w+))?`", words):
        place = ROOT / path
        if not place.exists() or (name and not re.search(rf"(def|class) {name}\b", place.read_text())):
            missing.append(f"{path} {name}".strip())
    assert not missing, f"The README sends newcomers to: {', '.join(missing)}"
