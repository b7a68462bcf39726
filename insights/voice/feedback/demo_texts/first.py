"""A little of everything that the demo company's customers said; its themes are linked in the themes' own demo."""

from insights.voice.feedback.demo_texts.names import PLANNER, TIMESHEET

LINES = (
    ("invite-hidden", "stopped", PLANNER, "problem", "support", 1, "en", "",
     "I made my first plan yesterday and it looks great. Then I looked for a way to get my team in and could "
     "not find it. Is it in the settings? I gave up after ten minutes and sent them a screenshot."),
    ("invite-admin", "stopped", PLANNER, "problem", "support", 3, "en", "",
     "The page says that only an admin of the workspace can invite people. I created the workspace. Who is "
     "the admin, if not me?"),
    ("invite-later", "stopped", PLANNER, "other", "call", 4, "en", "",
     "Invite them now? No. I want to have something to show first. By the time the plan was ready I had "
     "forgotten that the button was only on the welcome page."),
    ("invite-seats", "stopped", PLANNER, "question", "email", 6, "en", "",
     "Before I invite my eight colleagues: does each of them cost money from the first minute? The invite "
     "dialog does not say, and I am not going to find out on the company card."),
    ("invite-link", "stopped", PLANNER, "request", "in-app", 7, "en", "",
     "Please let me copy a link and put it into our chat. Typing twelve e-mail addresses into twelve boxes is "
     "no way to start."),
    ("invite-mail", "stopped", PLANNER, "problem", "support", 9, "en", "",
     "Nobody got the invitations. Our mail filter ate them, as it turned out. A link would have saved us a "
     "week."),
    ("einladen", "stopped", PLANNER, "problem", "support", 10, "de", "",
     "Ich finde die Einladung nicht mehr. Beim ersten Start habe ich sie übersprungen, und jetzt steht sie "
     "nirgends."),
    ("invite-view", "stopped", PLANNER, "request", "call", 12, "en", "",
     "My boss only has to look at the plan. Inviting her as a full member felt wrong, so I exported a PDF "
     "instead, every Friday."),
    ("invite-empty", "stopped", PLANNER, "other", "meeting", 15, "en", "",
     "I did not want my team to see an empty workspace. If there had been an example plan in it I would have "
     "invited them at once."),
    ("invite-sso", "anybody", PLANNER, "request", "call", 17, "en", "",
     "We are 300 people. Nobody here will accept single invitations; connect it to our sign-on and let them "
     "find the plan."),
    ("inviter", "stopped", PLANNER, "problem", "email", 21, "fr", "",
     "Je n'ai pas trouvé comment inviter mes collègues après la création du premier plan. J'ai fini par "
     "partager mon écran."),
    ("timeline-love", "heavy", PLANNER, "praise", "in-app", 2, "en", "",
     "The timeline is the first thing I open on Monday. I can see at last where two people are planned on the "
     "same day."),
    ("timeline-print", "heavy", PLANNER, "request", "in-app", 5, "en", "",
     "Can I print the timeline on A3? The steering group wants paper, and the screenshot cuts off October."),
    ("timeline-slow", "heavy", PLANNER, "problem", "support", 8, "en", "",
     "With about 400 tasks the timeline takes eight seconds to open, and scrolling is like wading. Smaller "
     "plans are fine."),
    ("timeline-deps", "heavy", PLANNER, "request", "call", 11, "en", "",
     "I need arrows between tasks. If the permit comes late, everything after it is late, and today I move "
     "thirty tasks by hand."),
    ("timeline-holidays", "heavy", PLANNER, "request", "email", 14, "en", "",
     "Please show public holidays in the timeline. We planned a delivery for Whit Monday and nobody was there."),
    ("timeline-drag", "anybody", PLANNER, "problem", "in-app", 19, "en", "",
     "Dragging a task on the tablet scrolls the page instead of the task. I do this on building sites, with "
     "one hand."),
    ("reports-excel", "heavy", PLANNER, "request", "call", 13, "en", "",
     "Every month I export the report, fix the dates in a spreadsheet and send it to finance. If it came by "
     "itself on the first, you would save me half a day."),
    ("reports-filter", "heavy", PLANNER, "request", "in-app", 16, "en", "",
     "I want to save a report with its filters. I set the same five filters every single morning."),
    ("reports-trust", "anybody", PLANNER, "question", "support", 20, "en", "",
     "The workload report says 112 percent for me and 40 for Jonas. What counts as planned here, and are "
     "weekends in it?"),
    ("reports-slow", "heavy", PLANNER, "problem", "support", 23, "en", "",
     "Reports over a whole year time out. For a quarter they open in a few seconds."),
    ("reports-good", "anybody", PLANNER, "praise", "review", 26, "en", "",
     "The workload report settled an argument that we had had for two years. Thank you."),
    ("search-docs", "heavy", PLANNER, "request", "in-app", 18, "en", "",
     "Search finds tasks but not comments. All our decisions are in comments."),
    ("search-typo", "anybody", PLANNER, "problem", "in-app", 24, "en", "",
     "If I misspell a name, search says that there is nothing. My colleague is called Ekström, I type Ekstrom "
     "all day."),
    ("outage", "anybody", PLANNER, "problem", "support", 51, "en", "",
     "Nothing loads since nine this morning and your status page is green. We have a site meeting in an hour."),
    ("outage-thanks", "heavy", PLANNER, "praise", "email", 49, "en", "",
     "The outage was bad, but your mail about what happened and what you changed was the best that I have had "
     "from a supplier."),
    ("outage-money", "anybody", PLANNER, "question", "email", 48, "en", "",
     "We lost half a day on the fourth. Is there anything in the contract about that?"),
    ("integrations-calendar", "anybody", PLANNER, "request", "forum", 28, "en", "j.horvat",
     "Please put my tasks into my calendar. I live in my calendar; a second place for dates is a place where "
     "dates die."),
    ("integrations-chat", "heavy", PLANNER, "request", "in-app", 30, "en", "",
     "When a task is moved, tell the channel of the project, not forty people by mail."),
    ("integrations-api", "anybody", PLANNER, "question", "forum", 33, "en", "brightlabs_dev",
     "Is there a way to read plans over an API? We would build the rest ourselves."),
    ("kalender", "anybody", PLANNER, "request", "support", 36, "de", "",
     "Ein Abgleich mit unserem Kalender würde uns viel Arbeit sparen. Derzeit tragen wir jeden Termin doppelt "
     "ein."),
    ("price-small", "anybody", PLANNER, "other", "call", 34, "en", "",
     "For three people it is worth it. With the apprentices we would be twelve, and then it is more than our "
     "accounting."),
    ("price-seats", "stopped", PLANNER, "other", "survey", 38, "en", "",
     "I would use it more if people who only look did not cost a seat."),
    ("win-handover", "anybody", PLANNER, "win", "call", 22, "en", "",
     "They chose us over the spreadsheet because the timeline showed two double bookings in the trial, on "
     "their own data."),
    ("loss-invite", "anybody", PLANNER, "loss", "call", 27, "en", "",
     "Lost after the trial: one person planned alone for three weeks, nobody else ever signed in, so there "
     "was nobody to argue for it."),
    ("loss-sso", "", PLANNER, "loss", "call", 40, "en", "",
     "Lost at the last step: their security team wants single sign-on in the plan that they can afford."),
    ("competitor-link", "", PLANNER, "competitor", "meeting", 29, "en", "",
     "Their new release lets anybody with a link look at a plan for seven days without signing in. Two of our "
     "prospects named it."),
    ("competitor-import", "", PLANNER, "competitor", "forum", 44, "en", "",
     "Seen at the fair: they read an old project file and have a plan after one minute. Ours still starts "
     "with an empty page."),
    ("analyst-onboarding", "", PLANNER, "analyst", "meeting", 45, "en", "",
     "The note on tools for planning says that products win or lose in the first hour, when a second person "
     "comes in."),
    ("timer-phone", "anybody", TIMESHEET, "problem", "in-app", 5, "en", "",
     "The timer stops when my phone goes to sleep. I noticed on Friday that I had worked eleven minutes all "
     "week."),
    ("timer-edit", "anybody", TIMESHEET, "request", "support", 12, "en", "",
     "Let me correct yesterday's entry without asking my manager. It was a typo, 80 hours instead of 8."),
    ("approve-many", "anybody", TIMESHEET, "request", "call", 20, "en", "",
     "I approve forty time sheets each Monday, one by one. Let me tick those without anything odd and be done."),
    ("approve-why", "anybody", TIMESHEET, "problem", "in-app", 27, "en", "",
     "My week was sent back without a word. What should I change?"),
    ("invoice-good", "anybody", TIMESHEET, "praise", "review", 31, "en", "",
     "From hours to invoice in two clicks. I used to lose the last day of every month to this."),
)  # fmt: skip
