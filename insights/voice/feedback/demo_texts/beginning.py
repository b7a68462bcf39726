"""The first hour with an empty plan, and who may see and do what in it."""

from insights.voice.feedback.demo_texts.names import FIRST_PLAN, GUESTS, PLANNER

LINES = (
    ("first-blank", "anybody", PLANNER, "problem", "in-app", 3, "en", "",
     "A white page and a blinking line. What do I write into the first box: a task, a day, a person?",
     (FIRST_PLAN, 2, "What do I write into the first box")),
    ("first-template", "anybody", PLANNER, "request", "support", 6, "en", "",
     "Do you have a template for a shop fitting? Every one of our jobs is the same forty steps with other dates.",
     (FIRST_PLAN, 2, "a template for a shop fitting")),
    ("first-copy", "heavy", PLANNER, "request", "in-app", 10, "en", "",
     "'Duplicate' copies the tasks with last year's dates. I would like to give it a new first day and have all the "
     "others follow.",
     (FIRST_PLAN, 3, "give it a new first day and have all the others follow")),
    ("first-import", "anybody", PLANNER, "request", "email", 14, "en", "",
     "We have nine years of plans in spreadsheets. I am told that one can load them, but mine has the weeks as columns "
     "and your page wants rows. Is there anybody at your place who would look at it with me for twenty minutes?",
     (FIRST_PLAN, 2, "mine has the weeks as columns and your page wants rows")),
    ("first-msproject", "anybody", PLANNER, "question", "forum", 19, "en", "kranfuehrer",
     "Can it read a project file of the big old program? Our client sends nothing else.",
     (FIRST_PLAN, 2, "")),
    ("first-quick", "anybody", PLANNER, "praise", "review", 21, "en", "",
     "Signed up on the train, had a plan before the next stop. That has never happened to me with software for work.",
     (FIRST_PLAN, 1, "")),
    ("first-words", "anybody", PLANNER, "problem", "call", 25, "en", "",
     "Workspace, plan, board, lane. I have a building and five trades. It took me a day to see which of your words is "
     "my building.",
     (FIRST_PLAN, 2, "which of your words is my building")),
    ("first-de-vorlage", "anybody", PLANNER, "request", "support", 28, "de", "",
     "Gibt es Vorlagen für einen Umzug? Ich fange jedes Mal bei null an.",
     (FIRST_PLAN, 2, "Ich fange jedes Mal bei null an")),
    ("first-tour", "anybody", PLANNER, "problem", "survey", 31, "en", "",
     "the tour with the bubbles covers the thing it explains",
     (FIRST_PLAN, 1, "")),
    ("first-undo", "anybody", PLANNER, "problem", "support", 35, "en", "",
     "I deleted the wrong plan in my first hour and found no way back. You brought it back within the day, thank you, "
     "but my heart stood still.",
     (FIRST_PLAN, 3, "I deleted the wrong plan in my first hour")),
    ("first-es-plantilla", "anybody", PLANNER, "request", "in-app", 38, "es", "",
     "Me faltan plantillas en español. Las que hay hablan de «sprints» y nosotros organizamos bodas.",
     (FIRST_PLAN, 2, "Me faltan plantillas en español")),
    ("first-teacher", "anybody", PLANNER, "praise", "email", 44, "en", "",
     "I teach site management. My students plan their exercise with it and need no explanation from me, which is the "
     "best that I can say of any tool. Only the beginning with the empty page costs us the first ten minutes, every "
     "year, in every class.",
     (FIRST_PLAN, 1, "Only the beginning with the empty page costs us the first ten minutes")),
    ("first-fr-vide", "anybody", PLANNER, "problem", "call", 52, "fr", "",
     "On ouvre, c'est vide, et on ne sait pas par quoi commencer.",
     (FIRST_PLAN, 2, "on ne sait pas par quoi commencer")),
    ("guest-client", "heavy", PLANNER, "request", "call", 4, "en", "",
     "The client wants to see when the tiler comes, not what the tiler costs. Give me a guest who sees the dates of "
     "one plan and nothing else.",
     (GUESTS, 3, "a guest who sees the dates of one plan and nothing else")),
    ("guest-delete", "heavy", PLANNER, "problem", "support", 9, "en", "",
     "A subcontractor deleted eleven tasks that were not his. He is very sorry. I would rather that he could not.",
     (GUESTS, 3, "I would rather that he could not")),
    ("guest-who", "heavy", PLANNER, "question", "in-app", 16, "en", "",
     "Who moved the crane? The history says 'somebody of your team'.",
     (GUESTS, 2, "Who moved the crane?")),
    ("guest-lock", "heavy", PLANNER, "request", "in-app", 22, "en", "",
     "Lock a week. Once it is printed and signed nobody should be able to drag anything in it.",
     (GUESTS, 2, "Lock a week")),
    ("guest-leaver", "anybody", PLANNER, "problem", "support", 30, "en", "",
     "A man who left us in June could still open the plan in September. Our auditor found it before we did.",
     (GUESTS, 3, "could still open the plan in September")),
    ("guest-de", "heavy", PLANNER, "request", "meeting", 36, "de", "",
     "Die Nachunternehmer sollen ihre eigenen Aufgaben abhaken können, aber nicht die der anderen sehen. Das fragt "
     "bei uns jede zweite Baustelle.",
     (GUESTS, 3, "ihre eigenen Aufgaben abhaken können, aber nicht die der anderen sehen")),
    ("guest-roles", "anybody", PLANNER, "request", "call", 42, "en", "",
     "Two kinds of people are not enough for us. We have those who plan, those who do, those who pay and those who "
     "have to be told.",
     (GUESTS, 2, "Two kinds of people are not enough for us")),
    ("guest-link-old", "heavy", PLANNER, "question", "email", 55, "en", "",
     "How do I see who has a link to my plan, and how do I take one back?",
     (GUESTS, 2, "")),
)  # fmt: skip
