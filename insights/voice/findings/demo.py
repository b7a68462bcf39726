"""The demo company's findings: some stand, one is in question, one has expired, one is a draft."""

import datetime as dt
from typing import Any

from django.utils import timezone

from insights.explore.public import Insight
from insights.voice.conversations.public import Conversation
from insights.voice.feedback.demo import ORIGIN
from insights.voice.feedback.public import Feedback
from insights.voice.findings.actions import create_finding, review_finding
from insights.voice.findings.demo_texts import CLAIMS, Claim
from insights.voice.findings.gathering import add_evidence, quote_for_finding
from insights.voice.findings.models import Finding
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User
from portal.shell.public import BadInput


def seed_findings(world: DemoWorld, progress: Progress) -> None:
    """Make the demo's findings with their evidence and reviews; existing ones are left."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or Finding.objects.filter(product=product).exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    things: dict[str, Any] = {one.origin_id: one for one in Feedback.objects.filter(product=product, origin=ORIGIN)}
    things |= {one.title: one for one in Conversation.objects.filter(product=product)}
    things |= {f"insight:{one.title}": one for one in Insight.objects.filter(product=product)}
    for number, claim in enumerate(CLAIMS, start=1):
        _add(product, claim, owner, things)
        progress(number, len(CLAIMS), "findings")


def _add(product: Product, claim: Claim, owner: User | None, things: dict[str, Any]) -> None:
    names = ("meaning", "method", "how", "n", "n_of", "confidence")
    values = {name: getattr(claim, name) for name in names}
    finding = create_finding(product, claim=claim.claim, actor=SYSTEM, owner=owner, **values)
    has_evidence = [_gather(finding, things, *one) for one in claim.evidence]
    if claim.state == "draft" or not any(has_evidence):
        return
    until = timezone.localdate() + dt.timedelta(days=max(claim.days, 0))
    review_finding(finding, actor=owner or SYSTEM, version=1, outcome="stands", note=claim.note, valid_until=until)
    for one in claim.later:
        _gather(finding, things, *one)
    if claim.days < 0:
        ended = {"valid_until": timezone.localdate() + dt.timedelta(days=claim.days)}
        Finding.objects.filter(pk=finding.pk).update(**ended)
        finding.reviews.update(**ended)


def _gather(finding: Finding, things: dict[str, Any], side: str, name: str, words: str) -> bool:
    """Add evidence where its thing and its words are there: people may have worked on the demo's texts."""
    thing = things.get(name)
    if thing is None:
        return False
    try:
        if isinstance(thing, Insight):
            add_evidence(finding, actor=SYSTEM, kind="insight", thing_id=thing.pk, side=side, note=words)
        else:
            quote_for_finding(finding, thing, actor=SYSTEM, quote=words, side=side)
    except BadInput:
        return False
    return True
