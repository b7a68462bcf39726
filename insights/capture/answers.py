"""Answers in the shapes that Segment's and PostHog's clients expect, open to browsers of any site."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from insights.capture.contracts import RefusedBody
from insights.capture.receiving import ComeBackLater, Receipt

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Content-Encoding, X-Requested-With, X-Retry-Count, "
    "PostHog-Sdk-Info, PostHog-Attempt, PostHog-Request-Id, PostHog-Request-Timestamp",
    "Access-Control-Expose-Headers": "Retry-After, X-Request-Id",
    "Access-Control-Max-Age": "86400",
}


def open_to_browsers(view: Any) -> Any:
    """Answer preflights, and let any site read the answer: a write key only writes, and no cookie counts here."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(status=204) if request.method == "OPTIONS" else view(request, *args, **kwargs)
        for name, value in _CORS.items():
            response[name] = value
        return response

    return answer


def _items(receipt: Receipt) -> list[dict[str, Any]]:
    found = []
    for verdict in receipt.verdicts:
        item: dict[str, Any] = {"item": verdict.item_no, "verdict": "accepted" if verdict.is_accepted else "rejected"}
        if verdict.code:
            item.update(code=verdict.code, reason=verdict.reason)
        found.append(item)
    return found


def _counts(receipt: Receipt) -> dict[str, Any]:
    return {"n_accepted": receipt.n_accepted, "n_rejected": receipt.n_rejected, "items": _items(receipt)}


def answer_receipt(request: HttpRequest, receipt: Receipt, *, is_single: bool, success: dict[str, Any]) -> HttpResponse:
    """Answer with a verdict for each item; a single call whose item was rejected is a 400 with the reason."""
    if is_single and not receipt.n_accepted:
        verdict = receipt.verdicts[0]
        return answer_refusal(request, RefusedBody(400, verdict.code, verdict.reason), _counts(receipt))
    return JsonResponse({**success, **_counts(receipt)})


def answer_by_uuid(receipt: Receipt) -> HttpResponse:
    """Answer in the newer protocol: a result for each event's uuid."""
    results = {}
    for verdict in receipt.verdicts:
        kind = "drop" if not verdict.is_accepted else "warning" if verdict.code else "ok"
        results[verdict.uuid or str(verdict.item_no)] = {"result": kind, "details": verdict.reason or None}
    return JsonResponse({"results": results})


def answer_refusal(request: HttpRequest, refused: RefusedBody, more: dict[str, Any] | None = None) -> HttpResponse:
    """Answer a request that was not taken: code and message as Segment's clients read them, detail as PostHog's do."""
    body = {
        "code": refused.code,
        "message": refused.reason,
        "detail": refused.reason,
        "fields": {},
        "request_id": getattr(request, "id", ""),
        **(more or {}),
    }
    response = JsonResponse(body, status=refused.status)
    if isinstance(refused, ComeBackLater):
        response["Retry-After"] = str(refused.after_s)
    if refused.status == 401:
        response["WWW-Authenticate"] = 'Basic realm="write key"'
    return response
