"""Check the documentation: every relative link and its anchor resolve, and docs/index.md leads to every page.

`make docs`. Exits with 1 and a line for each thing that is wrong.
"""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
INDEX = ROOT / "docs/index.md"
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def main() -> int:
    pages = markdown_files()
    wrong = [f"{page.relative_to(ROOT)}: {problem}" for page in pages for problem in broken_links(page)]
    wrong += [f"{INDEX.relative_to(ROOT)}: no link to {page.relative_to(ROOT)}" for page in unlisted(pages)]
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    if not wrong:
        sys.stderr.write(f"{len(pages)} pages: every link resolves, and the index leads to every page.\n")
    return 1 if wrong else 0


def markdown_files() -> list[Path]:
    """Of the project: those that git knows or would know, so neither packages nor caches."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "*.md"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60).stdout
    return sorted(path for name in names.split("\0") if name and (path := ROOT / name).is_file())


def links(page: Path) -> list[str]:
    return LINK.findall(FENCE.sub("", page.read_text()))


def broken_links(page: Path) -> list[str]:
    broken: list[str] = []
    for link in links(page):
        if ELSEWHERE.match(link):
            continue
        address, _, anchor = unquote(link).partition("#")
        target = page.parent / address if address else page
        if not target.exists():
            broken.append(f"{link} leads nowhere")
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            broken.append(f"{link}: that page has no such heading")
    return broken


def anchors(page: Path) -> set[str]:
    """As GitHub makes them: lower case, without punctuation, spaces as hyphens."""
    headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def unlisted(pages: list[Path]) -> list[Path]:
    listed = {(INDEX.parent / link.partition("#")[0]).resolve() for link in links(INDEX)}
    return [page for page in pages if INDEX.parent in page.parents and page not in listed | {INDEX}]


if __name__ == "__main__":
    sys.exit(main())
