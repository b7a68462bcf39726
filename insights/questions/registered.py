"""What questions hang into the registry."""

from insights.questions.late import forget_earlier_answers
from portal.shell.public import NightStep, registry

registry.add(
    NightStep("questions.forget", "Forget old answers", lambda night: forget_earlier_answers(night.now), order=80)
)
