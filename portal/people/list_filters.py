"""What the filters of list pages are made of; rooms of other packages import this module beside `public`."""

import django_filters
from django import forms

from portal.people.models import Product


class SearchBox(django_filters.CharFilter):
    """Words, for the filters' own `find`; the key / leads to it."""

    def __init__(self, placeholder: str = "", label: str = "Search") -> None:
        attrs = {"type": "search", "data-list-search": "", "autocomplete": "off"}
        widget = forms.TextInput(attrs={**attrs, "placeholder": placeholder} if placeholder else attrs)
        super().__init__(label=label, method="find", widget=widget)


class ProductChoice(django_filters.ModelChoiceFilter):
    """One of the products that the reader may see."""

    def __init__(self, **options) -> None:
        super().__init__(
            queryset=Product.objects.all(), to_field_name="slug", empty_label="All products", label="Product", **options
        )

    def get_queryset(self, request):
        """Return the reader's products."""
        return super().get_queryset(request).visible_to(self.parent.user)


class ListFilter(django_filters.FilterSet):
    """The filters of a list's page, for its reader."""

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class LiveListFilter(ListFilter):
    """The same of what can be put away: left out, unless `show` asks for it."""

    put_away = ("archived",)

    def filter_queryset(self, queryset):
        """Keep what the fields say, and of that what is live."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("show") in self.put_away else found.live()
