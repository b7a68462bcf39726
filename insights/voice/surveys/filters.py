"""How surveys, their answers and rounds of asking are filtered: the same in addresses and over the API."""

from typing import Any

import django_filters
from django import forms

from insights.voice.surveys.models import Answer, Sending, Survey

_SEARCH = {"type": "search", "placeholder": "Words of it", "data-keys": "/"}


class SurveyFilter(django_filters.FilterSet):
    """Surveys by words, product, kind and state."""

    q = django_filters.CharFilter(method="find", label="Search", widget=forms.TextInput(attrs=_SEARCH))
    product = django_filters.CharFilter(field_name="product__slug")
    kind = django_filters.ChoiceFilter(choices=Survey.Kind.choices, empty_label="All kinds")
    state = django_filters.ChoiceFilter(choices=Survey.State.choices, empty_label="All states")

    class Meta:
        model = Survey
        fields = ["q", "product", "kind", "state"]

    def find(self, surveys, name, value):
        """Keep those whose name or question holds each word."""
        return surveys.matching(value)


class SurveyListFilter(SurveyFilter):
    """The same for the list's page, with the reader's products to choose from."""

    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["product"].extra["choices"] = [(product.slug, product.name) for product in user.visible_products]


class AnswerFilter(django_filters.FilterSet):
    """Answers by survey, score, person, account and time."""

    score = django_filters.NumberFilter()
    person = django_filters.NumberFilter(field_name="person_id", label="Number of the person")
    account = django_filters.CharFilter(field_name="account__account_id", label="Id of the account")
    since = django_filters.IsoDateTimeFilter(field_name="answered_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="answered_at", lookup_expr="lt")

    class Meta:
        model = Answer
        fields = ["survey", "via", "is_counted"]


class AnswerListFilter(django_filters.FilterSet):
    """The answers of one survey on its page: who is glad, who is not, who wrote words."""

    feeling = django_filters.ChoiceFilter(method="of_feeling", label="Answer", empty_label="All answers", choices=[])
    has_words = django_filters.ChoiceFilter(
        method="with_words", label="Words", empty_label="With and without", choices=[("yes", "With words")]
    )
    segment = django_filters.CharFilter(label="Segment", widget=forms.TextInput(attrs={"size": 12}))

    class Meta:
        model = Answer
        fields = ["feeling", "has_words", "segment"]

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.scale = survey.scale
        choices = []
        if self.scale is not None:
            between = [
                score for score in self.scale.answers if score not in (*self.scale.positive, *self.scale.negative)
            ]
            self.scores = {"positive": self.scale.positive, "neutral": between, "negative": self.scale.negative}
            choices = [(name, f"{those[0]} to {those[-1]}") for name, those in self.scores.items() if those]
        self.filters["feeling"].extra["choices"] = choices

    def of_feeling(self, answers, name, value):
        """Keep those that count as positive, as negative, or as neither."""
        return answers.filter(score__in=self.scores[value])

    def with_words(self, answers, name, value):
        """Keep those with words."""
        return answers.filter(feedback__isnull=False)


class SendingFilter(django_filters.FilterSet):
    """Rounds of asking by survey and state."""

    class Meta:
        model = Sending
        fields = ["survey", "kind", "state"]
