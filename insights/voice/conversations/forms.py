"""The forms of conversations: the conversation with those who took part, and its next steps."""

from collections.abc import Sequence
from typing import Any

from django import forms

from insights.contacts.public import LONGEST_ID
from insights.voice.conversations.contracts import LONGEST_TRANSCRIPT, ParticipantInput
from insights.voice.conversations.files import KINDS, MOST_BYTES, UnreadableFile, read_transcript
from insights.voice.conversations.models import Conversation, NextStep
from insights.voice.conversations.speech import LONGEST_SPEAKER
from insights.voice.conversations.taking_part import MOST_PARTICIPANTS
from insights.voice.texts.public import LANGUAGE_CHOICES, LONGEST_TEXT
from portal.people.public import OwnerField, Product, User, Visibility, possible_owners

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_PLAIN = forms.TextInput(attrs={"autocomplete": "off"})
_MOST_BOXES = 12
_TWO_TEXTS = "You changed the transcript and chose a file. Take one of the two away: the file replaces the transcript."


def _one_form(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


class LeadersField(forms.ModelMultipleChoiceField):
    """The people of the product's team who led it: boxes, or where they are many a list."""

    def __init__(self, **options: Any):
        super().__init__(User.objects.none(), widget=forms.CheckboxSelectMultiple, **options)

    def offer(self, team_ids: Any, *others: int | None) -> None:
        """Set who may be chosen, once the form knows the team."""
        self.queryset = possible_owners(team_ids, *others)
        people = list(self.queryset)
        if len(people) > _MOST_BOXES:
            self.widget = forms.SelectMultiple(attrs={"size": 8})
        self.choices = [(one.pk, str(one)) for one in people]


class ConversationForm(forms.Form):
    """What was said, when, and who led it."""

    product = forms.ChoiceField()
    title = forms.CharField(max_length=200, help_text="Such as “Onboarding at Acme Works”.")
    kind = forms.ChoiceField(choices=Conversation.Kind.choices)
    held_on = forms.DateField(label="Date", widget=_DAY)
    minutes = forms.IntegerField(required=False, min_value=1, max_value=24 * 60, label="Minutes")
    language = forms.ChoiceField(
        required=False,
        choices=[("", "Not said"), *LANGUAGE_CHOICES],
        help_text="In which it was held: search then knows the endings of its words.",
    )
    led_by = LeadersField(label="Led by")
    guide = forms.CharField(
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The questions that it followed, or a link to them.",
    )
    notes = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="What you heard, in Markdown: # for a heading, - for a list, > for a quote.",
    )
    transcript = forms.CharField(
        required=False,
        max_length=LONGEST_TRANSCRIPT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Word for word. Lines such as “Ann: It is slow.” say who speaks.",
    )
    transcript_file = forms.FileField(
        required=False,
        label="Or a file of it",
        widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}),
        help_text=f"Text, subtitles or Word ({', '.join(KINDS)}), up to {MOST_BYTES // 1_000_000} MB. It becomes the "
        "transcript, with speakers and times where it has them; the file itself is not kept.",
    )
    recording_url = forms.URLField(
        required=False, max_length=1000, label="Link to the recording", assume_scheme="https"
    )
    visibility = forms.ChoiceField(
        choices=Visibility.choices,
        label="Who may read it",
        initial=Visibility.TEAM,
        help_text="Others of the company read the title and the notes alone, with addresses and telephone numbers "
        "masked: leave names out of them if you share it. Who took part, the transcript, the recording and next steps "
        "stay with the team.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        user: Any,
        products: Sequence[Product] = (),
        conversation: Conversation | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.stored_transcript = conversation.transcript if conversation else ""
        if conversation:
            del self.fields["product"]
            teams, led = [conversation.team_id], [one.pk for one in conversation.led_by.all()]
            self.fields["owner"] = OwnerField()
            self.fields["owner"].offer(teams, conversation.owner_id)
        else:
            self.products = {product.slug: product for product in products}
            self.fields["product"].choices = [(product.slug, product.name) for product in products]
            teams, led = {product.team_id for product in products}, []
        self.fields["led_by"].offer(teams, user.pk, *led)

    def clean_product(self) -> Product:
        """Return the product that was chosen."""
        return self.products[self.cleaned_data["product"]]

    def clean(self) -> dict[str, Any]:
        """Let the file be the transcript; read once, it stands in its field, so that no other fault loses it."""
        data = super().clean() or {}
        file = data.pop("transcript_file", None)
        if file is None:
            return data
        typed = _one_form(data.get("transcript", ""))
        if typed and typed != _one_form(self.stored_transcript):
            self.add_error("transcript_file", _TWO_TEXTS)
            return data
        try:
            if file.size > MOST_BYTES:
                raise UnreadableFile(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it.")
            text = read_transcript(file.name, file.read())
        except UnreadableFile as fault:
            self.add_error("transcript_file", str(fault))
            return data
        if len(text) > LONGEST_TRANSCRIPT:
            fault = f"Its text has {len(text):,} letters; the limit is {LONGEST_TRANSCRIPT:,}. Split it."
            self.add_error("transcript_file", fault)
            return data
        self.put("transcript", text)
        data["transcript"] = text
        return data

    def put(self, name: str, value: Any) -> None:
        """Let a field show a value that was not typed into it."""
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value


class ParticipantForm(forms.Form):
    """One who took part; an empty row is nobody."""

    person = forms.CharField(required=False, max_length=LONGEST_ID, label="Id or e-mail", widget=_PLAIN)
    name = forms.CharField(required=False, max_length=200, widget=_PLAIN)
    account = forms.CharField(required=False, max_length=LONGEST_ID, label="Account id", widget=_PLAIN)
    speaker = forms.CharField(required=False, max_length=LONGEST_SPEAKER, label="In the transcript", widget=_PLAIN)


class _Rows(forms.BaseFormSet):
    """The rows of those who took part."""

    def typed(self) -> list[ParticipantInput]:
        """Return who was typed, in order."""
        found = (ParticipantInput(**row.cleaned_data) for row in self.forms if row.cleaned_data)
        return [one for one in found if not one.is_empty]


ParticipantRows = forms.formset_factory(
    ParticipantForm, formset=_Rows, extra=2, max_num=MOST_PARTICIPANTS, absolute_max=MOST_PARTICIPANTS + 10
)


class NextStepForm(forms.Form):
    """What is to be done, by whom and until when."""

    text = forms.CharField(max_length=500, label="What is to be done")
    owner = OwnerField()
    due_on = forms.DateField(required=False, label="Until", widget=_DAY)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, conversation: Conversation, user: Any, step: NextStep | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer([conversation.team_id], user.pk, step.owner_id if step else None)


def start_of(conversation: Conversation) -> dict[str, Any]:
    """Return what the form of a conversation starts with, but those who took part."""
    names = ("title", "kind", "held_on", "minutes", "language", "guide", "notes", "transcript", "recording_url")
    return {
        **{name: getattr(conversation, name) for name in (*names, "visibility", "version")},
        "owner": conversation.owner_id,
        "led_by": [one.pk for one in conversation.led_by.all()],
    }


def rows_of(conversation: Conversation) -> list[dict[str, str]]:
    """Return what the rows of those who took part start with."""
    return [
        {
            "person": one.person.distinct_id if one.person else "",
            "name": one.name,
            "account": one.account.account_id if one.account else "",
            "speaker": one.speaker,
        }
        for one in conversation.participants.all()
    ]


def start_of_step(step: NextStep) -> dict[str, Any]:
    """Return what the form of a next step starts with."""
    return {"text": step.text, "owner": step.owner_id, "due_on": step.due_on, "version": step.version}
