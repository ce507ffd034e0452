"""How a browser is told what a file is called."""

import re
from typing import Literal
from urllib.parse import quote


def disposition(how: Literal["inline", "attachment"], name: str) -> str:
    """The value of Content-Disposition (RFC 6266): a name that any header can carry, and where that is another than
    the file's own, that one too. Neither leads out of a folder or ends the header, whatever the file is called."""
    own = re.sub(r"[\x00-\x1f\x7f/\\]", "_", name)
    plain = re.sub(r"[^\w.+@ -]", "_", own, flags=re.ASCII)
    told = f'{how}; filename="{plain}"'
    return told if plain == own else f"{told}; filename*=UTF-8''{quote(own, safe='', errors='replace')}"
