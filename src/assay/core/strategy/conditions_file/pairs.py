"""Core pairs are instruments: `BTCUSDT` and `BTC/USDT` at the venue that the file is for, `bybit:BTC/USDT` anywhere."""

from __future__ import annotations

import re
from typing import Final

from assay.core.domain.instrument import InstrumentId

VENUE: Final = "bybit"
_QUOTES: Final = ("USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USDE", "DAI", "USD", "EUR", "GBP", "TRY", "BRL", "BTC", "ETH", "BNB")
_JOINED: Final = re.compile(rf"(?P<base>[A-Z0-9]{{1,20}}?)(?P<quote>{'|'.join(_QUOTES)})")
_PARTED: Final = re.compile(r"(?P<base>[A-Z0-9]{1,20})[/_-](?P<quote>[A-Z0-9]{2,10})(?P<settles>:[A-Z0-9]{2,10})?")
_VENUE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_WITH_VENUE: Final = re.compile(r"[A-Za-z0-9_-]+:\S")


def is_venue(text: str) -> bool:
    """Whether a venue may be called that."""
    return _VENUE.fullmatch(text) is not None and text.strip("-_") != ""


def instrument(text: str, venue: str) -> str:
    """The id of a pair, at `venue` unless it names its own. Raises ValueError for what is no pair."""
    if _WITH_VENUE.match(text):
        return str(InstrumentId.parse(text))
    upper = text.upper()
    found = _PARTED.fullmatch(upper) or _JOINED.fullmatch(upper)
    if found is None:
        raise ValueError(f"{text[:80]!r} is not a pair; write BTC/USDT, BTCUSDT or {venue}:BTC/USDT")
    settles = found.groupdict().get("settles") or ""
    return str(InstrumentId(venue.lower(), f"{found['base']}/{found['quote']}{settles}"))
