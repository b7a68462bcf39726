"""What feedback shows of itself, and what adding many pieces comes to; no Django."""

from dataclasses import dataclass

from insights.contacts.contracts import Named
from insights.voice.texts.contracts import excerpt


@dataclass(frozen=True)
class Shown:
    """A piece of feedback as one reader may see it: whole for insiders; for others masked, and not who said it."""

    text: str
    is_whole: bool
    author: str = ""
    person: Named | None = None
    account: Named | None = None
    person_id: str = ""

    @property
    def excerpt(self) -> str:
        """Return how it begins, on one line."""
        return excerpt(self.text)

    @property
    def who(self) -> str:
        """Return who said it: the person's name as it is known now, else the name given with the feedback."""
        if self.person and self.person.label != self.person.id:
            return self.person.label
        return self.author or (self.person.label if self.person else self.person_id)


@dataclass(frozen=True)
class Added:
    """What came of adding several pieces: how many are new, and how many were there already."""

    n_new: int
    n_known: int

    def __str__(self) -> str:
        new = f"{self.n_new:,} piece{'' if self.n_new == 1 else 's'} of feedback"
        return f"{new}; {self.n_known:,} were there already" if self.n_known else new
