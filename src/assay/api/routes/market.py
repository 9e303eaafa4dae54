"""Bars, and what is computed from them."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response

from assay.api import binary
from assay.api.depends import At, Mine
from assay.api.idempotency import Once
from assay.api.paging import Cursor, Limit
from assay.api.platform import Platform
from assay.api.problems import invalid, not_found
from assay.api.render import market as render
from assay.api.render.series import computed
from assay.api.render.sessions import job_view
from assay.api.rows import sliced
from assay.api.upload import received
from assay.api.wire.market import BarColumns, CoverageItem, FetchRequest, Imported, Quality, SeriesColumns, SeriesRequest
from assay.api.wire.message import Instant, List
from assay.api.wire.sessions import JobView
from assay.core.domain.instrument import InstrumentId
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars

router = APIRouter(prefix="/market", tags=["market"], route_class=Once)

Name = Annotated[str, Query(max_length=200, description="An instrument, for example `synthetic:BTC/USDT`.")]
Length = Annotated[str, Query(max_length=8, description="A timeframe, for example `1h`.")]
Rows = Annotated[int, Query(ge=1, le=100_000, description="The newest bars of the range, at most so many.")]
Points = Annotated[int | None, Query(ge=2, le=20_000, description="The whole range in at most so many bars, several of them put together.")]
Format = Annotated[Literal["json", "binary"], Query(description="Columns as JSON, or as bytes.")]
From = Annotated[Instant | None, Query(alias="from", description="The first bar opens then or later.")]
To = Annotated[Instant | None, Query(alias="to", description="The last bar opens before.")]
_BYTES: Final = {"type": "string", "format": "binary"}
_FILE: Final = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _BYTES}}}}
_BINARY: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {binary.MEDIA_TYPE: {"schema": _BYTES}}}}


@router.get("/bars", responses=_BINARY, response_model=BarColumns)
async def get_bars(
    at: At,
    instrument: Name,
    timeframe: Length,
    start: From = None,
    end: To = None,
    before: Annotated[Instant | None, Query(description="`next_before` of the page before.")] = None,
    limit: Rows = 1_500,
    points: Points = None,
    fresh: Annotated[bool, Query(description="Read from disk, also where the bars are in memory.")] = False,
    format: Format = "json",  # noqa: A002 the name that the query has
) -> BarColumns | Response:
    """The newest bars of a range; go on towards the past with `before`."""
    if fresh:
        at.candles.forget(instrument, timeframe)
    last = min((each for each in (end, before) if each is not None), default=None)
    bars = await _stored(at, instrument, timeframe, start, last)
    shown = bars[max(0, len(bars) - limit) :] if points is None else render.thinned(bars, points)
    page = render.bar_columns(shown, older=points is None and len(bars) > limit)
    if format == "json":
        return page
    _check_binary(shown)
    older = "" if page.next_before is None else page.model_dump(mode="json")["next_before"]
    return binary.response(shown.ts, render.columns(shown), {"X-Next-Before": older})


@router.post("/fetch", status_code=202)
async def fetch_bars(at: At, desk: Mine, asked: FetchRequest) -> JobView:
    """Have the venue's bars of a stretch: the job fetches what is missing and stores it page by page; its result is how many are new."""
    try:
        instrument = InstrumentId.parse(asked.instrument)
    except ValueError as error:
        raise invalid("instrument", "instrument", str(error)) from None
    try:
        timeframe = Timeframe.parse(asked.timeframe)
    except ValueError as error:
        raise invalid("timeframe", "timeframe", str(error)) from None
    end = at.clock.now() if asked.end is None else asked.end
    if end <= asked.start:
        raise invalid("to", "order", "it is not after from")
    return job_view(at.fetches.fetch(desk.owner, instrument, timeframe, Span(asked.start, end)))


@router.delete("/cache", status_code=204)
async def clear_cache(at: At) -> None:
    """Forget what is kept in memory, and what venues listed; bars that are stored stay."""
    at.candles.forget()
    await at.workers.run(at.instruments.forget)


@router.post("/series", responses=_BINARY, response_model=SeriesColumns)
async def compute_series(at: At, request: Request, asked: SeriesRequest) -> SeriesColumns | Response:
    """Indicators and formulas over bars; as bytes where `Accept` asks for them."""
    bars = await _stored(at, asked.instrument, asked.timeframe, None, asked.end)
    series = await at.workers.run(computed, asked, bars)
    if binary.MEDIA_TYPE not in request.headers.get("accept", ""):
        return series.answer()
    _check_binary(series.bars)
    return binary.response(series.bars.ts, series.columns, {})


@router.get("/coverage")
async def get_coverage(
    at: At, instrument: Annotated[str | None, Query(max_length=200)] = None, limit: Limit = 200, cursor: Cursor = None
) -> List[CoverageItem]:
    """What is stored: from when to when, how much, and what is missing."""
    stored = await at.workers.run(at.candles.coverage, instrument)
    return sliced(stored, render.coverage_item, limit, cursor)


@router.get("/quality")
async def get_quality(at: At, instrument: Name, timeframe: Length) -> Quality:
    """What is wrong with stored bars, or odd: gaps by the market's calendar, flat stretches, splits, bad prints, leaps."""
    bars = await _stored(at, instrument, timeframe)
    return await at.workers.run(lambda: render.quality(bars, at.calendar_of(instrument)))


@router.post(
    "/import",
    status_code=201,
    openapi_extra=_FILE,
)
async def import_bars(
    at: At,
    request: Request,
    instrument: Annotated[str | None, Query(max_length=200, description="Whose bars these are; without it the file's name says.")] = None,
    timezone: Annotated[str | None, Query(max_length=64, description="IANA name for times without a zone.")] = None,
    filename: Annotated[str | None, Query(max_length=255)] = None,
) -> Imported:
    """Candles from CSV, plain or gzipped, or Parquet, as the body. All of them are stored, or none."""
    async with received(request, filename, at.config.whole("import_mib")) as path:
        read = await at.workers.run(at.read_file, path, instrument=instrument, timezone=timezone)
        new = await at.workers.run(at.candles.write, read.bars)
    return await at.workers.run(render.imported, read, new)


@router.delete("/bars", status_code=204)
async def delete_bars(at: At, instrument: Name, timeframe: Length) -> None:
    """Forget the bars of one instrument and timeframe."""
    if not await at.workers.run(at.candles.delete, instrument, timeframe):
        raise _no_bars(instrument, timeframe)


async def _stored(at: Platform, instrument: str, timeframe: str, start: Instant | None = None, end: Instant | None = None) -> Bars:
    bars = await at.workers.run(at.candles.read, instrument, timeframe, start, end)
    if bars is None:
        raise _no_bars(instrument, timeframe)
    return bars


def _no_bars(instrument: str, timeframe: str) -> Exception:
    return not_found("instrument with bars", f"{instrument} on {timeframe}")


def _check_binary(bars: Bars) -> None:
    if not binary.fits(bars.ts):
        raise invalid("format", "not_binary", "the binary form knows times from 1970 to 2106; ask for JSON")
