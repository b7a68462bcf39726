"""Who is not signed in goes to the sign-in; times are in the reader's own zone; a session's last use is noted."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from redis.exceptions import RedisError

from portal.shell.errors import NotSignedIn
from portal.shell.pages import is_script, page_of_form, wants_json
from portal.shell.views import answer_error


class SignInMiddleware(LoginRequiredMiddleware):
    """Send those who are not signed in to the sign-in, and from there to the page that they came from."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:
        """Bring a form's sender back to the form: its own address may take nothing but forms, and nothing was saved."""
        if request.method in ("GET", "HEAD") and not is_script(request):  # the API's documentation is a page too
            return super().handle_no_permission(request, view_func)
        if wants_json(request):
            return answer_error(request, NotSignedIn())
        messages.warning(request, "You were signed out, so nothing was saved. Sign in and send it again.")
        return redirect_to_login(page_of_form(request), resolve_url(self.get_login_url(view_func)))


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
