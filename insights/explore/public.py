"""What other rooms may use of explore: charts of answers, and saved questions."""

from insights.explore.access import get_insight
from insights.explore.actions import product_of, tidy_tags
from insights.explore.charts.bands import BandPoint, build_band_view
from insights.explore.charts.frame import base_layout, colour, value_axis
from insights.explore.charts.headlines import sparkline
from insights.explore.charts.reading import fixed_question
from insights.explore.charts.tables import chart_table
from insights.explore.charts.view import build_chart_view
from insights.explore.cohort_choices import cohort_choices
from insights.explore.contracts import (
    CHART_TYPES,
    CHARTS_BY_KIND,
    METRIC_CHARTS,
    Cell,
    ChartView,
    Column,
    Headline,
    Note,
    Table,
    pick_chart,
)
from insights.explore.models import Insight
from insights.explore.picking import picks_url
from insights.explore.queries import (
    ask_draft,
    board_url,
    csv_url,
    explore_url,
    people_link,
    people_link_of_answer,
    products_of,
)
from insights.explore.spec_form import SpecDraft, SpecList, read_specs, start_specs
from insights.explore.table_files import chart_file, chart_sheet, charts_file

__all__ = [
    "CHARTS_BY_KIND",
    "CHART_TYPES",
    "METRIC_CHARTS",
    "BandPoint",
    "Cell",
    "ChartView",
    "Column",
    "Headline",
    "Insight",
    "Note",
    "SpecDraft",
    "SpecList",
    "Table",
    "ask_draft",
    "base_layout",
    "board_url",
    "build_band_view",
    "build_chart_view",
    "chart_file",
    "chart_sheet",
    "chart_table",
    "charts_file",
    "cohort_choices",
    "colour",
    "csv_url",
    "explore_url",
    "fixed_question",
    "get_insight",
    "people_link",
    "people_link_of_answer",
    "pick_chart",
    "picks_url",
    "product_of",
    "products_of",
    "read_specs",
    "sparkline",
    "start_specs",
    "tidy_tags",
    "value_axis",
]
