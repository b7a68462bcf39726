"""Settings of every run mode; `PORTAL_MODE` chooses between development, testing and production."""

from portal import environment

MODE = environment.mode()

if MODE == "production":
    from portal.settings.production import *  # noqa: F403
elif MODE == "testing":
    from portal.settings.testing import *  # noqa: F403
else:
    from portal.settings.development import *  # noqa: F403
