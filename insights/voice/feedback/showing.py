"""What a reader sees of feedback: who said it is for insiders; others read the text masked."""

from collections.abc import Sequence
from typing import Any

from insights.contacts.public import id_of_account, id_of_person, name_speakers, source_ids_of
from insights.voice.feedback.contracts import Shown
from insights.voice.feedback.models import Feedback
from insights.voice.texts.public import FoundText, mask
from portal.people.public import is_insider


def text_for(feedback: Feedback, user: Any) -> str:
    """Return the text as a reader may see it."""
    return feedback.text if is_insider(user, feedback.team_id) else feedback.masked


def title_for(feedback: Feedback, user: Any) -> str:
    """Return its subject or question as a reader may see it."""
    return feedback.title if is_insider(user, feedback.team_id) else mask(feedback.title)


def show_all(rows: Sequence[Feedback], user: Any, *, has_names: bool = True) -> None:
    """Give each row `shown`, with the names of who said it as they are known now; one read of the store for all.

    Without names the store is not asked: persons and accounts are shown by their ids.
    """
    inside = [row for row in rows if is_insider(user, row.team_id)]
    persons, accounts = {}, {}
    if not has_names:
        persons = {row.person.no: id_of_person(row.person) for row in inside if row.person}
        accounts = {row.account.no: id_of_account(row.account) for row in inside if row.account}
    elif any(row.person or row.account for row in inside):
        read = all(hasattr(row, "source_ids") for row in inside)
        sources = (
            sorted({pk for row in inside for pk in row.source_ids})
            if read
            else source_ids_of({row.product_id for row in inside})
        )
        persons, accounts = name_speakers((row.person for row in inside), (row.account for row in inside), sources)
    for row in rows:
        if is_insider(user, row.team_id):
            row.shown = Shown(
                row.text,
                True,
                row.author,
                persons.get(row.person_id),
                accounts.get(row.account_id),
                row.person.distinct_id if row.person else "",
                row.title,
            )
        else:
            row.shown = Shown(row.masked, False, title=mask(row.title))


def show_found(rows: Sequence[Feedback], user: Any) -> list[FoundText]:
    """Return pieces as search shows them; persons and accounts by their ids, for the store is not asked."""
    show_all(rows, user, has_names=False)
    return [
        FoundText(
            title=row.shown.title,
            text=row.shown.text,
            url=row.get_absolute_url(),
            day=row.said_on,
            detail=f"{row.get_kind_display()}, {row.channel.name}, {row.product.name}",
            who=row.shown.who,
            account=row.shown.account.label if row.shown.account else "",
            language=row.language,
        )
        for row in rows
    ]


def columns_for(user: Any) -> dict[str, Any]:
    """Return the columns of a file of feedback, as this reader may have them."""

    def inside(read: Any) -> Any:
        return lambda row: read(row) if is_insider(user, row.team_id) else ""

    return {
        "id": lambda row: row.pk,
        "subject or question": lambda row: title_for(row, user),
        "text": lambda row: text_for(row, user),
        "kind": lambda row: row.get_kind_display(),
        "channel": lambda row: row.channel.name,
        "product": lambda row: row.product.name,
        "said on": lambda row: row.said_on,
        "language": lambda row: row.language,
        "person": inside(lambda row: row.person.distinct_id if row.person else ""),
        "name": inside(lambda row: row.author),
        "account": inside(lambda row: row.account.account_id if row.account else ""),
        "origin": lambda row: row.origin,
        "origin id": inside(lambda row: row.origin_id),
        "origin link": inside(lambda row: row.origin_url),
        "state": lambda row: row.get_state_display(),
        "owner": lambda row: str(row.owner or ""),
        "who may read it": lambda row: row.get_visibility_display(),
        "written down": lambda row: row.created_at,
    }
