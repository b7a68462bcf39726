"""Migrations in a tenth of the time: what an operation cannot have changed is not built again.

Before each step Django builds the classes of every model that is related to the one that changes, over any number of
relations. Nearly all models here lead to teams and people, so a first start built 32,000 classes for 200 tables. A new
table changes no other one, and an index or a constraint no class at all. What relates models that are there goes
Django's own way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState


def _add_model(self: ProjectState, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    if self._relations is not None:
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:  # asking for it by name would build it
        self.apps.render_multiple([model_state])


def _append_option(self: ProjectState, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    options = self.models[app_label, model_name].options
    options[option_name] = [*options[option_name], obj]
    if "apps" in self.__dict__:
        setattr(self.apps.get_model(app_label, model_name)._meta, option_name, options[option_name])


@contextmanager
def quick_states() -> Iterator[None]:
    """Let migrations of a block build only the classes that their operations can have changed."""
    before = ProjectState.add_model, ProjectState._append_option
    ProjectState.add_model, ProjectState._append_option = _add_model, _append_option
    try:
        yield
    finally:
        ProjectState.add_model, ProjectState._append_option = before
