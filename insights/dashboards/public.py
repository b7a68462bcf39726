"""What other rooms may use of dashboards: what happened on a day, as their charts carry it."""

from insights.dashboards.actions import create_annotation, delete_annotation, update_annotation
from insights.dashboards.models import Annotation

__all__ = ["Annotation", "create_annotation", "delete_annotation", "update_annotation"]
