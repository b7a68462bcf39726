"""What closing hangs into the shell: navigation, Home, a theme's panel, stories, erasing, the night, the demo."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from insights.persons.contracts import StoryRows
from insights.voice.closing import demo, night
from insights.voice.closing.kinds import THEME
from insights.voice.closing.personal import ANSWER_FIELDS, erase_person, export_person, find_answers, show_answer
from insights.voice.themes.public import Theme
from portal.people.public import Role
from portal.shell.public import (
    Command,
    DemoSeed,
    HomePanel,
    NavItem,
    NightStep,
    Panel,
    PersonEraser,
    PersonExporter,
    Schedule,
    registry,
)


def _may_tell(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


def _panel(thing: Any, user: Any) -> str | None:
    """Return where the status of a theme is read; its page asks for it once it stands."""
    if not isinstance(thing, Theme) or thing.merged_into_id is not None:
        return None
    return reverse("closing:thing-status", args=[THEME, thing.pk])


def _home(request: HttpRequest) -> dict[str, Any] | None:
    """Let who may tell see who waits; Home asks for it once it stands."""
    return {} if _may_tell(request.user) else None


registry.add(NavItem("Insights", "Told", "closing:loop-list", order=36, icon="bell", under="Voice"))
registry.add(
    Command("Who waits to hear from us", "closing:loop-list", order=30, detail="What was asked for, and who was told")
)
registry.add(Panel("closing", "insights/voice/_loop_panel.html", _panel, order=5))
registry.add(HomePanel("closing", "insights/voice/_loop_home.html", _home, order=34))
registry.add(StoryRows("answers", find_answers, ANSWER_FIELDS, show_answer, order=50))
registry.add(PersonEraser("closing", erase_person))
registry.add(PersonExporter("closing", export_person))
registry.add(NightStep("closing", "Remind of people who wait to hear", night.remind, order=88))
registry.add(
    Schedule(
        "Note what became of letters to people outside",
        "voice.settle_tellings",
        every_s=60,
        description="Takes over from the log of messages whether those who asked for something were told.",
    )
)
registry.add(DemoSeed("closing", demo.seed_statuses, order=61))
