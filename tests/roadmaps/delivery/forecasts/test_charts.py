"""The chart of how a forecast drifted: which lines it has, where their names stand, how far its axes reach."""

import datetime as dt

from roadmaps.delivery.forecasts.charts import draw_drift
from roadmaps.delivery.forecasts.models import Forecast

FIRST, LAST = dt.date(2026, 6, 1), dt.date(2026, 6, 15)


def said(made_on, p50, p85, p95, promised_on=None):
    days = {"p50": p50, "p85": p85, "p95": p95, "promised_on": promised_on}
    return Forecast(made_on=made_on, n_left=3, **{name: day and dt.date(2026, *day) for name, day in days.items()})


def test_names_stand_at_the_edge_where_the_page_keeps_them_apart():
    rows = [said(FIRST, (7, 5), (7, 12), (7, 12), (8, 1)), said(LAST, (7, 5), (7, 12), (7, 12), (8, 1))]
    layout = draw_drift(rows, title="What was said", key="drift").figure["layout"]
    names = [(one["xref"], one["x"], one["y"], one["text"]) for one in layout["annotations"]]
    assert names == [
        ("paper", 1, "2026-07-05", "50 %"),
        ("paper", 1, "2026-07-12", "85 %, 95 %"),
        ("paper", 1, "2026-08-01", "promised"),
    ]
    assert layout["xaxis"]["range"] == ["2026-06-01", "2026-06-15"]
    assert layout["yaxis"]["range"] == ["2026-07-03", "2026-08-03"]  # 8 % of 27 days more at both ends


def test_one_day_alone_is_not_cut_into_hours_and_no_promise_draws_no_line():
    figure = draw_drift([said(LAST, (7, 5), (7, 5), (7, 5))], title="What was said", key="drift").figure
    assert figure["layout"]["xaxis"]["range"] == ["2026-06-11", "2026-06-19"]
    assert figure["layout"]["yaxis"]["range"] == ["2026-07-01", "2026-07-09"]
    assert [trace["name"] for trace in figure["data"]] == ["50 %", "85 %", "95 %"]
    assert [one["text"] for one in figure["layout"]["annotations"]] == ["50 %, 85 %, 95 %"]
