"""Production: refuses to start on anything that would make the portal unsafe."""

from django.core.exceptions import ImproperlyConfigured

from portal import environment
from portal.settings.base import *  # noqa: F403

if environment.flag("DEBUG", False):
    raise ImproperlyConfigured("DEBUG is on. Remove DEBUG from the environment in production.")

_STRONG = "Set it to at least 50 random characters, such as the output of: openssl rand -base64 48"
SECRET_KEY = environment.text("SECRET_KEY", fix=_STRONG)
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 12 or SECRET_KEY.startswith("django-insecure"):
    raise ImproperlyConfigured(f"SECRET_KEY is too weak. {_STRONG}")

ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", [])
if not ALLOWED_HOSTS or any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS must name the portal's host names one by one, without a wildcard: portal.example.com"
    )

CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by machines inside the cluster, without TLS
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
