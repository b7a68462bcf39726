"""Guessing what a file's columns become, from their names; every guess is shown and can be changed."""

import re
from collections.abc import Mapping, Sequence

from insights.imports.contracts import Plan, Preset, Target


def plain_name(column: str) -> str:
    """Return a column's name as names are compared.

    >>> plain_name("  Created_At (UTC)"), plain_name("source.author.email"), plain_name("createdAt")
    ('created at utc', 'source author email', 'created at')
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column)
    return " ".join(re.sub(r"[^\w]+|_+", " ", apart).lower().split())


def guess_targets(
    targets: Sequence[Target],
    presets: Sequence[Preset],
    columns: Sequence[str],
    samples: Mapping[str, Sequence[str]],
) -> tuple[str, Plan]:
    """Return (name of the preset, plan): by a preset whose columns are all there, else each column by its name.

    A target takes one column, the one whose name stands first among its names, unless it takes many.
    """
    plain = {column: plain_name(column) for column in columns}
    for preset in presets:
        if preset.fits(plain.values()):
            found = _of_preset(preset, plain)
            return preset.name, Plan(found, preset.options)
    guessed: dict[str, str] = {}
    for target in targets:
        ranked = [
            (target.names.index(plain[column]), column)
            for column in columns
            if column not in guessed and plain[column] in target.names and _is_filled(samples.get(column, ()))
        ]
        ranked.sort(key=lambda pair: pair[0])
        for _, column in ranked if target.is_many else ranked[:1]:
            guessed[column] = target.name
    return "", Plan({column: guessed[column] for column in columns if column in guessed})


def _of_preset(preset: Preset, plain: Mapping[str, str]) -> dict[str, str]:
    """Give each target of a preset its columns; of several that mean one thing the preset's first that is there."""
    taken: dict[str, str] = {}
    for name, target in preset.targets.items():
        for column, text in plain.items():
            if text == name and column not in taken and (target.endswith("*") or target not in taken.values()):
                taken[column] = target.removesuffix("*")
    return {column: taken[column] for column in plain if column in taken}


def _is_filled(values: Sequence[str]) -> bool:
    return not values or any(value.strip() for value in values)
