"""Figures, tables and words of literal answers."""

import json

import pytest

from insights.explore.charts.captions import fact_lines
from insights.explore.charts.figures import build_figure
from insights.explore.charts.frame import spread
from insights.explore.charts.headlines import build_headlines
from insights.explore.charts.tables import chart_table
from insights.explore.charts.view import build_chart_view
from insights.explore.contracts import CHARTS_BY_KIND, Note
from insights.questions.public import say_question
from tests.insights.explore import answers


@pytest.mark.parametrize(
    ("kind", "chart"), [(kind, chart) for kind, types in CHARTS_BY_KIND.items() for chart in types]
)
def test_every_kind_draws_every_chart_it_names(kind, chart):
    figure = build_figure(answers.ALL[kind](), chart)
    json.dumps(figure, allow_nan=False)
    assert bool(figure["data"]) is (chart != "table")


def test_a_chart_that_cannot_draw_a_kind_falls_back_to_its_own():
    assert build_figure(answers.funnel(), "line") == build_figure(answers.funnel(), "funnel")


def test_open_bucket_is_dashed_and_joined_to_the_last_whole_one():
    whole, tail, marks = build_figure(answers.trend(), "line")["data"]
    assert whole["y"] == [1200, 1260]
    assert tail["y"] == [1260, 400]
    assert tail["line"]["dash"] == "dash"
    assert marks["y"] == [400]
    assert marks["customdata"] == [["400 so far", "0-2"]]


def test_compared_period_is_dotted_and_shares_the_colour():
    series = [
        {"name": "report opened", "breakdown": None, "values": [5, 6, 7], "compare_values": [3, 4, 5]},
    ]
    figure = build_figure(answers.trend(series=series, partial=[]), "line")
    assert [trace["line"].get("dash") for trace in figure["data"]] == [None, "dot"]
    assert figure["data"][1]["line"]["color"] == "var(--chart-1)@0.65"


def test_nulls_stay_gaps():
    series = [{"name": "load time", "breakdown": None, "values": [5, None, 7]}]
    trace = build_figure(answers.trend(series=series, partial=[]), "line")["data"][0]
    assert trace["y"] == [5, None, 7]
    assert trace["connectgaps"] is False
    assert trace["marker"]["size"] == [7, 0, 7], "a value alone between gaps would not show as a line"


def test_names_from_outside_are_no_markup():
    series = [{"name": f"<b>{n}</b><script>", "breakdown": None, "values": [n, 2, 3]} for n in (1, 2)]
    text = json.dumps(build_figure(answers.trend(series=series), "line")["layout"])
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_one_line_has_no_label_because_the_title_names_it():
    series = [{"name": "any event", "breakdown": None, "values": [1, 2, 3]}]
    assert build_figure(answers.trend(series=series), "line")["layout"]["annotations"] == []


def test_notes_are_numbered_on_the_chart():
    notes = [Note("2024-01-02", "Release 4.2"), Note("2024-01-01", "Outage", ends_on="2024-01-02")]
    layout = build_figure(answers.trend(), "line", notes)["layout"]
    assert [shape["type"] for shape in layout["shapes"]] == ["line", "rect"]
    assert [label["text"] for label in layout["annotations"][-2:]] == ["1", "2"]


def test_labels_of_lines_that_end_together_are_kept_apart():
    places = spread([10.0, 10.0, 9.9], 1.0, 0.0, 12.0)
    assert sorted(places)[1] - sorted(places)[0] >= 1.0 - 1e-9
    assert max(places) <= 12.0


def test_funnel_shows_shares_and_counts():
    trace = build_figure(answers.funnel())["data"][0]
    assert trace["x"] == [1.0, 0.25]
    assert trace["text"] == ["100 % · 40", "25 % · 10"]


