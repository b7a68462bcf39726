"""What fields are called on screen: their names by the house's rule, in words."""

from django.apps import apps

_WORDS = {"pk": "id", "slug": "short name", "ts": "time", "ip": "address", "at": "when", "no": "number"}
_PREFIXES = ("n_", "is_", "has_", "can_")


def words_of(name: str) -> str:
    """Return a field's name without the letters that only code needs.

    >>> words_of("n_quarantined"), words_of("created_at"), words_of("is_active"), words_of("slug")
    ('quarantined', 'created', 'active', 'short name')
    """
    prefix = next((prefix for prefix in _PREFIXES if name.startswith(prefix)), "")
    return _WORDS.get(name, name.removeprefix(prefix).removesuffix("_at").replace("_", " "))


def label_fields() -> None:
    """Give our models' fields without a label of their own the words of their names; migrations do not see it."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] in {"portal", "insights", "roadmaps", "playbooks"}:
            for field in model._meta.local_fields:
                if field._verbose_name is None:
                    field.verbose_name = words_of(field.name)
