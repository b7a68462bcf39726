"""Starting a server as a child that dies with its parent and never runs as root."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_NOBODY = 65534


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def clean_environment() -> dict[str, str]:
    """Return the environment without PG* variables, which would steer a server elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _leave_root() -> None:
    # PostgreSQL refuses to run as root. In a user namespace of its own the process is "nobody" inside and keeps
    # root's files outside: no new user, no changed permission of any folder.
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses a user namespace")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_NOBODY} 0 1")
    Path("/proc/self/gid_map").write_text(f"{_NOBODY} 0 1")


def child_setup(*, must_not_be_root: bool) -> Callable[[], None]:
    """Return what a child does between fork and exec."""

    def setup() -> None:
        os.setpgrp()
        if must_not_be_root and os.geteuid() == 0:
            _leave_root()
        _die_with_parent()

    return setup


def run_as_server_user(command: list[str], environment: Mapping[str, str]) -> str:
    """Run a short command as the servers run; return its output, raise with it on failure."""
    result = subprocess.run(
        command,
        env=dict(environment),
        preexec_fn=child_setup(must_not_be_root=True),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{result.stdout}{result.stderr}")
    return result.stdout
