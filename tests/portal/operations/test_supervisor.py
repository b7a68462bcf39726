"""`make run`'s supervisor: it starts everything, keeps it up, and leaves nothing behind however it is stopped."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest

from tests.running import ROOT, RunningPortal, processes_of, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")


@pytest.fixture
def portal(tmp_path):
    running = RunningPortal(tmp_path / "var")
    yield running
    if running.process is not None and running.process.poll() is None:
        running.process.kill()
        running.process.wait()
    wait_until(lambda: not processes_of(running.var_dir), what="the end of every process")


def test_portal_starts_answers_survives_and_stops(portal):
    portal.start()
    assert portal.status_of("accounts/login/") == 200
    assert portal.status_of("healthz") == portal.status_of("readyz") == 200
    for name in ("services.json", "secrets.json", "postgres.passwords.json"):
        assert stat.S_IMODE((portal.var_dir / name).stat().st_mode) == 0o600, name

    killed = portal.kill("web")
    wait_until(lambda: "web ended by SIGKILL; starting it again" in portal.output)
    assert portal.status_of("accounts/login/") == 200  # the request waits for the new web process
    assert portal.pid_of("web") != killed

    environment = {**os.environ, "PORTAL_VAR_DIR": str(portal.var_dir)}
    command = [sys.executable, "-m", "portal.operations.supervisor"]
    second = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert "already runs here" in second.stderr
    assert portal.url in second.stderr

    assert portal.stop(signal.SIGINT) == 0
    assert not processes_of(portal.var_dir)
    assert portal.output.endswith("Stopped\n")
    assert not (portal.var_dir / "services.json").exists()


@pytest.mark.long
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_is_left_after(portal, sign):
    portal.start()
    assert len(processes_of(portal.var_dir)) > 8
    portal.stop(sign)
    portal.wait_until_gone(0.5 if sign != signal.SIGKILL else 20)
    portal.start()  # over the same data, at once
    assert portal.status_of("accounts/login/") == 200
    portal.stop()


@pytest.mark.long
def test_no_process_is_left_when_killed_while_starting(portal):
    for wait_s in (0.4, 1.2, 2.5, 4, 6):
        portal.var_dir.mkdir(exist_ok=True)
        environment = {**os.environ, "PORTAL_VAR_DIR": str(portal.var_dir), "PORTAL_DEMO": "0", "PORT": "8600"}
        for name in ("DATABASE_URL", "REDIS_URL", "PORTAL_MODE"):
            environment.pop(name, None)
        command = [sys.executable, "-m", "portal.operations.supervisor"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(wait_s)
        process.kill()
        process.wait()
        portal.wait_until_gone()
    portal.start()
    assert portal.status_of("readyz") == 200


@pytest.mark.long
def test_each_part_that_dies_is_started_again(portal):
    portal.start()
    parts = {"postgres": "PostgreSQL", "valkey": "Valkey", "worker": "worker", "beat": "beat", "web": "web"}
    for part, name in parts.items():
        killed = portal.kill(part)
        wait_until(lambda part=part, killed=killed: portal.is_running_again(part, killed), 60, part)
        assert f"{name} ended" in portal.output
    wait_until(lambda: portal.status_of("readyz") == 200)
    wait_until(lambda: portal.status_of("accounts/login/") == 200)


@pytest.mark.long
def test_taken_port_gives_the_next_one(portal):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        portal.settings["PORT"] = str(port)
        portal.start()
        # The very next one may belong to someone else at this moment; then it is one of those after it.
        given = int(re.search(rf"Port {port} is taken; using (\d+)", portal.output).group(1))
        assert port < given <= port + 20
        assert f":{given}/" in portal.url
    portal.stop()


@pytest.mark.long
def test_demo_logins_are_shown_and_close_the_portal_to_others(portal):
    portal.settings["PORTAL_DEMO"] = "1"
    portal.start()
    assert "admin@demo.example" in portal.output
    portal.stop()
    portal.settings["BIND_ADDRESS"] = "0.0.0.0"
    with pytest.raises(AssertionError, match="The demo logins exist"):
        portal.start()
    portal.wait_until_gone()
