"""The demo's surveys: would they recommend it, in spring and now; was it easy to get the team in."""

import datetime as dt
import random
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.cohorts.public import Cohort
from insights.contacts.public import note_asks
from insights.events.public import DistinctId, IdSpace
from insights.metrics.public import Metric
from insights.voice.surveys.actions import close_survey, create_survey, open_survey
from insights.voice.surveys.demo_texts import EASE, SPRING, TODAY
from insights.voice.surveys.import_writing import Given, write_answers
from insights.voice.surveys.measuring import make_metric
from insights.voice.surveys.models import Answer, Invitation, Sending, Survey
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

PLANNER = "planner"
# Name, kind, first and last day before today, people asked, how many of them answered, weights of the answers, words.
WAVES = (
    ("NPS of spring", "nps", (205, 178), 190, 96, (3, 1, 2, 3, 3, 6, 8, 17, 21, 20, 16), SPRING),
    ("NPS of autumn", "nps", (24, 1), 220, 87, (1, 1, 1, 2, 2, 4, 6, 15, 22, 25, 21), TODAY),
    ("Getting the team in", "ces", (70, 12), 120, 54, (0, 9, 12, 14, 15, 17, 19, 14), EASE),
)


def seed_surveys(world: DemoWorld, progress: Progress) -> None:
    """Ask and answer the demo's surveys; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug=PLANNER).first()
    space = IdSpace.objects.filter(product=product).first() if product else None
    if product is None or space is None or Survey.objects.filter(product=product).exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    names = [f"user-{number:05}" for number in range(3, 2_400)]  # as the demo's events call people
    people = list(DistinctId.objects.filter(id_space=space, distinct_id__in=names, person_no=None).order_by("no"))
    chance = random.Random(world.seed)
    chance.shuffle(people)
    for number, wave in enumerate(WAVES, start=1):
        n_asked = min(wave[3], len(people))
        asked, people = people[:n_asked], people[n_asked:]
        if asked:
            _seed_wave(world, product, owner, wave, asked, chance)
        progress(number, len(WAVES), "surveys")
    _seed_metric(product, owner)


@transaction.atomic
def _seed_wave(
    world: DemoWorld, product: Product, owner: User | None, wave: Any, asked: list[DistinctId], chance: random.Random
) -> None:
    name, kind, (first, last), _, n_answers, weights, words = wave
    sender = f"{owner} of {product}" if owner else str(product)
    survey = create_survey(product, actor=SYSTEM, kind=kind, name=name, sender=sender, owner=owner)
    survey = open_survey(survey, actor=SYSTEM)
    begins = dt.datetime.combine(world.ends_on - dt.timedelta(days=first), dt.time(9), dt.UTC)
    way = Sending.Way.MAIL
    Invitation.objects.bulk_create(
        [Invitation(survey=survey, person=person, way=way, asked_at=begins) for person in asked], batch_size=500
    )
    _note_round(survey, asked, begins, owner, chance)
    answering = chance.sample(asked, min(n_answers, len(asked)))
    texts = list(words)
    chance.shuffle(texts)
    given = []
    for place, person in enumerate(answering):
        score, text = texts[place] if place < len(texts) else (_draw(weights, chance), "")
        at = begins + dt.timedelta(minutes=chance.randint(20, (first - last) * 24 * 60))
        given.append(Given(f"demo-{person.no}", score, "", text, person.distinct_id, "", min(at, timezone.now())))
    written = write_answers(survey, given, batch=None, actor=SYSTEM)
    by_person = {answer.person_id: answer for answer in written}
    invitations = list(Invitation.objects.filter(survey=survey, person__in=list(by_person)))
    for one in invitations:
        one.answered_at = by_person[one.person_id].answered_at
        by_person[one.person_id].invitation, by_person[one.person_id].via = one, Answer.Via.PAGE
    Invitation.objects.bulk_update(invitations, ["answered_at"], batch_size=500)
    Answer.objects.bulk_update(written, ["invitation", "via"], batch_size=500)
    if last > 100:
        close_survey(survey, actor=SYSTEM)


def _draw(weights: tuple[int, ...], chance: random.Random) -> int:
    return chance.choices(range(len(weights)), weights)[0]


def _note_round(
    survey: Survey, asked: list[DistinctId], at: dt.datetime, owner: User | None, chance: random.Random
) -> None:
    """Note whom the round of asking reached, and whom it passed over."""
    keys = {person.no: f"survey:{survey.pk}:{person.no}" for person in asked}
    times = dict.fromkeys(keys, at)
    note_asks(times, kind="survey", about=survey.name, actor=SYSTEM, keys=keys)
    passed = {"no_address": chance.randint(20, 60), "asked_lately": chance.randint(5, 30), "opted_out": 3}
    cohort = Cohort.objects.live().filter(products=survey.product, unit=Cohort.Unit.PERSON).order_by("pk").first()
    sending = Sending.objects.create(
        survey=survey,
        cohort_name=cohort.name if cohort else "Active people",
        cohort=cohort,
        state=Sending.State.DONE,
        n_done=len(asked) + sum(passed.values()),
        n_total=len(asked) + sum(passed.values()),
        n_asked=len(asked),
        passed=passed,
        asked_by=owner,
        finished_at=at,
    )
    Sending.objects.filter(pk=sending.pk).update(created_at=at)


def _seed_metric(product: Product, owner: User | None) -> None:
    survey = Survey.objects.filter(product=product, kind=Survey.Kind.NPS).order_by("pk").first()
    name = f"NPS of {product}"
    if survey is None or Metric.objects.filter(product=product, name=name).exists():
        return
    metric = make_metric(survey, actor=SYSTEM, name=name, scope="kind", interval="month")
    Metric.objects.filter(pk=metric.pk).update(owner=owner)
