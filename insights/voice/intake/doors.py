"""The public door of inlets: a signed body in, an answer out; no login, no session, no CSRF."""

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from insights.voice.intake.receiving import MOST_BYTES, find_inlet, receive
from portal.shell.public import BadInput, PortalError, TooMuch, own_body_limit

_AWAY = {
    "code": "unavailable",
    "message": "The portal cannot keep feedback just now. Nothing was taken; send it again.",
}


def _read(request: HttpRequest) -> bytes:
    too_large = TooMuch(f"The body is larger than {MOST_BYTES:,} bytes. Send fewer pieces at once.")
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) > MOST_BYTES:
        raise too_large
    try:
        data = request.read(MOST_BYTES + 1)
    except UnreadablePostError as error:
        raise BadInput("The body ended early.") from error
    if len(data) > MOST_BYTES:
        raise too_large
    return data


@own_body_limit
@csrf_exempt
@login_not_required
@require_POST
def receive_feedback(request: HttpRequest, key: str) -> JsonResponse:
    """Keep signed feedback; 200 only once it is durable, and nothing of a body that has a fault."""
    try:
        inlet = find_inlet(key)
        taken = receive(inlet, request.headers.get("X-Portal-Signature", ""), _read(request))
    except PortalError as fault:
        body = {"code": fault.code, "message": fault.message, "fields": fault.fields}
        return JsonResponse(body, status=fault.status)
    except (OperationalError, InterfaceError):
        return JsonResponse({**_AWAY, "fields": {}}, status=503, headers={"Retry-After": "5"})
    return JsonResponse({"new": taken.n_new, "known": taken.n_known})