def test_an_optional_step_is_drawn_paler_and_holds_nobody_up():
    answer = answers.funnel()
    steps = [answer["steps"][0], {**answer["steps"][1], "name": "toured", "count": 4}, answer["steps"][1]]
    answer["steps"] = [{**step, "dropped": lost} for step, lost in zip(steps, (0, 36, 30), strict=True)]
    answer["steps"][1]["optional"] = True
    answer["facts"]["question"]["steps"].insert(1, {"event": "toured", "optional": True})
    trace = build_figure(answer)["data"][0]
    assert trace["y"][1] == "2. toured (optional)"
    assert trace["marker"]["opacity"] == [1, 0.45, 1]
    view = build_chart_view(answer, "funnel", key="k", title="t")
    assert [row[5].text for row in view.table.rows] == ["", "36", "30"]


def test_funnel_with_too_few_people_says_so():
    steps = [{"name": "a", "breakdown": None, "count": 3, "from_first": None, "from_previous": None}]
    assert build_figure(answers.funnel(steps=steps))["data"][0]["text"] == ["too few to say · 3"]


def test_heatmap_stars_what_is_not_over_and_gives_no_rate_of_three_people():
    trace = build_figure(answers.retention())["data"][0]
    assert trace["text"][0] == ["100", "55", "42*"]
    assert trace["z"][2] == [None, None, None]


def test_mean_retention_is_a_line_with_gaps_where_nothing_is_over():
    assert build_figure(answers.retention(), "line")["data"][0]["y"] == [100.0, pytest.approx(55.0), None]


def test_a_flow_is_as_wide_as_people_went_and_says_who_stopped():
    (trace,) = build_figure(answers.paths())["data"]
    node, link = trace["node"], trace["link"]
    assert node["label"] == ["signed up  40", "invited  30", "other  4", "paid  12", "ended here", "ended here", ""]
    drawn = list(zip(link["source"], link["target"], link["value"], strict=True))
    assert drawn[:-1] == [(0, 1, 30), (1, 3, 12), (0, 2, 4), (0, 4, 6), (1, 5, 18), (2, 5, 4)]
    assert [point for _, point in link["customdata"]] == ["edge-0", "edge-1", "", "stop-0", "stop-1", "", ""]
    assert node["x"][:4] == sorted(node["x"][:4])


def test_a_flow_up_to_an_end_says_where_paths_began():
    answer = answers.paths()
    answer["facts"]["question"]["end"] = answer["facts"]["question"].pop("start")
    (trace,) = build_figure(answer)["data"]
    assert trace["node"]["label"][4:] == ["began here", "began here", ""]
    assert (trace["link"]["source"][-2], trace["link"]["target"][-2]) == (5, 3)


def test_the_table_of_paths_links_edges_places_and_ends_to_their_people():
    view = build_chart_view(answers.paths(), key="a", title="A", people_url=lambda cell: f"/?{json.dumps(cell)}")
    rows = [[cell.text for cell in row] for row in view.table.rows]
    assert rows[0] == ["1 → 2", "signed up", "invited", "30", "40", "75 %", "1 min 2 s"]
    assert rows[2] == ["1", "signed up", "ended here", "6", "40", "15 %", ""]
    edge, place, stop = view.table.rows[0][3], view.table.rows[0][4], view.table.rows[2][3]
    assert edge.cell == {"step": 1, "from_event": "signed up", "to_event": "invited"}
    assert place.cell == {"step": 1, "event": "signed up"}
    assert stop.cell == {"step": 1, "event": "signed up", "ended": True}
    assert view.caption == "1 Jan 2024 to today · people · time zone Europe/Berlin"


def test_table_has_the_numbers_of_the_figure():
    table = chart_table(answers.trend())
    assert [column.label for column in table.columns] == ["Day", "report opened"]
    assert [cell.text for cell in table.rows[0]] == ["1 Jan 2024", "1,200"]
    assert table.rows[2][0].is_partial


def test_headline_is_the_newest_whole_bucket_against_the_one_before():
    (headline,) = build_headlines(answers.trend())
    assert (headline.text, headline.change, headline.direction) == ("1,260", "+5 % against the day before", "up")
    assert headline.detail == "2 Jan 2024"


def test_people_are_linked_only_where_an_address_is_given():
    without = build_chart_view(answers.trend(), key="a", title="A")
    with_people = build_chart_view(answers.trend(), key="a", title="A", people_url=lambda cell: f"/?{cell['label']}")
    assert without.table.rows[0][1].url == ""
    assert with_people.table.rows[0][1].url == "/?2024-01-01"


