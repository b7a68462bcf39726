"""Collected static files: one style sheet, and modules that import each other by hashed names."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
IMPORT = re.compile(r"""(?:from\s*|import\s*\(?\s*)["'](\./[^"']+)["']""")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("static")
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "portal.shell.storage.ModuleManifestStorage"}}
    with override_settings(STATIC_ROOT=str(folder), STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder, json.loads((folder / "staticfiles.json").read_text())["paths"]


def test_styles_are_one_file(collected):
    folder, names = collected
    text = (folder / names["css/app.css"]).read_text()
    assert "@import" not in text
    assert ".page-head" in text and "--surface: #ffffff" in text and "@layer components" in text


def test_modules_import_hashed_names_that_exist(collected):
    folder, names = collected
    for name, hashed in names.items():
        if not name.startswith("js/"):
            continue
        for target in IMPORT.findall((folder / hashed).read_text()):
            path = (folder / hashed).parent / target
            assert path.exists(), f"{name} imports {target}"
            assert re.search(r"\.[0-9a-f]{12}\.js$", target), f"{name} imports {target} without its hash"


def test_every_import_ends_in_a_semicolon():
    for path in (ROOT / "static/js").glob("*.js"):
        for line in path.read_text().splitlines():
            assert not line.startswith(("import ", "export {")) or line.rstrip().endswith((";", "{")), (
                f"{path.name}: {line}"
            )


def test_every_behaviour_that_a_template_asks_for_is_listed():
    listed = set(re.findall(r'"([\w-]+)":\s*\(\)\s*=>\s*import\(', (ROOT / "static/js/modules.js").read_text()))
    for path in (ROOT / "templates").rglob("*.html"):
        for names in re.findall(r'data-mount="([^"{]+)"', path.read_text()):
            missing = set(names.split()) - listed
            assert not missing, f"{path.relative_to(ROOT)} mounts {missing}; add a line to static/js/modules.js"


def test_both_dark_blocks_are_equal_and_contrasts_hold():
    text = (ROOT / "static/css/tokens.css").read_text()
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text.split("@media", 1)[0]))
    blocks = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part)) for part in text.split(":root:is(")[1:3]]
    assert blocks[0] == blocks[1] and set(blocks[0]) == set(light)
    for name, least in {"text": 13, "text-muted": 5.4, "accent": 4.9, "good": 4.2, "bad": 4.6, "warn": 4.3}.items():
        for tokens in (light, blocks[0]):
            for surface in ("surface", "surface-sunken", "surface-hover"):
                assert contrast(tokens[name], tokens[surface]) >= least * (0.9 if surface == "surface-hover" else 1)
    for tokens in (light, blocks[0]):
        assert contrast(tokens["border-control"], tokens["surface"]) >= 3
        assert contrast(tokens["border-control"], tokens["surface-sunken"]) >= 3
        assert contrast(tokens["text-on-accent"], tokens["accent"]) >= 4.5
        for n in range(1, 9):
            assert contrast(tokens[f"chart-{n}"], tokens["surface"]) >= 4.2


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
