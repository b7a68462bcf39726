"""Tests: real servers started by the test run, fast hashing, mail kept in memory."""

from portal import environment
from portal.settings.base import *  # noqa: F403

SECRET_KEY = "testing-only-key-that-signs-nothing-outside-a-test-run"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if not environment.optional("EMAIL_BACKEND"):  # a worker that a test starts may put mail into files
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ACCOUNT_RATE_LIMITS = False
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
