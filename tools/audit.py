"""Ask for known weaknesses of every locked Python package: ``make audit``.

Exit code 0 when each was asked for and none is known, 1 when one is known, 3 when the answer is not known of some or
all. pip-audit itself passes when it could ask for none.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("runtime.txt", "runner.txt")
"""What is installed where Scene runs. The others hold what builds and tests it."""
KNOWN, UNKNOWN = 1, 3


def verdict(report: str, complaint: str) -> tuple[int, list[str]]:
    """The exit code, and what to say, of what pip-audit wrote to its two outputs."""
    try:
        dependencies: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (complaint.strip().splitlines() or ["it said nothing"])[-1]
        return UNKNOWN, [f"Nothing was checked: the service that knows of weaknesses cannot be reached ({last})."]
    weak = [each for each in dependencies if each.get("vulns")]
    skipped = [each["name"] for each in dependencies if "skip_reason" in each]
    said = [
        f"{each['name']} {each['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'no version'}"
        for each in weak
        for found in each["vulns"]
    ]
    if skipped:
        said.append(f"Of {len(skipped)} of {len(dependencies)} packages nothing is known here: {', '.join(skipped)}.")
    if not said:
        said.append(f"No weakness is known of {len(dependencies)} packages.")
    return (KNOWN if weak else UNKNOWN if skipped else 0), said


def main() -> int:
    worst = 0
    for name in LOCKS:
        program = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner=off"]
        command = [*program, "--timeout=15", "--format=json", "-r", str(ROOT / "requirements" / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        code, said = verdict(done.stdout, done.stderr)
        sys.stdout.write("".join(f"{name}: {line}\n" for line in said))
        worst = KNOWN if KNOWN in (code, worst) else max(code, worst)
    return worst


if __name__ == "__main__":
    sys.exit(main())
