"""Bars and what is computed from them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from assay.api.wire.message import Instant, Wire


class BarColumns(Wire):
    """Columns of equal length for programs; charts ask for the binary form. `time` is the open, in seconds since 1970.

    `next_before` continues towards the past: the open time of the oldest bar here, None where nothing is older.
    """

    instrument: str
    timeframe: str
    time: list[int]
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[float]
    next_before: Instant | None


class SeriesRequest(Wire):
    """`series` as a strategy document declares them (`{"fast": {"indicator": "sma", ...}}`); `parameters` fill their `$names`."""

    instrument: str
    timeframe: str
    start: Instant | None = None
    end: Instant | None = None
    series: dict[str, dict[str, Any]]
    parameters: dict[str, float] = Field(default_factory=dict)


class SeriesColumns(Wire):
    """One column for each output, None before its first value; `pane` says where it is drawn."""

    time: list[int]
    columns: dict[str, list[float | None]]
    panes: dict[str, Literal["price", "own"]]


class FetchRequest(Wire):
    """Closed bars opened at `from` or later and before `to`, or up to now; what is stored already is not fetched again."""

    instrument: str = Field(max_length=200)
    timeframe: str = Field(max_length=8)
    start: Instant = Field(alias="from")
    end: Instant | None = Field(default=None, alias="to")


class Gap(Wire):
    """Missing bars: from the first missing open to the open of the next bar that is there."""

    start: Instant
    end: Instant


class CoverageItem(Wire):
    instrument: str
    timeframe: str
    first_at: Instant
    last_at: Instant
    bars: int
    bytes: int
    updated_at: Instant
    gaps: list[Gap]


class FindingPlace(Wire):
    """The bars that a finding is about, by when they open; of a gap those that are missing. `window` are bars around it, to be drawn."""

    first_at: Instant
    last_at: Instant
    bars: int
    window: BarColumns | None = None


class Finding(Wire):
    """`path` is where the first is; `places` are at most 100 of `count`, the gravest first, the first few with a window."""

    severity: Literal["info", "warning", "error"]
    code: str
    path: str
    message: str
    count: int
    places: list[FindingPlace]


class Quality(Wire):
    """`calendar` is the one that gaps are told by: the instrument's, or what its bars show; None where its sessions are not known."""

    instrument: str
    timeframe: str
    bars: int
    calendar: str | None
    findings: list[Finding]


class Imported(Wire):
    """What an import came to. `new` bars were not there before; the findings are told, nothing was repaired."""

    instrument: str
    timeframe: str
    bars: int
    new: int
    first_at: Instant
    last_at: Instant
    findings: list[Finding]
