"""Where tables are printed: text as it is, colored on a terminal only. What comes from a file is no markup."""

from __future__ import annotations

from rich.console import Console


def console() -> Console:
    """Of standard output, as wide as the terminal or 80 characters."""
    return Console(markup=False, highlight=False, emoji=False)
