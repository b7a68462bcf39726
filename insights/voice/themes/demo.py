"""The demo company's themes, with the one that explains why so few get through the last step of onboarding."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone

from insights.explore.public import Insight
from insights.questions.public import ask, parse_question
from insights.voice.conversations.public import Conversation
from insights.voice.feedback.demo import ORIGIN
from insights.voice.feedback.demo_texts import LINES
from insights.voice.feedback.public import Feedback
from insights.voice.themes.actions import create_theme
from insights.voice.themes.linking import link_pieces, link_theme
from insights.voice.themes.models import Theme
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

FUNNEL = "From sign-up to an invited teammate"
WEAK = "Getting the team in"

# Name, name of the larger theme, what belongs to it.
THEMES = (
    ("Onboarding", "", "From signing up to the first plan that a team works on."),
    ("Getting the team in", "Onboarding",
     "Why a plan stays with one person: the step of onboarding at which most stop. What keeps them is said here, in "
     "their words."),
    ("The invitation is not found again", "Getting the team in",
     "It is on the welcome page and nowhere else; who skips it there looks for it in vain."),
    ("Not ready to be seen", "Getting the team in", "They want something to show first, and then the moment is over."),
    ("What does a colleague cost?", "Getting the team in", "Seats, prices, and people who only look."),
    ("Inviting one by one", "Getting the team in", "Addresses in boxes, mail filters, no link, no sign-on."),
    ("The first plan", "Onboarding", "What goes into the empty page: a template, an old plan, a first word."),
    ("Timeline", "", ""),
    ("Timeline is slow with many tasks", "Timeline", ""),
    ("Dependencies and holidays", "Timeline", "What moves when something else moves, or nobody is there."),
    ("Reports", "", "Numbers about the plan, and trust in them."),
    ("Reports that come by themselves", "Reports", ""),
    ("Search", "", ""),
    ("Other tools", "", "Calendars, chats, an API."),
    ("The outage", "", ""),
    ("Guests and rights", "", "Who may see and do what, in and outside the team."),
    ("Prices", "", "Steps, seasons, invoices; not what a colleague costs, which is a theme of its own."),
)  # fmt: skip

HOURS_THEMES = (
    ("The timer", "", "It stops, it runs on, it counts twice."),
    ("Approving hours", "", "One by one, without a word, without a deputy."),
)

# Key of the demo's feedback, theme, importance, the words that say it ("" is the whole piece).
_FIRST_LINKS = (
    ("invite-hidden", "The invitation is not found again", 3, "could not find it"),
    ("invite-admin", "The invitation is not found again", 2, "Who is the admin, if not me?"),
    ("invite-later", "The invitation is not found again", 2, "the button was only on the welcome page"),
    ("invite-later", "Not ready to be seen", 2, "I want to have something to show first"),
    ("invite-seats", "What does a colleague cost?", 3, "does each of them cost money from the first minute?"),
    ("invite-link", "Inviting one by one", 2, "Please let me copy a link and put it into our chat"),
    ("invite-mail", "Inviting one by one", 3, "Nobody got the invitations"),
    ("einladen", "The invitation is not found again", 2, "Ich finde die Einladung nicht mehr"),
    ("invite-view", "What does a colleague cost?", 2, "Inviting her as a full member felt wrong"),
    ("invite-empty", "Not ready to be seen", 2, "I did not want my team to see an empty workspace"),
    ("invite-sso", "Inviting one by one", 3, "Nobody here will accept single invitations"),
    ("inviter", "The invitation is not found again", 3, ""),
    ("price-seats", "What does a colleague cost?", 1, ""),
    ("loss-invite", "Getting the team in", 3, "one person planned alone for three weeks"),
    ("loss-sso", "Inviting one by one", 3, ""),
    ("analyst-onboarding", "Getting the team in", 2, "win or lose in the first hour, when a second person comes in"),
    ("timeline-love", "Timeline", 1, ""),
    ("timeline-slow", "Timeline is slow with many tasks", 3, "takes eight seconds to open"),
    ("timeline-deps", "Dependencies and holidays", 2, "I need arrows between tasks"),
    ("timeline-holidays", "Dependencies and holidays", 2, "Please show public holidays in the timeline"),
    ("reports-excel", "Reports that come by themselves", 2, "If it came by itself on the first"),
    ("reports-filter", "Reports that come by themselves", 1, ""),
    ("reports-trust", "Reports", 2, "What counts as planned here"),
    ("search-docs", "Search", 2, "All our decisions are in comments"),
    ("search-typo", "Search", 2, ""),
    ("integrations-calendar", "Other tools", 2, "a second place for dates is a place where dates die"),
    ("kalender", "Other tools", 2, ""),
    ("integrations-chat", "Other tools", 1, ""),
    ("outage", "The outage", 3, ""),
    ("outage-money", "The outage", 2, ""),
    ("price-small", "Prices", 2, "With the apprentices we would be twelve"),
    ("timer-phone", "The timer", 3, "The timer stops when my phone goes to sleep"),
    ("timer-edit", "Approving hours", 2, "Let me correct yesterday's entry"),
    ("approve-many", "Approving hours", 3, "I approve forty time sheets each Monday, one by one"),
    ("approve-why", "Approving hours", 2, ""),
)  # fmt: skip
LINKS = (*_FIRST_LINKS, *((line.key, *about) for line in LINES for about in line.about))

# Title of one of the demo's conversations, theme, importance, the words of its transcript or notes that say it.
TALK_LINKS = (
    ("Five minutes of looking for the invitation", "The invitation is not found again", 3,
     "If a button is only there on day one, it is there on the wrong day."),
    ("Five minutes of looking for the invitation", "Not ready to be seen", 2, "I had nothing to show yet"),
    ("Five minutes of looking for the invitation", "The invitation is not found again", 3,
     "Five minutes, no invitation found"),
    ("Why the plan stayed with one person", "Not ready to be seen", 3, "I wanted it to be presentable"),
    ("Why the plan stayed with one person", "What does a colleague cost?", 3,
     "It does not say what a second person costs, so I assumed the worst."),
    ("Why the plan stayed with one person", "Getting the team in", 3, "It comes too early, and never again."),
    ("The workspace that nobody may open", "The invitation is not found again", 2,
     "That I have to ask the admin of the workspace. Not who it is."),
    ("What a second person costs", "What does a colleague cost?", 3, "Does each of them cost from the first minute?"),
    ("An empty room is no invitation", "Not ready to be seen", 3, "I did not want to be the host of an empty room."),
    ("A link would have done it", "Inviting one by one", 2, "a link to paste into the chat"),
    ("Trial of a housing company", "Inviting one by one", 3, "Nobody there accepts single invitations"),
    ("Who looks and never plans", "What does a colleague cost?", 2, "twelve seats for twelve looks a week"),
    ("Leaving after three weeks alone", "Getting the team in", 3, "In three weeks nobody but me ever signed in."),
    ("First hour of a landscape office", "Getting the team in", 2, "and how do the others see it?"),
    ("Monday morning with the timeline", "Timeline is slow with many tasks", 3,
     "Eight seconds here, eight seconds there."),
    ("Monday morning with the timeline", "Dependencies and holidays", 2, "it does not know our holidays"),
    ("One permit late, thirty tasks to move", "Dependencies and holidays", 3,
     "The tool knows the dates. I know the order."),
    ("The report that finance waits for", "Reports that come by themselves", 3, "I would get half a day back."),
    ("The report that finance waits for", "Reports", 2,
     "I take the weekends out, because I never know whether they are in"),
    ("Looking for a decision in the comments", "Search", 2, "finds tasks, not the comment that says why"),
    ("Two calendars are one too many", "Other tools", 2, "A plan that is not in my calendar does not happen"),
    ("The outage, two weeks on", "The outage", 2, "it was green then"),
)  # fmt: skip


def seed_themes(world: DemoWorld, progress: Progress) -> None:
    """Make the demo's themes and link its feedback and words of its conversations to them; existing ones are left."""
    for slug, themes in (("planner", THEMES), ("timesheet", HOURS_THEMES)):
        product = Product.objects.select_related("team").filter(slug=slug).first()
        if product is not None and not Theme.objects.filter(product=product).exists():
            _link(_make(product, themes), product, progress)


