"""What somebody who wrote an unknown name may have meant."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

_LISTED: Final = 40


def nearest(name: str, known: Sequence[str]) -> str:
    """`did you mean 'close'?`, or what there is."""
    close = get_close_matches(name[:100], known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    if not known:
        return "there are none"
    return f"there are {', '.join(known[:_LISTED])}" + (", …" if len(known) > _LISTED else "")
