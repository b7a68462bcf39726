"""What a reader sees of conversations: insiders all of it; others, of what is shared, title and notes, masked."""

from collections.abc import Sequence
from typing import Any

from insights.contacts.public import id_of_account, id_of_person, name_speakers, source_ids_of
from insights.voice.conversations.contracts import NOTES, ShownConversation, ShownParticipant
from insights.voice.conversations.models import Conversation, Participant
from insights.voice.texts.public import FoundText, words_of
from portal.people.public import is_insider
from portal.shell.public import render_markdown


def title_for(conversation: Conversation, user: Any) -> str:
    """Return the title as a reader may see it."""
    return conversation.title if is_insider(user, conversation.team_id) else conversation.masked_title


def show_conversations(rows: Sequence[Conversation], user: Any, *, has_names: bool = True) -> None:
    """Give each row `shown`, with those who took part as they are known now; one read of the store for all.

    Without names the store is not asked: persons and accounts are shown by their ids.
    """
    inside = [row for row in rows if is_insider(user, row.team_id)]
    everybody = [one for row in inside for one in row.participants.all()]
    persons, accounts = {}, {}
    if not has_names:
        persons = {one.person.no: id_of_person(one.person) for one in everybody if one.person}
        accounts = {one.account.no: id_of_account(one.account) for one in everybody if one.account}
    elif any(one.person or one.account for one in everybody):
        sources = source_ids_of({row.product_id for row in inside})
        found = ((one.person for one in everybody), (one.account for one in everybody))
        persons, accounts = name_speakers(*found, sources)

    def shown(one: Participant) -> ShownParticipant:
        person = persons.get(one.person_id) or (id_of_person(one.person) if one.person else None)
        return ShownParticipant(one.name, one.speaker, person, accounts.get(one.account_id))

    for row in rows:
        if is_insider(user, row.team_id):
            row.shown = ShownConversation(row.title, True, tuple(shown(one) for one in row.participants.all()))
        else:
            row.shown = ShownConversation(row.masked_title, False)


def show_found(rows: Sequence[Conversation], user: Any) -> list[FoundText]:
    """Return conversations, read by `with_names`, as search shows them; who took part for insiders, as it was noted."""
    found = []
    for row in rows:
        inside = is_insider(user, row.team_id)
        found.append(
            FoundText(
                title=title_for(row, user),
                text=f"{row.text_of(NOTES)}\n{row.transcript}" if inside else _shared(row),
                url=row.get_absolute_url(),
                day=row.held_on,
                detail=f"{row.get_kind_display()}, {row.product.name}",
                who=", ".join(dict.fromkeys(row.participant_names)) if inside else "",
                account=", ".join(dict.fromkeys(row.account_ids)) if inside else "",
                language=row.language,
            )
        )
    return found


def _shared(conversation: Conversation) -> str:
    return words_of(render_markdown(conversation.masked_notes))


def columns_for(user: Any) -> dict[str, Any]:
    """Return the columns of a file of conversations, as this reader may have them."""

    def inside(read: Any) -> Any:
        return lambda row: read(row) if is_insider(user, row.team_id) else ""

    def ids(row: Conversation, kind: str, field: str) -> str:
        found = (getattr(one, kind) for one in row.participants.all())
        return "; ".join(dict.fromkeys(getattr(one, field) for one in found if one))

    return {
        "id": lambda row: row.pk,
        "title": lambda row: title_for(row, user),
        "kind": lambda row: row.get_kind_display(),
        "product": lambda row: row.product.name,
        "held on": lambda row: row.held_on,
        "minutes": lambda row: row.minutes if row.minutes is not None else "",
        "led by": lambda row: "; ".join(row.leader_names),
        "people": inside(lambda row: ids(row, "person", "distinct_id")),
        "names": inside(lambda row: "; ".join(one.name for one in row.participants.all() if one.name)),
        "accounts": inside(lambda row: ids(row, "account", "account_id")),
        "guide": inside(lambda row: row.guide),
        "notes": lambda row: row.notes if is_insider(user, row.team_id) else row.masked_notes,
        "transcript": inside(lambda row: row.transcript),
        "recording": inside(lambda row: row.recording_url),
        "owner": lambda row: str(row.owner or ""),
        "who may read it": lambda row: row.get_visibility_display(),
        "written down": lambda row: row.created_at,
    }
