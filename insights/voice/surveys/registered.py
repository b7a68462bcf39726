"""What surveys hang into the shell: navigation, search, import, schedule, story, eraser, exporter, the demo."""

from typing import Any

from insights.imports.public import ImportKindPiece
from insights.persons.contracts import StoryRows
from insights.voice.surveys import telling
from insights.voice.surveys.demo import seed_surveys
from insights.voice.surveys.importing import AnswersImport
from insights.voice.surveys.loading import load_all
from insights.voice.surveys.personal import erase_person, export_person
from insights.voice.surveys.searched import SCORE_FILTER
from portal.people.public import Role
from portal.shell.public import (
    Command,
    DemoSeed,
    NavItem,
    NightStep,
    Panel,
    PersonEraser,
    PersonExporter,
    Schedule,
    SearchRows,
    UsedBy,
    registry,
)


def _may_make(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


def _load(night: Any) -> None:
    night.count(rows_out=load_all())


registry.add(NavItem("Insights", "Surveys", "surveys:survey-list", order=33, icon="voice", under="Voice"))
registry.add(
    Command("New survey", "surveys:survey-new", can_see=_may_make, order=27, detail="NPS, CSAT, CES or a free question")
)
registry.add(Command("Surveys", "surveys:survey-list", order=28, detail="How people feel, with how sure that is"))
registry.add(
    SearchRows("Surveys", telling.find_surveys, ("pk", "name", "state", "product__name"), telling.show_found, order=31)
)
registry.add(SCORE_FILTER)
registry.add(Panel("surveys", "insights/voice/_answer_panel.html", telling.panel_of_words, order=4))
registry.add(UsedBy("Survey", telling.surveys_of_cohort, ("pk", "name"), telling.show_survey))
registry.add(StoryRows("surveys", telling.find_answers, telling.ANSWER_FIELDS, telling.show_answer, order=45))
registry.add(ImportKindPiece(AnswersImport()))
# Before feedback, so that the letters go while it is known whose they are.
registry.add(PersonEraser("surveys", erase_person, order=55))
registry.add(PersonExporter("surveys", export_person, order=55))
registry.add(
    Schedule(
        "Make events of survey answers",
        "voice.load_answers",
        every_s=60,
        description="Brings new answers into the event store, and starts rounds of asking again whose worker died.",
    )
)
registry.add(DemoSeed("surveys", seed_surveys, order=57))
registry.add(NightStep("surveys.load", "Make events of survey answers", _load, order=22))
