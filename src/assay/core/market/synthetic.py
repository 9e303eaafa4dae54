"""Instruments that no market made and that exist for all time: every price is a function of the seed and the minute, whoever asks.

A minute of 1999 costs what one of last week does, pages of any size agree, coarser bars are made of the minutes, and what is told live
second by second (`forming`) ends as the minute that history tells later. Each has one trait to try strategies on:

- WALK: hourly returns are independent. What earns here has looked ahead, or was lucky.
- TREND: on top of a walk, levels thirty days apart are joined by straight lines.
- JUMPS: a walk that on every third day or so, at some minute, leaps by percents to another level.
- GAPS: a walk whose venue is down in one hour of 48, and where nobody trades in one minute of 200; the price moves on meanwhile.
- EDGE: each hour's return repeats half of the shock of the hour before. Whoever is long through the hours that follow a rise earns
  `Synthetic.edge` in each of them on average, before costs; it is what a backtest of that rule has to find.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from assay.core.domain.timeframe import MINUTE_NS, Timeframe
from assay.core.market.bars import Bars, Floats, Ints
from assay.core.market.grid import ending_in, opened, opened_at
from assay.core.market.instants import to_ns
from assay.core.market.lookup import Stream, exponential, lane, motion
from assay.core.market.rows import Mask

BEGINNING: Final = datetime(1971, 1, 1, tzinfo=UTC)
END: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""They exist between these."""
HOUR: Final = 60
DAY: Final = 1440
_DEPTH: Final = 21
"""So many times hours are doubled to span the 239 years from 1970 on."""
_WALK, _INSIDE, _RANGE, _PATH, _LEVEL, _LEAP, _OUTAGE = 0, 32, 33, 34, 35, 36, 37
"""Where the streams of each kind of draw begin."""
_TREND_DAYS: Final = 30
_LEVELS: Final = 8
"""A level is left after so many days at the latest, so that nobody has to look further back for the one in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthetic:
    """`hourly` is the deviation of hourly log returns, `echo` how much of an hour's shock comes again in the next one.

    `trend` and `leap` are how far levels lie from the middle at most, as logarithms; `gappy` is whether bars are missing.
    `start` is the price of 1970.
    """

    symbol: str
    seed: int
    start: float
    hourly: float
    echo: float = 0.0
    trend: float = 0.0
    leap: float = 0.0
    gappy: bool = False
    says: str

    @property
    def correlation(self) -> float:
        """Of one hourly return with the next."""
        return self.echo / (1.0 + self.echo**2)

    @property
    def edge(self) -> float:
        """The mean log return of an hour that follows one in which the price rose."""
        return self.correlation * self.hourly * math.sqrt(2.0 / math.pi)


def bars(of: Synthetic, instrument: str, timeframe: Timeframe, start: datetime, end: datetime) -> Bars:
    """Whole bars opened in [start, end), also such as are not closed yet by whatever clock."""
    first, last = to_ns(max(start, BEGINNING)), to_ns(min(end, END))
    if last <= first:
        return _empty(instrument, timeframe)
    numbers = ending_in(np.array([first, last], dtype=np.int64), timeframe) + 1
    edges = opened(numbers, timeframe) // MINUTE_NS
    if edges[0] == edges[1]:
        return _empty(instrument, timeframe)
    return _coarser(_minutes(of, instrument, int(edges[0]), int(edges[1])), timeframe)


def forming(of: Synthetic, instrument: str, timeframe: Timeframe, at: datetime) -> Bars:
    """The bar in which `at` lies as far as it was known then, to the second: one, or none where nobody has traded in it."""
    minute, second = divmod(to_ns(at) // 1_000_000_000, 60)
    whole = _minutes(of, instrument, to_ns(opened_at(at, timeframe)) // MINUTE_NS, minute + 1)
    if len(whole) and whole.ts[-1] == minute * MINUTE_NS:
        whole = _joined(whole[: len(whole) - 1], _until(of, whole[len(whole) - 1 :], second)) if second else whole[: len(whole) - 1]
    return _coarser(whole, timeframe)


def _minutes(of: Synthetic, instrument: str, first: int, last: int) -> Bars:
    """Minutes since 1970 from `first` to before `last`."""
    prices = _cents(of.start * exponential(_logarithms(of, first, last)))
    opens, closes = prices[:-1], prices[1:]
    raw = Stream(of.seed, _RANGE).raw(first, last - first)
    above, below, busy, quiet = (lane(raw, place) / 65_536.0 for place in range(4))
    reach = 1.5 * of.hourly / math.sqrt(float(HOUR))
    high = _cents(np.maximum(opens, closes) * (1.0 + reach * above * above))
    low = _cents(np.minimum(opens, closes) * (1.0 - reach * below * below))
    volume = np.rint(20.0 * (0.2 + busy) * (1.0 + 2.0 * (high - low) / (opens * reach))) + 1.0
    ts = np.arange(first, last, dtype=np.int64) * MINUTE_NS
    there = _up(of, first, last) & (quiet >= 1.0 / 200.0) if of.gappy else slice(None)
    return Bars(
        instrument, Timeframe("1m"), ts[there], np.ascontiguousarray(opens[there]), high[there], low[there],
        np.ascontiguousarray(closes[there]), volume[there],
    )  # fmt: skip


def _logarithms(of: Synthetic, first: int, last: int) -> Floats:
    """Of the price over `start`, at the minutes `first` to `last`, both included."""
    hours = range(first // HOUR, -(-last // HOUR))
    motions = motion(_WALK, of.seed, _DEPTH, hours.start - 1, hours.stop)
    walk = (of.hourly / math.sqrt(1.0 + of.echo**2)) * (motions[1:] + of.echo * motions[:-1])
    steps = Stream(of.seed, _INSIDE).normal(hours.start * HOUR, len(hours) * HOUR).reshape(-1, HOUR)
    parts = np.arange(1, HOUR + 1) / HOUR
    inside = np.cumsum(steps, axis=1) * (of.hourly / math.sqrt(float(HOUR)))
    inside += (np.diff(walk) - inside[:, -1])[:, None] * parts  # each hour ends where the walk is
    path = np.concatenate([walk[:1], (walk[:-1, None] + inside).ravel()])
    path = path[first - hours.start * HOUR : last - hours.start * HOUR + 1]
    if of.trend:
        path = path + of.trend * _slopes(of, first, last)
    if of.leap:
        path = path + of.leap * _leaps(of, first, last)
    return path


def _slopes(of: Synthetic, first: int, last: int) -> Floats:
    """Straight lines between levels in [-1, 1), at each minute."""
    stretch = _TREND_DAYS * DAY
    numbers, minutes = np.divmod(np.arange(first, last + 1, dtype=np.int64), stretch)
    levels = 2.0 * Stream(of.seed, _LEVEL).uniform(int(numbers[0]), int(numbers[-1] - numbers[0]) + 2) - 1.0
    begin = levels[numbers - numbers[0]]
    return np.asarray(begin + (levels[numbers - numbers[0] + 1] - begin) * (minutes / stretch))


def _leaps(of: Synthetic, first: int, last: int) -> Floats:
    """The level in [-1, 1) at each minute: on some days, at some minute, it is another."""
    days, minutes = np.divmod(np.arange(first, last + 1, dtype=np.int64), DAY)
    begin = (int(days[0]) - 1) // _LEVELS * _LEVELS
    count = int(days[-1]) - begin + 1
    raw = Stream(of.seed, _LEAP).raw(begin, count)
    since = np.arange(count)
    new = np.maximum.accumulate(np.where((lane(raw, 0) < 65_536 / 3) | (since % _LEVELS == 0), since, 0))
    levels = 2.0 * lane(raw, 1) / 65_536.0 - 1.0
    day = days - begin
    later = minutes >= np.floor(lane(raw, 2) * (DAY / 65_536.0))[day]
    return np.asarray(np.where(later, levels[new[day]], levels[new[day - 1]]))


def _up(of: Synthetic, first: int, last: int) -> Mask:
    """Whether the venue is, in each minute."""
    hours = np.arange(first, last, dtype=np.int64) // HOUR
    down = Stream(of.seed, _OUTAGE).uniform(int(hours[0]), int(hours[-1] - hours[0]) + 1) < 1.0 / 48.0
    return np.asarray(~down[hours - hours[0]])


def _until(of: Synthetic, minute: Bars, second: int) -> Bars:
    """One minute's bar after so many seconds: straight from the open to one extreme, to the other, and to the close."""
    draw = Stream(of.seed, _PATH).raw(int(minute.ts[0]) // MINUTE_NS, 1)
    times = [0.0, 5.0 + lane(draw, 0)[0] % 25.0, 30.0 + lane(draw, 1)[0] % 26.0, 60.0]
    rising = lane(draw, 2)[0] < 32_768
    ways = (minute.low, minute.high) if rising else (minute.high, minute.low)
    knots = [float(column[0]) for column in (minute.open, *ways, minute.close)]
    path = _cents(np.interp(np.arange(second + 1), times, knots))
    volume = np.floor(minute.volume * second / 60.0)
    return Bars(
        minute.instrument, minute.timeframe, minute.ts, minute.open, path.max(keepdims=True), path.min(keepdims=True), path[-1:], volume
    )


def _coarser(minutes: Bars, timeframe: Timeframe) -> Bars:
    """Of whatever minutes there are, also where the first or the last is missing: the clock says where bars begin, not the data."""
    if timeframe == minutes.timeframe or not len(minutes):
        return Bars(minutes.instrument, timeframe, *_columns(minutes))
    numbers = ending_in(minutes.ts + MINUTE_NS, timeframe)
    starts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
    return Bars(
        minutes.instrument, timeframe, opened(numbers[starts], timeframe), minutes.open[starts], np.maximum.reduceat(minutes.high, starts),
        np.minimum.reduceat(minutes.low, starts), minutes.close[np.append(starts[1:], len(minutes)) - 1],
        np.add.reduceat(minutes.volume, starts),
    )  # fmt: skip


def _joined(before: Bars, after: Bars) -> Bars:
    ts, *rest = (np.concatenate(pair) for pair in zip(_columns(before), _columns(after), strict=True))
    opens, high, low, close, volume = rest
    return Bars(before.instrument, before.timeframe, ts, opens, high, low, close, volume)


def _columns(of: Bars) -> tuple[Ints, Floats, Floats, Floats, Floats, Floats]:
    return of.ts, of.open, of.high, of.low, of.close, of.volume


def _cents(prices: Floats) -> Floats:
    return np.maximum(np.rint(prices * 100.0), 1.0) / 100.0


def _empty(instrument: str, timeframe: Timeframe) -> Bars:
    nothing = np.empty(0)
    return Bars(instrument, timeframe, np.empty(0, np.int64), nothing, nothing, nothing, nothing, nothing)


SYNTHETIC: Final = (
    Synthetic(symbol="WALK/USD", seed=156, start=100.0, hourly=0.004, says="a walk without an edge"),
    Synthetic(symbol="TREND/USD", seed=209, start=40.0, hourly=0.002, trend=0.35, says="trends that last a month"),
    Synthetic(symbol="JUMPS/USD", seed=324, start=150.0, hourly=0.002, leap=0.08, says="quiet, and then it leaps"),
    Synthetic(symbol="GAPS/USD", seed=435, start=100.0, hourly=0.004, gappy=True, says="hours and minutes are missing"),
    Synthetic(symbol="EDGE/USD", seed=566, start=200.0, hourly=0.004, echo=0.5, says="a rise is followed by a rise"),
)
"""The seeds are such that prices keep to an ordinary size from 2000 to 2050, a walk being free to go anywhere."""
