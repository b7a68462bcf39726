"""Rules: read from JSON, every fault named with its path, and carried out as sets of numbers.

`{"did": true, "event", "filters", "at_least", "last_days" | "date_from", "date_to"}`, a question's filter on traits or
cohorts, `{"any": […]}`, `{"all": […]}`, `{"not": …}`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from insights.cohorts.contracts import Condition, Did, Fits, Group, Rule
from insights.questions.public import Finder, Question, TrendQuestion, check_question
from insights.questions.reading import Faults, ObjectReader
from portal.shell.public import UNREADABLE, BadInput, is_storable

MOST_CONDITIONS = 40
DEEPEST = 5
MOST_TIMES = 1_000_000
MOST_DAYS = 3650
_EVER = "1970-01-01"


@dataclass
class RuleReader:
    """Reads one rule about some products' persons or accounts, as far as a user may ask about them."""

    products: list[str]
    unit: str
    user: Any
    now: datetime
    faults: Faults = field(default_factory=Faults)
    n_conditions: int = 0

    def read(self, value: Any) -> Rule:
        """Return the rule. Raises: BadInput with every fault by its path."""
        if not is_storable(value):
            raise BadInput(fields={"rule": [UNREADABLE]})
        base = self._ask({"filters": []}, "rule")
        root = self._condition(value, "rule", 0)
        if self.n_conditions > MOST_CONDITIONS:
            self.faults.add("rule", f"A rule has at most {MOST_CONDITIONS} conditions.")
        if self.faults.found or base is None or root is None:
            raise BadInput("This rule cannot be used. Correct the named parts.", fields=self.faults.found)
        return Rule(base, root)

    def _condition(self, value: Any, path: str, depth: int) -> Condition | None:
        reader = ObjectReader(value, path, self.faults)
        if not reader.is_object:
            return None
        mode = next((key for key in ("any", "all", "not") if reader.has(key)), "")
        if mode:
            return self._group(reader, mode, depth)
        self.n_conditions += 1
        if reader.has("event") or reader.has("did"):
            return self._did(reader)
        if reader.has("op") or reader.has("property"):
            return self._fits(reader)
        self.faults.add(path, "Say what they did, what they are, or in which cohort; or group with any, all or not.")
        return None

    def _group(self, reader: ObjectReader, mode: str, depth: int) -> Condition | None:
        if depth >= DEEPEST:
            reader.fault(mode, f"Conditions nest {DEEPEST} deep at most.")
            return None
        if mode == "not":
            found = [self._condition(reader.take("not"), reader.at("not"), depth + 1)]
        else:
            read = reader.items(mode, lambda value, path: self._condition(value, path, depth + 1), least=1)
            found = list(read)
        reader.finish()
        return Group(mode, tuple(item for item in found if item is not None))

    def _did(self, reader: ObjectReader) -> Condition | None:
        did = reader.flag("did", True)
        at_least = reader.whole_number("at_least", 1, least=1, most=MOST_TIMES)
        spec = {"event": reader.take("event"), "filters": reader.take("filters") or []}
        if not reader.has("event"):
            reader.fault("event", "Name an event, or give null for any event.")
            return None
        last_days, between, span = None, None, {"date_from": _EVER}
        if reader.take("last_days") is not None:
            last_days = reader.whole_number("last_days", 30, least=1, most=MOST_DAYS)
            span = {"date_from": f"-{last_days}d"}
        first, last = reader.take("date_from"), reader.take("date_to")
        if (first is None) != (last is None):
            reader.fault("date_from", "Give both days, the first and the last, or neither.")
        elif first is not None:
            if last_days is not None:
                reader.fault("last_days", "Give the last days or two dates, not both.")
            between = (str(first), str(last))
            span = {"date_from": first, "date_to": last}
        reader.finish()
        series = {"kind": "trend", "interval": "all", "series": [{**spec, "measure": "persons"}], **span}
        question = self._ask(series, reader.path, "series[0].")
        if not isinstance(question, TrendQuestion):
            return None
        return Did(question, at_least, did, last_days, between)

    def _fits(self, reader: ObjectReader) -> Condition | None:
        op, of = reader.take("op", "is"), reader.take("of", "event")
        is_cohort = op in ("in_cohort", "not_in_cohort")
        if not is_cohort and of not in ("person", "account"):
            reader.fault("of", "A trait is of a person or of an account. Say whose.")
            return None
        if not is_cohort and self.unit == "account" and of == "person":
            reader.fault("of", "A cohort of accounts goes by the accounts' traits.")
            return None
        question = self._ask({"filters": [reader.value]}, reader.path, "filters[0].")
        return None if question is None else Fits(question)

    def _ask(self, part: dict[str, Any], path: str, prefix: str = "") -> Question | None:
        """Return the question that stands for a condition; its faults get the condition's own paths."""
        any_event = {"kind": "trend", "series": [{"event": None, "measure": "persons"}], "interval": "all"}
        value = {**any_event, "products": self.products, "unit": self.unit, **part}
        try:
            return check_question(value, user=self.user, now=self.now, default_zone=settings.WORKSPACE_TIME_ZONE)
        except BadInput as error:
            for name, sentences in error.fields.items():
                is_own = prefix and name.startswith(prefix)
                place = f"{path}.{name.removeprefix(prefix)}" if is_own else f"{path}.{name}" if prefix else name
                self.faults.found.setdefault(place, []).extend(sentences)
            return None


@dataclass
class RuleWork:
    """Carries a rule out against one version of the data."""

    finder: Finder
    rule: Rule
    tell: Any
    _everybody: Any = None
    n_done: int = 0

    def find(self) -> Any:
        """Return the sorted numbers of those who fit."""
        return self._find(self.rule.root)

    def _find(self, item: Condition) -> Any:
        import numpy as np

        if isinstance(item, Group):
            if item.mode == "not":
                return np.setdiff1d(self._all(), self._find(item.items[0]), assume_unique=True)
            join = np.union1d if item.mode == "any" else np.intersect1d
            found = self._find(item.items[0])
            for one in item.items[1:]:
                found = join(found, self._find(one))
            return found
        self.n_done += 1
        self.tell("Looking who fits", self.n_done, count_conditions(self.rule.root))
        if isinstance(item, Fits):
            return self.finder.fitting(item.question)
        doers = self.finder.doers(item.question, item.at_least)
        return doers if item.did else np.setdiff1d(self._all(), doers, assume_unique=True)

    def _all(self) -> Any:
        """Return everybody who was ever seen in the cohort's products."""
        if self._everybody is None:
            self._everybody = self.finder.fitting(self.rule.base)
        return self._everybody


def count_conditions(item: Condition) -> int:
    """Return how many single conditions a rule has."""
    return sum(map(count_conditions, item.items)) if isinstance(item, Group) else 1
