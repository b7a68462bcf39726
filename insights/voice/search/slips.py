"""Slips of the hand: how far a word is from another, and which words were probably meant; knows no Django."""

from collections.abc import Iterable

FEWEST_LETTERS = 4  # shorter words have too many neighbours
LONG = 7  # letters from which two slips are forgiven
LONGEST = 30
MOST_MEANT = 3
_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyzäöüßáàâéèêëíîïóôúùûçñåøæ",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ",
)


def slips_between(one: str, other: str, most: int) -> int:
    """Return how many slips lead from a word to another, or most + 1 where there are more.

    A slip is a letter too many, one missing, a wrong one, or two neighbours that changed places (optimal string
    alignment; Damerau 1964, Commun. ACM 7, 171-176).
    >>> slips_between("exprot", "export", 2), slips_between("timline", "timeline", 2), slips_between("plan", "price", 2)
    (1, 1, 3)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def one_slip_from(word: str) -> set[str]:
    """Return all that one slip may have made a word of, in letters of its own alphabet; nothing of a short word.

    >>> "team" in one_slip_from("taem"), "export" in one_slip_from("exprt"), one_slip_from("ta")
    (True, True, set())
    """
    if not slips_forgiven(word) or len(word) > LONGEST:
        return set()
    letters = next((one for one in _ALPHABETS if word[0] in one), _ALPHABETS[0])
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        *(start + end[1:] for start, end in parts if end),
        *(start + end[1] + end[0] + end[2:] for start, end in parts if len(end) > 1),
        *(start + letter + end[1:] for start, end in parts if end for letter in letters),
        *(start + letter + end for start, end in parts for letter in letters),
    } - {word}


def slips_forgiven(word: str) -> int:
    """Return how many slips a word may have: none in a short one, two in a long one."""
    return 0 if len(word) < FEWEST_LETTERS else 1 if len(word) < LONG else 2


def meant_words(forms: Iterable[str], known: Iterable[tuple[str, int]]) -> list[str]:
    """Return the words that were probably meant, the nearest ones alone, the most frequent first.

    forms: the word as it was typed and as stemmers leave it. known: words with the number of texts that hold them.
    """
    near: list[tuple[int, int, str]] = []
    typed = [(form, most) for form in dict.fromkeys(forms) if (most := slips_forgiven(form))]
    for word, n in known:
        slips = [found for form, most in typed if (found := slips_between(form, word, most)) <= most]
        if slips:
            near.append((min(slips), -n, word))
    near.sort()
    return [word for slips, _, word in near if slips == near[0][0]][:MOST_MEANT]
