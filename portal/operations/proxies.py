"""The address that a request really came from, behind the proxies that are trusted."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class SenderAddressMiddleware:
    """Set REMOTE_ADDR to what the outermost trusted proxy saw; what stands further left was written by the sender."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        n_trusted = settings.TRUSTED_PROXY_COUNT
        noted = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if n_trusted and len(noted) >= n_trusted:
            request.META["REMOTE_ADDR"] = noted[-n_trusted]
        return self.get_response(request)
