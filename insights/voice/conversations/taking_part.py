"""Who took part in a conversation: people of the product's id space, and how the transcript calls each."""

from collections.abc import Sequence

from insights.contacts.public import clean_id, find_speakers, name_speakers, source_ids_of
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.conversations.models import Conversation, Participant
from insights.voice.conversations.speech import LONGEST_SPEAKER, match_speaker
from portal.shell.public import BadInput, is_storable

MOST_PARTICIPANTS = 100


def set_participants(conversation: Conversation, typed: Sequence[ParticipantInput] | None) -> None:
    """Let those who were typed be who took part, None to leave them; whoever the transcript names is matched to it."""
    rows = list(Participant.objects.filter(conversation=conversation))
    if typed is not None:
        rows = _resolve(conversation, [one for one in typed if not one.is_empty], rows)
    _match(conversation, rows)
    kept = [row.pk for row in rows if row.pk]
    Participant.objects.filter(conversation=conversation).exclude(pk__in=kept).delete()
    for row in rows:
        row.save()


def _resolve(
    conversation: Conversation, typed: Sequence[ParticipantInput], known: Sequence[Participant]
) -> list[Participant]:
    """Return the rows of those who were typed; one that is there already stays the same row."""
    cleaned = [_clean(one, place) for place, one in enumerate(typed)]
    if len(cleaned) > MOST_PARTICIPANTS:
        raise BadInput(fields={"participants": [f"Name at most {MOST_PARTICIPANTS} people."]})
    found = find_speakers(conversation.product, [(one.person, one.account) for one in cleaned])
    by_person = {row.person_id: row for row in known if row.person_id}
    by_name = {(row.name, row.account_id): row for row in known if not row.person_id}
    rows: dict[object, Participant] = {}
    for one in cleaned:
        speaker = found[one.person, one.account]
        key = speaker.person_no or (one.name, speaker.account_no)
        row = rows.get(key) or by_person.get(speaker.person_no) or by_name.get((one.name, speaker.account_no))
        row = row or Participant(conversation=conversation)
        row.person_id, row.account_id = speaker.person_no, speaker.account_no
        row.name, row.speaker = one.name, one.speaker
        rows[key] = row
    return list(rows.values())


def _clean(one: ParticipantInput, place: int) -> ParticipantInput:
    name, speaker = " ".join(one.name.split()), " ".join(one.speaker.split())
    for field, text, length in (("name", name, 200), ("speaker", speaker, LONGEST_SPEAKER)):
        if len(text) > length or not is_storable(text):
            raise BadInput(fields={f"participants.{place}.{field}": [f"Use at most {length} readable characters."]})
    person, account = clean_id(one.person, "participants"), clean_id(one.account, "participants")
    return ParticipantInput(person, name, account, speaker)


def _match(conversation: Conversation, rows: Sequence[Participant]) -> None:
    """Note the names of those of whom none was given, and how the transcript calls those of whom nobody said it.

    The name is that of now, so that lists need not ask the store; the page of the conversation shows the latest.
    """
    people = [row.person for row in rows if row.person_id and not (row.name and row.speaker)]
    named = name_speakers(people, [], source_ids_of([conversation.product_id]))[0] if people else {}
    taken = {row.speaker.casefold() for row in rows if row.speaker}
    for row in rows:
        known = named.get(row.person_id)
        label = known.label if known and known.label != known.id else ""
        row.name = row.name or label[:200]
        if row.speaker or not conversation.transcript:
            continue
        speaker = match_speaker(
            conversation.transcript, [row.name, label, row.person.distinct_id if row.person_id else ""]
        )
        if speaker and speaker.casefold() not in taken:
            row.speaker = speaker
            taken.add(speaker.casefold())
