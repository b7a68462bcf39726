"""The demo's intake: a survey that was imported, its labels themes, and the inlet of a help desk."""

from django.db import transaction

from insights.imports.public import Import, import_at_once
from insights.voice.feedback.public import Channel
from insights.voice.intake.actions import create_inlet
from insights.voice.intake.models import Inlet
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

FILE = "spring-survey.csv"
_QUESTIONS = ("What keeps you from planning the whole team here?", "What would you miss most?")
# Respondent, team size, the two answers, and which topics the researcher ticked.
_ANSWERS = (
    ("r-101", "2-10", "Nobody answered my invitations, so I plan for them.", "Seeing next week on one page.", "x", ""),
    ("r-102", "11-50", "The invitation landed in spam for half of us.", "The weekly view, honestly.", "x", ""),
    ("r-103", "11-50", "Our holidays live in another calendar.", "That it stays out of my way.", "", "x"),
    ("r-104", "51-200", "People outside the team cannot see the plan.", "Moving work with one drag.", "x", ""),
    ("r-105", "2-10", "", "I would go back to a spreadsheet, and hate it.", "", ""),
    ("r-106", "51-200", "Copying shifts between two calendars every Friday.", "The load of each person.", "", "x"),
    ("r-107", "11-50", "I did not know that I could invite guests.", "Nothing yet, we just began.", "x", ""),
    ("r-108", "2-10", "Time zones: our week begins on your Sunday.", "The Monday summary.", "", "x"),
)


def seed_intake(world: DemoWorld, progress: Progress) -> None:
    """Import the demo's survey and make an inlet; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    owner = product and User.objects.filter(teams=product.team, role="product_manager", is_active=True).first()
    if product is None or owner is None:
        return
    if not Import.objects.filter(product=product, file_name=FILE).exists() and Channel.objects.filter(slug="survey"):
        import_at_once(
            "feedback", product, FILE, _file().encode(), actor=owner, targets=_targets(), options=_options(world)
        )
    support = Channel.objects.filter(slug="support").first()
    if support and not Inlet.objects.filter(product=product).exists():
        with transaction.atomic():
            create_inlet(product, name="Help desk", origin="helpdesk", channel=support, actor=SYSTEM)
    progress(1, 1, "intake")


def _file() -> str:
    head = ("Respondent", "Team size", *_QUESTIONS, "Inviting the team", "Calendars")
    return "\n".join(";".join(f'"{cell}"' for cell in row) for row in (head, *_ANSWERS))


def _targets() -> dict[str, str]:
    return {
        "Respondent": "origin_id",
        **dict.fromkeys(_QUESTIONS, "question"),
        **dict.fromkeys(("Inviting the team", "Calendars"), "flag"),
    }


def _options(world: DemoWorld) -> dict[str, object]:
    day = world.ends_on.isoformat()
    return {"origin": "spring survey", "channel": "survey", "kind": "other", "said_on": day, "visibility": "company"}
