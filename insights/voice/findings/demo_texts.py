"""What the demo company holds to be true of its customers: invented, on its feedback, conversations and insights.

Evidence is (side, key of the feedback or title of the conversation, words), or (side, "insight:" and a title, what it
shows). `days` says for how long it is still valid; below zero it has expired. `state` is where it stands.
"""

from dataclasses import dataclass

FOR, AGAINST = "for", "against"
ONBOARDING_INSIGHT = "insight:From sign-up to an invited teammate"


@dataclass(frozen=True)
class Claim:
    """One finding of the demo."""

    claim: str
    meaning: str
    method: str
    how: str
    n: int | None
    n_of: str
    confidence: int
    state: str
    days: int
    evidence: tuple[tuple[str, str, str], ...]
    note: str = ""
    later: tuple[tuple[str, str, str], ...] = ()


CLAIMS = (
    Claim(
        "Teams stay alone because the invitation cannot be found again after the welcome page",
        "- Put the invitation where the plan is: beside the names of tasks, and in the menu of the plan.\n"
        "- Do not write another mail about it: nobody said that they did not want to invite.\n"
        "- Not known: whether those who leave in the first week looked for it at all.",
        "mixed",
        "Feedback about the first weeks, five interviews with people whose plan stayed with one person, and the funnel "
        "of all who signed up. Nobody was asked who never made a plan.",
        14, "people", 3, "stands", 150,
        (
            (FOR, ONBOARDING_INSIGHT, "The step from the first plan to the first invitation loses more people than any "
             "other step of onboarding."),
            (FOR, "invite-hidden", "could not find it"),
            (FOR, "invite-later", "the button was only on the welcome page"),
            (FOR, "einladen", "Ich finde die Einladung nicht mehr"),
            (FOR, "Five minutes of looking for the invitation",
             "If a button is only there on day one, it is there on the wrong day."),
            (FOR, "Why the plan stayed with one person", "It comes too early, and never again."),
            (AGAINST, "invite-empty", "I did not want my team to see an empty workspace"),
        ),
        "One says that an empty workspace kept her, not the button. That is a finding of its own.",
    ),
    Claim(
        "People want something to show before they invite anybody",
        "Offer an example plan, and ask for the invitation when the first plan has five tasks, not before.",
        "interviews",
        "Interviews of the last eight weeks with people who made a plan and invited nobody.",
        6, "people", 2, "stands", 96,
        (
            (FOR, "invite-later", "I want to have something to show first"),
            (FOR, "Five minutes of looking for the invitation", "I had nothing to show yet"),
            (FOR, "Why the plan stayed with one person", "I wanted it to be presentable"),
            (FOR, "An empty room is no invitation", "I did not want to be the host of an empty room."),
        ),
    ),
    Claim(
        "Nobody knows what a colleague costs, so they assume the worst",
        "Say the price of a seat in the dialog of the invitation.",
        "feedback",
        "All feedback about prices and seats of this quarter, read by one person.",
        9, "people", 2, "stands", 9,
        (
            (FOR, "invite-seats", "does each of them cost money from the first minute?"),
            (FOR, "Why the plan stayed with one person",
             "It does not say what a second person costs, so I assumed the worst."),
            (FOR, "What a second person costs", "Does each of them cost from the first minute?"),
        ),
    ),
    Claim(
        "The timeline is fast enough for everybody but the largest plans",
        "Leave its speed alone until plans of more than 300 tasks are common.",
        "usage",
        "Looked at once, for the offer to a building company.",
        None, "people", 1, "in_question", 60,
        ((FOR, "timeline-love", "The timeline is the first thing I open on Monday"),),
        later=(
            (AGAINST, "timeline-slow", "the timeline takes eight seconds to open"),
            (AGAINST, "Monday morning with the timeline", "Eight seconds here, eight seconds there."),
        ),
    ),
    Claim(
        "Finance will not work with a report that does not come by itself",
        "A monthly report by mail is worth more to them than another chart.",
        "interviews",
        "Three calls with people who send numbers to finance each month.",
        3, "people", 1, "expired", -12,
        (
            (FOR, "reports-excel", "If it came by itself on the first"),
            (FOR, "The report that finance waits for", "I would get half a day back."),
        ),
    ),
    Claim(
        "Calendars are where plans are read, not where they are made",
        "",
        "interviews",
        "",
        None, "people", 1, "draft", 0,
        (
            (FOR, "integrations-calendar", "a second place for dates is a place where dates die"),
            (FOR, "Two calendars are one too many", "A plan that is not in my calendar does not happen"),
        ),
    ),
)  # fmt: skip
