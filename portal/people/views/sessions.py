"""Where a person is signed in."""

from typing import Any

from allauth.usersessions.views import ListUserSessionsView

from portal.people.browsers import describe_browser


class SessionList(ListUserSessionsView):
    """allauth's list of sessions, with the browsers in words."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the sessions, the newest use first, each with its browser."""
        context = super().get_context_data(**kwargs)
        sessions = sorted(context["sessions"], key=lambda session: session.last_seen_at, reverse=True)
        return {**context, "sessions": [(session, describe_browser(session.user_agent)) for session in sessions]}
