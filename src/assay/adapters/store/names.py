"""Any text as the name of a folder, and back. Two texts never share a name, not even where a disk does not mind the case."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_to_bytes

LONGEST: Final = 240
"""Bytes of a name that every file system takes, with something to spare."""

_SAFE_SMALL: Final = re.compile(rb"[^a-z0-9_-]")
_SAFE_CAPITAL: Final = re.compile(rb"[^A-Z0-9_-]")


def escape(text: str, *, small: bool) -> str | None:
    """Letters of one case stay as they are, the other case and everything that could mean something is written `%2F`.

    None where the name would be empty or too long.
    """
    unsafe = _SAFE_SMALL if small else _SAFE_CAPITAL
    name = unsafe.sub(lambda found: b"%%%02X" % ord(found[0]), text.encode()).decode()
    return name if 0 < len(name) <= LONGEST else None


def unescape(name: str) -> str:
    """The text that `escape` made the name of; some text for a name that it did not make."""
    return unquote_to_bytes(name).decode(errors="replace")
