"""What `make audit` makes of pip-audit's report: it never passes what could not be asked for."""

import json
from typing import Any

import pytest

from tools.audit import verdict

GOOD = {"name": "idna", "version": "3.10", "vulns": []}
WEAK = {"name": "jinja2", "version": "2.4", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.11.3"]}]}
SKIPPED = {"name": "h11", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("dependencies", "code", "said"),
    [
        ([GOOD], 0, "No weakness is known of 1 packages."),
        ([GOOD, WEAK], 1, "jinja2 2.4: PYSEC-1, mended in 2.11.3"),
        ([GOOD, SKIPPED], 3, "Of 1 of 2 packages nothing is known here: h11."),
        ([WEAK, SKIPPED], 1, "jinja2 2.4: PYSEC-1, mended in 2.11.3"),
    ],
)
def test_a_report_is_judged(dependencies: list[dict[str, Any]], code: int, said: str) -> None:
    found, lines = verdict(json.dumps({"dependencies": dependencies, "fixes": []}), "")
    assert (found, lines[0]) == (code, said)


@pytest.mark.parametrize("report", ["", "<html>", "[]", "{}"])
def test_without_a_report_nothing_was_checked(report: str) -> None:
    code, said = verdict(report, "WARNING: x\nConnectionError: refused\n")
    assert (code, said) == (
        3,
        ["Nothing was checked: the service that knows of weaknesses cannot be reached (ConnectionError: refused)."],
    )
