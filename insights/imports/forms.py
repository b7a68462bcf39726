"""Forms of an import: the file, which column becomes what, and how two files belong together."""

from collections.abc import Sequence
from typing import Any

from django import forms

from insights.imports.contracts import UNUSED
from insights.imports.kinds import ImportKind
from insights.imports.models import Import
from insights.imports.reading import SECOND, Head, Join
from insights.sources.mapping_forms import FastSelect
from portal.people.public import Product

MOST_PASTED = 2_000_000


class FileForm(forms.Form):
    """The file of an import, or its rows pasted."""

    product = forms.ChoiceField()
    file = forms.FileField(
        required=False, allow_empty_file=True, help_text="CSV, XLSX, JSON or JSON Lines; also .gz or .zst."
    )
    pasted = forms.CharField(
        required=False,
        max_length=MOST_PASTED,
        label="or paste the rows",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="With the names of the columns in the first row, as a spreadsheet copies them.",
    )
    is_multipart_with_progress = True

    def __init__(self, *args: Any, products: Sequence[Product], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.products = {product.slug: product for product in products}
        self.fields["product"].choices = [(product.slug, product.name) for product in products]

    def clean_product(self) -> Product:
        """Return the product that was chosen."""
        return self.products[self.cleaned_data["product"]]

    def clean(self) -> dict[str, Any]:
        """Need a file or pasted rows, and not both."""
        data = super().clean() or {}
        if not data.get("file") and not data.get("pasted", "").strip() and "file" not in self.errors:
            self.add_error("file", "Choose a file, or paste the rows below.")
        if data.get("file") and data.get("pasted", "").strip():
            self.add_error("pasted", "Choose a file or paste rows, not both.")
        return data


class SecondFileForm(forms.Form):
    """A second file, joined to the first by an id."""

    second = forms.FileField(
        label="Second file", help_text="One with the same ids, such as labels or the closed answers of the same people."
    )


class JoinForm(forms.Form):
    """By which columns two files belong together."""

    join_here = forms.ChoiceField(label="The id in this file")
    join_there = forms.ChoiceField(label="The id in the second file")

    def __init__(self, data: Any, *, head: Head):
        super().__init__(data, initial={"join_here": head.join.here, "join_there": head.join.there})
        own = [column for column in head.columns if not column.endswith(SECOND)]
        self.fields["join_here"].choices = [("", "Choose a column"), *((name, name) for name in own)]
        self.fields["join_there"].choices = [("", "Choose a column"), *((name, name) for name in head.second_columns)]

    def join(self) -> Join:
        """Return what was chosen."""
        return Join(self.cleaned_data["join_here"], self.cleaned_data["join_there"])


class TargetsForm(forms.Form):
    """One choice for each column of the file."""

    def __init__(self, data: Any, *, kind: ImportKind, head: Head, start: dict[str, str]):
        super().__init__(data)
        self.columns = {f"col_{number}": column for number, column in enumerate(head.columns)}
        self.samples = {column: head.first_of(column) for column in head.columns}
        choices = [(UNUSED, "Not used"), *((target.name, target.label) for target in kind.targets)]
        for name, column in self.columns.items():
            self.fields[name] = forms.ChoiceField(
                choices=choices, required=False, label=column, widget=FastSelect, initial=start.get(column, UNUSED)
            )

    def rows(self) -> list[tuple[str, list[str], forms.BoundField]]:
        """Return each column with samples and its choice, for the page."""
        return [(column, self.samples[column], self[name]) for name, column in self.columns.items()]

    def targets(self) -> dict[str, str]:
        """Return what was chosen for each column that is used."""
        return {column: self.cleaned_data[name] for name, column in self.columns.items() if self.cleaned_data[name]}


class UndoForm(forms.Form):
    """Whether an undo takes back too what people worked on."""

    takes_worked = forms.BooleanField(required=False, label="Take those back too, with all that was done to them")


def words_of_counts(batch: Import, kind: ImportKind) -> list[tuple[str, int]]:
    """Return what a check or a run came to: words and counts; those that a kind never has are left out."""
    one, many = kind.nouns
    counts = [
        ("Rows read", batch.n_rows),
        (f"New {one if batch.n_new == 1 else many}", batch.n_new),
        ("Changed", batch.n_changed),
        ("There already", batch.n_known),
        ("Refused", batch.n_refused),
        ("Nothing in them", batch.n_empty),
    ]
    return [(words, count) for words, count in counts if count or words not in ("Changed", "Nothing in them")]
