"""Words of answers, found by the score that they came with."""

import datetime as dt

from insights.events.public import DistinctId
from insights.voice.search.contracts import Wish
from insights.voice.search.finding import find
from insights.voice.surveys.actions import create_survey, open_survey
from insights.voice.surveys.answering import add_answer
from portal.people.public import SYSTEM


def test_words_are_found_by_the_score_that_they_came_with(people, product, owner, outsider):
    survey = open_survey(create_survey(product, actor=owner, kind="nps", name="NPS", sender="Mara"), actor=owner)
    for name, score, comment in (("ann", 3, "Slow reports"), ("bob", 10, "Reports are quick"), ("cy", 7, "Fine")):
        person = DistinctId.objects.select_related("id_space__product__team").get(distinct_id=name)
        add_answer(survey, person, actor=SYSTEM, score=score, comment=comment)

    def found(text, score, user=owner):
        hits = find(Wish(text, narrow={"score": score}), user, today=dt.date.today()).hits
        return [hit.found.text for hit in hits]

    assert found("reports", "nps-negative") == ["Slow reports"]
    assert found("reports", "nps-positive") == ["Reports are quick"]
    assert found("", "nps-between") == ["Fine"]
    assert found("reports", "csat-negative") == found("reports", "nonsense") == []
    assert found("reports", "nps-negative", outsider) == []
