"""Files that appear whole or not at all."""

import secrets
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file under another name beside it and rename it. Raises OSError, and then leaves nothing behind."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
