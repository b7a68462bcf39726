"""The public doors for Segment's and PostHog's clients: bytes in, answer out; no login, no session, no CSRF."""

import base64
import binascii
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import parse_qs

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from insights.capture.answers import answer_by_uuid, answer_receipt, answer_refusal, open_to_browsers
from insights.capture.contracts import MAX_BODY_BYTES, MAX_SENT_BYTES, RefusedBody
from insights.capture.payloads import posthog, segment
from insights.capture.payloads.wire import decompress, from_base64, read_json
from insights.capture.receiving import ComeBackLater, receive
from portal.shell.public import own_body_limit

_AWAY_S = 5
_SEGMENT_CALLS = {
    **{"t": "track", "i": "identify", "p": "page", "s": "screen", "g": "group", "a": "alias"},
    **{"b": "batch", "import": "batch"},
}

# PostHog's clients ask what else the project has switched on: nothing; what they capture is their own setting.
_NOTHING_MORE: dict[str, Any] = {
    "supportedCompression": ["gzip", "gzip-js"],
    "analytics": {"endpoint": "/i/v0/e/"},
    "hasFeatureFlags": False,
    "autocapture_opt_out": False,
    "autocaptureExceptions": False,
    "captureDeadClicks": False,
    "capturePerformance": False,
    "conversations": False,
    "defaultIdentifiedOnly": True,
    "elementsChainAsString": True,
    "errorTracking": {"autocaptureExceptions": False, "suppressionRules": []},
    "heatmaps": False,
    "logs": {"captureConsoleLogs": False},
    "productTours": False,
    "sessionRecording": False,
    "siteApps": [],
    "surveys": False,
}


def door(view: Callable[..., HttpResponse]) -> Any:
    """Make a view a public door: faults of the request and an absent database become answers that clients act on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RefusedBody as refused:
            return answer_refusal(request, refused)
        except UnreadablePostError:
            return answer_refusal(request, RefusedBody(400, "cut_off", "The body ended early."))
        except (OperationalError, InterfaceError):
            reason = "The portal cannot store events just now. Nothing was taken; send it again."
            return answer_refusal(request, ComeBackLater(503, "unavailable", reason, _AWAY_S))

    return own_body_limit(csrf_exempt(login_not_required(open_to_browsers(require_POST(guarded)))))


def window(view: Callable[..., HttpResponse]) -> Any:
    """Make a view one that clients only look at: the same for everybody, so that it tells nothing about any key."""
    return csrf_exempt(login_not_required(open_to_browsers(require_safe(view))))


def _read_body(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) > MAX_SENT_BYTES:
        raise RefusedBody(413, "too_large", f"The body is larger than {MAX_BODY_BYTES:,} bytes. Send smaller batches.")
    # Django takes a chunked body, which has no length, for an empty one; the server marks its end itself.
    is_chunked = not length and request.META.get("wsgi.input_terminated")
    stream = request.META["wsgi.input"] if is_chunked else request
    data = stream.read(MAX_SENT_BYTES + 1)
    if len(data) > MAX_SENT_BYTES:
        raise RefusedBody(413, "too_large", f"The body is larger than {MAX_BODY_BYTES:,} bytes. Send smaller batches.")
    return data


def _key_of_header(request: HttpRequest) -> str:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return text.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(text.strip()).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        raise RefusedBody(401, "bad_key", "The Authorization header is not readable as Basic.") from None


def _form_fields(data: bytes) -> tuple[bytes, str]:
    fields = parse_qs(data.decode("latin-1"), max_num_fields=20)
    packed = fields.get("data", [""])[0]
    compression = fields.get("compression", [""])[0]
    if not packed:
        raise RefusedBody(400, "no_data", "The form has no field named “data”.")
    if packed.lstrip()[:1] in {"{", "["}:
        return packed.encode("latin-1"), ""
    return from_base64(packed), "" if compression in {"", "base64"} else compression


def _read_posthog(request: HttpRequest) -> Any:
    data = decompress(_read_body(request), request.headers.get("Content-Encoding", ""))
    compression = request.GET.get("compression", "")
    if request.content_type == "application/x-www-form-urlencoded" and data[:5].find(b"=") >= 0:
        data, named = _form_fields(data)
        compression = named or ("" if compression == "base64" else compression)
    if compression == "base64":
        data, compression = from_base64(data.decode("latin-1")), ""
    if data[:2] == b"\x1f\x8b" and not compression:
        compression = "gzip"  # some clients say so nowhere
    if compression and data[:1] not in {b"{", b"["}:
        data = decompress(data, compression)
    return read_json(data)


@door
def segment_call(request: HttpRequest, call: str) -> HttpResponse:
    """Take one of Segment's calls, or a batch of them; its script for browsers calls by first letters."""
    kind = _SEGMENT_CALLS.get(call, call)
    data = decompress(_read_body(request), request.headers.get("Content-Encoding", ""))
    envelope = segment.open_envelope(read_json(data), kind)
    receipt = receive(envelope, _key_of_header(request))
    return answer_receipt(request, receipt, is_single=kind != "batch", success={"success": True})


@door
def posthog_call(request: HttpRequest, path: str) -> HttpResponse:
    """Take one or many of PostHog's events; the key is in the body."""
    body = _read_posthog(request)
    sent_at = request.GET.get("_", "")
    envelope = posthog.open_envelope(body, sent_at=int(sent_at) if sent_at.isdigit() else None)
    receipt = receive(envelope, envelope.key or _key_of_header(request))
    if request.GET.get("beacon") == "1":
        return HttpResponse(status=204)
    is_single = isinstance(body, dict) and "batch" not in body
    return answer_receipt(request, receipt, is_single=is_single, success={"status": 1})


@door
def posthog_events(request: HttpRequest) -> HttpResponse:
    """Take a batch in PostHog's newer protocol: the key in the header, a result for each event."""
    sent_at = request.headers.get("PostHog-Request-Timestamp")
    envelope = posthog.open_envelope(_read_posthog(request), sent_at=sent_at)
    return answer_by_uuid(receive(envelope, _key_of_header(request)))


@door
def posthog_flags(request: HttpRequest, path: str) -> HttpResponse:
    """Tell PostHog's clients that there are no feature flags here, so that they go on with capturing."""
    _read_body(request)
    flags = {"flags": {}, "featureFlags": {}, "featureFlagPayloads": {}, "errorsWhileComputingFlags": False}
    collects = {"config": {"enable_collect_everything": True}, "requestId": getattr(request, "id", "")}
    return JsonResponse({**_NOTHING_MORE, **flags, **collects})


@window
def posthog_definitions(request: HttpRequest, path: str) -> HttpResponse:
    """Tell clients that work flags out by themselves that there are none."""
    return JsonResponse({"flags": [], "group_type_mapping": {}, "cohorts": {}})


@window
def posthog_config(request: HttpRequest, key: str) -> HttpResponse:
    """Tell PostHog's script for browsers that there is nothing here but capturing."""
    return JsonResponse(_NOTHING_MORE)


@window
def posthog_config_script(request: HttpRequest, key: str) -> HttpResponse:
    """Tell the same as a script, which sets what PostHog's own script then reads; the address allows no other key."""
    value = json.dumps({"config": {"token": key, **_NOTHING_MORE}, "siteApps": []})
    known = "window._POSTHOG_REMOTE_CONFIG"
    script = f"{known} = {known} || {{}};\n{known}[{json.dumps(key)}] = {value};\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")
