"""Properties of the demo's events: for each event some hundred variants as JSON text, drawn once."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np

N_VARIANTS = 400
_TEMPLATES = ("blank", "software", "marketing", "agency")
_PRIORITIES = ("low", "normal", "normal", "normal", "high")
Maker = Callable[[np.random.Generator, bool], dict[str, Any]]


def _pick(rng: np.random.Generator, *values: Any) -> Any:
    return values[rng.integers(len(values))]


def _whole(rng: np.random.Generator, mean: float) -> int:
    return int(rng.gamma(2.0, mean / 2.0)) + 1


def _load_ms(rng: np.random.Generator, is_released: bool) -> int:
    return int(rng.lognormal(6.3 if is_released else 7.0, 0.45))  # medians 545 and 1,097 ms


def _page(rng: np.random.Generator, is_released: bool) -> dict[str, Any]:
    page: dict[str, Any] = {"path": _pick(rng, "/", "/", "/pricing", "/templates", "/signup")}
    page["device"] = _pick(rng, "desktop", "desktop", "desktop", "mobile")
    if source := _pick(rng, "search", "search", "newsletter", "partner", "social", ""):
        page["utm_source"] = source
    return page


MAKERS: dict[str, Maker] = {
    "page viewed": _page,
    "task created": lambda rng, _: {"priority": _pick(rng, *_PRIORITIES), "has_due_date": bool(rng.random() < 0.6)},
    "task completed": lambda rng, _: {"priority": _pick(rng, *_PRIORITIES), "days_open": _whole(rng, 6)},
    "comment added": lambda rng, _: {"length": _whole(rng, 120), "has_mention": bool(rng.random() < 0.4)},
    "timeline opened": lambda rng, _: {"zoom": _pick(rng, "week", "month", "month", "quarter"), "release": "4.2"},
    "report opened": lambda rng, is_released: {
        "report": _pick(rng, "burndown", "burndown", "workload", "workload", "status", "portfolio"),
        "load_ms": _load_ms(rng, is_released),
    },
    "report exported": lambda rng, _: {
        "report": _pick(rng, "burndown", "workload", "status", "portfolio"),
        "format": _pick(rng, "pdf", "pdf", "csv", "png"),
    },
    "search used": lambda rng, _: {
        "n_results": int(rng.negative_binomial(1, 0.12)),
        "where": _pick(rng, "tasks", "tasks", "plans", "people"),
    },
    "integration connected": lambda rng, _: {"integration": _pick(rng, "slack", "slack", "jira", "calendar", "github")},
    "plan shared": lambda rng, _: {"audience": _pick(rng, "team", "team", "company", "guest")},
    "plan created": lambda rng, _: {"template": _pick(rng, *_TEMPLATES), "n_tasks": _whole(rng, 9)},
    "workspace created": lambda rng, _: {"template": _pick(rng, *_TEMPLATES)},
    "invited teammate": lambda rng, _: {"n_invited": _whole(rng, 2), "channel": _pick(rng, "email", "email", "link")},
    "error shown": lambda rng, _: {
        "code": _pick(rng, "500", "502", "504", "timeout"),
        "page": _pick(rng, "/plans", "/reports", "/tasks"),
    },
    "timer started": lambda rng, _: {"project_kind": _pick(rng, "client", "client", "internal")},
    "timer stopped": lambda rng, _: {
        "project_kind": _pick(rng, "client", "client", "internal"),
        "minutes": _whole(rng, 55),
    },
    "entry submitted": lambda rng, _: {
        "hours": round(float(rng.gamma(4, 1.6)), 2),
        "is_billable": bool(rng.random() < 0.7),
    },
    "timesheet approved": lambda rng, _: {"n_entries": _whole(rng, 9), "hours": round(float(rng.normal(36, 5)), 1)},
    "invoice created": lambda rng, _: {
        "amount": round(float(rng.lognormal(7.8, 0.7)), 2),
        "currency": _pick(rng, "EUR", "EUR", "USD", "GBP"),
    },
}


def make_variants(rng: np.random.Generator, names: tuple[str, ...], report_kinds: tuple[str, ...] = ()) -> list[tuple]:
    """Return rows (event's number, released 0 or 1, variant, JSON text) for all events of `names`."""
    rows = []
    for number, name in enumerate(names):
        maker = MAKERS.get(name)
        for released in (0, 1):
            for variant in range(N_VARIANTS):
                properties = maker(rng, bool(released)) if maker else {}
                if report_kinds and "report" in properties:
                    properties["report"] = report_kinds[variant % len(report_kinds)]
                rows.append((number, released, variant, json.dumps(properties)))
    return rows
