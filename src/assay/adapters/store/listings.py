"""What venues list: one file for each, whole, in the home. It can be had again, so a file of another form is as good as none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from assay.adapters.store.durable import sweep, write_file
from assay.adapters.store.names import escape
from assay.core.domain.instrument import Instrument, InstrumentId

FORM: Final = 1
"""Of the file; another one is from another version, and is asked for again."""
DECIMALS: Final = frozenset({"tick", "lot", "minimum_notional", "maker_fee_rate", "taker_fee_rate"})


class ListingFiles:
    """`runtime.ports.Listings`, in `<home>/listings`. Every call blocks."""

    def __init__(self, home: Path) -> None:
        self._root: Final = home / "listings"
        sweep(self._root, ".*")

    def read(self, venue: str) -> tuple[Sequence[Instrument], datetime] | None:
        path = self._path(venue)
        try:
            kept = {} if path is None else json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        if kept.get("form") != FORM:
            return None
        return [_instrument(row) for row in kept["instruments"]], datetime.fromisoformat(kept["at"])

    def write(self, venue: str, instruments: Sequence[Instrument], at: datetime) -> None:
        path = self._path(venue)
        assert path is not None, f"{venue!r} is no venue's id"
        text = json.dumps({"form": FORM, "at": at.isoformat(), "instruments": [_row(each) for each in instruments]})
        write_file(path, lambda partial: partial.write_text(text, "utf-8"))

    def delete(self, venue: str) -> bool:
        path = self._path(venue)
        try:
            if path is not None:
                path.unlink()
        except FileNotFoundError:
            return False
        return path is not None

    def _path(self, venue: str) -> Path | None:
        """None where no file can have the name."""
        name = escape(venue, small=True)
        return None if name is None else self._root / f"{name}.json"


def _row(instrument: Instrument) -> Mapping[str, Any]:
    """Decimals as text, and nothing that is not known."""
    values = {field.name: getattr(instrument, field.name) for field in fields(instrument)}
    told = {name: str(value) if name == "id" or isinstance(value, Decimal) else value for name, value in values.items()}
    return {name: value for name, value in told.items() if value is not None}


def _instrument(row: Mapping[str, Any]) -> Instrument:
    values: dict[str, Any] = {name: Decimal(value) if name in DECIMALS else value for name, value in row.items()}
    return Instrument(**values | {"id": InstrumentId.parse(row["id"])})
