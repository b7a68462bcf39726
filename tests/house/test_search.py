"""What rooms hang into the search can be shown, whichever room it is of."""

import pytest
from django.db import models

from portal.shell.registry import SearchRows, registry
from portal.shell.search import find_things


def _sample(model, path):
    """Return what PostgreSQL's JSON holds of a column."""
    name, _, rest = path.partition("__")
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    if rest:
        return _sample(field.related_model, rest)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.DateTimeField):
        return "2026-11-22T10:00:00.123456+00:00"
    if isinstance(field, models.DateField):
        return "2026-11-22"
    return 7 if isinstance(field, models.IntegerField | models.ForeignKey) else "seven"


@pytest.mark.parametrize("finder", registry.all(SearchRows), ids=lambda finder: finder.kind)
def test_what_is_found_is_shown_and_its_order_is_a_rule(finder, admin_user):
    rows = finder.find(admin_user, "seven")
    assert rows.query.order_by, "which of many are shown is not left to chance"
    hit = finder.show({path: _sample(rows.model, path) for path in finder.fields})
    assert hit.title and hit.url.startswith("/") and "None" not in hit.detail


def test_words_that_stand_in_no_text_and_signs_find_nothing(admin_user):
    for text in ("%", "a", "zz%_'\"\\", "(((", "\u0000", "zz\u0000qq"):
        assert find_things(admin_user, text, 5) == [], text