def test_an_answer_of_zeros_is_said_to_be_empty():
    series = [{"name": "x", "breakdown": None, "values": [0, 0, 0]}]
    assert build_chart_view(answers.trend(series=series), key="a", title="A").is_empty


def test_question_in_words_names_filters_nested_in_groups():
    question = {
        "kind": "trend",
        "series": [{"event": "paid", "measure": "sum", "property": "amount"}],
        "interval": "week",
        "date_from": "-8w",
        "timezone": "UTC",
        "filters": [
            {"any": [{"property": "plan", "op": "is", "value": ["pro", "team"]}, {"property": "seats", "op": "is_set"}]}
        ],
    }
    assert say_question(question) == (
        "Sum of amount in “paid”, by week; only where (plan is “pro” or “team” or seats is set);"
        " the 8 weeks to today (UTC)."
    )


def many(n, measure="total", **extra):
    series = [
        {"name": "any event", "index": 0, "breakdown": [f"name {place}"], "measure": measure, "values": [n - place] * 3}
        for place in range(n)
    ]
    answer = answers.trend(series=series, **extra)
    answer["facts"]["question"]["breakdown"] = [{"property": "event", "of": "field"}]
    return answer


def test_a_chart_of_very_many_series_draws_the_largest_and_says_so():
    view = build_chart_view(many(99), "line", key="a", title="A")
    names = [trace["name"] for trace in view.figure["data"] if trace["mode"] == "lines+markers"]
    assert names == [f"name {place}" for place in range(12)]
    assert len(view.table.columns) == 100
    assert view.left_out == "99 series are too many to read: the chart shows the 12 largest, the table all of them."
    assert build_chart_view(many(12), "line", key="a", title="A").left_out == ""


@pytest.mark.parametrize("chart", ["area", "bar"])
def test_a_stack_of_very_many_parts_stays_as_high_as_the_whole(chart):
    answer = many(20)
    drawn = build_figure(answer, chart)["data"]
    assert (len(drawn), drawn[-1]["name"]) == (12, "9 others")
    assert "adds up the 9 smallest" in build_chart_view(answer, chart, key="a", title="A").left_out
    assert sum(trace["y"][0] for trace in drawn) == sum(series["values"][0] for series in answer["series"])
    assert len(build_figure(many(20, "persons"), chart)["data"]) == 12, "people of several parts are not added up"


def test_numbers_of_the_compared_period_stand_in_the_table_of_every_kind():
    for kind, make in answers.ALL.items():
        answer = make()
        answer["facts"]["question"]["compare"] = "previous"
        answer["compare"] = {"mode": "previous", **{key: value for key, value in make().items() if key != "facts"}}
        if kind == "trend":
            answer["series"][0]["compare_values"] = [9, 9, 9]
            answer["compare_labels"] = ["2023-12-29", "2023-12-30", "2023-12-31"]
        view = build_chart_view(answer, key="a", title="A")
        words = [column.label for column in view.table.columns] + [row[0].text for row in view.table.rows]
        assert any("(before)" in word or "compared period" in word for word in words), kind
        assert "compared with the period before" in view.caption


def formula_answer():
    series = [{"name": "100 * A / B", "index": 0, "measure": "formula", "breakdown": None, "group": "all"}]
    answer = answers.trend(series=[{**series[0], "values": [50, None, 12.5]}])
    specs = [{"event": "paid", "measure": "total"}, {"event": "opened", "measure": "persons"}]
    answer["facts"]["question"] |= {"series": specs, "formula": "100 * A / B"}
    return answer


def test_a_formula_is_one_line_in_words_and_has_nobody_behind_it():
    view = build_chart_view(formula_answer(), "line", key="k", title="t", people_url=lambda cell: "/people")
    assert [column.label for column in view.table.columns] == ["Day", "100 * A / B"]
    assert [row[1].text for row in view.table.rows] == ["50", "\u2013", "12.5"]
    assert not any(cell.url for row in view.table.rows for cell in row)
    assert "100 * A / B" in view.caption
    assert view.figure["data"][0]["y"] == [50, None]
    said = say_question(formula_answer()["facts"]["question"])
    assert said.startswith("100 * A / B, where A is number of events “paid”; B is people who did “opened”, by day")


