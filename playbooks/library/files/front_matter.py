"""The head of a Markdown file: what it says of the text, as YAML between two lines of dashes. Knows no Django.

What is read is kept letter by letter; written again, only the lines whose values changed are others.
"""

import re
from typing import Any

import yaml

_HEAD = re.compile(r"---[ \t]*\n(.+?\n)---[ \t]*(?:\n|\Z)", re.S)
_KEY = re.compile(r"([A-Za-z_][\w-]*):(?=\s|$)")
LONGEST = 20_000


class BrokenHead(ValueError):
    """A head that cannot be read; its words say where."""


class _Loader(yaml.SafeLoader):
    """Plain values alone; no names for parts, by which a small text can mean a huge one."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse a reference to another part."""
        if self.check_event(yaml.AliasEvent):
            raise BrokenHead("Its head refers to parts of itself (*name). Write them out.")
        return super().compose_node(parent, index)


def split(text: str) -> tuple[str, str]:
    """Return the head of a file without its dashes, "" where it has none, and the text below.

    >>> split("---\\ntitle: A\\n---\\nText"), split("Text")
    (('title: A\\n', 'Text'), ('', 'Text'))
    """
    found = _HEAD.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def join(head: str, body: str) -> str:
    """Return a file of a head and a text."""
    return f"---\n{head}---\n{body}" if head else body


def read(head: str) -> dict[str, Any]:
    """Return what a head says, or say why it cannot be read."""
    if len(head) > LONGEST:
        raise BrokenHead(f"Its head is longer than {LONGEST:,} characters.")
    try:
        found = yaml.load(head, Loader=_Loader)
    except yaml.MarkedYAMLError as fault:
        line = f" in line {fault.problem_mark.line + 2}" if fault.problem_mark else ""
        raise BrokenHead(f"Its head cannot be read{line}: {fault.problem or 'this is no YAML'}.") from fault
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        if isinstance(fault, BrokenHead):
            raise
        raise BrokenHead("Its head cannot be read: this is no YAML.") from fault
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BrokenHead("Its head is no list of names and values.")
    return {str(name): value for name, value in found.items()}


def rewrite(head: str, changes: dict[str, Any]) -> str:
    """Return a head with other values: the lines of all other keys stay as they are; None takes a key out.

    >>> rewrite("a: 1 # one\\nb:\\n  - 2\\n", {"b": [3], "c": "x"})
    'a: 1 # one\\nb:\\n- 3\\nc: x\\n'
    """
    blocks: list[tuple[str, list[str]]] = []
    for line in head.splitlines(keepends=True):
        found = _KEY.match(line)
        if found or not blocks:
            blocks.append((found[1] if found else "", [line]))
        else:
            blocks[-1][1].append(line)
    known = {name for name, _ in blocks}
    lines = [
        _dump(name, changes[name]) if name in changes else "".join(own)
        for name, own in blocks
        if name not in changes or changes[name] is not None
    ]
    lines += [_dump(name, value) for name, value in changes.items() if name not in known and value is not None]
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _dump(name: str, value: Any) -> str:
    return yaml.safe_dump({name: value}, allow_unicode=True, sort_keys=False, width=10_000)
