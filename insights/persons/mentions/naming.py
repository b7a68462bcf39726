"""Names turned into patterns: which say surely who is meant, which only perhaps; knows no Django."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

ERASED = "[erased]"
_LEAST = 3  # letters; of a shorter name every text would be full
_PHONE = re.compile(r"[+(]?(?:[ ()./-]{0,3}\d){7,15}")


@dataclass(frozen=True)
class Names:
    """How somebody is called: surely they, and perhaps they; whole names, addresses, ids, first names."""

    sure: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()

    @property
    def sure_pattern(self) -> re.Pattern[str] | None:
        """Return what surely means them, in whatever letters."""
        return _compile([f"(?i:{_any_way(name)})" for name in self.sure])

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """Return what surely or perhaps means them; what is only perhaps theirs as it is written."""
        ways = [f"(?i:{_any_way(name)})" for name in self.sure]
        return _compile([*ways, *(_any_way(name) for name in self.perhaps)])

    def sure_likes(self) -> list[str]:
        """Return LIKE patterns of which each text with a sure name fits one."""
        return sorted({like for name in self.sure for like in _likes(name)})

    def perhaps_regex(self) -> str:
        """Return PostgreSQL's regular expression for what is perhaps theirs, "" where there is nothing."""
        ways = "|".join(re.escape(name) for name in self.perhaps)
        return rf"(^|[^[:alnum:]])({ways})($|[^[:alnum:]])" if ways else ""


def sort_names(known: Iterable[str], perhaps: Iterable[str] = (), others: Iterable[str] = ()) -> Names:
    """Return which names surely mean a person, and which perhaps: first names, ids like words, names of others too.

    known: names, addresses and ids that are theirs; perhaps: names somebody gave; others: whole names of other people.
    >>> sort_names(["Ann Arbor", "ann@example.com", "ann"], others=["Bob Bay"])
    Names(sure=('Ann Arbor', 'ann@example.com'), perhaps=('Ann', 'Arbor', 'ann'))
    """
    plain = list(dict.fromkeys(_plain(name) for name in known if _plain(name)))
    own = (name.partition("@")[0] for name in plain if "@" in name or not any(one.isdigit() for one in name))
    theirs = {word.casefold() for name in own for word in re.findall(r"[^\W\d_]{3,}", name)}
    taken = {_plain(name).casefold() for name in others}
    given = [name for name in map(_plain, perhaps) if name]
    alike = [name for name in given if theirs & {word.casefold() for word in name.split()}]
    sure = [name for name in (*plain, *alike) if _is_telling(name) and name.casefold() not in taken]
    perhaps_they = [name for name in (*plain, *given) if name not in sure]
    whole = [name for name in (*sure, *perhaps_they) if " " in name and not _PHONE.fullmatch(name) and "@" not in name]
    words = [word for name in whole for word in re.findall(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*", name)]
    loose = [one for one in (*words, *perhaps_they) if len(one) >= (7 if one.isdigit() else _LEAST)]
    return Names(tuple(dict.fromkeys(sure)), tuple(name for name in dict.fromkeys(loose) if name not in sure))


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", str(name)).split())


def _is_telling(name: str) -> bool:
    """Say whether a name means one person: an address, a telephone number, two words, an id that is no word."""
    if "@" in name:
        return len(name) >= 5
    if _PHONE.fullmatch(name):  # plain digits may be anything's number
        return not name.isdigit() or name.startswith("0")
    if " " in name:
        return len([word for word in name.split() if len(word) > 1]) >= 2
    return len(name) >= 6 and any(one.isdigit() for one in name) and not name.isdigit()


def _any_way(name: str) -> str:
    """Return a pattern for a name however it is put together: “Ann Arbor”, “ann.arbor”, “Arbor, Ann”."""
    ways = [_forms(name)]
    words = name.split()
    if _PHONE.fullmatch(name) and not any(one.isalpha() for one in name):
        ways.append(r"[+(]{0,2}" + r"\D{0,3}".join(re.findall(r"\d", name)))
    elif len(words) > 1:
        ways.append(r"[\W_]{1,3}".join(map(_forms, words)))
        ways.append(rf"{_forms(words[-1])}[\W_]{{1,3}}" + r"[\W_]{1,3}".join(map(_forms, words[:-1])))
    elif "@" in name:
        ways.append(re.escape(quote(name, safe="")))
    return "|".join(ways)


def _forms(text: str) -> str:
    """Return a pattern for a text with its accents composed or apart."""
    apart = unicodedata.normalize("NFD", text)
    return re.escape(text) if apart == text else f"(?:{re.escape(text)}|{re.escape(apart)})"


def _likes(name: str) -> list[str]:
    words = [_escape(word) for word in name.split()]
    likes = ["%" + "%".join(words) + "%"]
    if len(words) > 1:
        likes.append("%" + "%".join([words[-1], *words[:-1]]) + "%")
    if "@" in name:
        likes.append(f"%{_escape(quote(name, safe=''))}%")
    if _PHONE.fullmatch(name):
        likes = ["%" + "%".join(re.findall(r"\d", name)) + "%"]
    return [*likes, *(unicodedata.normalize("NFD", like) for like in likes)]


def _escape(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _compile(ways: list[str]) -> re.Pattern[str] | None:
    # No letter or digit at either end: no piece of a longer word. Longest first: a whole name before a word of it.
    ways = sorted(dict.fromkeys(ways), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(ways)})(?![^\W_])") if ways else None
