"""Rows set aside in which a person is named: replayed without the name they would be wrong, so their text goes."""

from insights.events.public import QuarantinedRow
from insights.persons.contracts import MentionKeeper


def _empty(row: QuarantinedRow) -> None:
    QuarantinedRow.objects.filter(pk=row.pk).update(raw="", state=QuarantinedRow.State.ERASED)


QUARANTINE = MentionKeeper(QuarantinedRow._meta.label_lower, redact=_empty)
