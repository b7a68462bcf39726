"""What the person at the terminal reads once the portal answers."""

import json
from pathlib import Path


def describe_start(var_dir: Path, url: str, took_s: float) -> list[str]:
    """Return the lines: address, demo logins if there are any, where the logs are."""
    lines = ["", f"Product Ops Portal is ready after {took_s:.1f} s: {url}"]
    try:
        logins = json.loads((var_dir / "demo-logins.json").read_text())
    except FileNotFoundError:
        logins = []
    if logins:
        lines.append("Logins of this install:")
        width = max(len(login["email"]) for login in logins)
        lines += [
            f"  {login['role'].replace('_', ' '):<16} {login['email']:<{width}}  {login['password']}"
            for login in logins
        ]
    else:
        lines.append("Make an admin with: .venv/bin/python manage.py create_admin ADDRESS")
    return [*lines, f"Logs are in {var_dir / 'log'}. Stop with Ctrl-C.", ""]
