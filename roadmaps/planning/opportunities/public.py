"""What other rooms of roadmaps may use of opportunities."""

from roadmaps.planning.opportunities.access import get_opportunity
from roadmaps.planning.opportunities.contracts import Demand, OpportunityPanel
from roadmaps.planning.opportunities.models import Decision, Evidence, Opportunity, visible_opportunities
from roadmaps.planning.opportunities.sizes import accounts_behind, read_demand

__all__ = [
    "Decision",
    "Demand",
    "Evidence",
    "Opportunity",
    "OpportunityPanel",
    "accounts_behind",
    "get_opportunity",
    "read_demand",
    "visible_opportunities",
]
