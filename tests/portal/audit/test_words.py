"""The trail's verbs as sentences."""

import pytest

from portal.audit.words import say_verb


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        ("metric.change_proposed", "proposed a change of the metric"),
        ("metric.change_approved", "approved a change of the metric"),
        ("metric.made_draft", "made the metric a draft again"),
        ("pack.frozen", "froze the pack"),
        ("public_link.revoked", "revoked the public link"),
        ("day_off.added", "added the day off"),
    ],
)
def test_a_verb_as_a_sentence(verb, sentence):
    assert say_verb(verb) == sentence
