"""Who may open the addresses of themes and of links to them."""

import datetime as dt

from insights.voice.feedback.actions import add_feedback
from insights.voice.themes.actions import create_theme, merge_theme
from insights.voice.themes.linking import link_theme
from portal.people.public import SYSTEM
from tests.factories import make_channel
from tests.house.access_table import Row, from_role, signed_in


def _theme(world, visibility="company", name="Speed"):
    return create_theme(world.product, name=name, actor=SYSTEM, visibility=visibility)


def _feedback(world, visibility="company"):
    values = {"channel": make_channel("call"), "visibility": visibility, "person": "ann"}
    return add_feedback(world.product, actor=SYSTEM, today=dt.date(2024, 1, 20), text="It is slow.", **values)[0]


def _open(world):
    theme = _theme(world)
    link_theme(theme, _feedback(world), actor=SYSTEM, quote="slow")
    return {"pk": theme.pk}


def _hidden(world):
    return {"pk": _theme(world, "team").pk}


def _merged(world):
    theme = _theme(world)
    merge_theme(theme, _theme(world, name="Pace"), actor=SYSTEM)
    return {"pk": theme.pk}


def _text(world):
    return {"pk": _feedback(world).pk}


def _hidden_text(world):
    return {"pk": _feedback(world, "team").pk}


def _link(world, visibility="company"):
    return {"pk": link_theme(_theme(world), _feedback(world, visibility), actor=SYSTEM)[0].pk}


def _hidden_link(world):
    return _link(world, "team")


EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
HIDDEN = {**from_role("product_manager", 200, else_=403), "outsider": 404}
POSTED = {**from_role("product_manager", 302, else_=403), "outsider": 403}
HIDDEN_POSTED = {**POSTED, "outsider": 404}

ROWS = [
    Row("themes:theme-list", signed_in(200)),
    Row("themes:theme-new", EDITORS),
    Row("themes:theme-page", signed_in(200), _open),
    Row("themes:theme-page", {**signed_in(200), "outsider": 404}, _hidden),
    *(Row(f"themes:theme-{act}", EDITORS, _open) for act in ("edit", "merge", "split", "delete")),
    *(Row(f"themes:theme-{act}", HIDDEN, _hidden) for act in ("edit", "merge", "split", "delete")),
    Row("themes:theme-unmerge", POSTED, _merged, method="post"),
    Row("themes:feedback-themes", signed_in(200), _text),
    Row("themes:feedback-themes", {**signed_in(200), "outsider": 404}, _hidden_text),
    Row("themes:link-new", EDITORS, _text),
    Row("themes:link-new", HIDDEN, _hidden_text),
    Row("themes:link-weigh", POSTED, _link, method="post", data={"importance": "3"}),
    Row("themes:link-weigh", HIDDEN_POSTED, _hidden_link, method="post", data={"importance": "3"}),
    Row("themes:link-delete", POSTED, _link, method="post"),
    Row("themes:link-delete", HIDDEN_POSTED, _hidden_link, method="post"),
    Row("api:theme-list", signed_in(200, anonymous=401)),
    Row("api:theme-detail", signed_in(200, anonymous=401), _open),
    Row("api:theme-detail", {**signed_in(200, anonymous=401), "outsider": 404}, _hidden),
    Row("api:theme-size", signed_in(200, anonymous=401), _open),
    *(Row(f"api:theme-{act}", signed_in(405, anonymous=401), {"pk": 1}) for act in ("merge", "unmerge", "split")),
    Row("api:theme-link-list", signed_in(200, anonymous=401)),
    Row("api:theme-link-detail", signed_in(200, anonymous=401), _link),
    Row("api:theme-link-detail", {**signed_in(200, anonymous=401), "outsider": 404}, _hidden_link),
]
