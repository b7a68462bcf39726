"""What becomes of conversations kept long enough: deleted, or left without who took part; safe to do twice."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from insights.voice.conversations.contracts import NOTES, TRANSCRIPT
from insights.voice.conversations.models import Conversation, Participant
from insights.voice.texts.public import Place, forget_text, masked_places


def named_conversations(talks: QuerySet) -> QuerySet:
    """Keep those that still say who took part: a person, a name, a transcript, a recording, an address in the notes."""
    named = Participant.objects.filter(conversation=OuterRef("pk")).exclude(person=None, name="", speaker="")
    says = ~Q(transcript="") | ~Q(recording_url="") | ~Q(notes=F("masked_notes")) | ~Q(title=F("masked_title"))
    return talks.filter(says | Exists(named))


@transaction.atomic
def delete_conversations(keys: Collection[int]) -> int:
    """Delete conversations with all that hangs on them; return how many."""
    return int(Conversation.objects.filter(pk__in=keys).delete()[1].get(Conversation._meta.label, 0))


@transaction.atomic
def make_conversations_nameless(keys: Collection[int]) -> int:
    """Take away who took part, transcript and recording, and addresses in title and notes; day and company stay."""
    n_done = 0
    for talk in Conversation.objects.select_for_update(of=["self"]).filter(pk__in=keys).order_by("pk"):
        notes, transcript = talk.text_of(NOTES), talk.transcript
        talk.transcript = talk.recording_url = ""
        talk.title = talk.masked_title = talk.masked_title[:200]
        talk.notes = talk.masked_notes
        talk.version += 1  # a form that was opened before must not bring it back
        talk.save()
        took_part = Participant.objects.filter(conversation=talk)
        took_part.filter(account=None).delete()
        took_part.update(person=None, name="", speaker="")
        after = Conversation.objects.get(pk=talk.pk)
        forget_text(after, notes, after.text_of(NOTES), masked_places(notes), NOTES)
        if transcript:
            forget_text(after, transcript, "", [Place(0, len(transcript))], TRANSCRIPT)
        n_done += 1
    return n_done
