"""One machine, nothing installed: `make run` and the commands beside it."""

from portal import environment
from portal.settings.base import *  # noqa: F403
from portal.settings.base import _services

DEBUG = environment.flag("DEBUG", False)
SECRET_KEY = environment.text("SECRET_KEY", _services.get("SECRET_KEY"), fix="Start the portal with `make run`.")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
