"""docker-compose.yml, without containers: its shape, and every command of ours run against real servers."""

import contextlib
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import psycopg2
import pytest
import yaml

from portal.operations.services.children import die_with_parent, free_port
from portal.operations.services.postgres import Postgres
from portal.operations.services.valkey import Valkey
from tests.running import wait_until

ROOT = Path(__file__).resolve().parents[3]
_ENV_FILE = {
    "SECRET_KEY": "Zk8-3vQ1xW9rT5yU7iO2pA4sD6fG8hJ0kL_zXcVbNmQwErTyUiOpAsDf",
    "ALLOWED_HOSTS": "portal.example.com",
    "OWNER_PASSWORD": "owner1",
    "APP_PASSWORD": "app1",
    "VALKEY_PASSWORD": "valkey1",
}


def _fill(text: str) -> str:
    # Compose's own substitution: ${NAME}, ${NAME:-default}, ${NAME:?message}.
    return re.sub(
        r"\$\{(\w+)(?::([-?])([^}]*))?\}",
        lambda match: _ENV_FILE.get(match[1]) or (match[3] if match[2] == "-" else ""),
        text,
    )


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_compose_names_every_part_with_health_and_one_volume_of_parts(compose):
    services = compose["services"]
    assert set(services) == {"postgres", "valkey", "migrate", "web", "worker", "beat"}
    for name, service in services.items():
        assert ("healthcheck" in service) == (name != "migrate"), name
    ours = [services[name] for name in ("migrate", "web", "worker", "beat")]
    assert all(service["volumes"] == ["events:/data"] for service in ours)
    used = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert used == set(compose["volumes"])
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_secrets_have_no_default():
    text = (ROOT / "docker-compose.yml").read_text()
    for name in _ENV_FILE:
        assert re.search(rf"\$\{{{name}:\?", text), name
        assert not re.search(rf"\$\{{{name}(:-|\}})", text), name


def test_image_runs_as_a_normal_user_from_the_hashed_lock():
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER portal$", text, re.MULTILINE)
    assert "--require-hashes" in text
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {"var", ".git", ".venv"} <= set(ignored)
    for source in re.findall(r"^COPY (\S+) ", text, re.MULTILINE):
        assert (ROOT / source).exists(), source


class Containers:
    """The services of ours as processes, over servers with compose's roles and passwords."""

    def __init__(self, compose: dict, folder: Path) -> None:
        self.compose = compose
        self.folder = folder
        self.postgres = Postgres(folder / "postgres", settings=("fsync=off",))
        self.valkey = Valkey(folder / "valkey", password=_ENV_FILE["VALKEY_PASSWORD"])
        self.port = free_port()

    def start_servers(self) -> None:
        """Start both; PostgreSQL with the owner that its image would make."""
        self.postgres.start()
        self.valkey.start()
        connection = psycopg2.connect(self.postgres.url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE portal_owner SUPERUSER LOGIN PASSWORD 'owner1'")
            cursor.execute("DROP ROLE portal_app")
        connection.close()

    def environment(self, service: str) -> dict[str, str]:
        """Return a service's environment with container addresses replaced by ours."""
        values = {name: _fill(value) for name, value in self.compose["services"][service]["environment"].items()}
        for name, value in values.items():
            value = value.replace("postgres:5432", f"127.0.0.1:{self.postgres.port}")
            value = value.replace("valkey:6379", f"127.0.0.1:{self.valkey.port}")
            values[name] = re.sub(r"^/data", str(self.folder / "data"), value)
        values["PORT"] = str(self.port)
        return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **values}

    def run(self, service: str, command: list[str]) -> subprocess.Popen:
        """Run a command as the service would."""
        assert command[0] == "python"
        with (self.folder / f"{service}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *command[1:]],
                cwd=ROOT,
                env=self.environment(service),
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent,
            )

    def is_healthy(self, service: str) -> bool:
        """Run the service's own health check."""
        test = self.compose["services"][service]["healthcheck"]["test"]
        assert test[0] == "CMD"
        return self.run(service, test[1:]).wait(30) == 0

    def has_swept(self) -> bool:
        """Say whether beat noted that it sent the sweep of the outbox."""
        task = "FROM django_celery_beat_periodictask WHERE task = 'operations.sweep_outbox'"
        connection = psycopg2.connect(self.postgres.url)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT last_run_at IS NOT NULL {task}")
            found = cursor.fetchone()[0]
        connection.close()
        return found


@pytest.fixture(scope="module")
def containers(compose, tmp_path_factory):
    found = Containers(compose, tmp_path_factory.mktemp("containers"))
    try:
        found.start_servers()
        yield found
    finally:
        found.valkey.stop()
        found.postgres.stop()


@pytest.mark.long
def test_every_service_runs_by_its_own_command(containers, compose):
    services = compose["services"]
    migrate = containers.run("migrate", services["migrate"]["command"])
    assert migrate.wait(300) == 0, (containers.folder / "migrate.log").read_text()
    running = {name: containers.run(name, services[name]["command"]) for name in ("web", "worker", "beat")}
    try:
        wait_until(lambda: _get(containers.port, "/healthz") == 200, 120, "web's answer")
        wait_until(lambda: containers.is_healthy("web"), 30, "web's health")
        wait_until(containers.has_swept, 60, "beat's first sweep")  # a probe is a process of its own: ask it then
        wait_until(lambda: containers.is_healthy("worker"), 60, "the worker's health")
        wait_until(lambda: containers.is_healthy("beat"), 30, "beat's health")
        assert _get(containers.port, "/accounts/login/") == 200
        log = containers.folder / "web.log"
        wait_until(lambda: '{"event": "GET /accounts/login/ 200' in log.read_text(), 10, "a line of JSON a request")
    finally:
        for process in running.values():
            process.terminate()
        codes = {name: process.wait(30) for name, process in running.items()}
    assert codes == {"web": 0, "worker": 0, "beat": 0}, codes
    for name in running:
        assert '"level": "error"' not in (containers.folder / f"{name}.log").read_text(), name


def _get(port: int, path: str) -> int:
    headers = {"Host": "portal.example.com", "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status
    return 0
