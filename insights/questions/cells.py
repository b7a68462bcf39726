"""Which number of an answer is meant: reading of the parts that cells of several kinds share."""

from insights.questions.contracts import Question
from insights.questions.grouped import ALL, NONE, OTHER, Mode
from insights.questions.reading import ObjectReader
from insights.questions.running import Groups


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
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], str):
        reader.fault("breakdown", 'Name the group as the answer does, such as ["Germany"].')
        return "all", None
    guessed = {OTHER: "other", NONE: "none"}.get(value[0], "value")
    if group is None:
        group = guessed
    if group not in ("value", "other", "none"):
        reader.fault("group", "This must be value, other or none.")
    return str(group), value[0]


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
