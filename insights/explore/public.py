"""What other rooms may use of explore: charts of answers, and saved questions."""

from insights.explore.access import get_insight
from insights.explore.charts.view import build_chart_view
from insights.explore.contracts import CHART_TYPES, CHARTS_BY_KIND, ChartView, Note, Table, pick_chart
from insights.explore.csv_files import table_csv
from insights.explore.models import Insight
from insights.explore.picking import picks_url
from insights.explore.queries import people_link_of_answer

__all__ = [
    "CHARTS_BY_KIND",
    "CHART_TYPES",
    "ChartView",
    "Insight",
    "Note",
    "Table",
    "build_chart_view",
    "get_insight",
    "people_link_of_answer",
    "pick_chart",
    "picks_url",
    "table_csv",
]
