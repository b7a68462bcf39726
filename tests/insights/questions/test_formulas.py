"""Formulas: what can be written, what it comes to, and what is wrong with the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.questions.formulas import FormulaFault, read_formula


@pytest.mark.parametrize(
    ("text", "shown", "value"),
    [
        ("A", "A", 6),
        ("a+b*2", "A + B * 2", 10),
        ("(A+B)*2", "(A + B) * 2", 16),
        ("A-B-1", "A - B - 1", 3),
        ("A/B/3", "A / B / 3", 1),
        ("100*A/(A+B)", "100 * A / (A + B)", 75),
        ("-A*-B", "-A * -B", 12),
        ("- (A - 2.5)", "-(A - 2.5)", -3.5),
        ("A/(B-2)", "A / (B - 2)", None),
        ("0*(A/(B-B))", "0 * (A / (B - B))", None),
    ],
)
def test_a_formula_is_spaced_evenly_and_comes_to(text, shown, value):
    formula = read_formula(text, 2)
    assert (formula.text, formula.value({0: 6, 1: 2})) == (shown, value)
    assert read_formula(formula.text, 2) == formula


def test_a_missing_value_makes_the_result_missing():
    assert read_formula("A + B", 2).value({0: None, 1: 2}) is None
    assert read_formula("A", 2).value({0: 3, 1: None}) == 3


def test_what_a_float_cannot_hold_is_no_value():
    assert read_formula("A * A * A", 1).value({0: 1e200}) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing at the end"),
        ("A +", "missing at the end"),
        ("* A", "missing before “*”"),
        ("A ** B", "missing before “*”"),
        ("(A + B", "not closed"),
        ("A + B)", "“)” cannot stand there"),
        ("A B", "“B” cannot stand there"),
        ("AB", "“AB” is no part"),
        ("1e5 * A", "“e5” is no part"),
        ("A ^ 2", "“^” is no part"),
        ("1.2.3 * A", "“1.2.3” is no part"),
        ("A.real", "“.real” is no part"),
        ("٣ * A", "“٣” is no part"),
        ("A / C", "no series C"),
        ("2 + 2", "at least one series"),
        ("(" * 30 + "A" + ")" * 30, "nest 20 deep"),
        ("-" * 30 + "A", "nest 20 deep"),
    ],
)
def test_what_is_wrong_is_said(text, says):
    with pytest.raises(FormulaFault) as caught:
        read_formula(text, 2)
    assert says in str(caught.value)


@given(st.text(alphabet="ABC019.+-*/() \t", max_size=200))
def test_any_text_is_a_formula_or_a_fault(text):
    try:
        formula = read_formula(text, 3)
    except FormulaFault:
        return
    formula.value({0: 1, 1: 0, 2: None})
    assert read_formula(formula.text, 3) == formula
