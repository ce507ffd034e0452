"""Who still uses something, in a sentence."""

from collections.abc import Sequence

_NAMED = 5


def named(users: Sequence[str]) -> str:
    """The first few by name, the rest as a number."""
    more = f" and {len(users) - _NAMED} more" if len(users) > _NAMED else ""
    return ", ".join(repr(user) for user in users[:_NAMED]) + more
