"""Quotes keep their places: laws that hold for every text and every edit, and cases worked out by hand."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.voice.texts.public import LONGEST_QUOTE, Place, anchor_at, find_quote, follow_edit

# A busy machine is no fault of these laws.
relaxed = settings(suppress_health_check=[HealthCheck.too_slow])
# Few letters, so that words come again and again.
texts = st.text("ab .\n", min_size=1, max_size=80)
words = st.lists(st.sampled_from(["it", "is", "slow", "on", "my", "phone", ".", "very"]), min_size=3, max_size=25)


@st.composite
def quoted(draw, text=texts):
    """Return a text and a range of it that holds words."""
    body = draw(text.filter(lambda one: one.strip()))
    low = draw(st.integers(0, len(body) - 1))
    high = draw(st.integers(low + 1, len(body)))
    if not body[low:high].strip():
        low, high = 0, len(body)
    return body, low, high


@relaxed
@given(quoted())
def test_in_an_unchanged_text_a_quote_is_where_it_was(case):
    text, low, high = case
    anchor = anchor_at(text, low, high)
    assert text[low:high].strip() == anchor.quote
    found = find_quote(text, anchor)
    assert found == Place(anchor.start, anchor.start + len(anchor.quote)) == follow_edit(text, text, anchor)


@relaxed
@given(quoted(), texts)
def test_whatever_a_text_becomes_a_place_lies_in_it_and_says_something(case, after):
    text, low, high = case
    anchor = anchor_at(text, low, high)
    place = follow_edit(text, after, anchor)
    if anchor.quote in after:
        assert place is not None
        assert after[place.start : place.end] == anchor.quote
    if place is not None:
        assert 0 <= place.start < place.end <= len(after)
        assert after[place.start : place.end].strip() == after[place.start : place.end]


@relaxed
@given(words, st.data())
def test_an_edit_outside_a_quote_moves_it_with_its_text(body, data):
    """With words that are all different there is only one right place."""
    body = [f"{word}{no}" for no, word in enumerate(body)]
    low = data.draw(st.integers(0, len(body) - 1))
    high = data.draw(st.integers(low + 1, len(body)))
    text, quote = " ".join(body), " ".join(body[low:high])
    anchor = anchor_at(text, text.index(quote), text.index(quote) + len(quote))
    new = ["new", "words"]
    before = data.draw(st.sampled_from([[], new, [*body[:low], *new], body[: max(0, low - 1)], [*new, *body[:low]]]))
    behind = data.draw(st.sampled_from([[], new, [*new, *body[high:]], body[high + 1 :], [*body[high:], *new]]))
    after = " ".join([*before, *body[low:high], *behind])
    start = len(" ".join([*before, ""]))
    assert follow_edit(text, after, anchor) == Place(start, start + len(quote))


@relaxed
@given(words, st.data())
def test_of_equal_words_the_one_that_was_quoted_moves(body, data):
    text = " ".join(body)
    low = data.draw(st.integers(0, len(body) - 1))
    start = len(" ".join([*body[:low], ""]))
    anchor = anchor_at(text, start, start + len(body[low]))
    after = f"{text} At the end something that was not said before."
    assert follow_edit(text, after, anchor) == Place(start, start + len(body[low]))
    ahead = "Something NEW! "
    moved = Place(start + len(ahead), start + len(ahead) + len(body[low]))
    assert follow_edit(text, ahead + text, anchor) == moved


def test_words_that_were_changed_keep_their_place_while_half_of_them_are_left():
    text = "We plan alone. Nobody finds the invite button on the first day. We stay alone."
    quote = "Nobody finds the invite button on the first day"
    anchor = anchor_at(text, text.index(quote), text.index(quote) + len(quote))
    after = text.replace("the invite button", "the big invite button").replace("first day", "second day")
    place = follow_edit(text, after, anchor)
    assert after[place.start : place.end] == "Nobody finds the big invite button on the second day"
    assert follow_edit(text, "We plan alone. Nobody cares. We stay alone.", anchor) is None


def test_a_quote_that_moved_to_another_paragraph_is_found_by_its_surroundings():
    text = "First: it is slow.\n\nSecond: it is slow on phones."
    second = text.rindex("it is slow")
    anchor = anchor_at(text, second, second + 10)
    after = "Second: it is slow on phones.\n\nFirst: it is slow."
    assert follow_edit(text, after, anchor) == Place(8, 18)


@pytest.mark.parametrize(("low", "high"), [(-1, 3), (0, 99), (3, 3), (5, 2), (1, 2)])
def test_a_range_that_says_nothing_is_no_quote(low, high):
    with pytest.raises(ValueError, match=r"outside|no words"):
        anchor_at("a  b c", low, high)


def test_a_quote_has_a_limit():
    with pytest.raises(ValueError, match="at most 2,000"):
        anchor_at("x" * (LONGEST_QUOTE + 1), 0, LONGEST_QUOTE + 1)


def test_a_text_of_a_hundred_thousand_letters_that_was_written_anew_ends_in_time():
    before, after = "one two three four " * 5_000, "five six seven one " * 5_000
    assert follow_edit(before, after, anchor_at(before, 50_000, 50_040)) is None
