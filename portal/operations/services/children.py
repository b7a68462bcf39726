"""Starting a server as a child that dies with its parent and never runs as root."""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_NOBODY = 65534
_IS_LINUX = sys.platform == "linux"
# Loaded before any fork: between fork and exec a child does as little as it can.
_libc = ctypes.CDLL(None, use_errno=True) if _IS_LINUX else None


class StartError(RuntimeError):
    """A server that cannot be started; the message is for the person who started it."""


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def clean_environment() -> dict[str, str]:
    """Return the environment without PG* variables, which would steer a server or a client elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def die_with_parent(sign: int = signal.SIGKILL) -> None:
    """Have the kernel send this process a signal when its parent ends (Linux; elsewhere the watcher does it)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, sign)


@dataclass(frozen=True)
class Account:
    """As whom a server runs: `way` is "self", "namespace" (root outside, nobody inside) or "setuid"."""

    way: str
    uid: int = _NOBODY
    gid: int = _NOBODY

    def enter(self) -> None:
        """Become this account; called between fork and exec."""
        if self.way == "namespace":
            _enter_namespace()
        elif self.way == "setuid":
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)

    def can_reach(self, path: Path) -> bool:
        """Say whether this account can enter a folder or read a file."""
        if self.way != "setuid":
            return True
        child = os.fork()
        if child == 0:
            self.enter()
            os._exit(0 if os.access(path, os.R_OK | os.X_OK) else 1)
        return os.waitpid(child, 0)[1] == 0


def _enter_namespace() -> None:
    # PostgreSQL refuses to run as root. In a user namespace of its own the process is "nobody" inside and keeps
    # root's files outside: no new user, no changed permission of any folder.
    if _libc is None or _libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses a user namespace")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_NOBODY} 0 1")
    Path("/proc/self/gid_map").write_text(f"{_NOBODY} 0 1")


def _can_make_namespace() -> bool:
    child = os.fork()
    if child == 0:
        try:
            _enter_namespace()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


@cache
def server_account() -> Account:
    """Return as whom PostgreSQL runs here: as we are; for root in a namespace, else as `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return Account("self")
    if _can_make_namespace():
        return Account("namespace")
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account("setuid", user.pw_uid, user.pw_gid)
    raise StartError(
        "PostgreSQL refuses to run as root, this kernel refuses user namespaces, and there is neither a user "
        "`postgres` nor `nobody`. Run the portal as a normal user, or set DATABASE_URL to your own server."
    )


def child_setup(*, account: Account | None = None, parent_death: int = signal.SIGKILL) -> Callable[[], None]:
    """Return what a child does between fork and exec: a process group of its own, its account, its end."""
    parent = os.getpid()

    def setup() -> None:
        os.setpgrp()
        if account is not None:
            account.enter()
        die_with_parent(parent_death)  # after the account: a change of user clears it
        if os.getppid() != parent:  # the parent ended before the line above
            os._exit(1)

    return setup


def run_as(account: Account, command: list[str], environment: Mapping[str, str]) -> str:
    """Run a short command as the servers run; return its output, raise with it on failure."""
    result = subprocess.run(
        command,
        env=dict(environment),
        cwd="/",
        preexec_fn=child_setup(account=account),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise StartError(f"{Path(command[0]).name} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


def copy_for(account: Account, source: Path, target: Path) -> Path:
    """Copy a tree to where an account can read it, once; return the copy."""
    if not target.exists():
        partial = target.with_name(f"{target.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(source, partial, symlinks=True)
        partial.chmod(0o755)
        partial.rename(target)
    return target


def stop_process(process: subprocess.Popen | None, *steps: tuple[int, float]) -> None:
    """End a process by signals in turn, each with the seconds to wait for it; then kill its whole group."""
    if process is None:
        return
    for sign, wait_s in steps:
        if process.poll() is not None:
            break
        process.send_signal(sign)
        try:
            process.wait(wait_s)
        except subprocess.TimeoutExpired:
            continue
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nothing is left of the group
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
