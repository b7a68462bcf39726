"""What a bare Python is told and given before anything is installed."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def install():
    spec = importlib.util.spec_from_file_location("install_alone", ROOT / "portal" / "operations" / "install.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_installer_needs_the_standard_library_alone():
    code = (
        "import sys; before = set(sys.modules); import runpy; runpy.run_path(sys.argv[1], run_name='seen');"
        "print({m.split('.')[0] for m in set(sys.modules) - before} - set(sys.stdlib_module_names))"
    )
    path = ROOT / "portal" / "operations" / "install.py"
    result = subprocess.run([sys.executable, "-I", "-S", "-c", code, path], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"


def test_old_python_is_refused_with_a_word(install, monkeypatch):
    monkeypatch.setattr(install, "LEAST", (9, 9))
    with pytest.raises(SystemExit, match=r"needs Python 3.11 or newer(.|\n)*make run PYTHON="):
        install.check_python()


def test_missing_ensurepip_names_the_package(install, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    version = ".".join(str(part) for part in sys.version_info[:2])
    with pytest.raises(SystemExit, match=f"apt install python{version}-venv"):
        install.check_python()


def test_uv_is_taken_from_the_lock_with_its_hashes(install):
    requirement = install.lock_requirement("uv")
    assert re.match(r"uv==\d", requirement)
    assert requirement.count("--hash=sha256:") > 3
    assert "uvicorn" not in requirement


def test_environment_of_a_python_that_went_away_is_not_usable(install, tmp_path):
    python = tmp_path / "python"
    assert not install.is_usable(python)
    python.symlink_to(tmp_path / "gone")
    assert not install.is_usable(python)
    assert install.is_usable(Path(sys.executable))


def test_lock_is_hashed_universal_and_names_no_registry():
    lock = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"https?://|--index-url|--find-links", lock)
    requirements = [line for line in lock.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(requirements) > 100
    assert all(re.match(r"\S+==\S+( ; .+)? \\$", line) for line in requirements)
    assert lock.count("--hash=sha256:") > len(requirements)
    assert re.search(r"^async-timeout==.*python.*3\.11\.3", lock, re.MULTILINE)  # redis needs it on Debian's 3.11.2
