"""The demo company's conversations, tied to the people and accounts of its events."""

from datetime import UTC, datetime, timedelta
from typing import Any

from insights.contacts.public import find_speakers, name_speakers, source_ids_of
from insights.events.public import DistinctId
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.conversations.demo_texts import TALKS, Talk
from insights.voice.conversations.models import Conversation
from insights.voice.conversations.steps import add_next_step, tick_next_step
from insights.voice.feedback.demo import Callers
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User


def seed_conversations(world: DemoWorld, progress: Progress) -> None:
    """Write the demo's conversations down; what is there already is left as it is."""
    products = {one.slug: one for one in Product.objects.select_related("team")}
    known = set(Conversation.objects.values_list("product__slug", "title"))
    callers = {slug: Callers(product) for slug, product in products.items()}
    for number, talk in enumerate(TALKS, start=1):
        product = products.get(talk.product)
        if product is None or (talk.product, talk.title) in known:
            continue
        held_on, ids = world.ends_on - timedelta(days=talk.days), []
        for who in talk.who:
            one = callers[talk.product].next(who, held_on, but=frozenset(ids))
            ids += [one] if one else []
        _add(world, talk, product, ids)
        progress(number, len(TALKS), "conversations")


def _add(world: DemoWorld, talk: Talk, product: Product, ids: list[str]) -> None:
    managers = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk")
    manager = managers.first()
    names = {"a": "Customer", "b": "Colleague", "pm": str(manager).split()[0] if manager else "Product manager"}
    names |= dict(zip("ab", _first_names(product, ids), strict=False))
    values: dict[str, Any] = {"kind": talk.kind, "minutes": talk.minutes, "guide": talk.guide, "owner": manager}
    conversation = add_conversation(
        product,
        actor=SYSTEM,
        today=world.ends_on,
        title=talk.title,
        held_on=world.ends_on - timedelta(days=talk.days),
        led_by=[manager] if manager else [],
        participants=[ParticipantInput(person) for person in dict.fromkeys(ids)],
        notes=talk.notes,
        transcript=talk.transcript.format(**names),
        **values,
    )
    for text, days, is_done in talk.steps:
        due_on = world.ends_on + timedelta(days=days)
        step = add_next_step(conversation, actor=SYSTEM, text=text, owner=manager, due_on=due_on)
        if is_done:
            done_on = datetime.combine(world.ends_on - timedelta(days=max(1, -days)), datetime.min.time(), UTC)
            tick_next_step(step, actor=SYSTEM, is_done=True, now=done_on + timedelta(hours=15))


def _first_names(product: Product, ids: list[str]) -> list[str]:
    """Return what the transcript calls those who took part."""
    found = find_speakers(product, [(person, "") for person in ids])
    rows = {row.no: row for row in DistinctId.objects.filter(no__in=[one.person_no for one in found.values()])}
    named = name_speakers(rows.values(), [], source_ids_of([product.pk]))[0]
    people = [named.get(found[person, ""].person_no or 0) for person in ids]
    return [
        one.label.split()[0] if one and one.label != one.id else fallback
        for one, fallback in zip(people, ("Customer", "Colleague"), strict=False)
    ]
