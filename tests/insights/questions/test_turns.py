"""One person's questions take two places at most."""

import threading

import pytest
from django.core.cache import cache

from insights.questions.turns import fair_turn
from portal.people.public import SYSTEM
from portal.shell.public import TooOften

pytestmark = pytest.mark.django_db


def test_a_third_question_at_once_is_refused_and_others_go_on(owner, editor):
    with fair_turn(owner), fair_turn(owner):
        with pytest.raises(TooOften), fair_turn(owner, wait_s=0.1):
            pass
        with fair_turn(editor, wait_s=0), fair_turn(SYSTEM, wait_s=0):
            pass
    with fair_turn(owner, wait_s=0):
        pass


def test_a_question_waits_for_its_turn(owner):
    first = fair_turn(owner)
    first.__enter__()
    with fair_turn(owner):
        threading.Timer(0.2, first.__exit__, (None, None, None)).start()
        with fair_turn(owner, wait_s=5):
            pass


def test_without_the_cache_everybody_passes(owner, monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionError("away")

    monkeypatch.setattr(cache, "add", fail)
    with fair_turn(owner), fair_turn(owner), fair_turn(owner):
        pass
