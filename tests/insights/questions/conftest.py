"""A source with the rows of a test, and the answer to a question about them."""

import pytest

from insights.questions.public import ask, parse_question
from tests.factories import make_source, store_events
from tests.insights.questions.worked import NOW


@pytest.fixture
def answer_to(product, owner):
    source = make_source(product)

    def answer(rows, value, *, now=NOW, **stored):
        if rows:
            store_events(source, rows, **stored)
        question = parse_question({**value, "products": ["planner"]}, now=now, default_zone="UTC")
        return ask(question, user=owner, caller="tests")

    return answer
