"""A pytest plugin for the machine that guards the main branch: there a browser test that is skipped is a failure."""

import os

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a browser test's skip into a failure where PORTAL_REQUIRE_BROWSER is set."""
    report = yield
    if report.skipped and os.environ.get("PORTAL_REQUIRE_BROWSER") and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"A browser test was skipped where none may be: {report.longrepr}"
    return report
