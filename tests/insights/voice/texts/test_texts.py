"""Texts: what is masked, what is marked, what is refused."""

import html
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.voice.texts.public import LONGEST_TEXT, Mark, clean_text, mark_text, mask
from portal.shell.public import BadInput

# A busy machine is no fault of these laws.
relaxed = settings(suppress_health_check=[HealthCheck.too_slow])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ann.b+x@mail.acme.co.uk wrote", "[e-mail] wrote"),
        ("mailto:ann@acme.example!", "mailto:[e-mail]!"),
        ("call 030 1234567 or (030) 123-4567", "call [phone] or [phone]"),
        ("+49\u00a030\u00a01234567", "[phone]"),
        ("on 2024-01-05 at 10:30, 3 of 12", "on 2024-01-05 at 10:30, 3 of 12"),
        ("12.01.2024 and 1,234,567.89", "12.01.2024 and 1,234,567.89"),
        ("ticket 20240105123", "ticket 20240105123"),
        ("@ann said hi@", "@ann said hi@"),
    ],
)
def test_addresses_and_numbers_are_masked_and_other_numbers_stay(text, shown):
    assert mask(text) == shown


def test_masking_a_hostile_text_is_quick():
    for text in ("a@" * 50_000, "a." * 50_000, "+1 " * 33_000, "1" * 100_000, "(" * 100_000):
        mask(text)


@relaxed
@given(texts)
def test_masked_twice_is_masked_once(text):
    assert mask(mask(text)) == mask(text)


ranges = st.tuples(st.integers(0, 120), st.integers(0, 120)).map(sorted)


@relaxed
@given(texts, st.lists(ranges, max_size=6))
def test_the_text_of_a_marked_text_is_the_text(text, places):
    marks = [Mark(min(low, len(text)), min(high, len(text)), f"h{no}") for no, (low, high) in enumerate(places)]
    shown = mark_text(text, [mark for mark in marks if mark.start < mark.end])
    pieces = re.findall(r'<mark class="said__mark" data-marks="([^"]*)"[^>]*>(.*?)</mark>', shown, re.S)
    assert html.unescape(re.sub(r"</?mark[^>]*>", "", shown)) == html.unescape(html.escape(text))
    for mark in marks:
        words = "".join(html.unescape(words) for names, words in pieces if mark.name in names.split())
        assert words == html.unescape(html.escape(text[mark.start : mark.end]))
    assert len(set(re.findall(r'id="([^"]*)"', shown))) == len(re.findall(r' id="', shown))


def test_what_is_marked_stays_text():
    shown = mark_text('<b onclick="x">hi</b>', [Mark(1, 6, "h1")])
    assert str(shown) == (
        '&lt;<mark class="said__mark" data-marks="h1" id="mark-h1">b onc</mark>lick=&quot;x&quot;&gt;hi&lt;/b&gt;'
    )


def test_texts_are_kept_in_one_form():
    assert clean_text("  cafe\u0301\r\nau lait\r ") == "caf\u00e9\nau lait"
    for text in (" \r\n ", "a\0b", "x" * (LONGEST_TEXT + 1), "\ud800"):
        with pytest.raises(BadInput) as caught:
            clean_text(text)
        assert list(caught.value.fields) == ["text"]
