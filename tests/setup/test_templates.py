"""Templates use built files and known icons, and nothing that the content security policy forbids."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "src/scene/web/templates").rglob("*.html"))
STATIC = ROOT / "src/scene/web/static"
ICONS = set(json.loads((ROOT / "frontend/src/icons.json").read_text()))

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)

each_template = pytest.mark.parametrize(
    "template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "src/scene/web/templates"))
)


@each_template
def test_no_inline_script_or_style(template: Path) -> None:
    text = COMMENT.sub("", template.read_text())
    assert not re.findall(r"<script(?![^>]*\ssrc=)", text)
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|\shx-on[:-]|javascript:", text)


@each_template
def test_everything_comes_from_our_own_origin(template: Path) -> None:
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", template.read_text())


@each_template
def test_icons_and_built_files_exist(template: Path) -> None:
    text = template.read_text()
    manifest = json.loads((STATIC / "manifest.json").read_text())
    assert set(re.findall(r"""\bicon\(\s*["']([^"']+)""", text)) <= ICONS
    assert set(re.findall(r"""\basset\(\s*["']([^"']+)""", text)) <= set(manifest)


def test_the_manifest_names_files_that_are_there() -> None:
    manifest = json.loads((STATIC / "manifest.json").read_text())
    assert all((STATIC / name).is_file() for name in manifest.values())
    assert (STATIC / manifest["demo-font.woff2"]).read_bytes()[:4] == b"wOF2"


def test_built_styles_load_nothing_from_elsewhere() -> None:
    manifest = json.loads((STATIC / "manifest.json").read_text())
    for name in (name for name in manifest.values() if name.endswith(".css")):
        addresses = re.findall(r"""url\(\s*["']?([^"')]{0,40})""", (STATIC / name).read_text())
        assert all(address.startswith(("data:", "./", "#")) for address in addresses), name
