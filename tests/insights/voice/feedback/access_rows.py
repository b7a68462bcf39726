"""Who may open the addresses of feedback."""

import datetime as dt

from insights.voice.feedback.actions import add_feedback
from insights.voice.feedback.attachments import attach_file
from insights.voice.feedback.models import Attachment, Feedback
from portal.people.public import SYSTEM
from tests.factories import make_channel
from tests.house.access_table import Row, from_role, signed_in


def _feedback(world, visibility="company"):
    values = {"channel": make_channel("call"), "visibility": visibility, "person": "ann", "account": "acme"}
    today = dt.date(2024, 1, 20)
    return {"pk": add_feedback(world.product, actor=SYSTEM, today=today, text="Write to a@b.example", **values)[0].pk}


def _hidden(world):
    return _feedback(world, "team")


def _channel(world):
    return {"slug": make_channel("call").slug}


def _file(world):
    piece = Feedback.objects.get(**_feedback(world))
    return {"pk": attach_file(piece, "x.png", b"\x89PNG\r\n\x1a\n", actor=SYSTEM).pk}


def _removable(world):
    attachment = Attachment.objects.get(**_file(world))
    return {"pk": str(attachment.feedback_id), "file_id": str(attachment.pk)}


FORBIDDEN = {**dict.fromkeys(("viewer", "outsider"), 403), "anonymous": 401}
FORBIDDEN |= dict.fromkeys(("product_manager", "ops", "admin"), 204)
EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
HIDDEN = {**from_role("product_manager", 200, else_=403), "outsider": 404}

ROWS = [
    Row("feedback:attachment", {**signed_in(200), "outsider": 404}, _file),
    Row("feedback:attachment-remove", {**from_role("product_manager", 302, else_=403), "outsider": 404}, _file, "post"),
    Row("feedback:attach", {**from_role("product_manager", 400, else_=403), "outsider": 403}, _feedback, "post"),
    Row("api:feedback-files", {**FORBIDDEN, "product_manager": 400, "ops": 400, "admin": 400}, _feedback, "post"),
    Row("api:feedback-remove-file", {**FORBIDDEN, "outsider": 404}, _removable, "delete"),
    Row("feedback:feedback-list", signed_in(200)),
    Row("feedback:feedback-new", EDITORS),
    Row("feedback:feedback-paste", EDITORS),
    Row("feedback:feedback-said", signed_in(200)),
    Row("feedback:feedback-page", signed_in(200), _feedback),
    Row("feedback:feedback-page", {**signed_in(200), "outsider": 404}, _hidden),
    Row("feedback:feedback-history", signed_in(200), _feedback),
    Row("feedback:feedback-history", {**signed_in(200), "outsider": 404}, _hidden),
    Row("feedback:feedback-edit", EDITORS, _feedback),
    Row("feedback:feedback-edit", HIDDEN, _hidden),
    Row("feedback:feedback-delete", EDITORS, _feedback),
    Row("feedback:feedback-delete", HIDDEN, _hidden),
    Row("api:feedback-list", signed_in(200, anonymous=401)),
    Row("api:feedback-detail", signed_in(200, anonymous=401), _feedback),
    Row("api:feedback-detail", {**signed_in(200, anonymous=401), "outsider": 404}, _hidden),
    Row("api:feedback-channel-list", signed_in(200, anonymous=401)),
    Row("api:feedback-channel-detail", signed_in(200, anonymous=401), _channel),
]
