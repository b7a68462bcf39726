"""What the page of a closed pulse says, in words and rounded numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from roadmaps.pulses.contracts import LEAST, RATINGS
from roadmaps.pulses.models import Pulse

_WORDS = ((0.7, "they nearly agree"), (0.5, "they agree for the most part"), (0.3, "they agree in part"))
_SURPRISE = 0.05
NONE = "\u2013"


@dataclass(frozen=True)
class Apart:
    """One thing about which people are apart: what it is, who says what, and whether chance may have done it."""

    title: str
    percent: int
    said: str
    chance: str
    is_by_chance: bool


@dataclass(frozen=True)
class RatedRow:
    """A group's answers to a rating; bars — of 1 to 5: score, top and height in percent, count."""

    name: str
    n: int
    mean: str
    sd: str
    bars: list[tuple[int, int, int, int]]


@dataclass(frozen=True)
class PulseResults:
    """All that the page shows."""

    w: str
    w_words: str
    w_note: str
    between: str
    between_words: str
    between_note: str
    ratings: list[tuple[str, str, str, list[RatedRow]]]
    columns: list[tuple[str, int]]
    goals: list[tuple[str, list[str]]]
    agreements: list[str]
    apart: list[Apart]
    notes: list[str]


def say_w(w: float | None) -> str:
    """Return Kendall's W in words."""
    if w is None:
        return "nothing to compare"
    return next((words for least, words in _WORDS if w >= least), "they hardly agree")


def small_name(names: Sequence[str]) -> str:
    """Return how functions that are shown as one are called."""
    return " + ".join(names)


def _groups(summed: dict[str, Any]) -> list[dict[str, Any]]:
    small = summed["small"]
    return [*summed["groups"], *([{**small, "name": small_name(small["names"])}] if small else [])]


def show_results(pulse: Pulse, titles: Sequence[str]) -> PulseResults:
    """Return a closed pulse as its page shows it; `titles` are of its goals by their places."""
    found = pulse.results
    ranking, between = found["ranking"], found["between"]
    whole, groups = ranking["whole"], _groups(ranking)
    columns = [("All", whole)] * bool(whole) + [(one["name"], one) for one in groups]
    order = sorted(range(len(titles)), key=lambda place: whole["means"][place]) if whole else []
    return PulseResults(
        w=NONE if not whole or whole["w"] is None else f"{whole['w']:.2f}",
        w_words=say_w(whole["w"]) if whole else "too few answered",
        w_note=f"ranking by lot gives {whole['chance']:.2f}" if whole else f"it takes {LEAST} answers",
        between=NONE if between is None else f"{between['w']:.2f}",
        between_words="" if between is None else say_w(between["w"]),
        between_note=(
            "it takes two functions with five answers each"
            if between is None
            else f"of {between['n']} functions; ranking by lot gives {between['chance']:.2f}"
        ),
        ratings=[_rating(name, label, found[name]) for name, label in RATINGS.items()],
        columns=[(name, one["n"]) for name, one in columns],
        goals=[(titles[place], [f"{one['means'][place]:.1f}" for _, one in columns]) for place in order],
        agreements=[NONE if one["w"] is None else f"{one['w']:.2f}" for _, one in columns],
        apart=[_apart(gap, titles) for gap in found["gaps"]],
        notes=_notes(found),
    )


def _rating(name: str, label: str, summed: dict[str, Any]) -> tuple[str, str, str, list[RatedRow]]:
    whole = summed["whole"]
    rows = [("All", whole)] * bool(whole) + [(one["name"], one) for one in _groups(summed)]
    mean = f"{whole['mean']:.1f}" if whole else NONE
    note = f"of 5; spread {whole['sd']:.1f}; {whole['n']} answers" if whole else f"it takes {LEAST} answers"
    return label, mean, note, [_rated_row(row_name, one) for row_name, one in rows]


def _rated_row(name: str, one: dict[str, Any]) -> RatedRow:
    most = max(one["counts"])
    heights = [round(100 * n / most) for n in one["counts"]]
    bars = [(score, 100 - tall, tall, n) for score, (tall, n) in enumerate(zip(heights, one["counts"], strict=True), 1)]
    return RatedRow(name, one["n"], f"{one['mean']:.1f}", f"{one['sd']:.1f}", bars)


def _apart(gap: dict[str, Any], titles: Sequence[str]) -> Apart:
    is_goal = gap["about"] == "goal"
    title = titles[gap["place"]] if is_goal else RATINGS[gap["about"]]
    percent = round(100 * gap["share"])
    if not gap["high"]:
        return Apart(title, percent, f"the answers spread over {percent} % of what they could", "", False)
    if not percent:
        return Apart(title, 0, "all functions say the same", "", False)
    # A low rank is an early one: who puts a goal first is named first.
    first, last = ("low", "high") if is_goal else ("high", "low")
    verb = "puts it at" if is_goal else "rates it"
    said = (
        f"{gap[first]} {verb} {gap[f'{first}_mean']:.1f}, {gap[last]} at {gap[f'{last}_mean']:.1f}"
        if is_goal
        else f"{gap[first]} {verb} {gap[f'{first}_mean']:.1f}, {gap[last]} {gap[f'{last}_mean']:.1f}"
    )
    return Apart(title, percent, said, _say_chance(gap["chance"]), gap["chance"] > _SURPRISE)


def _say_chance(chance: float) -> str:
    if chance > 0.5:
        return "chance alone brings that about more often than not"
    if chance < 0.01:
        return "chance alone brings that about in less than 1 of 100"
    return f"chance alone brings that about in 1 of {round(1 / chance)}"


def _notes(found: dict[str, Any]) -> list[str]:
    labels = {"ranking": "the order of the goals", **{name: f"“{label}”" for name, label in RATINGS.items()}}
    said: dict[tuple[str, str], list[str]] = {}
    for name, label in labels.items():
        if small := found[name]["small"]:
            said.setdefault(("small", small_name(small["names"])), []).append(label)
        if found[name]["left_out"]:
            said.setdefault(("out", ", ".join(found[name]["left_out"])), []).append(label)
    notes = []
    for (kind, names), about in said.items():
        what = "" if len(about) == len(labels) else f" on {' and '.join(about)}"
        if kind == "small":
            notes.append(f"Fewer than {LEAST} of each answered{what}, so these are shown as one: {names}.")
        else:
            notes.append(
                f"Fewer than {LEAST} answered{what}: {names}. Their answers are in no number, not even in that of all: "
                "else they could be worked out by taking the others away."
            )
    return notes


Reader = Callable[[Any], Any]


def file_rows(pulse: Pulse, titles: Sequence[str]) -> list[dict[str, Any]]:
    """Return the numbers line by line, as a file holds them: no more than the page shows."""
    rows = []
    for name, label in {"ranking": "Order of the goals", **RATINGS}.items():
        summed = pulse.results[name]
        whole = [{**summed["whole"], "name": "All"}] if summed["whole"] else []
        for one in [*whole, *_groups(summed)]:
            row = {"question": label, "group": one["name"], "answers": one["n"]}
            if name != "ranking":
                rows.append({**row, "mean": round(one["mean"], 3), "spread": round(one["sd"], 3)})
                continue
            rows.append({**row, "agreement": "" if one["w"] is None else round(one["w"], 3)})
            means = zip(titles, one["means"], strict=True)
            rows += [{**row, "goal": title, "mean": round(mean, 3)} for title, mean in means]
    return rows


def _read(name: str) -> Reader:
    return lambda row: row.get(name, "")


FILE_COLUMNS: dict[str, Reader] = {
    "question": _read("question"),
    "group": _read("group"),
    "goal": _read("goal"),
    "answers": _read("answers"),
    "mean rank or rating": _read("mean"),
    "spread (standard deviation)": _read("spread"),
    "agreement (Kendall's W)": _read("agreement"),
}
