"""Where a page ends, as an opaque word: the place of its last row in the list, and which list it was.

A list is named by everything that decides what is in it and in which order. A word of another list, a broken one, or one that somebody
made up is refused; it could show nothing of another owner's in any case, for the owner is asked again.
"""

from __future__ import annotations

import json
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from typing import Final, TypeAlias

from assay.runtime.ports import CursorError

Value: TypeAlias = str | int | float | datetime | None

_LONGEST: Final = 4_096
_INTEGER_MAX: Final = 2**63 - 1


def encode(of_list: object, value: Value, row_id: str) -> str:
    """`of_list` is anything plain whose `repr` tells lists apart."""
    plain = value.isoformat() if isinstance(value, datetime) else value
    text = json.dumps([_named(of_list), plain, row_id], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, of_list: object, kind: type) -> tuple[Value, str]:
    """(value, row's id); `kind` is the Python type of the values that the list is sorted by. Raises CursorError."""
    if len(cursor) > _LONGEST:
        raise _refusal()
    try:
        read = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        raise _refusal() from None
    match read:
        case [str(name), value, str(row_id)] if name == _named(of_list) and _is_text(row_id):
            return _typed(value, kind), row_id
        case _:
            raise _refusal()


def _typed(value: object, kind: type) -> Value:
    match value:
        case None:
            return None
        case str() if kind is datetime:
            return _instant(value)
        case str() if kind is str and _is_text(value):
            return value
        case bool():
            raise _refusal()
        case int() if kind in (int, float) and abs(value) <= _INTEGER_MAX:
            return value
        case float() if kind is float and math.isfinite(value):
            return value
        case _:
            raise _refusal()


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _refusal() from None
    if at.tzinfo is None:
        raise _refusal()
    return at


def _is_text(value: str) -> bool:
    """Without half a surrogate pair, which no database takes."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _named(of_list: object) -> str:
    return sha256(repr(of_list).encode()).hexdigest()[:16]


def _refusal() -> CursorError:
    return CursorError("no page of this list ends there; ask for the first page again")
