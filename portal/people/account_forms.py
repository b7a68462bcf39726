"""allauth's forms in this portal's words: a label above each field, and no placeholder that repeats it."""

from typing import Any

from allauth.account import forms

_LABELS = {
    "login": "E-mail",
    "email": "E-mail",
    "oldpassword": "Current password",
    "password1": "New password",
    "password2": "New password, again",
}


class _OwnWords:
    """Takes placeholders away, and writes e-mail as everywhere else."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]  # a mix-in in front of a form
            field.widget.attrs.pop("placeholder", None)
            field.label = _LABELS.get(name, field.label)


class SignInForm(_OwnWords, forms.LoginForm):
    """Address and password."""


class ReauthenticateForm(_OwnWords, forms.ReauthenticateForm):
    """The password once more."""


class ChangePasswordForm(_OwnWords, forms.ChangePasswordForm):
    """The old password, and the new one twice."""


class ResetPasswordForm(_OwnWords, forms.ResetPasswordForm):
    """The address that a link is sent to."""


class ChoosePasswordForm(_OwnWords, forms.ResetPasswordKeyForm):
    """A password by the link in a mail, twice."""
