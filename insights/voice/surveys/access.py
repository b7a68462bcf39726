"""May this user read or change a survey, and see who answered what?"""

from typing import Any

from insights.voice.surveys.models import Answer, Sending, Survey
from portal.people.public import Product, Role, allow, can, get_visible, is_insider
from portal.shell.public import NotAllowed, NotFound

allow("surveys.create", Role.PRODUCT_MANAGER)
allow("surveys.edit", Role.PRODUCT_MANAGER)

INSIDERS_ONLY = "Who was asked and who answered what is for the product's team and for ops. The numbers are for all."


def products_to_ask_about(user: Any) -> list[Product]:
    """Return the products about which a user may make a survey."""
    return [product for product in user.visible_products if can(user, "surveys.create", product)]


def get_survey(user: Any, pk: int, write: bool = False) -> Survey:
    """Return a survey that the user may see; with `write`, may change too."""
    return get_visible(Survey.objects.dressed(), user, "surveys.edit" if write else "", pk=pk)


def get_survey_inside(user: Any, pk: int, write: bool = False) -> Survey:
    """Return a survey of which the user may see who answered what."""
    survey = get_survey(user, pk, write=write)
    if not is_insider(user, survey.team_id):
        raise NotAllowed(INSIDERS_ONLY)
    return survey


def get_answer(user: Any, pk: int, write: bool = False) -> Answer:
    """Return an answer of a survey that the user sees whole; with `write`, may delete too."""
    answers = Answer.objects.visible_to(user).select_related("survey__team", "person", "account", "feedback")
    return _of_survey(answers.filter(pk=pk).first(), user, write)


def get_sending(user: Any, pk: int, write: bool = False) -> Sending:
    """Return a round of asking of a survey that the user sees whole."""
    return _of_survey(
        Sending.objects.visible_to(user).select_related("survey__team").filter(pk=pk).first(), user, write
    )


def _of_survey(found: Any, user: Any, write: bool) -> Any:
    if found is None:
        raise NotFound()
    if write and not can(user, "surveys.edit", found.survey):
        raise NotAllowed()
    return found
