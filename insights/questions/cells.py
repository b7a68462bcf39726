"""Which number of an answer is meant: reading of the parts that cells of several kinds share."""

from insights.questions.contracts import Question
from insights.questions.grouped import ALL, OTHER, Mode
from insights.questions.reading import ObjectReader
from insights.questions.running import Groups
from insights.questions.sql import NONE, SEPARATOR


def read_place(reader: ObjectReader, key: str, labels: tuple[str, ...]) -> int:
    """Return the place of a label among an answer's labels."""
    label = reader.text(key)
    if label in labels:
        return labels.index(label)
    if label:
        reader.fault(key, "The answer has no such label.")
    return 0


def read_group(reader: ObjectReader, question: Question) -> tuple[str, str | None]:
    """Return which group is meant, as the answer's elements name it: ("all" | "value" | "other" | "none", value)."""
    value = reader.take("breakdown")
    group = reader.take("group")
    if not question.breakdown:
        if value is not None or group not in (None, "all"):
            reader.fault("breakdown", "This question has no breakdown. Leave it out.")
        return "all", None
    n = len(question.breakdown)
    if not isinstance(value, list) or len(value) != n or not all(isinstance(one, str) for one in value):
        example = '["Germany"]' if n == 1 else f"a list of {n} values"
        reader.fault("breakdown", f"Name the group as the answer does, such as {example}.")
        return "all", None
    guessed = {OTHER: "other", NONE: "none"}.get(value[0], "value")
    if n > 1:
        guessed = "other" if value == [OTHER] * n else "value"
    if group is None:
        group = guessed
    words = ("value", "other", "none") if n == 1 else ("value", "other")
    if group not in words:
        reader.fault("group", f"This must be one of: {', '.join(words)}.")
    return str(group), SEPARATOR.join(value)


def group_mode(group: tuple[str, str | None], groups: Groups | None) -> Mode:
    """Return the mode that selects the rows of one group."""
    word, value = group
    if word == "all":
        return ALL
    if word == "none":
        return Mode(is_none=True)
    if word == "other":
        return Mode(others_than=groups.top if groups else ())
    return Mode(only=value)
