"""Production: refuses to start on anything that would make the portal unsafe."""

from django.core.exceptions import ImproperlyConfigured

from portal import environment
from portal.settings.base import *  # noqa: F403

if environment.flag("DEBUG", False):
    raise ImproperlyConfigured("DEBUG is on. Remove DEBUG from the environment in production.")

SECRET_KEY = environment.text("SECRET_KEY", fix="Set it to at least 50 random characters.")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 12:
    raise ImproperlyConfigured("SECRET_KEY is too weak. Set it to at least 50 random characters.")

ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", [])
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the portal's host names, without a wildcard.")

CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by machines inside the cluster, without TLS
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
