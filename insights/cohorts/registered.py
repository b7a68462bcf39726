"""What the cohorts room hangs into questions and the shell."""

from insights.cohorts.providing import find_cohorts, read_members
from insights.questions.public import CohortProvider
from portal.shell.public import registry

registry.add(CohortProvider("cohorts", find_cohorts, read_members))
