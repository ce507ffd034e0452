"""The script that every document runs before its own."""

from pathlib import Path

_SCRIPT = Path(__file__).with_name("before_page.js").read_text(encoding="utf-8").partition("\n")[2]

BEFORE_PAGE = f"({_SCRIPT.strip()})()"
