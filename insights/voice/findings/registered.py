"""What findings hang into the shell: navigation, search, Home, panels, "used by", the night's step, the demo."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from insights.explore.public import Insight
from insights.voice.conversations.public import Conversation
from insights.voice.feedback.public import Feedback
from insights.voice.findings import demo, night
from insights.voice.findings.models import Evidence, Finding
from insights.voice.surveys.public import Survey
from insights.voice.texts.public import FoundText, TextKind, Words, words_of
from portal.people.public import Role, Visibility, is_insider
from portal.shell.public import (
    Command,
    DemoSeed,
    HomePanel,
    NavItem,
    NightStep,
    Panel,
    SearchHit,
    UsedBy,
    registry,
    render_markdown,
)


def _may_write(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


def _show_found(rows: Sequence[Finding], user: Any) -> list[FoundText]:
    """Return findings as search shows them: the claim, and what follows from it."""
    today = timezone.localdate()
    return [
        FoundText(
            title=one.claim,
            text="\n".join(filter(None, [words_of(render_markdown(one.meaning)), one.how])),
            url=one.get_absolute_url(),
            day=one.created_at.date(),
            detail=f"{one.product.name}, {one.standing_on(today).label.lower()}",
            who=str(one.owner or ""),
        )
        for one in rows
    ]


def _words_of(team_id: int | None) -> Any:
    """Return the words of a team's findings, or of those that are shared, for search to count them."""
    own = {"visibility": Visibility.COMPANY} if team_id is None else {"team": team_id}
    return Finding.objects.filter(**own).values_list(Words())


def _panel(thing: Any, user: Any) -> str | None:
    """Return where the findings of what was said are read; its page asks for them once it stands."""
    if isinstance(thing, Feedback):
        return reverse("findings:feedback-findings", args=[thing.pk])
    if isinstance(thing, Conversation) and is_insider(user, thing.team_id):
        return reverse("findings:conversation-findings", args=[thing.pk])
    return None


def _home(request: HttpRequest) -> dict[str, Any] | None:
    """Let who may own findings see what has to be reviewed; Home asks for it once it stands."""
    return {} if _may_write(request.user) else None


def _using(thing: Any, user: Any) -> Any:
    """Return the findings that rest on a thing or on words of it."""
    if isinstance(thing, Feedback):
        evidence = Evidence.objects.filter(highlight__feedback=thing)
    elif isinstance(thing, Conversation):
        evidence = Evidence.objects.filter(highlight__conversation=thing)
    elif isinstance(thing, Insight | Survey):
        kind = "insight" if isinstance(thing, Insight) else "survey"
        evidence = Evidence.objects.filter(kind=kind, thing_id=thing.pk)
    else:
        return None
    return Finding.objects.visible_to(user).filter(pk__in=evidence.values("finding"))


def _show(values: dict[str, Any]) -> SearchHit:
    return SearchHit("Finding", values["claim"], reverse("findings:finding-page", args=[values["pk"]]))


registry.add(NavItem("Insights", "Findings", "findings:finding-list", order=35, icon="check", under="Voice"))
registry.add(
    TextKind(
        name="finding",
        label="Finding",
        plural="Findings",
        rows=lambda user: Finding.objects.visible_to(user),
        fits=lambda rows, query, user: rows.fitting(query),
        inside=lambda rows, user: rows.inside_of(user),
        dress=lambda rows: rows.dressed(),
        show=_show_found,
        paths={"product": ("product",), "day": ("created_at__date",)},
        has_shared_words=False,
        words_of=_words_of,
        order=5,
    )
)
registry.add(
    Command("Write a finding", "findings:finding-new", can_see=_may_write, order=26, detail="A claim with its evidence")
)
registry.add(Panel("findings", "insights/voice/_findings_panel.html", _panel, order=12))
registry.add(HomePanel("findings", "insights/voice/_findings_home.html", _home, order=32))
registry.add(UsedBy("Finding", _using, ("pk", "claim"), _show))
registry.add(NightStep("findings", "Tell owners of findings that expire", night.tell_owners, order=87))
registry.add(DemoSeed("findings", demo.seed_findings, order=60))
