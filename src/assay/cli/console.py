"""Where tables are printed: text as it is, colored on a terminal only. What comes from a file is no markup."""

from __future__ import annotations

from typing import Final

from rich.console import Console

NARROWEST: Final = 40


def console() -> Console:
    """Of standard output, as wide as the terminal or 80 characters; where there is no room for a figure it wraps, and is not cut."""
    found = Console(markup=False, highlight=False, emoji=False)
    found.width = max(found.width, NARROWEST)
    return found
