"""Initiatives of the cast's team, and the models that every portal begins with."""

import pytest

from roadmaps.planning.initiatives.public import create_initiative
from roadmaps.planning.scoring.models import ScoringModel


@pytest.fixture
def rice(db):
    return ScoringModel.objects.select_related("current").get(slug="rice")


@pytest.fixture
def wsjf(db):
    return ScoringModel.objects.select_related("current").get(slug="wsjf")


@pytest.fixture
def invite(product, owner):
    return create_initiative(product, title="Guide new teams", actor=owner, effort_months=3.0)


@pytest.fixture
def timeline(product, owner):
    return create_initiative(product, title="A faster timeline", actor=owner)
