"""The forms of feedback: one piece, and many that are pasted."""

from collections.abc import Sequence
from typing import Any

from django import forms

from insights.contacts.public import LONGEST_ID
from insights.voice.feedback.attachments import check_file
from insights.voice.feedback.file_types import ALLOWED, MOST_BYTES, MOST_FILES
from insights.voice.feedback.models import Channel, Feedback
from insights.voice.feedback.pasting import CUTS, MOST_PIECES, Cut, cut
from insights.voice.texts.public import LANGUAGE_CHOICES, LONGEST_TEXT
from portal.people.public import OwnerField, Product, Visibility
from portal.shell.public import BadInput

_MARKET = set(Feedback.MARKET)
KIND_CHOICES = [
    ("From customers", [(kind.value, kind.label) for kind in Feedback.Kind if kind not in _MARKET]),
    ("From the market", [(kind.value, kind.label) for kind in Feedback.MARKET]),
]
FILES_HELP = f"Up to {MOST_FILES}, of {MOST_BYTES // 1024 // 1024} MB each: {ALLOWED}."
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files for a piece of feedback, each checked by what is in it."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files, or say what is wrong with each."""
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"Add at most {MOST_FILES} files.")
        cleaned = [super(FilesField, self).clean(file, initial) for file in files]
        for file in cleaned:
            try:
                check_file(file.name, file.read(MOST_BYTES + 1))
            except BadInput as fault:
                raise forms.ValidationError(fault.fields["files"]) from fault
            file.seek(0)
        if self.required and not cleaned:
            raise forms.ValidationError("Choose a file.")
        return cleaned


class FilesForm(forms.Form):
    """Files for a piece that is there."""

    files = FilesField(label="Add files", help_text=FILES_HELP)


class _AboutForm(forms.Form):
    """What one piece and many pasted ones say alike."""

    kind = forms.ChoiceField(choices=KIND_CHOICES, initial=Feedback.Kind.REQUEST)
    channel = forms.ModelChoiceField(queryset=Channel.objects.none(), empty_label=None)
    said_on = forms.DateField(label="Said on", widget=_DAY)
    person = forms.CharField(
        required=False,
        max_length=LONGEST_ID,
        label="Person",
        help_text="Their id or e-mail address, as the events know them; somebody new is fine too.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    author = forms.CharField(
        required=False, max_length=200, label="Name", help_text="As they gave it, if the portal does not know it."
    )
    account = forms.CharField(
        required=False,
        max_length=LONGEST_ID,
        label="Account",
        help_text="Its id. Left empty, it is the account that the person belongs to.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Not said"),
            *sorted(LANGUAGE_CHOICES, key=lambda one: one[1]),
        ],
    )
    visibility = forms.ChoiceField(
        choices=Visibility.choices,
        label="Who may read it",
        initial=Visibility.TEAM,
        help_text="Others of the company read it with addresses and numbers masked, and not who said it.",
    )

    def __init__(self, *args: Any, products: Sequence[Product] = (), feedback: Feedback | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kept = [feedback.channel_id] if feedback else []
        self.fields["channel"].queryset = Channel.objects.in_use() | Channel.objects.filter(pk__in=kept)
        if "product" in self.fields:
            self.fields["product"].choices = [(product.slug, product.name) for product in products]
            self.products = {product.slug: product for product in products}

    def clean_product(self) -> Product:
        """Return the product that was chosen."""
        return self.products[self.cleaned_data["product"]]


class FeedbackForm(_AboutForm):
    """One piece of feedback."""

    product = forms.ChoiceField()
    text = forms.CharField(
        label="What was said",
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=LONGEST_TEXT,
        help_text="In their own words. It is shown as it is, letter by letter.",
    )
    title = forms.CharField(
        required=False, max_length=300, label="Subject or question", help_text="What they were asked, where it says."
    )
    origin = forms.CharField(
        required=False, max_length=60, label="Said first in", help_text="The system, such as zendesk."
    )
    origin_id = forms.CharField(
        required=False, max_length=200, label="Id there", help_text="Written down twice, it stays one piece."
    )
    origin_url = forms.URLField(required=False, max_length=1000, label="Link to it there", assume_scheme="https")
    files = FilesField(required=False, label="Files", help_text=FILES_HELP)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    field_order = ["product", "title", "text", "kind", "channel", "said_on", "person", "author", "account"]


class FeedbackChangeForm(FeedbackForm):
    """One piece that is there already: its product stays, its owner can be chosen."""

    product = files = None
    owner = OwnerField()

    def __init__(self, *args: Any, feedback: Feedback, **kwargs: Any):
        super().__init__(*args, feedback=feedback, **kwargs)
        self.fields["owner"].offer([feedback.team_id], feedback.owner_id)


class PasteForm(_AboutForm):
    """Many pieces at once, cut out of one pasted text; seen before they are kept."""

    product = forms.ChoiceField()
    text = forms.CharField(label="Pasted text", widget=forms.Textarea(attrs={"rows": 12}), max_length=10 * LONGEST_TEXT)
    way = forms.ChoiceField(choices=CUTS, label="Cut it", initial=Cut.BLOCKS.value)

    field_order = ["product", "text", "way", "kind", "channel", "said_on", "person", "author", "account"]

    def clean(self) -> dict[str, Any]:
        """Cut the text; too many pieces, or too long a one, are refused."""
        data = super().clean() or {}
        pieces = cut(data.get("text", ""), Cut(data.get("way") or Cut.BLOCKS.value))
        if len(pieces) > MOST_PIECES:
            self.add_error("text", f"These are {len(pieces):,} pieces; paste at most {MOST_PIECES} at once.")
        if any(len(piece) > LONGEST_TEXT for piece in pieces):
            self.add_error("text", f"One of the pieces has more than {LONGEST_TEXT:,} letters. Cut it elsewhere.")
        data["pieces"] = pieces
        return data


def start_of(feedback: Feedback) -> dict[str, Any]:
    """Return what the form of a piece of feedback starts with."""
    names = (
        "title",
        "text",
        "kind",
        "said_on",
        "language",
        "author",
        "origin",
        "origin_id",
        "origin_url",
        "visibility",
    )
    return {
        **{name: getattr(feedback, name) for name in (*names, "version")},
        "channel": feedback.channel_id,
        "owner": feedback.owner_id,
        "person": feedback.person.distinct_id if feedback.person else "",
        "account": feedback.account.account_id if feedback.account else "",
    }
