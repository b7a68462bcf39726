"""The forms of surveys, and the form in which one is answered."""

from collections.abc import Sequence
from typing import Any

from django import forms

from insights.cohorts.public import Cohort
from insights.voice.surveys.answering import LONGEST_COMMENT
from insights.voice.surveys.contracts import CES
from insights.voice.surveys.measuring import INTERVALS, NUMBERS, SCOPES
from insights.voice.surveys.models import Sending, Survey
from insights.voice.surveys.words import LANGUAGE_CHOICES, WORDS
from portal.people.public import OwnerField, Product, Visibility


def cohort_choices(user: Any, product: Product) -> list[tuple[str, str]]:
    """Return the cohorts of people of a product that a user may have asked, with how many are in each."""
    cohorts = Cohort.objects.visible_to(user).live().filter(products=product, unit=Cohort.Unit.PERSON)
    rows = cohorts.select_related("current").defer("current__members").order_by("name", "pk")[:200]
    return [(str(one.pk), f"{one.name} ({one.size_words})") for one in rows]


class NewSurveyForm(forms.Form):
    """What a survey is to find out; all else has its usual words, which the next page shows."""

    product = forms.ChoiceField()
    kind = forms.ChoiceField(choices=Survey.Kind.choices, widget=forms.RadioSelect, label="What to find out")
    name = forms.CharField(max_length=120, help_text="People read it where they look up what they were asked.")

    def __init__(self, *args: Any, products: Sequence[Product], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.products = {product.slug: product for product in products}
        self.fields["product"].choices = [(product.slug, product.name) for product in products]

    def clean_product(self) -> Product:
        """Return the product that was chosen."""
        return self.products[self.cleaned_data["product"]]


class SurveyForm(forms.Form):
    """What a survey asks, whom, and until when."""

    name = forms.CharField(max_length=120)
    question = forms.CharField(max_length=300)
    low_label = forms.CharField(max_length=60, required=False, label="The lowest answer says")
    high_label = forms.CharField(max_length=60, required=False, label="The highest answer says")
    comment_question = forms.CharField(
        max_length=300,
        required=False,
        label="Question for words",
        help_text="Asked below the answers; what is written becomes feedback. Left empty, no words are asked for.",
    )
    thanks = forms.CharField(max_length=500, required=False, label="Last words", help_text="After “Thank you.”")
    language = forms.ChoiceField(choices=LANGUAGE_CHOICES, help_text="Of the question, and of the words around it.")
    sender = forms.CharField(
        max_length=120, required=False, label="Who asks", help_text="As people read it: “Mara of Planner”."
    )
    mail_text = forms.CharField(
        max_length=2000,
        required=False,
        label="Text of the mail",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Before the link. Left empty, it is the question.",
    )
    closes_on = forms.DateField(
        required=False,
        label="Last day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Left empty, it is open until somebody closes it.",
    )
    needs_consent = forms.BooleanField(
        required=False, label="Ask only those who agreed to surveys", help_text="By a consent that is written down."
    )
    counts = forms.ChoiceField(
        choices=Survey.Counts.choices, label="What counts", help_text="Where a file or the API brings several."
    )
    no_answers = forms.CharField(
        max_length=500,
        required=False,
        label="What is no answer",
        help_text="In imports, separated by commas: 99, n/a. Left out of the score, and counted.",
    )
    owner = OwnerField()
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may see the numbers")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer([survey.team_id], survey.owner_id)
        if survey.scale is None:
            for name in ("low_label", "high_label", "comment_question", "no_answers", "counts"):
                del self.fields[name]

    def clean_no_answers(self) -> list[str]:
        """Return the values one by one."""
        return [one.strip() for one in self.cleaned_data["no_answers"].split(",") if one.strip()]


def start_of(survey: Survey) -> dict[str, Any]:
    """Return what the form of a survey starts with."""
    names = ("name", "question", "low_label", "high_label", "comment_question", "thanks", "language", "sender")
    names += ("mail_text", "closes_on", "needs_consent", "counts", "visibility", "version")
    values = {name: getattr(survey, name) for name in names}
    return {**values, "no_answers": ", ".join(survey.no_answers), "owner": survey.owner_id}


class AskForm(forms.Form):
    """Whom to ask, and how."""

    cohort = forms.ChoiceField(label="Whom", help_text="A cohort of people of this product.")
    way = forms.ChoiceField(choices=Sending.Way.choices, widget=forms.RadioSelect, label="How", initial="mail")

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].choices = choices


class MetricForm(forms.Form):
    """Which number of a survey becomes a metric."""

    name = forms.CharField(max_length=120)
    scope = forms.ChoiceField(choices=list(SCOPES.items()), widget=forms.RadioSelect, label="Of which answers")
    number = forms.ChoiceField(choices=list(NUMBERS.items()), label="Which number")
    interval = forms.ChoiceField(choices=list(INTERVALS.items()), label="One number")

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if survey.kind != CES:
            del self.fields["number"]


class AnswerForm(forms.Form):
    """The form that people outside fill in; its words are those of the survey's language."""

    score = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)
    comment = forms.CharField(max_length=LONGEST_COMMENT, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any):
        super().__init__(*args, **kwargs)
        words, scale = WORDS[survey.language], survey.scale
        self.fields["comment"].error_messages["max_length"] = words["long"].format(n=LONGEST_COMMENT)
        for validator in self.fields["comment"].validators:
            if getattr(validator, "limit_value", None) == LONGEST_COMMENT:
                validator.message = words["long"].format(n=LONGEST_COMMENT)
        if scale is None:
            del self.fields["score"]
            self.fields["comment"].required = True
        else:
            self.fields["score"].choices = [(score, str(score)) for score in scale.answers]
            self.fields["score"].error_messages = {"required": words["choose"], "invalid_choice": words["choose"]}
            if not survey.comment_question:
                del self.fields["comment"]
