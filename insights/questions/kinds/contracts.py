"""What a kind of question brings: how to read it and how to say it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from insights.questions.contracts import Question
from insights.questions.reading import ObjectReader


@dataclass(frozen=True)
class Kind:
    """One kind of question; `read` takes the kind's own keys, with `interval` among them where it has one."""

    name: str
    title: str
    purpose: str
    question: type[Question]
    read: Callable[[ObjectReader], dict[str, Any]]
    describe: Callable[[Any], str]
    default_from: Callable[[dict[str, Any]], str] = lambda own: "-30d"
