"""Typed readers of the process environment; the only place that looks at it.

A missing or unreadable value stops the start with the variable's name and the fix.
"""

import fcntl
import json
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None, *, fix: str = "") -> str:
    """Return a variable's text, or the default; refuse when there is neither."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. {fix or f'Set {name} in the environment.'}")
    return value


def optional(name: str) -> str:
    """Return a variable's text, or nothing."""
    return os.environ.get(name, "").strip()


def flag(name: str, default: bool) -> bool:
    """Return a variable read as yes or no."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Use 1 or 0.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return a variable read as a whole number."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        result = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}. Use a whole number.") from None
    if result < least:
        raise ImproperlyConfigured(f"{name} is {result}. Use {least} or more.")
    return result


def words(name: str, default: list[str]) -> list[str]:
    """Return a comma-separated variable as a list."""
    value = os.environ.get(name, "")
    return [word.strip() for word in value.split(",") if word.strip()] or default


def origins(name: str) -> list[str]:
    """Return a comma-separated variable as a list of origins, `https://` where a word is a host alone; no wildcards."""
    found = []
    for word in words(name, []):
        text = word if "://" in word else f"https://{word}"
        parts = urlsplit(text)
        is_origin = parts.scheme in {"http", "https"} and text == f"{parts.scheme}://{parts.netloc}"
        if not is_origin or not re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?", parts.netloc):
            raise ImproperlyConfigured(f"{name} has {word!r}. Name hosts one by one, such as wiki.example.com.")
        found.append(text)
    return found


def database(url: str) -> dict[str, object]:
    """Return Django's database settings for a `postgresql://` address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://. The portal runs on PostgreSQL only.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "portal"},
    }


def redis_database(url: str, number: int) -> str:
    """Return a Redis address with another database number, so that emptying the cache leaves the queue alone."""
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured("REDIS_URL must begin with redis:// or rediss://.")
    return urlunsplit(parts._replace(path=f"/{number}"))


MAIL_BACKENDS = {
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "file": "portal.messages.mail_files.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
}


def mail_backend(default: str, *, has_host: bool) -> str:
    """Return the class that sends mail: a server, files in the portal's folder, or the worker's log."""
    value = text("EMAIL_BACKEND", default)
    if value not in MAIL_BACKENDS:
        raise ImproperlyConfigured(f"EMAIL_BACKEND is {value!r}. Use smtp, file or console.")
    if value == "smtp" and not has_host:
        raise ImproperlyConfigured("EMAIL_BACKEND is smtp, but EMAIL_HOST is not set. Name the mail server there.")
    return MAIL_BACKENDS[value]


def public_url(noted: str | None) -> str:
    """Return the address that people open the portal at, without a slash at its end; `noted` is the supervisor's."""
    hosts = words("ALLOWED_HOSTS", [])
    here = noted or f"http://localhost:{number('PORT', 8000, least=1)}"
    value = text("PUBLIC_URL", f"https://{hosts[0]}" if mode() == "production" and hosts else here).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"PUBLIC_URL is {value!r}. Use an address such as https://portal.example.com.")
    return value


def mode() -> str:
    """Return the run mode: development, testing or production."""
    value = text("PORTAL_MODE", "development")
    if value not in {"development", "testing", "production"}:
        raise ImproperlyConfigured(f"PORTAL_MODE is {value!r}. Use development or production.")
    return value


def log_level() -> str:
    """Return the least level of log lines."""
    value = text("LOG_LEVEL", "INFO").upper()
    if value not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ImproperlyConfigured(f"LOG_LEVEL is {value!r}. Use DEBUG, INFO, WARNING or ERROR.")
    return value


def var_dir() -> Path:
    """Return the folder of everything that this install keeps."""
    default = Path(__file__).resolve().parents[1] / "var"
    return Path(text("PORTAL_VAR_DIR", str(default))).expanduser().resolve()


def running_services(folder: Path) -> dict[str, str]:
    """Return the addresses of the embedded servers that `make run` keeps up, or nothing."""
    note = folder / "services.json"
    try:
        services = json.loads(note.read_text())
        with (folder / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return {}
    except PermissionError:
        raise ImproperlyConfigured(f"{note} belongs to another user. Run commands as the user of `make run`.") from None
    except BlockingIOError:  # a supervisor holds the folder, so the note is true
        return services
    return {}  # left over from a supervisor that was killed
