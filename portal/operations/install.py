"""Make `.venv` and install the locked dependencies; runs on a bare Python with its standard library alone.

Started by the Makefile as `python3 -I portal/operations/install.py`. A stamp of the lock in `.venv` lets the next start
skip everything.
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
LEAST = (3, 11)


def say(text: str) -> None:
    """Print one line at once."""
    print(text, flush=True)


def stop(text: str) -> None:
    """End with a message for the person."""
    raise SystemExit("\n" + text + "\n")


def check_python() -> None:
    """Refuse a Python that is too old or that cannot make virtual environments."""
    here = ".".join(str(part) for part in sys.version_info[:2])
    if sys.version_info < LEAST:
        stop(
            f"The portal needs Python 3.11 or newer; {sys.executable} is {here}.\n"
            "Install one and name it: make run PYTHON=python3.12"
        )
    try:
        import ensurepip  # noqa: F401 - only to see that it is there
        import venv  # noqa: F401
    except ImportError:
        stop(
            f"This Python {here} cannot make virtual environments: its ensurepip is missing.\n"
            f"On Debian or Ubuntu: apt install python{here}-venv\n"
            "On Fedora or RHEL:   dnf install python3-pip"
        )


def lock_requirement(name: str) -> str:
    """Return one package's lines of the lock, with its hashes."""
    found = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*$", LOCK.read_text(), re.MULTILINE)
    if not found:
        stop(f"requirements.lock does not name {name}. Run: make lock")
    return found.group(0) + "\n"


def run(command: list, **environment: str) -> bool:
    """Run a command; say whether it succeeded."""
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode == 0


def is_usable(python: Path) -> bool:
    """Say whether the environment's Python starts; it does not once its base was upgraded or removed."""
    if not python.exists():
        return False
    test = f"import sys; sys.exit(sys.version_info[:2] < {LEAST!r})"
    return subprocess.run([str(python), "-c", test], check=False, capture_output=True).returncode == 0


def pip_index(python: Path) -> dict:
    """Return the package index that pip is set to use, for uv, which does not read pip's configuration."""
    if any(name in os.environ for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX")):
        return {}
    asked = subprocess.run(
        [str(python), "-m", "pip", "config", "get", "global.index-url"], check=False, capture_output=True, text=True
    )
    return {"UV_DEFAULT_INDEX": asked.stdout.strip()} if asked.returncode == 0 and asked.stdout.strip() else {}


def install(python: Path) -> None:
    """Install the lock with uv, which pip brings; with pip alone where uv does not work."""
    uv = python.with_name("uv")
    if not uv.exists():
        with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
            file.write(lock_requirement("uv"))
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", file.name])
        Path(file.name).unlink()
    if uv.exists():
        command = [str(uv), "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "-r", str(LOCK)]
        if run(command, **pip_index(python)):
            return
        say("uv could not install the dependencies; trying pip, which takes longer.")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not run([*pip, "--require-hashes", "-r", str(LOCK)]):
        stop("The dependencies could not be installed; the lines above say why. Is the package registry reachable?")


def make_environment(python: Path) -> None:
    """Make `.venv` if it is missing or broken, and install."""
    started = time.monotonic()
    if not is_usable(python):
        say("Making the virtual environment .venv")
        if not run([sys.executable, "-m", "venv", *(["--clear"] if VENV.exists() else []), str(VENV)]):
            stop("The virtual environment could not be made; the lines above say why.")
    say("Installing the dependencies of requirements.lock")
    install(python)
    say(f"Dependencies are ready ({time.monotonic() - started:.0f} s)")


def main() -> None:
    """Make the environment match the lock."""
    check_python()
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp, python = VENV / "installed-lock", VENV / "bin" / "python"
    with LOCK.open() as guard:  # two starts at once: the second waits, then finds the work done
        fcntl.flock(guard, fcntl.LOCK_EX)
        try:
            if not (stamp.exists() and stamp.read_text() == wanted and is_usable(python)):
                make_environment(python)
                stamp.write_text(wanted)
        except PermissionError as error:
            stop(
                f"{error.filename} belongs to another user.\n"
                "A virtual environment serves the user who made it: remove .venv, or clone the portal anew."
            )


if __name__ == "__main__":
    main()
