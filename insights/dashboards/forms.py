"""What people type about dashboards, tiles and annotations."""

from django import forms

from insights.dashboards.models import Annotation, Dashboard, Tile
from insights.dashboards.scope_form import DATE_HELP, PRESETS, clean_range_text
from insights.explore.contracts import CHART_TYPES, CHARTS_BY_KIND, METRIC_CHARTS
from insights.questions.words import say_filter
from portal.people.public import OwnerField, Product, Visibility, can


def editable_products(user) -> list[int]:
    """Return the ids of the products for which this user may make dashboards."""
    return [product.pk for product in user.visible_products if can(user, "dashboards.create", product)]


class DashboardForm(forms.ModelForm):
    """What a dashboard says of itself."""

    owner = OwnerField()
    own_filters = forms.MultipleChoiceField(
        label="Filters of every tile",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Untick what shall not be there any more. New ones: filter on the page, then “Keep for everybody”.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Dashboard
        fields = ["title", "purpose", "product", "visibility", "owner", "date_from", "date_to"]
        labels = {"visibility": "Who may read it", "date_from": "First day", "date_to": "Last day"}
        help_texts = {
            "title": "",
            "product": "Tiles are about this product unless their question names another.",
            "date_from": "For all tiles: " + DATE_HELP + " Empty: each tile keeps its own.",
            "date_to": "Empty: today.",
        }
        widgets = {"date_from": forms.TextInput(attrs={"list": "ranges"})}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        products = Product.objects.filter(pk__in=[*editable_products(user), self.instance.product_id])
        self.fields["product"].queryset = products
        self.fields["product"].empty_label = None
        teams = [self.instance.team_id] if self.instance.pk else products.values("team")
        self.fields["owner"].offer(teams, user.pk, self.instance.owner_id)
        self._offer_filters()
        self.fields["visibility"].choices = Visibility.choices
        self.fields["revision"].initial = self.instance.revision
        self.ranges = PRESETS

    def _offer_filters(self) -> None:
        if not self.instance.filters:
            del self.fields["own_filters"]
            return
        field = self.fields["own_filters"]
        field.choices = [(str(place), say_filter(one)) for place, one in enumerate(self.instance.filters)]
        field.initial = [place for place, _ in field.choices]

    def clean_date_from(self):
        """Refuse what is neither a date nor a range such as -30d."""
        return clean_range_text(self.cleaned_data["date_from"])

    def clean_date_to(self):
        """Refuse what is not a date."""
        return clean_range_text(self.cleaned_data["date_to"], is_end=True)

    def values(self) -> dict:
        """Return what is to be stored."""
        found = {name: self.cleaned_data[name] for name in self._meta.fields}
        if "own_filters" in self.fields:
            found["filters"] = [self.instance.filters[int(place)] for place in self.cleaned_data["own_filters"]]
        return found


class TextTileForm(forms.ModelForm):
    """A text tile."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Tile
        fields = ["title", "text"]
        labels = {"text": "Text"}
        help_texts = {"text": "Markdown: # heading, **bold**, - list, [link](https://example.org).", "title": ""}
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True
        self.fields["revision"].initial = self.instance.revision

    def values(self) -> dict:
        """Return what is to be stored."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class QuestionTileForm(forms.ModelForm):
    """How a question tile shows its answer; the question itself is edited in Explore."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Tile
        fields = ["title", "chart", "keeps_own_dates"]
        labels = {"keeps_own_dates": "Keep the question's own dates"}
        help_texts = {"keeps_own_dates": "The dashboard's date range then does not apply to this tile."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fitting = CHARTS_BY_KIND.get((self.instance.question or {}).get("kind"), ("table",))
        if self.instance.kind == Tile.Kind.METRIC:
            fitting = METRIC_CHARTS
        choices = [(name, CHART_TYPES[name]) for name in fitting]
        self.fields["chart"] = forms.ChoiceField(choices=choices, label="Chart")
        self.fields["revision"].initial = self.instance.revision

    values = TextTileForm.values


class MoveTileForm(forms.Form):
    """To which dashboard a tile goes."""

    dashboard = forms.ModelChoiceField(Dashboard.objects.none(), label="To dashboard", empty_label=None)

    def __init__(self, *args, user, leaving=None, **kwargs):
        super().__init__(*args, **kwargs)
        boards = Dashboard.objects.visible_to(user).live().select_related("product")
        if not user.is_ops:
            boards = boards.filter(team_id__in=user.team_ids)
        self.fields["dashboard"].queryset = boards.exclude(pk=leaving.pk) if leaving else boards


class AnnotationForm(forms.Form):
    """What happened, when, and on which charts it shows."""

    text = forms.CharField(max_length=300, label="What happened", help_text="For example: release 4.2, outage.")
    starts_on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label="Last day",
        required=False,
        help_text="Only for a range of days.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    place = forms.ChoiceField(label="Shown on", choices=[])

    def __init__(self, *args, dashboard=None, product=None, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("product", f"all dashboards of {product}")]
        if dashboard:
            choices.insert(0, ("dashboard", f"this dashboard ({dashboard})"))
        self.fields["place"].choices = choices

    def clean(self):
        """Refuse a range that ends before it starts."""
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first. Choose a later one or leave it empty.")
        return cleaned

    @classmethod
    def of(cls, annotation: Annotation, data=None) -> "AnnotationForm":
        """Return the form of an annotation that exists."""
        product = annotation.product or annotation.dashboard.product
        initial = {
            "text": annotation.text,
            "starts_on": annotation.starts_on,
            "ends_on": annotation.ends_on,
            "place": "dashboard" if annotation.dashboard_id else "product",
        }
        return cls(data, dashboard=annotation.dashboard, product=product, initial=initial)
