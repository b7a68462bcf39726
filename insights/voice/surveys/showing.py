"""What the pages of surveys show: the chart over time, the table of segments, answers with who gave them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from insights.contacts.public import name_speakers, source_ids_of
from insights.explore.public import BandPoint, Cell, ChartView, Column, Table, build_band_view
from insights.questions.words import say_day
from insights.voice.surveys.asking import REASONS
from insights.voice.surveys.contracts import CES, CSAT, Group, Scored
from insights.voice.surveys.models import Answer, Sending, Survey
from insights.voice.surveys.results import DIMENSIONS, INTERVALS, Results
from insights.voice.surveys.scoring import say_interval, say_score


@dataclass(frozen=True)
class ScoreRow:
    """A score as a page shows it: its name, the number, its interval, n, and how the answers fell."""

    label: str
    value: str
    interval: str
    n: int
    positive: str
    negative: str
    is_partial: bool = False


@dataclass(frozen=True)
class Bar:
    """How often one answer was given."""

    score: int
    n: int
    share: str
    width: int  # of 100
    side: str


def say_share(part: int, whole: int) -> str:
    """Return a share in whole percent.

    >>> say_share(1, 3)
    '33 %'
    """
    return f"{round(100 * part / whole)} %" if whole else "\u2013"


def score_row(survey: Survey, group: Group) -> ScoreRow:
    """Return a group's score for a table."""
    scored = group.scored
    return ScoreRow(
        group.label,
        say_score(survey.kind, scored.value),
        say_interval(survey.kind, scored),
        scored.n,
        say_share(scored.n_positive, scored.n),
        say_share(scored.n_negative, scored.n),
        group.is_partial,
    )


def bars_of(survey: Survey, results: Results) -> list[Bar]:
    """Return how the answers are spread over the scale."""
    scale = survey.scale
    if scale is None:
        return []
    n, most = sum(results.counts.values()), max(results.counts.values(), default=0)
    found = []
    for score, count in results.counts.items():
        side = "positive" if score in scale.positive else "negative" if score in scale.negative else "neutral"
        found.append(Bar(score, count, say_share(count, n), round(100 * count / most) if most else 0, side))
    return found


def chart_over_time(survey: Survey, results: Results) -> ChartView | None:
    """Return the score period by period with its 95 % interval as a band; None without two periods."""
    scale = survey.scale
    if scale is None or len(results.periods) < 2:
        return None
    points = [
        BandPoint(one.label, one.scored.value, None, one.scored.low, one.scored.high, is_partial=one.is_partial)
        for one in results.periods
    ]
    noun = INTERVALS[results.interval].lower()
    unit = "%" if survey.kind == CSAT else scale.unit
    view = build_band_view(
        points,
        key=f"survey-{survey.pk}",
        title=f"{scale.name} a {noun}",
        caption=f"{unit}; the band is the 95 % interval; no line where a {noun} has fewer than five answers",
        interval=results.interval,
        unit=unit,
        band="95 % sure",
    )
    return replace(view, table=_time_table(survey, results, unit), is_empty=False)


def _time_table(survey: Survey, results: Results, unit: str) -> Table:
    columns = [Column(INTERVALS[results.interval]), Column(survey.scale.name, unit, True)]
    columns += [Column("95 % from", "", True), Column("to", "", True), Column("Answers", "", True)]
    rows = []
    for one in reversed(results.periods):
        scored, digits = one.scored, 2 if survey.kind == CES else 0
        said = [
            Cell(value, "" if value is None else f"{value:.{digits}f}", why_empty="Too few to say")
            for value in (scored.value, scored.low, scored.high)
        ]
        first = Cell(one.label, say_day(one.starts_on) + (" so far" if one.is_partial else ""), is_number=False)
        rows.append([first, *said, Cell(scored.n, f"{scored.n:,}")])
    return Table(columns, rows)


def say_passed(sending: Sending) -> list[tuple[int, str]]:
    """Return how many were passed over in a round of asking, and why, the most frequent first."""
    found = [(n, REASONS.get(reason, reason)) for reason, n in sending.passed.items()]
    return sorted(found, key=lambda pair: (-pair[0], pair[1]))


def dress_answers(answers: Sequence[Answer], survey: Survey) -> None:
    """Give each answer who gave it, as they are called now; one read of the store for all."""
    sources = source_ids_of([survey.product_id])
    persons, accounts = name_speakers((one.person for one in answers), (one.account for one in answers), sources)
    for one in answers:
        one.who = persons.get(one.person_id)
        one.company = accounts.get(one.account_id)


def headline(survey: Survey, scored: Scored | None) -> str:
    """Return a survey's score in a few words, for lists and digests."""
    if scored is None:
        return ""
    if scored.value is None:
        return f"too few to say (n = {scored.n:,})" if scored.n else "no answers yet"
    return say_score(survey.kind, scored.value)


def dimension_choices() -> list[tuple[str, str]]:
    """Return by what results can be broken down."""
    return list(DIMENSIONS.items())
