"""A conversation with Ann and Bob of Acme Works, led by the owner."""

import datetime as dt

import pytest

from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from tests.insights.voice.conftest import TODAY

TRANSCRIPT = """Owner: How did the first week go?
Ann: It is slow. Write to ann@mail.example if you need numbers.
It is slow on phones.
[00:01:20] Bob: Ann Arbor told me so. I could not get my team in.
Owner: Thank you both."""
NOTES = "# First week\n\n- **Ann** finds it slow on phones\n- Bob could not get his *team* in, call 030 1234567"


@pytest.fixture
def talk(product, owner):
    def talk(title="First week at Acme", actor=owner, of=product, **more):
        values = {"held_on": dt.date(2024, 1, 20), "notes": NOTES, "transcript": TRANSCRIPT, **more}
        return add_conversation(of, actor=actor, today=TODAY, title=title, **values)

    return talk


@pytest.fixture
def both(people, talk):
    return talk(participants=[ParticipantInput("ann"), ParticipantInput("bob", "Bob")])
