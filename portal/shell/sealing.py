"""Texts that open something, as they are stored: encrypted under the portal's key, each purpose under its own."""

import base64
import hashlib

from django.conf import settings


def seal(purpose: str, text: str) -> str:
    """Return a text as it is stored; `purpose` ("insights.sources.sql") keeps one table's secrets out of another."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def unseal(purpose: str, stored: str) -> str | None:
    """Return a stored text, or None where the portal's key has changed since."""
    from cryptography.fernet import InvalidToken

    try:
        return str(_cipher(purpose).decrypt(stored.encode()).decode())
    except InvalidToken:
        return None


def _cipher(purpose: str):  # type: ignore[no-untyped-def]  # its class is imported where it is used: 40 ms
    from cryptography.fernet import Fernet, MultiFernet

    keys = [settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", [])]
    digests = (hashlib.sha256(f"{purpose}:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
