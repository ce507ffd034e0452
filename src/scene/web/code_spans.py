"""Sentences that name commands between backticks, as programs print them too, with these as code for people."""

import re
from typing import Final

from markupsafe import Markup, escape

_SPAN: Final = re.compile(r"`([^`\n]+)`")


def code_spans(text: str) -> Markup:
    """The text, escaped; what stands between backticks is in ``<code>``."""
    parts = _SPAN.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )
