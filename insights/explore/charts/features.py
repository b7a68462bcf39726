"""Adoption of features: a row a feature, and the engagement score with its three parts."""

from typing import Any

from insights.explore.charts.reading import question_of
from insights.explore.charts.steps import say_bounds
from insights.explore.charts.words import say_number, say_rate
from insights.explore.contracts import Cell, Column, Headline, Table
from insights.questions.words import say_units
from portal.shell.contracts import say_duration

_TOO_FEW = "too few to say (fewer than 5)"
_NOBODY = "nobody used it"
_MISSING = {
    "adoption": "no feature is marked as core",
    "stickiness": "no interval with activity is over",
    "growth": "nobody came or went in an interval that is over",
}


def feature_table(answer: dict[str, Any]) -> Table:
    """Return a row a feature: who used it, how much, how soon, and who stays."""
    units = say_units(question_of(answer))
    unit = {"people": "person", "accounts": "account"}[units]
    columns = [
        Column("Feature"),
        Column("Used it", units, is_number=True),
        Column("Of active", "%", is_number=True),
        Column("95 % interval", "", is_number=True),
        Column("Did not", units, is_number=True),
        Column("Events", "", is_number=True),
        Column(f"Events a {unit}", "", is_number=True),
        Column("First used it", units, is_number=True),
        Column("Time to first use", "median", is_number=True),
        Column("Users back", "% in the next interval", is_number=True),
        Column("Others back", "% in the next interval", is_number=True),
    ]
    rows = [_row(answer, one, number) for number, one in enumerate(answer["features"])]
    earlier = (answer.get("compare") or {}).get("features")
    if earlier:
        columns += [
            Column("Used it (before)", units, is_number=True),
            Column("Of active (before)", "%", is_number=True),
        ]
        for row, one in zip(rows, earlier, strict=True):
            row += [Cell(one["users"], say_number(one["users"])), _rate(one["share"])]
    return Table(columns, rows)


def _row(answer: dict[str, Any], one: dict[str, Any], number: int) -> list[Cell]:
    share, first = one["share"], one["first_use"]
    name = one["name"] + (" (core)" if one["core"] else "")
    n_others = answer["active"] - one["users"]
    depth, took = one["depth"], first["median_s"]
    return [
        Cell(one["name"], name),
        Cell(one["users"], say_number(one["users"]), point=f"{number}-users"),
        _rate(share),
        Cell(say_bounds(share) or None, say_bounds(share)),
        Cell(n_others, say_number(n_others), point=f"{number}-others"),
        Cell(one["events"], say_number(one["events"])),
        Cell(depth, say_number(depth), why_empty=_NOBODY if depth is None else ""),
        Cell(first["count"], say_number(first["count"])),
        Cell(
            took,
            say_duration(took),
            why_empty="nobody used it for the first time" if took is None else "",
            form="seconds",
        ),
        _rate(one["retention"]["users"]),
        _rate(one["retention"]["others"]),
    ]


def _rate(rate: dict[str, Any]) -> Cell:
    value = rate["rate"]
    return Cell(value, say_rate(value), why_empty=_TOO_FEW if value is None else "", form="rate")


_PARTS = ("adoption", "stickiness", "growth")
_WHOLE = "0 to 100: the mean of its three parts"


def score_table(answer: dict[str, Any]) -> Table:
    """Return the engagement score and its three parts, a row each, with what each is made of."""
    score, details = answer["score"], _say_parts(answer)
    rows = [("Engagement score", score["value"], _WHOLE, "")]
    rows += [(part.capitalize(), score[part], details[part], _MISSING[part]) for part in _PARTS]
    columns = [Column("Part"), Column("Score", "0 to 100", is_number=True), Column("What it is")]
    return Table(
        columns,
        [
            [Cell(name, name), Cell(value, _say_score(value), why_empty="" if value is not None else why),
             Cell(words, words, is_number=False)]
            for name, value, words, why in rows
        ],
    )  # fmt: skip


def score_headlines(answer: dict[str, Any]) -> list[Headline]:
    """Return the engagement score and its three parts, each from 0 to 100."""
    score = answer["score"]
    found = [Headline("Engagement score", _say_score(score["value"]), _WHOLE)]
    for part, detail in _say_parts(answer).items():
        known = score[part] is not None
        found.append(Headline(part.capitalize(), _say_score(score[part]), detail if known else _MISSING[part]))
    return found


def _say_parts(answer: dict[str, Any]) -> dict[str, str]:
    """Return what each part of the score is made of."""
    went = answer["score"]["came_and_went"]
    interval, units = answer["interval"], say_units(question_of(answer))
    n_core = sum(one["core"] for one in answer["features"])
    return {
        "adoption": f"mean share of active {units} that use each of {n_core} core feature{'' if n_core == 1 else 's'}",
        "stickiness": f"share of a {interval}'s days on which those active in it were active",
        "growth": f"{say_number(went['new'])} new and {say_number(went['recovered'])} recovered against "
        f"{say_number(went['dropped'])} dropped; 50 is as many as go",
    }


def _say_score(value: float | None) -> str:
    return say_number(None if value is None else round(value))


def feature_cells(answer: dict[str, Any]) -> Any:
    """Yield the cell that `list_people` understands for each point of chart and table."""
    for number, series in enumerate(answer["series"]):
        yield f"{number}-users", {"feature": series["index"]}
        yield f"{number}-others", {"feature": series["index"], "others": True}
        for place, label in enumerate(answer["labels"]):
            yield f"{number}-{place}", {"feature": series["index"], "label": label}
