"""The demo company's contacts: who looks after whom, what comes next, what was agreed to, and who pays how much."""

from datetime import timedelta
from decimal import Decimal

from insights.contacts.actions import create_contact, create_record
from insights.contacts.consents import give_consent
from insights.contacts.meanings import set_trait_names
from insights.contacts.models import AccountRecord, Consent, Contact, TraitName
from insights.events.public import Account, DistinctId, IdSpace
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

PLANNER = "planner"
# Of people whom the events know: title, status, next step, days until it.
KNOWN = (
    ("Head of planning", "champion", "Show her the timeline with dependencies", 6),
    ("Site manager", "", "", None),
    ("Project lead", "champion", "Ask who else should see the plan", 3),
    ("Office manager", "", "Send the guide to inviting a team", 2),
    ("Team lead construction", "at risk", "Call: nobody of the team was invited yet", 1),
    ("Operations manager", "", "", None),
    ("Programme manager", "beta tester", "Let him try the report that comes by itself", 9),
    ("Planner", "", "", None),
    ("Head of finance", "decides", "Bring the numbers of the pilot", 12),
    ("Consultant", "", "Ask for a quote for the case study", 5),
    ("Studio manager", "at risk", "Find out why the trial was left alone", 1),
    ("Scheduling", "beta tester", "", None),
    ("Head of delivery", "champion", "", None),
    ("Team assistant", "", "", None),
    ("Works manager", "left the company", "Ask who follows him", 4),
    ("Product owner", "beta tester", "Second usability test, on the tablet", 8),
)
# Of whom no event came: name, address, title, account, status, next step, days until it.
NEW = (
    ("Marta Lindqvist", "marta.lindqvist@northworks.example", "Chief financial officer", "acc-0001", "decides",
     "Send the offer for two hundred seats", 2),
    ("Tomás Ferreira", "t.ferreira@bluefield.example", "Head of IT security", "acc-0014", "",
     "Answer his questions about single sign-on", 3),
    ("Greta Holm", "greta.holm@holm-bau.example", "Owner", "lead-holm-bau", "prospect",
     "Show the import of old plans", 7),
    ("Idris Bello", "idris@stonebridge-tiefbau.example", "Planner", "lead-stonebridge", "prospect", "", None),
    ("Annika Vogel", "annika.vogel@planwerk.example", "Partner manager", "", "partner", "Plan the joint webinar", 15),
)  # fmt: skip
# Of the people above, by their place: for what, days ago, days that it holds, how it is known.
CONSENTS = (
    (0, "interview", 70, 365, "Said so in the call about the timeline; it is in the notes."),
    (0, "recording", 70, 90, "At the beginning of the same call, recorded at 0:40."),
    (2, "interview", 40, 365, "Answered the invitation to the panel by mail."),
    (2, "quote", 40, None, "Signed the form for quotes; it lies in the folder of the panel."),
    (4, "contact", 120, 110, "Ticked the box when the trial began."),
    (6, "interview", 30, 365, "Agreement of the beta programme, section 4."),
    (6, "recording", 30, 365, "Agreement of the beta programme, section 4."),
    (9, "quote", 12, 180, "By mail: one may name the company, not him."),
    (11, "survey", 25, None, "Ticked the box in the product."),
    (15, "interview", 9, 30, "On the telephone, for the tests on the tablet alone."),
)
# Of accounts: segment, status, revenue a year.
RECORDS = (
    ("acc-0001", "Strategic", "customer", "86400"),
    ("acc-0003", "Small business", "customer", "1980"),
    ("acc-0007", "Mid-market", "customer", "14400"),
    ("acc-0010", "Mid-market", "at risk", "9600"),
    ("acc-0014", "Strategic", "customer", "52800"),
    ("acc-0021", "Small business", "at risk", "1188"),
    ("acc-0030", "Mid-market", "customer", "18000"),
    ("acc-0042", "Strategic", "negotiating", "64200"),
    ("acc-0055", "Small business", "customer", "2376"),
    ("lead-holm-bau", "Small business", "prospect", None),
    ("lead-stonebridge", "Mid-market", "prospect", None),
)
NAMES = {"lead-holm-bau": "Holm Bau", "lead-stonebridge": "Stonebridge Tiefbau"}


def seed_contacts(world: DemoWorld, progress: Progress) -> None:
    """Write the demo's contacts down; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug=PLANNER).first()
    space = IdSpace.objects.filter(product=product).first() if product else None
    if product is None or space is None or Contact.objects.filter(person__id_space=space).exists():
        return
    if not TraitName.objects.filter(id_space=space).exists():
        set_trait_names(space, {"plan": "plan"}, unit="EUR a year", actor=SYSTEM)
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    names = [f"user-{number:05}" for number in range(11, 600, 7)]  # as the demo's events call people
    people = list(DistinctId.objects.filter(id_space=space, distinct_id__in=names).order_by("no")[: len(KNOWN)])
    for number, (row, (title, status, step, days)) in enumerate(zip(people, KNOWN, strict=False), start=1):
        due = world.ends_on + timedelta(days=days) if days else None
        values = {"title": title, "status": status, "next_step": step, "next_step_on": due, "owner": owner}
        create_contact(product, actor=SYSTEM, person=row.distinct_id, **values)
        progress(number, len(people), "contacts")
    for name, address, title, account, status, step, days in NEW:
        due = world.ends_on + timedelta(days=days) if days else None
        values = {"title": title, "status": status, "next_step": step, "next_step_on": due, "owner": owner}
        create_contact(product, actor=SYSTEM, name=name, address=address, account=account, **values)
    _seed_consents(world, people)
    _seed_records(product, space, owner)


def _seed_consents(world: DemoWorld, people: list[DistinctId]) -> None:
    for place, purpose, ago, holds, proof in CONSENTS:
        if place >= len(people) or Consent.objects.filter(person=people[place], purpose=purpose).exists():
            continue
        given = world.ends_on - timedelta(days=ago)
        until = given + timedelta(days=holds) if holds else None
        row = DistinctId.objects.select_related("id_space__product__team").get(pk=people[place].pk)
        give_consent(row, purpose=purpose, given_on=given, expires_on=until, proof=proof, actor=SYSTEM)


def _seed_records(product: Product, space: IdSpace, owner: User | None) -> None:
    known = set(AccountRecord.objects.filter(account__id_space=space).values_list("account__account_id", flat=True))
    there = set(Account.objects.filter(id_space=space).values_list("account_id", flat=True))
    for account, segment, status, revenue in RECORDS:
        if account in known or (account not in there and account not in NAMES):
            continue
        amount = Decimal(revenue) if revenue else None
        values = {"segment": segment, "status": status, "revenue": amount, "owner": owner}
        create_record(product, actor=SYSTEM, account=account, name=NAMES.get(account, ""), **values)
