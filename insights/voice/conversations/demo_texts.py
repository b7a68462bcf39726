"""What was said in the demo company's conversations: invented, newest first.

In the texts {a} and {b} stand for the first names of the first and second of those who took part, {pm} for the product
manager's; themes link words of them by their titles.
"""

from dataclasses import dataclass

PLANNER, TIMESHEET = "planner", "timesheet"
DISCOVERY, USABILITY, SALES, SUPPORT = "discovery", "usability", "sales", "support"


@dataclass(frozen=True)
class Talk:
    """One conversation: who took part ("stopped", "heavy" or "anybody", one for each), how many days before the end."""

    title: str
    who: tuple[str, ...]
    kind: str
    days: int
    minutes: int
    notes: str
    transcript: str = ""
    steps: tuple[tuple[str, int, bool], ...] = ()  # what, days from the end until it is due, whether it is done
    product: str = PLANNER
    guide: str = ""


FIRST_WEEK = "1. What did you want to get done?\n2. Show me how you began.\n3. Where did you stop, and what came next?"
INVITING = (
    "1. Who else should see the plan?\n2. Show me how you would bring them in.\n3. What do you expect to happen then?"
)

TALKS = (
    Talk("Five minutes of looking for the invitation", ("stopped",), USABILITY, 2, 35,
         "**Task:** bring two colleagues into the plan that they made last week.\n\n"
         "- Looked in the profile, then in the plan's menu, then in the help. *Five minutes, no invitation found*\n"
         "- Expected it at the top right, \"where the faces are\"\n"
         "- Saw the welcome page once, on the first day, and skipped it\n\n"
         "> If a button is only there on day one, it is there on the wrong day.",
         "{pm}: Please bring two colleagues into this plan. Say aloud what you look for.\n\n"
         "{a}: All right. People are usually at the top right, where the faces are. There is only mine.\n\n"
         "{a}: Then the menu of the plan. Export, duplicate, archive. Nothing about people.\n\n"
         "{pm}: What would you do now, if I were not here?\n\n"
         "{a}: Honestly, I would take a screenshot and send it. That is what I did last week.\n\n"
         "{pm}: Did you see the welcome page when you signed up?\n\n"
         "{a}: I think so. There was something about a team. I skipped it, I had nothing to show yet.\n\n"
         "{a}: If a button is only there on day one, it is there on the wrong day.",
         (("Show the sketch with people at the top right", -3, False), ("Send the recording to design", 1, True)),
         guide=INVITING),
    Talk("Why the plan stayed with one person", ("stopped", "stopped"), DISCOVERY, 4, 50,
         "Two people of one building site, each with a plan of their own; *neither knew of the other's*.\n\n"
         "- Both made a plan in the first hour and both like it\n"
         "- Neither invited anybody: one waited until it was \"presentable\", the other feared the price\n"
         "- They send each other pictures of their screens every Friday\n\n"
         "### What I take from it\n\nThe step is not hard. It comes too early, and never again.",
         "{pm}: You both have a plan. Did you know of each other's?\n\n"
         "{a}: No! I have been sending you pictures since March.\n\n"
         "{b}: And I typed them into mine.\n\n"
         "{pm}: What kept you from inviting {b}, {a}?\n\n"
         "{a}: It was half empty. I wanted it to be presentable, and then I forgot that one could.\n\n"
         "{b}: With me it was the price. It does not say what a second person costs, so I assumed the worst.\n\n"
         "{pm}: If it had said that the first five are free?\n\n"
         "{b}: I would have had my whole crew in there the same afternoon.",
         (("Ask pricing whether the dialog may say what a colleague costs", -1, False),), guide=FIRST_WEEK),
    Talk("The workspace that nobody may open", ("stopped",), SUPPORT, 5, 20,
         "Signed up with a private address, the company's workspace was made by an apprentice who left.\n\n"
         "- \"Only an admin can invite\", but the admin has gone\n"
         "- Support moved the rights in two minutes; the customer had waited **nine days** before asking",
         "{pm}: How long did you look for the admin?\n\n"
         "{a}: Nine days. Nobody here knew who that was. It turned out to be our apprentice of last summer.\n\n"
         "{pm}: What did the page tell you?\n\n"
         "{a}: That I have to ask the admin of the workspace. Not who it is. I created half of what is in there!",
         (("Name the admin in the message", 4, False),)),
    Talk("Planning on site with one hand", ("heavy",), USABILITY, 7, 40,
         "On a building site, tablet in the left hand, gloves.\n\n"
         "1. Opened the timeline: fine\n2. Moved a delivery by a day: **scrolled the page instead**, three times\n"
         "3. Gave up and called the office\n\nThe week view would be enough out here.",
         steps=(("Try the week view with a long press", 6, False),)),
    Talk("Monday morning with the timeline", ("heavy", "heavy"), DISCOVERY, 8, 45,
         "They open the timeline together, on the large screen, every Monday at seven.\n\n"
         "- It takes so long that somebody makes coffee meanwhile: about *400 tasks*\n"
         "- They look for one thing only: who is planned twice\n- Holidays are on a paper calendar beside the screen",
         "{pm}: Walk me through Monday.\n\n"
         "{a}: I start it at five to seven, so that it is there at seven. {b} makes coffee meanwhile.\n\n"
         "{b}: It is a running joke by now. Eight seconds here, eight seconds there.\n\n"
         "{pm}: And then, what do you look at first?\n\n"
         "{a}: Who is planned twice. Everything else can wait.\n\n"
         "{b}: And I hold the paper calendar beside it, because it does not know our holidays.",
         (("Profile the timeline with 400 tasks", -6, True), ("Ask who else keeps holidays on paper", 8, False))),
    Talk("What a second person costs", ("stopped",), SALES, 9, 30,
         "Wants to bring eight people in. Read the price list twice and still asked.\n\n"
         "- \"Does each of them cost from the first minute?\"\n- Five of the eight only look\n"
         "- Would pay for three today; will not bring in eight to find out",
         steps=(("Send an offer for three who plan and five who look", -4, True),)),
    Talk("An empty room is no invitation", ("stopped",), DISCOVERY, 11, 40,
         "Made the first plan alone at night, to be ready for the team. Never was.\n\n"
         "> I did not want to be the host of an empty room.\n\n"
         "An example plan would have been enough to invite them at once.",
         guide=FIRST_WEEK),
    Talk("A link would have done it", ("anybody",), SUPPORT, 12, 15,
         "Twelve invitations sent, none arrived: the mail filter of the customer. IT needed a week.\n\n"
         "Asked twice for *a link to paste into the chat*."),
    Talk("The report that finance waits for", ("heavy",), DISCOVERY, 13, 45,
         "Every last Friday: export, mend the dates by hand, mail it to finance. **Half a day a month.**\n\n"
         "- Needs the same five columns each time\n- \"If it came by itself, I would not open it at all\"\n"
         "- Does not trust the workload number: are weekends in it?",
         "{pm}: What happens if you send it late?\n\n"
         "{a}: Then finance sends me a reminder with my boss in copy. So I do it at night.\n\n"
         "{pm}: What do you change in the file?\n\n"
         "{a}: The dates, always the dates. And I take the weekends out, because I never know whether they are in.\n\n"
         "{pm}: If it came by itself on the first of the month?\n\n"
         "{a}: I would not open it at all. I would get half a day back.",
         (("Show the draft of monthly reports", 5, False),)),
    Talk("Trial of a housing company", ("anybody", "anybody"), SALES, 15, 60,
         "Security and planning at one table. Planning is won; security is not.\n\n"
         "- Nobody there accepts single invitations: *300 people, one sign-on*\n"
         "- They want to see who opened what, for six months\n- Decision at the end of the quarter",
         steps=(("Answer the security questions", -2, False), ("Bring the sign-on people together", 3, False))),
    Talk("From spreadsheet to plan in one afternoon", ("heavy",), DISCOVERY, 17, 35,
         "Took a spreadsheet of three years over by hand, *in one afternoon*, and would do it again.\n\n"
         "- Typed 140 tasks; pasted none, \"I did not know that one can\"\n"
         "- Invited the crew from the welcome page, on the first day: the only one so far who found it"),
    Talk("Looking for a decision in the comments", ("heavy",), USABILITY, 18, 30,
         "**Task:** find out why the facade was moved to May.\n\n"
         "- Searched for *facade*: finds tasks, not the comment that says why\n"
         "- Opened eleven tasks one by one. Found it in the ninth",
         steps=(("Add comments to the list of what search should find", -9, True),)),
    Talk("One permit late, thirty tasks to move", ("heavy", "anybody"), DISCOVERY, 20, 55,
         "A permit came three weeks late. Everything after it had to move.\n\n"
         "- Thirty tasks by hand, two forgotten, one crane paid for a day of nothing\n"
         "- Draws arrows on a printout of the timeline\n\n> The tool knows the dates. I know the order.",
         "{pm}: What do the arrows on the printout mean?\n\n"
         "{a}: That one cannot start before the other. The tool knows the dates. I know the order.\n\n"
         "{b}: And when {a} is ill, nobody knows it.\n\n"
         "{pm}: What did it cost, the last time?\n\n"
         "{a}: A crane for a day. I would rather not say the number."),
    Talk("The outage, two weeks on", ("anybody",), SUPPORT, 24, 25,
         "Half a day without the plan, a site meeting from memory.\n\n"
         "- Liked the mail about what had happened\n- Opens our status page before each meeting; *it was green then*"),
    Talk("Who looks and never plans", ("stopped",), DISCOVERY, 27, 40,
         "Plans for twelve; the twelve need to look once a week. Exports a picture for them each Friday.\n\n"
         "- Inviting them as full members felt wrong: \"they move things\"\n- And twelve seats for twelve looks a week",
         guide=INVITING),
    Talk("Leaving after three weeks alone", ("stopped",), SALES, 30, 25,
         "Did not go on after the trial. Liked everything about it.\n\n"
         "> In three weeks nobody but me ever signed in. So there was nobody to argue for it.\n\n"
         "Did not know that invitations exist beyond the welcome page.",
         steps=(("Call again once invitations are at the top right", 40, False),)),
    Talk("Two calendars are one too many", ("heavy",), DISCOVERY, 33, 35,
         "Copies every date into the company's calendar, on Sundays.\n\n- Misses one a month\n"
         "- \"A plan that is not in my calendar does not happen\""),
    Talk("First hour of a landscape office", ("anybody",), USABILITY, 37, 45,
         "New to any planning tool.\n\n1. First plan after *eleven minutes*\n2. First task moved after fourteen\n"
         "3. Asked \"and how do the others see it?\" and closed the dialog that would have told them",
         guide=FIRST_WEEK),
    Talk("What the board wants to see", ("anybody",), SALES, 44, 30,
         "Head of projects, reports to a board four times a year.\n\n- Needs one page, printed, A3\n"
         "- The screenshot cuts off October"),
    Talk("Forty time sheets before nine", ("anybody",), DISCOVERY, 6, 40,
         "Approves forty time sheets each Monday, one by one.\n\n- Thirty-five are the same each week\n"
         "- Wants to tick those *without anything odd* and look at the rest",
         "{pm}: How do you know that one is odd?\n\n"
         "{a}: More than ten hours on a day, or a Sunday. Or somebody who writes eight every single day.\n\n"
         "{pm}: And the others?\n\n"
         "{a}: I press approve thirty-five times. You could train a bird to do it.",
         (("Test a list of odd ones first", 2, False),), TIMESHEET),
    Talk("The timer that fell asleep", ("anybody",), SUPPORT, 14, 20,
         "Eleven minutes of work in a week, says the timer: it stops when the phone sleeps.\n\n"
         "Now writes hours on the back of delivery notes again.", product=TIMESHEET),
    Talk("Sent back without a word", ("anybody",), USABILITY, 21, 30,
         "**Task:** mend a time sheet that was sent back.\n\n- Looked for a reason; there is none\n"
         "- Called the manager, who had mistyped", product=TIMESHEET),
    Talk("Invoices on the last day of the month", ("anybody", "anybody"), DISCOVERY, 28, 50,
         "From hours to invoice in two clicks, *and then a day of checking*.\n\n"
         "- Rates of last year for two customers; found by a customer\n- Wants the rate beside each line",
         product=TIMESHEET, steps=(("Show the rate on the draft of an invoice", -12, True),)),
    Talk("A works council asks about timers", ("anybody",), SALES, 39, 35,
         "Before they buy: who can see when a timer was started, and for how long is it kept?\n\n"
         "- Managers may see days, not minutes\n- Nothing older than a year", product=TIMESHEET,
         steps=(("Send what is kept and for how long", -20, True),)),
)  # fmt: skip
