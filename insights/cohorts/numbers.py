"""Numbers of answers as definitions: which number is meant, checked, and kept so that it can be counted again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from insights.cohorts.contracts import Number
from insights.questions.calendar import cut
from insights.questions.people import read_cell
from insights.questions.public import Question, check_question, parse_question
from portal.shell.public import BadInput


def read_number(value: Any, *, user: Any, now: datetime) -> Number:
    """Return the number that `{"question", "cell"}` means, if the user may ask for it.

    A number of one bucket or row is pinned to its days: asked again later it is about the same days, with what came
    late. All others move with a range such as the last 30 days.
    """
    if not isinstance(value, dict) or not isinstance(value.get("question"), dict):
        raise BadInput(fields={"question": ["Give the question whose number is meant, and which: question and cell."]})
    cell = value.get("cell")
    if not isinstance(cell, dict):
        raise BadInput(fields={"cell": ['Say which number is meant, such as {"step": 2, "dropped": true}.']})
    asked = {**value["question"], "compare": None}
    question = check_question(asked, user=user, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
    read_cell(question, cell)
    if _is_of_days(question, cell):
        question = _pinned(question, now)
    return Number(question, cell)


def again(definition: dict[str, Any], now: datetime) -> Number:
    """Return a kept number as it is asked now."""
    question = parse_question(definition["question"], now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
    cell = definition["cell"]
    if getattr(question, "interval", None) == "all" and "label" in cell:
        cell = {**cell, "label": cut(question.period, "all", ZoneInfo(question.timezone)).labels[0]}
    return Number(question, cell)


def _is_of_days(question: Question, cell: dict[str, Any]) -> bool:
    is_label = isinstance(cell.get("label"), str) and getattr(question, "interval", None) != "all"
    return is_label or "row" in cell


def _pinned(question: Question, now: datetime) -> Question:
    start, end = question.period.start, question.period.end - timedelta(microseconds=1)
    is_hourly = getattr(question, "interval", None) == "hour"
    days = {"date_from": start.date().isoformat(), "date_to": end.date().isoformat()}
    if is_hourly and question.kind != "retention":
        days = {"date_from": start.isoformat(timespec="minutes"), "date_to": question.date_to}
        days["date_to"] = end.replace(minute=0, second=0, microsecond=0).isoformat(timespec="minutes")
    if question.kind == "retention":
        days["date_to"] = None
    value = {**question.to_json(), **days}
    found = parse_question(value, now=now, default_zone=question.timezone)
    return found if found.period == question.period else replace(question, **days)
