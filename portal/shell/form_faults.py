"""What was refused, shown on the form that was sent: nothing that was typed is lost, whatever the reason."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import BaseForm, ChoiceField, Field, ModelChoiceField
from django.utils.formats import date_format

from portal.shell.errors import BadInput

MEANWHILE = (
    "Somebody else saved this while you wrote. Nothing of yours is lost: it stands in the form, and what they saved "
    "stands above it. Take over what you want to keep of theirs, then save again."
)


def show_faults(form: BaseForm, fault: BadInput) -> None:
    """Show what an action refused at the fields that it names."""
    for name, sentences in fault.fields.items():
        form.add_error(name if name in form.fields else None, sentences)
    if not fault.fields:
        form.add_error(None, fault.message)


def show_theirs(
    form: BaseForm, now: Mapping[str, Any], *, stamp: str = "version", also: Iterable[tuple[str, str]] = ()
) -> None:
    """Show what others saved meanwhile where it differs from what was typed; saved again, the typed one holds.

    now: what the form would start with, as the thing is stored. stamp: the field that says from which state one began.
    """
    asked = [bound for bound in form if bound.name in now and bound.name != stamp]
    differing = [one for one in asked if one.field.has_changed(_stored(one.field, now[one.name]), _plain(one.data))]
    form.theirs = [*((one.label, _shown(one.field, now[one.name])) for one in differing), *also]
    form.add_error(None, MEANWHILE)
    form.data = form.data.copy()
    form.data[form.add_prefix(stamp)] = str(now.get(stamp, ""))


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _stored(field: Field, value: Any) -> Any:
    """Return a stored value in the form in which the field compares it with what was sent."""
    is_plain_choice = isinstance(field, ChoiceField) and not isinstance(field, ModelChoiceField)
    return str(value) if is_plain_choice and value is not None else _plain(value)


def _shown(field: Field, value: Any) -> str:
    """Return a stored value as its reader would see it in the field."""
    if isinstance(field, ChoiceField):
        chosen = {str(one) for one in (value if isinstance(value, list) else ["" if value is None else value])}
        return ", ".join(str(words).strip() for key, words in _choices(field) if str(key) in chosen)
    if hasattr(value, "isoformat"):
        return date_format(value, "j M Y")
    return "" if value is None else str(value)


def _choices(field: Field) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for key, words in getattr(field, "choices", ()):
        flat += words if isinstance(words, list | tuple) else [(key, words)]
    return flat
