"""Kinds of imports: what a room says of the things that it takes out of files, registered in its `registered.py`."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from insights.imports.contracts import Plan, Preset, Taker, Target, Worked
from insights.imports.guessing import guess_targets
from portal.people.public import Product
from portal.shell.public import NotFound, registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from insights.imports.models import Import


class OptionsForm(forms.Form):
    """What holds for all rows of a file; a kind adds its fields. Values are kept as JSON."""

    def __init__(self, *args: Any, product: Product, user: Any, columns: Sequence[str] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.product, self.user, self.columns = product, user, columns

    def to_json(self) -> dict[str, Any]:
        """Return the options as they are kept: what was chosen, of a form that was not sent what it starts with."""
        if self.is_bound:
            found = dict(self.cleaned_data)
        else:
            found = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


class ImportKind(ABC):
    """One kind of import. Registered as it is: `registry.add(ImportKindPiece(FeedbackImport()))`."""

    name = ""  # "feedback"
    title = ""  # of pages: "feedback"
    nouns = ("thing", "things")
    order = 100
    targets: tuple[Target, ...] = ()
    presets: tuple[Preset, ...] = ()
    preview: tuple[tuple[str, str], ...] = ()  # (key of Seen.shown, heading)
    options_form: type[OptionsForm] = OptionsForm
    takes_second_file = False
    help = ""  # what the first page says of what can be imported

    @abstractmethod
    def may(self, user: Any, product: Product | None = None) -> bool:
        """Say whether a user may import into a product, or into any."""

    def guess(self, columns: Sequence[str], samples: Mapping[str, Sequence[str]]) -> tuple[str, Plan]:
        """Return the name of the preset that fits, and how the file is probably meant."""
        return guess_targets(self.targets, self.presets, columns, samples)

    def faults(self, plan: Plan) -> list[str]:
        """Return what is missing or contradicts itself in a plan."""
        return []

    @abstractmethod
    def taker(self, product: Product, plan: Plan, *, actor: Any, batch: "Import | None") -> Taker:
        """Return what looks at rows and writes; without a batch it only looks."""

    def url_of(self, batch: "Import") -> str:
        """Return where to see what a run brought."""
        return ""

    def worked(self, batch: "Import") -> Worked:
        """Return what people have done to it since."""
        return Worked()

    @abstractmethod
    def undo(self, batch: "Import", *, actor: Any, keeps_worked: bool, progress: "Callable[..., None]") -> int:
        """Take back what a run brought, in the job's transaction; return how many things were kept."""


class ImportKindPiece:
    """A kind on the registry's shelf."""

    def __init__(self, kind: ImportKind):
        self.name, self.kind, self.order = kind.name, kind, kind.order


def all_kinds() -> list[ImportKind]:
    """Return all kinds of imports."""
    return [piece.kind for piece in registry.all(ImportKindPiece)]


def get_kind(name: str) -> ImportKind:
    """Return a kind by its name."""
    found = next((kind for kind in all_kinds() if kind.name == name), None)
    if found is None:
        raise NotFound("There is no such kind of import.")
    return found


def kinds_for(user: Any) -> Iterable[ImportKind]:
    """Return the kinds of imports that a user may start."""
    return [kind for kind in all_kinds() if kind.may(user)]
