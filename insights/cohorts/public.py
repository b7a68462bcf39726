"""What other rooms may use of cohorts."""

from insights.cohorts.access import get_cohort, may_see_members
from insights.cohorts.actions import create_rule, keep_in_passing, save_number, shortened, update_cohort
from insights.cohorts.models import Cohort
from insights.cohorts.rules import RuleReader
from insights.cohorts.words import say_cell, say_rule

__all__ = [
    "Cohort",
    "RuleReader",
    "create_rule",
    "get_cohort",
    "keep_in_passing",
    "may_see_members",
    "save_number",
    "say_cell",
    "say_rule",
    "shortened",
    "update_cohort",
]
