"""Tasks of metrics; each is a thin door."""

from celery import shared_task

from insights.metrics import explaining, refreshing


@shared_task(name="metrics.check_values")
def check_values(version_id: int) -> None:
    """Look closely at the values of a version that somebody looks at, and ask for them if they are old."""
    refreshing.check_values(version_id)


@shared_task(name="metrics.refresh_series")
def refresh_series(series_id: int) -> None:
    """Compute values that wait."""
    refreshing.refresh_series(series_id)


@shared_task(name="metrics.explain_change")
def explain_change(series_id: int) -> None:
    """Look for the property whose values explain a metric's newest change."""
    explaining.explain_series(series_id)
