"""Writes with consequences, one function each, by noun."""

from insights.metrics.actions.metrics import (
    archive_metric,
    certify_metric,
    create_metric,
    restore_metric,
    star_metric,
    uncertify_metric,
    update_metric,
)
from insights.metrics.actions.parts import set_parts
from insights.metrics.actions.versions import (
    approve_version,
    decline_version,
    propose_version,
    redefine_metric,
    withdraw_version,
)

__all__ = [
    "approve_version",
    "archive_metric",
    "certify_metric",
    "create_metric",
    "decline_version",
    "propose_version",
    "redefine_metric",
    "restore_metric",
    "set_parts",
    "star_metric",
    "uncertify_metric",
    "update_metric",
    "withdraw_version",
]