def _make(product: Product, themes: Iterable[tuple[str, str, str]]) -> dict[str, Theme]:
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    made: dict[str, Theme] = {}
    for name, parent, description in themes:
        words = f"{say_step(product)} {description}".strip() if name == WEAK else description
        more = {"description": words, "parent": made.get(parent), "owner": owner}
        made[name] = create_theme(product, name=name, actor=SYSTEM, **more)
    return made


def _link(made: dict[str, Theme], product: Product, progress: Progress) -> None:
    pieces = {one.origin_id: one for one in Feedback.objects.filter(product=product, origin=ORIGIN)}
    wholes: dict[tuple[str, int], list[Feedback]] = {}
    for number, (key, name, importance, quote) in enumerate(LINKS, start=1):
        if key in pieces and quote:
            link_theme(made[name], pieces[key], actor=SYSTEM, importance=importance, quote=quote)
        elif key in pieces:
            wholes.setdefault((name, importance), []).append(pieces[key])
        progress(number, len(LINKS), "themes")
    for (name, importance), found in wholes.items():
        link_pieces(made[name], found, actor=SYSTEM, importance=importance)
    talks = {one.title: one for one in Conversation.objects.filter(product=product)}
    for title, name, importance, quote in TALK_LINKS:
        if title in talks:
            link_theme(made[name], talks[title], actor=SYSTEM, importance=importance, quote=quote)


def say_step(product: Product) -> str:
    """Return what the demo's saved funnel says of the step from a plan to an invitation, or nothing without it."""
    insight = Insight.objects.filter(product=product, title=FUNNEL).first()
    if insight is None:
        return ""
    question = parse_question(insight.question, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
    answer = ask(question, user=SYSTEM, caller="themes.demo")
    before, after = answer["steps"][-2:]
    if not before["count"]:
        return ""
    n_plans, n_invited = before["count"], after["count"]
    return (
        f"In the 90 days to {timezone.localdate():%-d %B %Y}, {n_plans:,} people who signed up made a plan within two "
        f"weeks, and {n_invited:,} of them ({n_invited / n_plans:.0%}) also invited somebody: see the insight "
        f"“{FUNNEL}”."
    )