def test_small_numbers_are_not_said_in_thousandths():
    series = [{"name": "A / B", "breakdown": None, "values": [0.08, 0.05, 0.06]}]
    assert build_figure(answers.trend(series=series), "line")["layout"]["yaxis"]["tickformat"] == "~g"
    assert build_figure(answers.trend(), "line")["layout"]["yaxis"]["tickformat"] == "~s"


@pytest.mark.parametrize("chart", CHARTS_BY_KIND["trend"])
def test_a_formula_draws_on_every_chart_of_a_trend(chart):
    json.dumps(build_figure(formula_answer(), chart), allow_nan=False)
    assert build_chart_view(formula_answer(), chart, key="k", title="t").chart == chart


def test_cumulative_lines_and_moving_averages_say_so():
    answer = answers.trend()
    answer["facts"]["question"]["cumulative"] = True
    view = build_chart_view(answer, "line", key="k", title="t", people_url=lambda cell: "/people")
    assert "cumulative" in view.caption
    assert view.table.rows[0][1].url
    answer["facts"]["question"] |= {"cumulative": False, "moving_average": 7}
    view = build_chart_view(answer, "line", key="k", title="t", people_url=lambda cell: "/people")
    assert "moving average over 7 days" in view.caption
    assert not view.table.rows[0][1].url
    assert "by day, moving average over 7 days" in say_question(answer["facts"]["question"])


def test_conversion_over_time_is_a_line_in_percent_with_gaps_and_an_open_end():
    answer = answers.conversion()
    whole, _, marks = build_figure(answer, "funnel")["data"]
    assert (whole["y"], marks["y"]) == ([25, None], [10])
    view = build_chart_view(answer, "funnel", key="k", title="t", people_url=lambda cell: json.dumps(cell))
    assert [column.label for column in view.table.columns] == ["Week", "Began", "Converted", "Conversion"]
    assert [cell.text for cell in view.table.rows[1]] == ["week of 8 Jan 2024", "4", "1", "\u2013"]
    began, converted = (json.loads(cell.url) for cell in view.table.rows[0][1:3])
    assert (began, converted) == ({"label": "2024-01-01", "step": 1}, {"label": "2024-01-01", "step": 2})
    assert "by week" in view.caption
    assert any("14 days from the first step" in text for text in view.warnings)
    assert not view.is_empty


def test_conversion_over_time_draws_the_compared_period_dotted():
    before = {"breakdown": None, "index": None, "values": [0.5, None, 0.25]}
    answer = answers.conversion(compare={"labels": ["2023-12-11", "2023-12-18", "2023-12-25"], "series": [before]})
    strokes = {trace.get("line", {}).get("dash"): trace["y"] for trace in build_figure(answer)["data"]}
    assert strokes["dot"] == [50, None, 25]
    assert [cell.text for cell in chart_table(answer).rows[0]][-2:] == ["25 %", "50 %"]


def test_time_to_convert_is_bars_by_stretches_of_time():
    answer = answers.time_to_convert()
    figure = build_figure(answer, "funnel")
    assert [trace["y"] for trace in figure["data"]] == [[0, 7, 3]]
    assert figure["layout"]["xaxis"]["ticktext"] == ["0", "10 min", "20 min"]
    view = build_chart_view(answer, "funnel", key="k", title="t", people_url=lambda cell: json.dumps(cell))
    assert [[cell.text for cell in row] for row in view.table.rows] == [
        ["0 to 10 min", "0"],
        ["10 min to 20 min", "7"],
        ["20 min to 30 min", "3"],
    ]
    assert json.loads(view.table.rows[1][1].url) == {"from_s": 600, "to_s": 1200}
    assert "10 of" not in view.caption
    longer = {"labels": [0, 600, 1200, 1800], "series": [{"breakdown": None, "index": None, "values": [1, 0, 0, 2]}]}
    both = chart_table(answers.time_to_convert(compare=longer))
    assert [[cell.value for cell in row][1:] for row in both.rows] == [[0, 1], [7, 0], [3, 0], [0, 2]]


