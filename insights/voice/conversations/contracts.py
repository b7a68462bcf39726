"""What conversations show of themselves; no Django."""

from dataclasses import dataclass

from insights.contacts.contracts import Named
from insights.voice.texts.contracts import excerpt

# The texts of a conversation on which highlights stand.
TRANSCRIPT, NOTES = "transcript", "notes"
PARTS = {TRANSCRIPT: "Transcript", NOTES: "Notes"}

LONGEST_TRANSCRIPT = 300_000


@dataclass(frozen=True)
class ParticipantInput:
    """Who took part, as typed: an id or e-mail address, a name, an account's id, what the transcript calls them."""

    person: str = ""
    name: str = ""
    account: str = ""
    speaker: str = ""

    @property
    def is_empty(self) -> bool:
        """Say whether nobody is named."""
        return not (self.person or self.name or self.account)


@dataclass(frozen=True)
class ShownParticipant:
    """Somebody who took part, as insiders see them: the person and the account as they are known now."""

    name: str
    speaker: str = ""
    person: Named | None = None
    account: Named | None = None

    @property
    def label(self) -> str:
        """Return the person's name as it is known now, else the name given, else the id or the account."""
        if self.person and self.person.label != self.person.id:
            return self.person.label
        if self.name or self.person:
            return self.name or (self.person.label if self.person else "")
        return self.account.label if self.account else ""


@dataclass(frozen=True)
class ShownConversation:
    """A conversation as one reader may see it: whole for insiders; for others title and notes, masked."""

    title: str
    is_whole: bool
    participants: tuple[ShownParticipant, ...] = ()

    @property
    def excerpt(self) -> str:
        """Return its title on one line."""
        return excerpt(self.title)

    @property
    def who(self) -> str:
        """Return who took part, in a few words."""
        labels = [one.label for one in self.participants if one.label]
        return ", ".join(labels[:2]) + (f" and {len(labels) - 2} more" if len(labels) > 2 else "")

    @property
    def person(self) -> Named | None:
        """Return the only person who took part, to link to."""
        return self.participants[0].person if len(self.participants) == 1 else None

    @property
    def account(self) -> Named | None:
        """Return the account of all who took part, where it is one."""
        found = {one.account.no: one.account for one in self.participants if one.account}
        return next(iter(found.values())) if len(found) == 1 else None
