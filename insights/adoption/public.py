"""What other rooms may use of adoption."""

from insights.adoption.models import Feature
from insights.adoption.questions import adoption_question, read_events

__all__ = ["Feature", "adoption_question", "read_events"]