def test_views_of_a_funnel_that_nobody_converted_in_are_empty():
    nobody = {"name": "converted", "breakdown": None, "values": [], "average_s": None, "median_s": None}
    answer = answers.time_to_convert(labels=[], series=[nobody])
    assert build_chart_view(answer, "funnel", key="k", title="t").is_empty


def test_adoption_is_a_row_a_feature_and_a_score_with_its_three_parts():
    answer = answers.adoption()
    view = build_chart_view(answer, "line", key="k", title="t", people_url=lambda cell: json.dumps(cell))
    first, second = view.table.rows
    assert [cell.text for cell in first[:3]] == ["Reports (core)", "24", "60 %"]
    assert json.loads(first[1].url) == {"feature": 0}
    assert json.loads(first[4].url) == {"feature": 0, "others": True}
    assert (second[6].value, second[6].why_empty) == (None, "nobody used it")
    assert second[10].why_empty == "too few to say (fewer than 5)"
    score = build_chart_view(answer, "number", key="k", title="t")
    said = [("Engagement score", "57"), ("Adoption", "60"), ("Stickiness", "30"), ("Growth", "80")]
    assert [(one.label, one.text) for one in score.headlines] == said
    assert [(row[0].text, row[1].text) for row in score.table.rows] == said
    assert score.table.rows[3][2].text == score.headlines[3].detail
    answer["score"] |= {"value": None, "adoption": None}
    unknown = build_chart_view(answer, "number", key="k", title="t").headlines
    assert unknown[1].detail == "no feature is marked as core"
    answer["features"] *= 10
    answer["series"] *= 10
    assert build_chart_view(answer, "number", key="k", title="t").left_out == ""


def test_the_statements_of_an_answer_are_one_fact():
    answer = answers.trend()
    answer["facts"]["sql"] = ["SELECT 1", "SELECT 2"]
    *_, last = fact_lines(answer)
    assert (last.label, last.text, last.is_code) == ("SQL, 2 statements", "SELECT 1;\n\nSELECT 2", True)


def test_what_goes_with_it_shows_what_holds_up_and_says_that_it_is_no_cause():
    answer = answers.goes_with()
    (trace,) = build_figure(answer)["data"]
    assert (trace["y"], trace["x"]) == (["invited"], [30])
    assert trace["error_x"]["arrayminus"] == pytest.approx([20])
    view = build_chart_view(answer, "bar", key="k", title="t", people_url=lambda cell: json.dumps(cell))
    assert view.warnings[0].startswith("Goes with, not caused by")
    assert "1 of 2 events hold up" in view.warnings[1]
    assert [row[1].text for row in view.table.rows] == ["Holds up", "Not confirmed", "Too few to compare"]
    assert json.loads(view.table.rows[0][5].url) == {"event": "invited", "later": True}
    assert json.loads(view.table.rows[0][6].url) == {"event": "invited", "others": True}
    assert view.table.rows[2][2].why_empty.startswith("too few to compare")


def test_where_nothing_goes_with_it_words_stand_in_place_of_the_drawing():
    answer = answers.goes_with()
    answer["events"] = [one for one in answer["events"] if one["state"] != "goes_with"]
    view = build_chart_view(answer, "bar", key="k", title="t")
    assert (view.figure, view.left_out, view.nothing[0]) == (None, "", "No event holds up.")
    assert len(view.table.rows) == 2
    assert "hold up" not in " ".join(view.warnings)
    answer["n_tested"] = 0
    too_few = build_chart_view(answer, "bar", key="k", title="t").nothing[1]
    assert "at least 20 of each half of the 260 people" in too_few
    assert build_chart_view(answers.goes_with(), "bar", key="k", title="t").nothing == ()
    assert build_chart_view(answer, "table", key="k", title="t").nothing == ()
