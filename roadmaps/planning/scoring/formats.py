"""How numbers of scores are said; pure."""


def say_number(value: float | None, *, digits: int = 3) -> str:
    """Return a number for reading: three digits that count, thousands apart, whole where it is whole.

    >>> say_number(1234.5), say_number(0.25), say_number(3.0), say_number(5.3333), say_number(None), say_number(1e6)
    ('1,234', '0.25', '3', '5.33', '\u2013', '1,000,000')
    """
    if value is None:
        return "\u2013"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    text = f"{value:.{digits}g}"
    return f"{float(text):.6f}".rstrip("0").rstrip(".") if "e" in text else text
