"""Pages of history as a venue hands them out: gone on with where it broke off, and refused where they contradict themselves."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime

from assay.core.domain.errors import MalformedAnswerError
from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.instants import shown, to_datetime, to_ns
from assay.core.market.rows import Fault, finite_faults, price_faults, time_faults, volume_faults
from assay.runtime.ports import Candles, Source


class Pages:
    """The pages of one stretch. After an error `next` goes on with what was not answered yet."""

    def __init__(self, source: Source, instrument: Instrument, timeframe: Timeframe, span: Span) -> None:
        self._source, self._instrument, self._timeframe = source, instrument, timeframe
        self._at, self._end = span.start, span.end
        self._open: AsyncGenerator[tuple[Bars, Span]] | None = None

    async def next(self) -> tuple[Bars, Span] | None:
        """A page's bars and what it answers for; None after the last one, which may be before the end of the stretch where the venue's
        clock is behind ours and has not closed the newest bar. Raises VenueError.
        """
        if self._at == self._end:
            return None
        if self._open is None:
            self._open = self._source.history(self._instrument, self._timeframe.name, Span(self._at, self._end))
        try:
            bars, answered = await anext(self._open)
        except StopAsyncIteration:
            self._end = self._at
            return None
        except BaseException:
            self._open = None  # a generator that raised has ended
            raise
        assert answered.start == self._at, "pages follow one another"
        assert answered.end <= self._end, "and answer for nothing that was not asked"
        checked = self._checked(bars, answered)
        self._at = answered.end
        return checked, answered

    async def close(self) -> None:
        if self._open is not None:
            await self._open.aclose()

    def _checked(self, bars: Bars, answered: Span) -> Bars:
        """Without what opens later: it may be forming. Nothing else is left out, and nothing is mended."""
        assert (bars.instrument, bars.timeframe) == (str(self._instrument.id), self._timeframe), "bars of what was asked for"
        faults = faults_of(bars)
        if faults:
            raise self._malformed(f"{len(faults)} faults in bars; the first, {_opened(bars, faults[0])}: {faults[0].message}")
        if len(bars) and bars.ts[0] < to_ns(answered.start):
            raise self._malformed(f"a bar of {shown(bars.ts[0])}, where those from {answered.start:%Y-%m-%d %H:%M} on were asked for")
        return bars.between(None, answered.end)

    def _malformed(self, message: str) -> MalformedAnswerError:
        return MalformedAnswerError(self._source.venue, f"{self._instrument.id.symbol} {self._timeframe}: {message}")


def faults_of(bars: Bars) -> list[Fault]:
    """What no bar may be, in order."""
    columns = {"open": bars.open, "high": bars.high, "low": bars.low, "close": bars.close, "volume": bars.volume}
    return sorted(
        [
            *time_faults(bars.ts),
            *finite_faults(columns),
            *price_faults(bars.open, bars.high, bars.low, bars.close),
            *volume_faults(bars.volume),
        ]
    )


def keep(candles: Candles, bars: Bars, answered: Span, now: datetime) -> int:
    """Bars first, then that they were asked for: a kill in between costs a page asked again, and never a bar. Blocks.

    Answers how many bars are new.
    """
    end = answered.end
    new = 0
    if len(bars):
        last = to_datetime(bars.ts[-1])
        assert bars.timeframe.closed_at(last) <= now, "what is forming is never stored"
        end = max(end, bars.timeframe.alone_until(last))
        new = candles.write(bars)
    candles.mark_asked(bars.instrument, bars.timeframe.name, Span(answered.start, end))
    return new


def _opened(bars: Bars, fault: Fault) -> str:
    return shown(bars.ts[fault.row])
