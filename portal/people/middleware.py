"""Shows times in the reader's own zone, and notes when a session was last used."""

import zoneinfo

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from redis.exceptions import RedisError


class TimeZoneMiddleware:
    """Activate the signed-in user's time zone for the request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


class SessionActivityMiddleware:
    """Note the activity of a session for the list of sessions: at once when it is new, then every few minutes.

    In place of allauth's own, which writes on every request.
    """

    _EVERY_S = 300

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and self._is_due(key):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)

    def _is_due(self, key: str) -> bool:
        try:
            return cache.add(f"people:session:{key}", 1, self._EVERY_S)
        except (RedisError, OSError):  # pages open without the cache, too
            return False
