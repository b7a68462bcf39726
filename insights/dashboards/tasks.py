"""Tasks of dashboards; each is a thin door."""

from celery import shared_task

from insights.dashboards import refreshing


@shared_task(name="dashboards.check_dashboard")
def check_dashboard(dashboard_id: int, date_from: str = "", date_to: str = "", filters: list | None = None) -> None:
    """Look closely at the answers of a dashboard that somebody looks at, and ask for those that are old."""
    refreshing.check_dashboard(dashboard_id, date_from, date_to, filters or [])


@shared_task(name="dashboards.refresh_tile")
def refresh_tile(answer_id: int) -> None:
    """Compute one waiting answer."""
    refreshing.refresh_answer(answer_id)
