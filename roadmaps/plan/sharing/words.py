"""The filters of a link in words."""

from collections.abc import Mapping
from typing import Any

from portal.people.public import Team, User
from roadmaps.goals.public import Objective
from roadmaps.plan.board.rows import STAGES
from roadmaps.plan.board.state import HEALTHS, HORIZONS
from roadmaps.planning.releases.public import Release


def say_filters(asked: Mapping[str, str], user: Any) -> list[str]:
    """Return what narrows a link, each a phrase; a goal or release that the reader may not see is told by kind."""
    said = [f"words “{asked['q']}”"] if asked.get("q") else []
    for name, labels in (("stage", {**STAGES, "all": "all"}), ("horizon", HORIZONS), ("health", HEALTHS)):
        if value := asked.get(name):
            said.append(f"{name}: {labels.get(value, value).lower()}")
    if team := asked.get("team"):
        said.append(f"team: {Team.objects.filter(slug=team).first() or 'one that is gone'}")
    for name, rows in (
        ("goal", Objective.objects.visible_to(user)),
        ("owner", User.objects.all()),
        ("release", Release.objects.visible_to(user)),
    ):
        if value := asked.get(name, ""):
            found = rows.filter(pk=int(value)).first() if value.isdecimal() and len(value) < 19 else None
            said.append(f"no {name}" if value == "none" else f"{name}: {found or 'one that you do not see'}")
    return [*said, "also what is done"] if asked.get("done") else said
