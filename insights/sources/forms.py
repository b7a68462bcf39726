"""Forms of sources, mappings, readings and corrected rows."""

import re
from typing import Any

from django import forms

from insights.events.public import Source
from portal.people.public import OwnerField, Product, can


def own_products(user: Any):
    """Return the products for which a user may make sources."""
    products = Product.objects.visible_to(user)
    return products if user.is_ops else products.filter(team_id__in=user.team_ids)


class SourceForm(forms.ModelForm):
    """What people say of a source."""

    owner = OwnerField()

    class Meta:
        model = Source
        fields = ["name", "product", "kind", "time_zone", "description", "schedule", "fresh_by", "earliest_on"]
        fields += ["identical_rows", "owner"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2}),
            "fresh_by": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "earliest_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {"fresh_by": "New data by", "earliest_on": "First day"}
        help_texts = {
            "time_zone": "Times without a zone are read in it, such as Europe/Berlin.",
            "product": "Whose numbers these are. Equal ids in one product are one person.",
            "schedule": "How often the portal reads a watched folder or a query by itself.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = own_products(user)
        self.fields["product"].empty_label = "Choose a product"
        teams = [self.instance.team_id] if self.instance.pk else own_products(user).values("team")
        self.fields["owner"].offer(teams, user.pk, self.instance.owner_id)
        kinds = [choice for choice in Source.Kind.choices if choice[0] != "sql" or can(user, "sources.edit_sql")]
        self.fields["kind"].choices = kinds
        if self.instance.pk:
            del self.fields["kind"]
            del self.fields["product"]

    def _post_clean(self) -> None:
        """Leave checking the whole row to the action, which knows the parts that no form holds."""


class NewSourceForm(forms.Form):
    """The first step of a load: a source that is there, or a new one."""

    source = forms.ModelChoiceField(Source.objects.none(), required=False, empty_label="A new source …")
    name = forms.CharField(max_length=100, required=False, help_text="Such as “Planner events”.")
    product = forms.ModelChoiceField(Product.objects.none(), required=False, empty_label="Choose a product")
    time_zone = forms.CharField(
        max_length=64, required=False, help_text="Times without a zone are read in it, such as Europe/Berlin."
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        products = own_products(user)
        loadable = Source.objects.visible_to(user).active().filter(product__in=products, kind=Source.Kind.UPLOAD)
        self.fields["source"].queryset = loadable.select_related("product")
        if not loadable.exists():
            del self.fields["source"]
        self.fields["product"].queryset = products
        known = list(products[:2])
        self.fields["product"].initial = known[0] if len(known) == 1 else None
        self.fields["time_zone"].initial = getattr(user, "time_zone", "UTC")

    def clean(self):
        """A new source needs a name and a product."""
        cleaned = super().clean()
        if not cleaned.get("source"):
            for name, sentence in (("name", "Name the new source."), ("product", "Choose whose numbers these are.")):
                if not cleaned.get(name):
                    self.add_error(name, sentence)
        return cleaned


class FileForm(forms.Form):
    """The file of a load."""

    file = forms.FileField(
        allow_empty_file=True,
        help_text="CSV, JSON Lines, JSON (each also .gz or .zst), Parquet or XLSX.",
    )


class FolderForm(forms.Form):
    """The folder that a source watches."""

    folder = forms.CharField(max_length=200, help_text="Below the portal's folder for watched folders.")
    pattern = forms.CharField(max_length=100, initial="*", help_text="Which files count, such as *.csv.gz.")


class QueryForm(forms.Form):
    """The query that a source reads."""

    address = forms.CharField(
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="postgresql://reader:password@host:5432/database, stored encrypted. Use a role that may only read; "
        "the database must be reachable from the portal's own network.",
    )
    query = forms.CharField(widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}))
    cursor_column = forms.CharField(
        max_length=63,
        label="The column that grows",
        help_text="Such as id or created_at: only rows above the highest value read so far are asked for.",
    )
    rows_per_batch = forms.IntegerField(min_value=1, max_value=1_000_000, initial=100_000, label="Rows at a time")
    timeout_s = forms.IntegerField(min_value=1, max_value=600, initial=60, label="Time limit in seconds")

    def __init__(self, *args, known: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["address"].required = not known
        if known:
            self.fields["address"].label = "Another address"
            self.fields["address"].help_text = f"It reads {known} now; leave this empty to keep that. Else: " + str(
                self.fields["address"].help_text
            )


class RowForm(forms.Form):
    """The text of a quarantined row, to be corrected."""

    raw = forms.CharField(
        label="The row", widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}), strip=False, required=False
    )


def reason_words(text: str) -> str:
    """Return a reason code in words.

    >>> reason_words("no_person")
    'No person'
    """
    return re.sub(r"_+", " ", text).capitalize()
