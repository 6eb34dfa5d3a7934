"""Forms of accounts: those of allauth with our labels, and our own."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkey
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "password1": "New password",
    "password2": "New password again",
    "oldpassword": "Password until now",
    "code": "Code",
    "name": "Name, to tell it from others",
    "passwordless": "It is enough to log in, without the password",
}
HELP = {
    "password1": "12 letters or more. Three or four words that don't belong together are good.",
    "passwordless": "Without this it is used after the password.",
}


class Plain:
    """A form with our labels: no placeholders, one help text where it helps."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class Login(Plain, account.LoginForm):
    """Log in."""


class Signup(Plain, account.SignupForm):
    """Sign up."""

    def try_save(self, request: HttpRequest) -> Any:
        """Do the same work whether the address has an account: the time tells nothing."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class AddEmail(Plain, account.AddEmailForm):
    """Change the address of somebody who is logged in."""


class ChangePassword(Plain, account.ChangePasswordForm):
    """Change the password."""


class SetPassword(Plain, account.SetPasswordForm):
    """Set a first password."""


class ResetPassword(Plain, account.ResetPasswordForm):
    """Ask for a link."""


class ResetPasswordKey(Plain, account.ResetPasswordKeyForm):
    """Choose a password after a link."""


class ProveEmail(Plain, account.ConfirmEmailVerificationCodeForm):
    """Enter the code that was mailed."""


class Reauthenticate(Plain, account.ReauthenticateForm):
    """Show with the password that it is you."""


class SecondStep(Plain, second.AuthenticateForm):
    """Enter a code after the password."""


class SecondStepAgain(Plain, second.ReauthenticateForm):
    """Show with a code that it is you."""


class ActivateApp(Plain, totp.ActivateTOTPForm):
    """Set up an app for codes."""


class AddPasskey(Plain, passkey.AddWebAuthnForm):
    """Add a passkey; without more ado it replaces the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class EditPasskey(Plain, passkey.EditWebAuthnForm):
    """Change the name of a passkey."""


class DeleteAccount(forms.Form):
    """Delete the account, after typing its address."""

    typed = forms.CharField(label="Type your e-mail address to go on", max_length=254)

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address

    def clean_typed(self) -> str:
        """Compare what was typed with the address."""
        typed: str = self.cleaned_data["typed"]
        if typed.strip().lower() != self.address.lower():
            raise forms.ValidationError("This is not the address of your account.")
        return typed
