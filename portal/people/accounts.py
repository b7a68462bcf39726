"""How allauth behaves here: nobody signs up by themselves; admins make users."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Close the sign-up page."""

    def is_open_for_signup(self, request) -> bool:
        """Refuse: people are added by an admin."""
        return False
