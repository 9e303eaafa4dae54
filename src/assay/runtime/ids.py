"""Ids of what people make: they sort by when they were made, cannot be guessed, and need no escaping anywhere."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's: without the letters that are taken for digits."""
TIME_DIGITS: Final = 9
CHANCE_DIGITS: Final = 13


def new_id(at: datetime) -> str:
    """22 digits: nine say the millisecond (until the year 3085), thirteen are chance (65 bits)."""
    chance = secrets.randbelow(32**CHANCE_DIGITS)
    return _digits(int(at.timestamp() * 1_000), TIME_DIGITS) + _digits(chance, CHANCE_DIGITS)


def _digits(number: int, count: int) -> str:
    return "".join(DIGITS[number >> 5 * place & 31] for place in reversed(range(count)))
