"""Themes out of a file's labels: found by name in the product's tree, made where they are missing, linked in bulk."""

from collections.abc import Iterable, Sequence
from typing import Any

from insights.imports.public import Import, Note
from insights.voice.feedback.public import Feedback
from insights.voice.intake.models import ImportedTheme
from insights.voice.themes.public import Branch, Theme, ThemeLink, create_theme, resolve
from portal.people.public import Product
from portal.shell.public import is_storable

LONGEST_NAME = 120
MOST_NEW = 500
_SECOND = " (second file)"


class ThemeMaker:
    """The themes of one product during one import."""

    def __init__(self, product: Product, batch: Import | None, *, actor: Any, parent: str = ""):
        self.product, self.batch, self.actor, self.parent = product, batch, actor, parent.strip()
        self._ids: dict[str, int] | None = None
        self._new: set[str] = set()

    def clean(self, labels: Iterable[tuple[str, str]], notes: list[Note]) -> list[str]:
        """Return the names of themes that labels mean; one that cannot be a name is noted, with its column."""
        names: dict[str, str] = {}
        for column, text in labels:
            name = " ".join(text.removesuffix(_SECOND).split())
            if len(name) > LONGEST_NAME or not is_storable(name):
                notes.append(Note(column, text[:500], f"No theme: its name has more than {LONGEST_NAME} letters."))
            elif name.lower() not in self._known() and self._is_too_many(name):
                notes.append(Note(column, text[:500], f"No theme: a file makes at most {MOST_NEW} new ones."))
            else:
                names.setdefault(name.lower(), name)
        return list(names.values())

    def _is_too_many(self, name: str) -> bool:
        if name.lower() in self._new:
            return False
        if len(self._new) >= MOST_NEW:
            return True
        self._new.add(name.lower())
        return False

    def _known(self) -> dict[str, int]:
        """Return {name in small letters: the theme that it counts as}; a live one before a merged one of its name."""
        if self._ids is None:
            branches: list[Branch] = Theme.objects.branches(self.product)
            by_id = {branch.id: branch for branch in branches}
            branches.sort(key=lambda branch: branch.merged_into_id is None)
            self._ids = {branch.name.lower(): resolve(branch.id, by_id) for branch in branches}
        return self._ids

    def link(self, pieces: Sequence[tuple[Feedback, list[str]]]) -> None:
        """Link pieces to themes by name, making those that are missing."""
        links: dict[tuple[int, int], ThemeLink] = {}
        for feedback, names in pieces:
            for name in names:
                theme_id = self._id_of(name)
                links[theme_id, feedback.pk] = ThemeLink(
                    theme_id=theme_id, feedback=feedback, imported_in=self.batch, created_by_id=self.actor.pk
                )
        ThemeLink.objects.bulk_create(links.values(), batch_size=1000)

    def _id_of(self, name: str) -> int:
        known = self._known()
        if name.lower() not in known:
            known[name.lower()] = self._make(name, self._parent())
        return known[name.lower()]

    def _parent(self) -> Theme | None:
        if not self.parent:
            return None
        known = self._known()
        if self.parent.lower() not in known:
            known[self.parent.lower()] = self._make(self.parent, None)
        return Theme.objects.select_related("product", "team").get(pk=known[self.parent.lower()])

    def _make(self, name: str, parent: Theme | None) -> int:
        theme = create_theme(self.product, name=name, actor=self.actor, parent=parent)
        ImportedTheme.objects.create(batch=self.batch, theme=theme)
        return theme.pk
