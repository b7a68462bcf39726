"""What a trend's JSON says: its series, formula, and what becomes of its buckets."""

from typing import Any

from insights.questions.contracts import INTERVALS, MEASURES, VALUE_MEASURES, TrendSeries
from insights.questions.formulas import LONGEST, Formula, FormulaFault, read_formula
from insights.questions.reading import ObjectReader
from insights.questions.saved import find_saved, read_insight_series
from insights.questions.specs import read_event, read_filters

MAX_SERIES = 26
MAX_AVERAGED = 366
ACTIVE_DAYS = {"weekly_active": 7, "monthly_active": 30}


def read_trend(reader: ObjectReader) -> dict[str, Any]:
    """Return the keys that only a trend has."""
    interval = reader.choice("interval", INTERVALS, "day")
    saved = find_saved(reader.value)

    def read(value: Any, path: str) -> TrendSeries:
        inner = ObjectReader(value, path, reader.faults)
        return read_insight_series(inner, saved) if inner.has("insight") else _read_series(inner, interval)

    series = reader.items("series", read, least=1, most=MAX_SERIES)
    is_cumulative = reader.flag("cumulative")
    for index, one in enumerate(series):
        if is_cumulative and one.measure in ACTIVE_DAYS and one.insight is None:  # of those the doors tell
            reader.fault(f"series[{index}].measure", f"“{one.measure}” cannot be cumulative. Choose persons.")
    return {
        "series": series,
        "interval": interval,
        "formula": _read_formula(reader, len(series)),
        "cumulative": is_cumulative,
        "moving_average": _read_moving_average(reader, interval, is_cumulative),
    }


def _read_moving_average(reader: ObjectReader, interval: str, is_cumulative: bool) -> int | None:
    if reader.take("moving_average") is None:
        return None
    if interval == "all":
        reader.fault("moving_average", "One number has no moving average. Choose an interval, or leave it out.")
    elif is_cumulative:
        reader.fault("moving_average", "A line is cumulative or a moving average, not both. Leave one out.")
    return reader.whole_number("moving_average", 7, least=2, most=MAX_AVERAGED)


def _read_formula(reader: ObjectReader, n_series: int) -> Formula | None:
    text = reader.text("formula", None, longest=LONGEST)
    if not text or len(text) > LONGEST or not n_series:  # nothing asked, or told already what is wrong
        return None
    try:
        return read_formula(text, n_series)
    except FormulaFault as fault:
        reader.fault("formula", str(fault))
        return None


def _read_series(reader: ObjectReader, interval: str) -> TrendSeries:
    event, filters = read_event(reader), read_filters(reader)
    measure = reader.choice("measure", MEASURES, "total")
    number = None
    if measure in VALUE_MEASURES:
        number = reader.text("property")
    elif reader.take("property") is not None:
        reader.fault("property", f"“{measure}” is not about a property. Leave it out.")
    if interval == "hour" and measure in ACTIVE_DAYS:
        reader.fault("measure", f"“{measure}” cannot be asked by hour. Choose day or longer.")
    reader.finish()
    return TrendSeries(event, filters, measure, number)
