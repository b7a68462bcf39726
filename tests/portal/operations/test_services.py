"""The embedded servers: every way of running them, and what an earlier one left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from portal.operations.services import children
from portal.operations.services.children import Account, StartError, clean_environment
from portal.operations.services.postgres import Postgres, find_binaries
from portal.operations.services.valkey import Valkey
from portal.operations.services.watcher import Watcher
from tests.running import wait_until

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else for PostgreSQL")


@pytest.fixture
def postgres(tmp_path):
    server = Postgres(tmp_path / "postgres", settings=("fsync=off",))
    yield server
    server.stop()


def _ask(server: Postgres, question: str):
    connection = psycopg2.connect(server.url)
    with connection.cursor() as cursor:
        cursor.execute(question)
        answer = cursor.fetchone()[0]
    connection.close()
    return answer


def test_variables_of_another_postgres_do_not_steer_ours(postgres, monkeypatch):
    for name, value in {"PGPORT": "1", "PGHOST": "nowhere", "PGDATA": "/nowhere", "PGOPTIONS": "-c x=y"}.items():
        monkeypatch.setenv(name, value)
    assert not [name for name in clean_environment() if name.startswith("PG")]
    monkeypatch.delenv("PGOPTIONS")  # libpq in this process reads it too; the supervisor's children do not get it
    postgres.start()
    assert _ask(postgres, "SHOW port") == str(postgres.port)


def test_letters_beyond_ascii_are_lowered(postgres):
    postgres.start()
    assert _ask(postgres, "SELECT lower('ÄÖÜ ÉŁ')") == "äöü éł"
    assert _ask(postgres, "SHOW listen_addresses") == "127.0.0.1"
    assert _ask(postgres, "SHOW fsync") == "off"  # as this test asked; `make run` leaves it on


def test_passwords_are_asked_for(postgres):
    postgres.start()
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(f"postgresql://postgres:wrong@127.0.0.1:{postgres.port}/portal")


def test_killed_server_starts_again_with_what_was_committed(tmp_path):
    server = Postgres(tmp_path / "postgres")
    server.start()
    connection = psycopg2.connect(server.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (n int)")
        cursor.execute("INSERT INTO kept VALUES (42)")
    server.process.kill()
    server.process.wait()
    port = server.port
    server.start()
    assert server.port == port
    assert _ask(server, "SELECT n FROM kept") == 42
    connection.close()
    server.stop()


def test_server_that_outlived_its_supervisor_is_ended_first(postgres, tmp_path):
    postgres.start()
    left_over = postgres.process
    second = Postgres(tmp_path / "postgres", settings=("fsync=off",))
    second.start()
    assert left_over.poll() is not None
    assert second.poll() is None
    second.stop()


def test_pid_file_of_a_stranger_does_not_stop_a_start(postgres):
    postgres.start()
    postgres.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    lines = f"{stranger.pid}\n{postgres.data_dir}\n0\n0\n\n127.0.0.1\n\nready\n"
    (postgres.data_dir / "postmaster.pid").write_text(lines)
    postgres.start()
    assert _ask(postgres, "SELECT 1") == 1
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_zombie_of_an_earlier_server_does_not_stop_a_start(postgres):
    postgres.start()
    postgres.process.kill()
    os.waitid(os.P_PID, postgres.process.pid, os.WEXITED | os.WNOWAIT)  # dead, and not reaped
    second = Postgres(postgres.data_dir, settings=("fsync=off",))
    second.start()
    assert _ask(second, "SELECT 1") == 1
    second.stop()


def test_unusable_data_folder_is_told_with_the_servers_words(postgres):
    postgres.start()
    postgres.stop()
    (postgres.data_dir / "postgresql.auto.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(StartError, match="no_such_setting"):
        postgres.start()


@needs_root
def test_root_becomes_another_user_where_namespaces_are_refused(tmp_path_factory, monkeypatch):
    monkeypatch.setattr(children, "_can_make_namespace", lambda: False)
    children.server_account.cache_clear()
    try:
        account = children.server_account()
        assert account.way == "setuid"
        folder = Path("/var/tmp") / f"portal-setuid-{os.getpid()}"
        folder.mkdir(mode=0o755)
        server = Postgres(folder / "postgres", settings=("fsync=off",), account=account)
        server.start()
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == account.uid
        assert _ask(server, "SELECT 1") == 1
        server.stop()
    finally:
        children.server_account.cache_clear()
        subprocess.run(["rm", "-rf", str(folder)], check=True)


@needs_root
def test_root_is_told_when_that_user_cannot_reach_the_folder(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = Postgres(closed / "postgres", account=Account("setuid"))
    with pytest.raises(StartError, match="set PORTAL_VAR_DIR to a folder that others may enter"):
        server.start()


def test_programs_named_or_on_the_path_are_used(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_PG_BIN", str(tmp_path))
    assert find_binaries() == tmp_path
    monkeypatch.delenv("PORTAL_PG_BIN")
    monkeypatch.setattr("portal.operations.services.postgres.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartError, match="set PORTAL_PG_BIN"):
        find_binaries()
    (tmp_path / "postgres").touch(mode=0o755)
    assert find_binaries() == tmp_path.resolve()


def test_valkey_keeps_its_queue_and_asks_for_the_password(tmp_path):
    server = Valkey(tmp_path / "a folder" / "valkey")
    server.start()
    client = redis.Redis.from_url(server.url)
    client.rpush("queue", "task")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=server.port).ping()
    client.close()
    time.sleep(1.2)  # its file is written every second
    server.process.kill()
    server.process.wait()
    server.start()
    client = redis.Redis.from_url(server.url)
    assert client.lrange("queue", 0, -1) == [b"task"]
    client.close()
    server.stop()


def test_watcher_ends_what_is_left_when_its_supervisor_is_gone(tmp_path):
    # The way of macOS, where the kernel does not end children by itself.
    code = (
        "import subprocess, sys, time; from portal.operations.services.watcher import Watcher;"
        "w = Watcher(is_needed=True);"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], start_new_session=True);"
        "w.note(p.pid); print(p.pid, flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child = int(supervisor.stdout.readline())
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    supervisor.stdout.close()
    wait_until(
        lambda: not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split(), 20
    )


def test_watcher_is_not_needed_where_the_kernel_does_it():
    assert Watcher(is_needed=False).process is None
