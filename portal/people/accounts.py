"""How allauth behaves here: nobody signs up by themselves; admins make users, who set a password by a link."""

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from portal.people.models import User


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Close the sign-up page; keep mails short, and sentences plain."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This address and this password do not belong together. Check both.",
        "too_many_login_attempts": "That was too often. Wait a few minutes, then try again.",
        "enter_current_password": "Type the password that you have now.",
        "incorrect_password": "This is not your password. Try again.",
    }

    def is_open_for_signup(self, request) -> bool:
        """Refuse: people are added by an admin."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """Leave the subject as written."""
        return str(subject)


def password_link(request: HttpRequest | None, user: User) -> str:
    """Return a link by which a person sets a password; works once, for PASSWORD_RESET_TIMEOUT."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return request.build_absolute_uri(path) if request else path


def invite(request: HttpRequest, user: User) -> None:
    """Mail a person the link by which they set their password."""
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    context = {"user": user, "password_reset_url": password_link(request, user), "days": days}
    get_adapter(request).send_mail("account/email/invitation", user.email, context)
