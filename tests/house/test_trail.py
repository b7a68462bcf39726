"""The trail speaks in sentences, whichever room wrote the verb."""

import ast
from collections.abc import Iterator
from pathlib import Path

from portal.audit.words import has_words

ROOT = Path(__file__).resolve().parents[2]


def _recorded() -> Iterator[tuple[str, str]]:
    """Yield (file, verb) of each `record(actor, "noun.verbed", …)` in the code, and of what passes a verb on to it."""
    for package in ("portal", "insights"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    if name == "record" or name.startswith("_put_in_force"):
                        yield from ((path.name, one) for one in texts if isinstance(one, str) and one.count(".") == 1)


def test_each_verb_of_the_code_reads_as_a_sentence():
    found = set(_recorded())
    assert len(found) > 60
    silent = sorted(f"{name}: {verb}" for name, verb in found if not has_words(verb))
    assert not silent, f"Give these a phrase in portal/audit/words.py: {silent}"
