"""Unsafe settings stop a production start with name and fix; every setting is documented and in the containers."""

import ast
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from portal import environment

ROOT = Path(__file__).resolve().parents[3]
_READERS = {"origins", "text", "optional", "flag", "number", "words"}
_SAFE = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "Zk8-3vQ1xW9rT5yU7iO2pA4sD6fG8hJ0kL_zXcVbNmQwErTyUiOpAsDf",
    "ALLOWED_HOSTS": "portal.example.com",
}


@cache
def settings_in_code() -> frozenset[str]:
    """Return the names of all settings that the code reads."""
    names = set()
    for package in ("portal", "insights", "roadmaps", "playbooks"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                    continue
                function = node.func
                is_reader = isinstance(function, ast.Attribute) and function.attr in _READERS
                is_reader = is_reader and isinstance(function.value, ast.Name) and function.value.id == "environment"
                is_inside = path.name == "environment.py" and isinstance(function, ast.Name) and function.id in _READERS
                if is_reader or is_inside:
                    names.add(node.args[0].value)
    return frozenset(names)


_UNSAFE = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set. Set it to at least 50 random characters"),
    ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is too weak. Set it to at least 50 random characters"),
    ({"SECRET_KEY": "short but Mixed 123"}, "SECRET_KEY is too weak"),
    ({"DEBUG": "1"}, "DEBUG is on. Remove DEBUG from the environment"),
    ({"DEBUG": "perhaps"}, "DEBUG is 'perhaps'. Use 1 or 0"),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name the portal's host names"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the portal's host names"),
    ({"ALLOWED_HOSTS": "portal.example.com,.example.com"}, "without a wildcard"),
    ({"PORTAL_MODE": "prod"}, "PORTAL_MODE is 'prod'. Use development or production"),
    ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL must begin with postgresql://"),
    ({"REDIS_URL": "amqp://x"}, "REDIS_URL must begin with redis://"),
    ({"WEB_WORKERS": "x", "EVENT_STORE_THREADS": "none"}, "EVENT_STORE_THREADS is 'none'. Use a whole number"),
    ({"EVENT_STORE_MEMORY_MB": "1"}, "EVENT_STORE_MEMORY_MB is 1. Use 256 or more"),
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'LOUD'. Use DEBUG, INFO, WARNING or ERROR"),
]
# Reads the settings once for each set of variables that it is given, and tells how each time ended.
_READ = """
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured
safe, ends = dict(os.environ), []
for variables in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(safe | variables)
    for name in [name for name in sys.modules if name.startswith("portal.settings")]:
        del sys.modules[name]
    try:
        importlib.import_module("portal.settings")
        ends.append("read")
    except ImproperlyConfigured as refusal:
        ends.append(str(refusal))
print(json.dumps(ends))
"""


def run(*command: str, stdin: str = "", **settings) -> subprocess.CompletedProcess:
    """Run Python under settings, as in production."""
    known = settings_in_code() | {"DJANGO_ALLOW_ASYNC_UNSAFE"}  # set for the browser tests of the same run
    kept = {name: value for name, value in os.environ.items() if name not in known}
    servers = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL", "PORTAL_VAR_DIR")}
    environment = {**kept, **servers, **_SAFE, **settings}
    line = [sys.executable, *command]
    return subprocess.run(line, cwd=ROOT, env=environment, input=stdin, capture_output=True, text=True, check=False)


def test_deploy_check_is_clean_in_production():
    result = run("manage.py", "check", "--deploy", "--fail-level", "INFO")
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_unsafe_setting_stops_the_start():
    result = run("manage.py", "check", SECRET_KEY="")
    assert result.returncode != 0
    assert "SECRET_KEY is not set. Set it to at least 50 random characters" in result.stderr


def test_refusal_of_an_unsafe_setting_has_its_name_and_the_fix():
    result = run("-c", _READ, stdin=json.dumps([{}, *(settings for settings, _ in _UNSAFE)]))
    assert result.returncode == 0, result.stderr
    safe, *ends = json.loads(result.stdout)
    assert safe == "read"
    faults = [f"{settings}: {end}" for (settings, says), end in zip(_UNSAFE, ends, strict=True) if says not in end]
    assert not faults, "\n".join(faults)


def test_environment_is_read_in_one_file():
    readers = [
        path.relative_to(ROOT).as_posix()
        for package in ("portal", "insights", "roadmaps", "playbooks")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"os\.environ(\[|\.get)|getenv\(", path.read_text())
    ]
    assert readers == ["portal/environment.py"]


def test_every_setting_is_in_compose_and_readme():
    compose, readme = (ROOT / "docker-compose.yml").read_text(), (ROOT / "README.md").read_text()
    names = settings_in_code()
    assert len(names) > 25
    embedded_only = {"PORTAL_PG_BIN", "PORTAL_VALKEY_BIN"}  # programs that the containers do not start
    assert {name for name in names if not re.search(rf"^ +{name}: ", compose, re.MULTILINE)} == embedded_only
    assert {name for name in names if f"`{name}`" not in readme} == set()


def test_settings_of_another_supervisor_are_not_used(tmp_path):
    (tmp_path / "services.json").write_text('{"DATABASE_URL": "postgresql://left/over"}')
    (tmp_path / "lock").touch()
    assert environment.running_services(tmp_path) == {}  # nobody holds the lock: the note is stale
