"""Reading of untrusted JSON: takes keys one by one and gathers every fault with its path."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
_MISSING: Any = object()


class Faults:
    """Every fault found so far: {"series[0].measure": ["sentence"]}."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def add(self, path: str, sentence: str) -> None:
        """Note a fault."""
        self.found.setdefault(path or "question", []).append(sentence)


class ObjectReader:
    """Takes typed values out of one JSON object; `finish` names the keys that nobody asked for."""

    def __init__(self, value: Any, path: str, faults: Faults):
        self.path = path
        self.faults = faults
        self.is_object = isinstance(value, dict)
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        self.known: set[str] = set()
        if not self.is_object:
            faults.add(path, f"This must be an object with keys, not {kind_of(value)}.")

    def at(self, key: str) -> str:
        """Return the path of one of this object's keys."""
        return f"{self.path}.{key}" if self.path else key

    def fault(self, key: str, sentence: str) -> None:
        """Note a fault of one key."""
        self.faults.add(self.at(key), sentence)

    def has(self, key: str) -> bool:
        """Say whether the key was sent."""
        return key in self.value

    def take(self, key: str, default: Any = None) -> Any:
        """Return what was sent, unchecked."""
        self.known.add(key)
        return self.value.get(key, default)

    def text(self, key: str, default: str | None = _MISSING, *, longest: int = 200) -> str:
        """Return a text that is not empty; without a default it must be there."""
        value = self.take(key, _MISSING)
        if value is _MISSING or (value is None and default is not _MISSING):
            if default is _MISSING:
                if self.is_object:
                    self.fault(key, "This is missing.")
                return ""
            return default  # type: ignore[return-value]  # a default of None is the caller's choice
        if not isinstance(value, str):
            self.fault(key, f"This must be a text, not {kind_of(value)}.")
            return ""
        if not value or len(value) > longest:
            self.fault(key, f"This must have 1 to {longest} characters.")
        return value

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """Return one of the named words."""
        value = self.take(key, default)
        if isinstance(value, str) and value in choices:
            return value
        shown = f"“{value}”" if isinstance(value, str) else kind_of(value)
        self.fault(key, f"This cannot be {shown}. Use one of: {', '.join(choices)}.")
        return default

    def whole_number(self, key: str, default: int, *, least: int, most: int) -> int:
        """Return a whole number between two bounds, both allowed."""
        value = self.take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(key, f"This must be a whole number from {least} to {most}.")
            return default
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self.take(key, default)
        if not isinstance(value, bool):
            self.fault(key, f"This must be true or false, not {kind_of(value)}.")
            return default
        return value

    def items(self, key: str, read: Callable[[Any, str], T], *, least: int = 0, most: int = 100) -> tuple[T, ...]:
        """Return a list, each item read with its own path; a list that may be empty may be left out."""
        value = self.take(key, _MISSING)
        if value is _MISSING or (value is None and not least):
            if least and self.is_object:
                self.fault(key, "This is missing.")
            return ()
        if not isinstance(value, list):
            self.fault(key, f"This must be a list, not {kind_of(value)}.")
            return ()
        if not least <= len(value) <= most:
            self.fault(key, f"This must have {least} to {most} items, not {len(value)}.")
            return ()
        return tuple(read(item, f"{self.at(key)}[{index}]") for index, item in enumerate(value))

    def finish(self) -> None:
        """Name every key that nobody asked for."""
        for key in self.value:
            if key not in self.known:
                self.faults.add(self.at(str(key)), "There is no such key here.")


def kind_of(value: Any) -> str:
    """Return a JSON value's type in words."""
    if value is None:
        return "null"
    words = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "an object",
    }
    return words.get(type(value), type(value).__name__)
