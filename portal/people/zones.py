"""Time zones as a menu offers them."""

import zoneinfo


def zone_choices() -> list[tuple[str, str]]:
    """Return all time zones by name, UTC first."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]
