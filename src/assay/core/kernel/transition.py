"""The compiled transition: what one slice of bars does to the books, exactly as docs/SIMULATION.md says, on one flat vector of floats.

One file on purpose: Numba's disk cache notices a change only in the file of the function that was compiled, so the words of
the state, the transition and the drivers that inline it stay together.

Most bars change nothing. Every live price level of a position is folded into one lower and one upper trigger; `run` scans to
the first bar that touches one and only then runs `_slice`. A trigger never decides: it wakes `_slice`, which asks exactly
(law 2: waking it on every bar changes nothing).

Prices of a position are kept *mirrored* (`m = direction * price`), so that a short is a long seen in a mirror: the adverse path goes down,
the favorable path up, a level that does not exist is -inf or +inf.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from assay.core.kernel.linked import Linked

INF: Final = np.inf

# The account's words

CASH: Final = 0  # without notional: equity = cash + sum of quantity * (mark - average) (S2.8)
TAKER: Final = 1
MAKER: Final = 2
SLIPPAGE: Final = 3  # a fraction
LEVERAGE: Final = 4
LONG_LIQUIDATION: Final = 5  # of the average entry (S2.9)
SHORT_LIQUIDATION: Final = 6
LIQUIDATION_FEE: Final = 7
VOLUME_CAP: Final = 8  # 0: none
WORSE_ENTRY: Final = 9  # the fee that worsens an entry's price instead of being paid (S9, backtesting.py-readme)
HALTED: Final = 10  # 0, or one of BY_RULE, DRAWN_DOWN, RUINED
INSTRUMENTS: Final = 11
RECORDS: Final = 12  # where the records begin
WRITTEN: Final = 13  # and how many there are
CAPACITY: Final = 14  # and how many there is room for; 0: none are wanted
LOST: Final = 15  # records that found none: always 0, or the driver is wrong
NOW: Final = 16  # the slice
EQUITY: Final = 17  # of this slice, at its open (S3.3)
GROSS: Final = 18  # of this slice (S2.6)
PEAK: Final = 19  # statistics of a sweep: running peak and deepest drawdown
DRAWDOWN: Final = 20
EXPOSED: Final = 21  # slices marked with a position
DAY_EQUITY: Final = 22  # the last mark of an earlier day (S10.4)
LOSSES: Final = 23  # in a row (S10.5)
TRADES: Final = 24  # closed so far (S8.1)
CANDLES: Final = 25  # 1: exits inside a bar by freqtrade's candle rules (S9)
RUIN: Final = 26  # equity at a close that is no more than this is none (S6.5)
LIMITED: Final = 27  # whether there is any limit (S10)
WATCHED: Final = 28  # whether one is measured at every mark: the drawdown or the day's loss
MAX_DRAWDOWN: Final = 29  # 0: none, as in those that follow
DAILY_LOSS: Final = 30
STOP_AFTER: Final = 31
COOLDOWN_BARS: Final = 32
MAX_OPEN: Final = 33
TODAY: Final = 34  # the UTC day of the slice that is marked
DAY: Final = 35  # and of the last mark
STOPPED_DAY: Final = 36  # on which the day's loss was reached
LAST_MARK: Final = 37
HEAD: Final = 38

# An instrument's words, from HEAD + row * ROW

LOT: Final = 0
TICK: Final = 1
MINIMUM: Final = 2
SCALE: Final = 3  # the power of ten that last gave 12 digits (S2.1)
QUANTITY: Final = 4
AVERAGE: Final = 5
FIRST: Final = 6
TARGET: Final = 7  # the standing target (S6.1)
PLAN: Final = 8
DECIDED_AT: Final = 9  # the deciding close of the position
STOP: Final = 10  # mirrored, as all levels
TRAIL: Final = 11
ACTIVATION: Final = 12
EXTREME: Final = 13
LIQUIDATION: Final = 14
LARGEST: Final = 15
TARGETS_DONE: Final = 16  # a bit each
TARGET_LEVEL: Final = 17
TARGET_INDEX: Final = 18
ORDINAL: Final = 19  # the own bar, where a cooldown asks for it
RUNGS_DONE: Final = 20
ADVERSE_LEVEL: Final = 21
ADVERSE_INDEX: Final = 22
FAVORABLE_LEVEL: Final = 24
FAVORABLE_INDEX: Final = 25
DUE: Final = 27  # the own bar at whose close the time limit sets its exit
EXIT: Final = 28  # reason of the pending market exit, 0 none
ENTRY: Final = 29  # signed target of the pending market entry, 0 none
ENTRY_REST: Final = 30
RESIZE: Final = 31  # signed target of the pending resize, 0 none
RESIZE_REST: Final = 32
LIMIT: Final = 33  # signed target of the pending limit entry, 0 none
LIMIT_PRICE: Final = 34
LIMIT_UNTIL: Final = 35
LIMIT_REST: Final = 36
NEXT_PLAN: Final = 37  # of the pending entry
NEXT_DECIDED_AT: Final = 38
ROOM: Final = 39  # volume left in this bar
INSIDE: Final = 40  # an entry filled inside this bar: 1 its rest, 2 the position began
RUNG_FILLED: Final = 41  # in this bar
LOWER: Final = 42
UPPER: Final = 43
COOLDOWN: Final = 44  # the first own bar at whose close it may enter again (S10.6)
INDEX: Final = 45  # of the instrument
TRAILS: Final = 46  # whether the position has a trailing stop
TOUCHED: Final = 47  # favorable rungs that go on at the next open as market orders (S2.10), a bit each
RESULT: Final = 48  # what the round trip came to so far, where losses are counted
MISSING: Final = 49  # the pending entry lacks a level's series (S5.1)
LEFT_AT: Final = 50  # slice and reason of the last exit since flat: fills of both are one trade
LEFT_BY: Final = 51
ENTERED: Final = 52  # the own bar in which the position began
DISTANCES: Final = 53  # absolute distances of `times` levels: stop, trailing, activation, targets
NEXT_DISTANCES: Final = DISTANCES + 20
TARGET_RESTS: Final = NEXT_DISTANCES + 20  # what the volume cap held back of each target
RUNG_RESTS: Final = TARGET_RESTS + 16  # and of each rung
EXTREME_BEFORE: Final = RUNG_RESTS + 16  # a scan moved the trailing stop
TRAIL_BEFORE: Final = EXTREME_BEFORE + 1
ROW: Final = EXTREME_BEFORE + 2

# A plan: what one rule does, after the instruments' rows. A level is (kind, value, series)

ACTION: Final = 0
SIZE: Final = 1
REFERENCE: Final = 2
PLAN_STOP: Final = 3
PLAN_TRAIL: Final = 6
PLAN_ACTIVATION: Final = 9
TIME_LIMIT: Final = 12
LIMIT_OFFSET: Final = 13
LIMIT_BARS: Final = 14  # 0: at market
TARGET_COUNT: Final = 15
RUNG_COUNT: Final = 16
SHARES_WHOLE: Final = 17  # the shares sum to 1
HAS_TIMES: Final = 18
PLAN_TARGETS: Final = 20  # (kind, value, series, share) each
PLAN_RUNGS: Final = PLAN_TARGETS + 16 * 4  # (at, size) each

# What freqtrade's candle rules know besides (S9)

ROI_COUNT: Final = PLAN_RUNGS + 16 * 2
CANDLE_TRAIL: Final = ROI_COUNT + 1  # ANY_GAIN or OFFSET_REACHED; the distance of the stop, until there is a nearer one
NEARER: Final = ROI_COUNT + 2  # the distance once the gain is above the offset, 0: none
OFFSET: Final = ROI_COUNT + 3
PLAN_ROI: Final = ROI_COUNT + 4  # (from the bar, gain) each, the later the further; bars as a fraction, a gain of -inf leaves at any price
PLAN_WORDS: Final = PLAN_ROI + 8 * 2

NONE: Final = 0
FRACTION: Final = 1
PRICE: Final = 2
TIMES: Final = 3

ANY_GAIN: Final = 1
OFFSET_REACHED: Final = 2

BY_FILL: Final = 0
BY_FIRST_FILL: Final = 1
BY_DECISION: Final = 2

ENTER_LONG: Final = 0
ENTER_SHORT: Final = 1
LEAVE: Final = 2
LEAVE_LONG: Final = 3
LEAVE_SHORT: Final = 4
SET_TARGET: Final = 5
HALT_ENTRIES: Final = 6

# A record: kind, slice, instrument, then what the kind says. Floats, for Numba compiles a function anew for every literal integer

RECORD: Final = 8
FILLED: Final = 1.0  # quantity, price, fee, reason, maker
DECIDED: Final = 2.0  # rule, standing target, standing target before
REFUSED: Final = 3.0  # code
CLAMPED: Final = 4.0  # wanted, allowed
EXPIRED: Final = 5.0  # 0 limit, 1 market
CARRIED: Final = 6.0  # amount, 0 funding or 1 borrow
HALTED_NOW: Final = 7.0  # 0 by rule, 1 by ruin
LIMIT_REACHED: Final = 8.0  # MAX_DRAWDOWN_REACHED or DAILY_LOSS_REACHED

INSUFFICIENT_MARGIN: Final = 1.0
BELOW_MINIMUM: Final = 2.0
LEVEL_MISSING: Final = 3.0
ENTRIES_HALTED: Final = 4.0  # from here on refused at the close that decided, not at a fill
DAY_LOST: Final = 5.0
LOSING: Final = 6.0
COOLING: Final = 7.0
FULL: Final = 8.0

BY_RULE: Final = 1.0
DRAWN_DOWN: Final = 2.0
RUINED: Final = 3.0

# What a mark has reached, the gravest last

NOT_REACHED: Final = 0.0
DAILY_LOSS_REACHED: Final = 1.0
MAX_DRAWDOWN_REACHED: Final = 2.0
RUIN_REACHED: Final = 3.0

# Reasons of fills: `domain.fills.Reason`, which this package may not import; tests hold them equal

R_ENTRY: Final = 1.0
R_REVERSE: Final = 2.0
R_EXIT: Final = 3.0
R_STOP: Final = 4.0
R_TRAILING: Final = 5.0
R_TARGET: Final = 6.0
R_TIME: Final = 7.0
R_LIQUIDATION: Final = 8.0
R_SCALE_IN: Final = 9.0
R_RESIZE: Final = 10.0
R_HALT: Final = 11.0
R_FINALIZE: Final = 12.0
R_ROI: Final = 13.0

QUOTE: Final = 7  # words of an instrument's bar, as `step` takes it

# What stopped `run`

FINISHED: Final = 0
RECORDS_FULL: Final = 1

DUST: Final = 1e-12  # sums of floats that should meet differ by less
NOTHING: Final = 1e-9  # of leverage * equity, or of the minimum: too little to count (S2.6)
BLOCK: Final = 32
LANES: Final = 8
STRETCH: Final = 128  # slices that are marked at once
AHEAD: Final = 4  # decisions
PATH_STEPS: Final = 64  # more than a bar can take: rungs, targets, stop, liquidation and a limit; beyond is our mistake (LOST)

_TEN: Final = np.array([10.0**k for k in range(309)])
_OPTIONS: Final = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_SHARED: Final = {**_OPTIONS, "no_cpython_wrapper": True}
# Not kept on disk by themselves: what calls them is, with them in it. There is nothing in them for Numba to rewrite.
_INNER: Final = {**_SHARED, "cache": False, "no_rewrites": True, "pipeline_class": Linked}
# On the way of every event, called at one place or two: a call costs as much as what it does.
_INLINE: Final = {**_INNER, "inline": "always"}
# Optimized inside the loop that calls them, which takes long: a sweep of one instrument has it so, and compiles it when it first runs.
_DISSOLVED: Final = {**_INNER, "forceinline": True}


@intrinsic
def _pointer(typing_context, array):
    """An array's data as a bare pointer: what the transition passes around is then one register, without bounds or reference counts."""

    def first_element(context, builder, signature, arguments):
        return context.make_array(signature.args[0])(context, builder, arguments[0]).data

    return types.CPointer(array.dtype)(array), first_element


@intrinsic
def _prefetch(typing_context, pointer, index):
    """Ask the processor for `pointer[index]` ahead of time: waiting for the open of a decision's bar is half of a run otherwise."""

    def ask(context, builder, signature, arguments):
        place = builder.bitcast(builder.gep(arguments[0], [arguments[1]]), ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        prefetch = builder.module.declare_intrinsic(
            "llvm.prefetch", [place.type], ir.FunctionType(ir.VoidType(), [place.type, word, word, word])
        )
        builder.call(prefetch, [place, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.none(pointer, index), ask


@intrinsic
def _row(typing_context, addresses, i):
    """An instrument's column, by its address: bars of many instruments need not be copied side by side."""

    def column(context, builder, signature, arguments):
        address = builder.load(builder.gep(arguments[0], [arguments[1]]))
        return builder.inttoptr(address, context.get_value_type(signature.return_type))

    return types.CPointer(types.float64)(addresses, i), column


@intrinsic
def _extremes(typing_context, price, start, end):
    """The lowest and the highest of [start, end), which are `LANES` or more, as many at a time; the last ones overlap those before."""

    def search(context, builder, signature, arguments):
        word, lanes = ir.IntType(64), ir.VectorType(ir.DoubleType(), LANES)

        def bars(k):
            return builder.load(builder.bitcast(builder.gep(arguments[0], [k]), lanes.as_pointer()), align=8)

        def nearer(sign, one, other):
            return builder.select(builder.fcmp_ordered(sign, one, other), one, other)

        def across(sign, value):
            for half in (LANES >> step for step in range(1, LANES.bit_length())):
                low, high = ([ir.IntType(32)(k) for k in range(start, start + half)] for start in (0, half))
                each = [ir.Constant(ir.VectorType(ir.IntType(32), half), places) for places in (low, high)]
                value = nearer(sign, *(builder.shuffle_vector(value, ir.Constant(value.type, ir.Undefined), places) for places in each))
            return builder.extract_element(value, ir.IntType(32)(0))

        last = builder.sub(arguments[2], word(LANES))
        found = {sign: cgutils.alloca_once_value(builder, bars(last)) for sign in "<>"}
        with cgutils.for_range_slice(builder, arguments[1], last, word(LANES), intp=word) as (k, _):
            for sign, place in found.items():
                builder.store(nearer(sign, bars(k), builder.load(place)), place)
        extremes = [across(sign, builder.load(place)) for sign, place in found.items()]
        return context.make_tuple(builder, signature.return_type, extremes)

    return types.UniTuple(types.float64, 2)(price, start, end), search


# Rounding (S2.1, S2.2)


@njit(**_INNER)
def _digits(x, s, r):
    """To 12 significant digits, half away from zero; exact powers of ten make the result the decimal's nearest double."""
    size = abs(x)
    if not (0.0 < size < 1e300):
        return x
    scaled = size * s[r + SCALE]
    if scaled < 1e11 or scaled >= 1e12:
        exponent = 11 - int(np.floor(np.log10(size)))
        if exponent < 0:
            unit = _TEN[-exponent]
            return np.copysign(np.floor(size / unit + 0.5) * unit, x)
        if size * _TEN[min(exponent, 308)] >= 1e12:  # log10 rounded down across a power of ten
            exponent -= 1
        s[r + SCALE] = _TEN[min(exponent, 308)]
        scaled = size * s[r + SCALE]
    return np.copysign(np.floor(scaled + 0.5) / s[r + SCALE], x)


@njit(**_INNER)
def _level(x, buy, s, r):
    """A price rounded by the side of its order: buys up, sells down."""
    tick = s[r + TICK]
    if tick > 0.0:
        steps = np.ceil(x / tick - 1e-6) if buy else np.floor(x / tick + 1e-6)
        return _digits(max(steps, 1.0) * tick if x > 0.0 else 0.0, s, r)
    return _digits(x, s, r)


@njit(**_INNER)
def _lots(quantity, s, r):
    lot = s[r + LOT]
    return np.floor(quantity / lot * (1.0 + DUST) + 1e-9) * lot if lot > 0.0 else quantity


@njit(**_INNER)
def _snap(quantity, s, r):
    """A difference of whole lots is whole lots."""
    lot = s[r + LOT]
    return np.rint(quantity / lot) * lot if lot > 0.0 else quantity


@njit(**_INNER)
def _exit_price(price, buy, maker, s, r):
    """A fill price that leaves a position: takers slip; with a tick everything is on it (S2.1, S2.3)."""
    slippage = s[SLIPPAGE] if maker == 0.0 else 0.0
    if slippage == 0.0 and s[r + TICK] == 0.0:
        return price
    return _level(price * (1.0 + slippage) if buy else price * (1.0 - slippage), buy, s, r)


@njit(**_INNER)
def _entry_price(price, buy, maker, s, r):
    """A fill price that adds to a position: slippage for takers, and the fee where the convention puts it into the price."""
    worse = 1.0 if buy else -1.0
    factor = 1.0
    if maker == 0.0:
        factor = 1.0 + worse * s[SLIPPAGE]
    if s[WORSE_ENTRY] != 0.0:
        factor *= 1.0 + worse * s[WORSE_ENTRY]
    if factor == 1.0 and s[r + TICK] == 0.0:
        return price
    return _level(price * factor, buy, s, r)


# Records and books (S2.8)


@njit(**_INNER)
def _record(s, r, kind, a, b, c, d, e):
    if s[WRITTEN] >= s[CAPACITY]:
        s[LOST] += 1.0
        return
    place = int(s[RECORDS]) + RECORD * int(s[WRITTEN])
    s[place] = kind
    s[place + 1] = s[NOW]
    s[place + 2] = s[r + INDEX]
    s[place + 3] = a
    s[place + 4] = b
    s[place + 5] = c
    s[place + 6] = d
    s[place + 7] = e
    s[WRITTEN] += 1.0


@njit(**_INNER)
def _book(s, r, quantity, price, rate, reason, maker):
    """Apply one fill to the books; `quantity` is signed."""
    held = s[r + QUANTITY]
    fee = rate * abs(quantity) * price
    if held == 0.0:
        s[r + AVERAGE] = price
        s[r + FIRST] = price
        s[r + QUANTITY] = quantity
    elif (held > 0.0) == (quantity > 0.0):
        total = _snap(held + quantity, s, r)
        s[r + AVERAGE] = (held * s[r + AVERAGE] + quantity * price) / (held + quantity)
        s[r + QUANTITY] = total
    else:
        s[CASH] -= (price - s[r + AVERAGE]) * quantity
        if s[STOP_AFTER] > 0.0:
            s[r + RESULT] -= (price - s[r + AVERAGE]) * quantity
        if s[NOW] != s[r + LEFT_AT] or reason != s[r + LEFT_BY]:
            s[r + LEFT_AT] = s[NOW]
            s[r + LEFT_BY] = reason
            s[TRADES] += 1.0
        s[r + QUANTITY] = 0.0 if abs(held + quantity) <= DUST * s[r + LARGEST] else _snap(held + quantity, s, r)
    s[CASH] -= fee
    if s[STOP_AFTER] > 0.0:
        s[r + RESULT] -= fee
    s[r + LARGEST] = max(s[r + LARGEST], abs(s[r + QUANTITY]))
    _record(s, r, FILLED, quantity, price, fee, reason, maker)


@njit(**_INNER)
def _has_room(s, r):
    return s[VOLUME_CAP] == 0.0 or _lots(s[r + ROOM], s, r) > 0.0


@njit(**_INNER)
def _within_volume(wanted, s, r):
    """What of an order the bar's volume still lets fill (S2.10)."""
    if s[VOLUME_CAP] == 0.0:
        return wanted
    room = s[r + ROOM]
    if abs(wanted - room) <= DUST * room:
        s[r + ROOM] = 0.0
        return wanted
    quantity = wanted if wanted < room else _lots(room, s, r)
    s[r + ROOM] = room - quantity if wanted < room else 0.0
    return quantity


@njit(**_INNER)
def _count_round_trip(s, r):
    """What limits remember of a round trip that ended: whether it lost, and when (S10.5, S10.6)."""
    if s[LOSSES] < s[STOP_AFTER]:
        s[LOSSES] = s[LOSSES] + 1.0 if s[r + RESULT] < -s[RUIN] else 0.0
    s[r + RESULT] = 0.0
    if s[r + LEFT_BY] != R_REVERSE:
        s[r + COOLDOWN] = s[r + ORDINAL] + s[COOLDOWN_BARS]


@njit(**_INNER)
def _flat(s, r):
    """A position that became flat takes everything of it along (S5.6, S6.4)."""
    if s[LIMITED] > 0.0:
        _count_round_trip(s, r)
    s[r + LARGEST] = s[r + LEFT_BY] = 0.0
    s[r + STOP] = s[r + TRAIL] = s[r + LIQUIDATION] = -INF
    s[r + ADVERSE_LEVEL] = -INF
    s[r + FAVORABLE_LEVEL] = s[r + TARGET_LEVEL] = s[r + ACTIVATION] = INF
    if s[VOLUME_CAP] > 0.0:
        for k in range(16):
            s[r + TARGET_RESTS + k] = s[r + RUNG_RESTS + k] = 0.0
    s[r + TOUCHED] = 0.0
    s[r + DUE] = INF
    s[r + TRAILS] = NONE
    s[r + EXIT] = 0.0
    s[r + RESIZE] = s[r + RESIZE_REST] = 0.0
    if s[r + ENTRY_REST] > 0.0:
        s[r + ENTRY] = s[r + ENTRY_REST] = 0.0
    if s[r + LIMIT_REST] > 0.0:
        s[r + LIMIT] = s[r + LIMIT_REST] = 0.0
    if s[r + ENTRY] == 0.0 and s[r + LIMIT] == 0.0:
        s[r + TARGET] = 0.0


@njit(**_INNER)
def _close(s, r, wanted, price, rate, reason, maker):
    """Close `wanted` of the position as far as volume allows, a liquidation regardless."""
    held = s[r + QUANTITY]
    quantity = wanted if reason == R_LIQUIDATION else _within_volume(wanted, s, r)
    if quantity > 0.0:
        signed = -held if quantity == abs(held) else (-quantity if held > 0.0 else quantity)
        _book(s, r, signed, price, rate, reason, maker)
    if s[r + QUANTITY] == 0.0:
        _flat(s, r)


@njit(**_INNER)
def _leave(s, r, price, reason):
    """A market exit of all that is held; what volume holds back stays pending (S2.10)."""
    held = s[r + QUANTITY]
    s[r + EXIT] = reason
    _close(s, r, abs(held), _exit_price(price, held < 0.0, 0.0, s, r), s[TAKER], reason, 0.0)


# Levels of a position (S5)


@njit(**_INNER)
def _away(s, word, distance, reference, direction, outward):
    """A level's raw price: `outward` +1 on the side of our gain, -1 on the side of our loss."""
    kind = s[word]
    if kind == FRACTION:
        return reference * (1.0 + direction * outward * s[word + 1])
    if kind == PRICE:
        return s[word + 1]
    return reference + direction * outward * distance


@njit(**_INNER)
def _reference(s, r, plan):
    """What fractions and distances of levels are measured from (S5.1)."""
    by = s[plan + REFERENCE]
    if by == BY_FILL:
        return s[r + AVERAGE]
    return s[r + FIRST] if by == BY_FIRST_FILL else s[r + DECIDED_AT]


@njit(**_INNER)
def _trail_level(plan, s, r, direction):
    extreme = direction * s[r + EXTREME]
    kind = s[plan + PLAN_TRAIL]
    if kind == FRACTION:
        price = extreme * (1.0 - direction * s[plan + PLAN_TRAIL + 1])
    elif kind == PRICE:
        price = extreme - direction * s[plan + PLAN_TRAIL + 1]
    else:
        price = extreme - direction * s[r + DISTANCES + 1]
    return direction * _level(price, direction < 0.0, s, r)


@njit(**_INNER)
def _next_target(s, r, plan, direction, reference):
    """The nearest target not done; at a tie the first of the document."""
    s[r + TARGET_LEVEL] = INF
    done = int(s[r + TARGETS_DONE])
    for k in range(int(s[plan + TARGET_COUNT])):
        if done >> k & 1:
            continue
        raw = _away(s, plan + PLAN_TARGETS + 4 * k, s[r + DISTANCES + 3 + k], reference, direction, 1.0)
        level = direction * _level(raw, direction < 0.0, s, r)
        if level < s[r + TARGET_LEVEL]:
            s[r + TARGET_LEVEL] = level
            s[r + TARGET_INDEX] = k


@njit(**_INNER)
def _next_rungs(s, r, plan, direction):
    """The nearest adverse and the nearest favorable rung not done, from the first fill."""
    s[r + ADVERSE_LEVEL] = -INF
    s[r + FAVORABLE_LEVEL] = INF
    done = int(s[r + RUNGS_DONE]) | int(s[r + TOUCHED])
    for k in range(int(s[plan + RUNG_COUNT])):
        if done >> k & 1:
            continue
        at = s[plan + PLAN_RUNGS + 2 * k]
        level = direction * _level(s[r + FIRST] * (1.0 + direction * at), direction > 0.0, s, r)
        if at < 0.0:
            if level > s[r + ADVERSE_LEVEL]:
                s[r + ADVERSE_LEVEL] = level
                s[r + ADVERSE_INDEX] = k
        elif level < s[r + FAVORABLE_LEVEL]:
            s[r + FAVORABLE_LEVEL] = level
            s[r + FAVORABLE_INDEX] = k


@njit(**_INNER)
def _relevel(s, r):
    """Compute every level of the position anew from its average, first fill and deciding close."""
    plan = int(s[r + PLAN])
    direction = 1.0 if s[r + QUANTITY] > 0.0 else -1.0
    liquidation = s[r + AVERAGE] * (s[LONG_LIQUIDATION] if direction > 0.0 else s[SHORT_LIQUIDATION])
    s[r + LIQUIDATION] = direction * _level(liquidation, direction < 0.0, s, r) if liquidation > 0.0 else -INF
    reference = _reference(s, r, plan)
    if s[plan + PLAN_STOP] != NONE:
        s[r + STOP] = direction * _level(_away(s, plan + PLAN_STOP, s[r + DISTANCES], reference, direction, -1.0), direction < 0.0, s, r)
    if s[plan + PLAN_ACTIVATION] != NONE:
        raw = _away(s, plan + PLAN_ACTIVATION, s[r + DISTANCES + 2], reference, direction, 1.0)
        s[r + ACTIVATION] = direction * _level(raw, direction < 0.0, s, r)
    if s[plan + TARGET_COUNT] > 0.0:
        _next_target(s, r, plan, direction, reference)
    if s[plan + RUNG_COUNT] > 0.0:
        _next_rungs(s, r, plan, direction)
    if s[CANDLES] > 0.0:
        s[r + FAVORABLE_LEVEL] = -INF  # every bar wakes: the candle rules ask it


@njit(**_INLINE)
def _begin(s, r, ordinal):
    """A position begins: the pending entry's plan becomes its bracket."""
    direction = 1.0 if s[r + QUANTITY] > 0.0 else -1.0
    plan = int(s[r + NEXT_PLAN])
    s[r + PLAN] = s[r + NEXT_PLAN]
    s[r + DECIDED_AT] = s[r + NEXT_DECIDED_AT]
    if s[plan + HAS_TIMES] > 0.0:
        for k in range(20):
            s[r + DISTANCES + k] = s[r + NEXT_DISTANCES + k]
    s[r + EXTREME] = direction * s[r + FIRST]
    s[r + ENTERED] = ordinal
    s[r + TARGETS_DONE] = 0.0
    s[r + RUNGS_DONE] = 0.0
    s[r + STOP] = s[r + TRAIL] = -INF
    s[r + ACTIVATION] = INF
    s[r + TRAILS] = s[plan + PLAN_TRAIL]
    s[r + DUE] = ordinal + s[plan + TIME_LIMIT] - 1.0 if s[plan + TIME_LIMIT] > 0.0 else INF
    if s[plan + PLAN_TRAIL] != NONE and s[plan + PLAN_ACTIVATION] == NONE:
        s[r + TRAIL] = _trail_level(plan, s, r, direction)


@njit(**_INNER)
def _trail(s, r, extreme):
    """A completed bar's favorable extreme moves the trailing stop, never against us; live from the next bar (S5.4)."""
    if extreme <= s[r + EXTREME] and s[r + TRAIL] > -INF:
        return
    plan = int(s[r + PLAN])
    s[r + EXTREME] = max(extreme, s[r + EXTREME])
    if s[plan + PLAN_ACTIVATION] == NONE or s[r + TRAIL] > -INF or s[r + EXTREME] >= s[r + ACTIVATION]:
        s[r + TRAIL] = max(s[r + TRAIL], _trail_level(plan, s, r, 1.0 if s[r + QUANTITY] > 0.0 else -1.0))


@njit(**_INNER)
def _arm(s, r):
    """Fold every live level into the two triggers that wake the transition."""
    held = s[r + QUANTITY]
    limit = s[r + LIMIT]
    lower = s[r + LIMIT_PRICE] if limit > 0.0 else -INF
    upper = s[r + LIMIT_PRICE] if limit < 0.0 else INF
    if held != 0.0:
        adverse = max(max(s[r + STOP], s[r + TRAIL]), max(s[r + LIQUIDATION], s[r + ADVERSE_LEVEL]))
        favorable = min(s[r + TARGET_LEVEL], s[r + FAVORABLE_LEVEL])
        lower = max(lower, adverse if held > 0.0 else -favorable)
        upper = min(upper, favorable if held > 0.0 else -adverse)
    s[r + LOWER] = lower
    s[r + UPPER] = upper


# Adding to a position (S2.5, S2.6)


@njit(**_INNER)
def _allowed(s, r, wanted, price):
    """(quantity in lots that margin leaves room for, 0) or (0, the code of its refusal) (S2.6)."""
    wanted = _lots(wanted, s, r)
    if wanted <= 0.0:
        return 0.0, BELOW_MINIMUM
    most = s[LEVERAGE] * s[EQUITY]
    left = most - s[GROSS]
    if left <= NOTHING * most:
        return 0.0, INSUFFICIENT_MARGIN
    left += NOTHING * most
    if wanted * price > left:
        allowed = _lots(left / price, s, r)
        if allowed <= 0.0:
            return 0.0, INSUFFICIENT_MARGIN
        _record(s, r, CLAMPED, wanted, allowed, 0.0, 0.0, 0.0)
        wanted = allowed
    if wanted * price < s[r + MINIMUM] * (1.0 - NOTHING):
        return 0.0, BELOW_MINIMUM
    return wanted, 0.0


@njit(**_INNER)
def _add(s, r, target, rest, price, rate, reason, maker):
    """Enter or scale in at `price`: size (unless it is a rest), cap, book. Returns (filled, still wanted, refusal)."""
    wanted = rest
    if rest == 0.0:
        wanted, code = _allowed(s, r, s[EQUITY] * abs(target) / (price * (1.0 + rate)), price)
        if code != 0.0:
            _record(s, r, REFUSED, code, 0.0, 0.0, 0.0, 0.0)
            return 0.0, 0.0, code
    quantity = _within_volume(wanted, s, r)
    s[GROSS] += quantity * price
    _book(s, r, quantity if target > 0.0 else -quantity, price, rate, reason, maker)
    return quantity, _snap(wanted - quantity, s, r) if quantity != wanted else 0.0, 0.0


@njit(**_INNER)
def _enter(s, r, at, maker, ordinal):
    """The pending entry, at market or at its limit, fills at `at` as far as it can; whether anything filled."""
    if not _has_room(s, r):
        return False
    word = LIMIT if maker > 0.0 else ENTRY
    rest_word = LIMIT_REST if maker > 0.0 else ENTRY_REST
    target = s[r + word]
    fresh = s[r + QUANTITY] == 0.0
    s[GROSS] -= _reserved(s, r)
    filled = 0.0
    rest = 0.0
    if s[r + MISSING] > 0.0 and s[r + rest_word] == 0.0:
        _record(s, r, REFUSED, LEVEL_MISSING, 0.0, 0.0, 0.0, 0.0)
        refused = LEVEL_MISSING
    else:
        price = _entry_price(at, target > 0.0, maker, s, r)
        filled, rest, refused = _add(s, r, target, s[r + rest_word], price, s[MAKER] if maker > 0.0 else s[TAKER], R_ENTRY, maker)
    if filled > 0.0:
        if fresh:
            _begin(s, r, ordinal)
        _relevel(s, r)
    s[r + rest_word] = rest
    if refused != 0.0:
        s[r + TARGET] = 0.0
    if rest == 0.0:
        s[r + word] = 0.0
    return filled > 0.0


@njit(**_INNER)
def _resize(s, r, at):
    """Trade the difference between what is held and the target in its direction, at the market, keeping the bracket (S3.4)."""
    if not _has_room(s, r):
        return
    held = s[r + QUANTITY]
    share = s[EQUITY] * abs(s[r + RESIZE]) / (1.0 + s[TAKER])
    rest = s[r + RESIZE_REST]
    adds = rest > 0.0 or (rest == 0.0 and share / at > abs(held))
    buys = (held > 0.0) == adds
    price = _entry_price(at, buys, 0.0, s, r) if adds else _exit_price(at, buys, 0.0, s, r)
    wanted = abs(rest)
    if rest == 0.0:
        code = 0.0
        if adds:
            wanted, code = _allowed(s, r, share / price - abs(held), price)
        else:
            wanted = _lots(abs(held) - share / price, s, r)
            if wanted <= 0.0 or wanted * price < s[r + MINIMUM] * (1.0 - NOTHING):
                code = BELOW_MINIMUM
        if code != 0.0:
            s[r + RESIZE] = 0.0
            _record(s, r, REFUSED, code, 0.0, 0.0, 0.0, 0.0)
            return
    if not adds:
        wanted = min(wanted, abs(held))
    quantity = _within_volume(wanted, s, r)
    _book(s, r, quantity if buys else -quantity, price, s[TAKER], R_RESIZE, 0.0)
    if s[r + QUANTITY] == 0.0:
        _flat(s, r)
        return
    if adds:
        s[GROSS] += quantity * price
        _relevel(s, r)
    left = _snap(wanted - quantity, s, r) if quantity != wanted else 0.0
    s[r + RESIZE_REST] = left if adds else -left
    if left == 0.0:
        s[r + RESIZE] = 0.0


@njit(**_INNER)
def _rung(s, r, index, at, maker):
    """One rung fills at `at`, or is refused and spent; whether anything changed. What volume holds back of it rests."""
    if not _has_room(s, r):
        return False
    plan = int(s[r + PLAN])
    direction = 1.0 if s[r + QUANTITY] > 0.0 else -1.0
    price = _entry_price(at, direction > 0.0, maker, s, r)
    target = direction * s[plan + PLAN_RUNGS + 2 * index + 1]
    filled, rest, _ = _add(s, r, target, s[r + RUNG_RESTS + index], price, s[MAKER] if maker > 0.0 else s[TAKER], R_SCALE_IN, maker)
    s[r + RUNG_RESTS + index] = rest
    if rest == 0.0:
        s[r + RUNGS_DONE] = float(int(s[r + RUNGS_DONE]) | 1 << index)
        s[r + TOUCHED] = float(int(s[r + TOUCHED]) & ~(1 << index))
    if filled > 0.0:
        s[r + RUNG_FILLED] = 1.0
    _relevel(s, r)
    return True


@njit(**_INNER)
def _touched_rungs(s, r, at):
    """Favorable rungs that the market has passed go on as market orders at this open, in the document's order."""
    touched = int(s[r + TOUCHED])
    for index in range(16):
        if touched >> index & 1:
            _rung(s, r, index, at, 0.0)


# One slice (S3, S4)


@njit(**_INNER)
def _take(s, r, at):
    """The nearest target fills as far as its share, the lot and the volume go (S5.2); there is room when this is called."""
    plan = int(s[r + PLAN])
    direction = 1.0 if s[r + QUANTITY] > 0.0 else -1.0
    index = int(s[r + TARGET_INDEX])
    held = abs(s[r + QUANTITY])
    done = int(s[r + TARGETS_DONE]) | 1 << index
    wanted = min(held, s[r + TARGET_RESTS + index])
    if wanted == 0.0:
        last = s[plan + SHARES_WHOLE] > 0.0 and done == (1 << int(s[plan + TARGET_COUNT])) - 1
        wanted = held if last else min(held, _lots(s[plan + PLAN_TARGETS + 4 * index + 3] * s[r + LARGEST], s, r))
    rest = 0.0
    if wanted > 0.0:
        _close(s, r, wanted, _exit_price(at, direction < 0.0, 1.0, s, r), s[MAKER], R_TARGET, 1.0)
        if s[r + QUANTITY] == 0.0:
            return
        s[r + RUNGS_DONE] = float((1 << int(s[plan + RUNG_COUNT])) - 1)
        s[r + ADVERSE_LEVEL] = -INF
        s[r + FAVORABLE_LEVEL] = INF
        s[r + TOUCHED] = 0.0
        filled = held - abs(s[r + QUANTITY])
        rest = _snap(wanted - filled, s, r) if s[VOLUME_CAP] > 0.0 and not _has_room(s, r) else 0.0
        rest = rest if rest > DUST * s[r + LARGEST] else 0.0
    s[r + TARGET_RESTS + index] = rest
    if rest > 0.0:
        return
    s[r + TARGETS_DONE] = float(done)
    _next_target(s, r, plan, direction, _reference(s, r, plan))


@njit(**_INNER)
def _liquidate(s, r, at):
    """Where it is reached, but never beyond the price at which the margin is gone (S2.9)."""
    direction = 1.0 if s[r + QUANTITY] > 0.0 else -1.0
    bound = _level(s[r + AVERAGE] * (1.0 - direction / s[LEVERAGE]), direction < 0.0, s, r)
    price = _exit_price(at, direction < 0.0, 1.0, s, r)
    price = max(price, bound) if direction > 0.0 else min(price, bound)
    _close(s, r, abs(s[r + QUANTITY]), price, s[TAKER] + s[LIQUIDATION_FEE], R_LIQUIDATION, 0.0)


@njit(**_INLINE)
def _exits_at_open(s, r, at):
    """Gap liquidation, gap stop, gap targets, then the pending market exit (S3.2)."""
    direction = 1.0 if s[r + QUANTITY] > 0.0 else -1.0
    mirrored = direction * at
    if s[CANDLES] == 0.0:  # else a pending exit alone fills at the open
        if mirrored < s[r + LIQUIDATION]:
            _liquidate(s, r, at)
            return
        if mirrored <= max(s[r + STOP], s[r + TRAIL]):
            _leave(s, r, at, R_TRAILING if s[r + TRAIL] > s[r + STOP] else R_STOP)
            return
        while s[r + QUANTITY] != 0.0 and mirrored >= s[r + TARGET_LEVEL] and _has_room(s, r):
            _take(s, r, at)
    if s[r + EXIT] > 0.0:
        _leave(s, r, at, s[r + EXIT])


@njit(**_INLINE)
def _entries_at_open(s, r, at, ordinal):
    """Market entries, rungs that the market has passed, resizes, and limits that the open has reached (S3.4)."""
    if s[r + EXIT] > 0.0:
        return
    if s[r + ENTRY] != 0.0:
        _enter(s, r, at, 0.0, ordinal)
    if s[r + TOUCHED] > 0.0:
        _touched_rungs(s, r, at)
    if s[r + RESIZE] != 0.0:
        _resize(s, r, at)
    limit = s[r + LIMIT]
    if limit != 0.0 and s[CANDLES] == 0.0 and (at <= s[r + LIMIT_PRICE] if limit > 0.0 else at >= s[r + LIMIT_PRICE]):
        _enter(s, r, at, 1.0, ordinal)


@njit(**_INNER)
def _reserved(s, r):
    """The notional that a pending limit entry without a fill holds back (S2.6)."""
    return 0.0 if s[r + LIMIT] == 0.0 or s[r + LIMIT_REST] > 0.0 else abs(s[r + LIMIT]) * s[EQUITY]


@njit(**_INNER)
def _adverse_path(s, r, open_, low, high, ordinal):
    """From the open against us: limit entry, rungs, stop, liquidation, the nearest first (S4.1)."""
    direction = 1.0 if s[r + QUANTITY] > 0.0 or (s[r + QUANTITY] == 0.0 and s[r + LIMIT] > 0.0) else -1.0
    worst = low if direction > 0.0 else -high
    mirrored_open = direction * open_
    if s[CANDLES] > 0.0:
        if s[r + QUANTITY] != 0.0:
            return
        mirrored_open = high if direction > 0.0 else -low  # a limit fills at its own price, or at the best of the candle
    path = mirrored_open
    for _ in range(PATH_STEPS):
        exiting = s[r + EXIT] > 0.0
        entering = not exiting and _has_room(s, r)
        limit = direction * s[r + LIMIT_PRICE] if entering and s[r + LIMIT] != 0.0 else -INF
        rung = s[r + ADVERSE_LEVEL] if entering else -INF
        stop = -INF if exiting else max(s[r + STOP], s[r + TRAIL])
        nearest = max(max(limit, rung), max(stop, s[r + LIQUIDATION]))
        if nearest < worst:
            return
        if limit == nearest:
            fresh = s[r + QUANTITY] == 0.0
            at = min(limit, mirrored_open)
            if _enter(s, r, direction * at, 1.0, ordinal):
                path = at
                s[r + INSIDE] = 2.0 if fresh else max(1.0, s[r + INSIDE])
        elif rung == nearest:
            path = min(rung, mirrored_open)
            _rung(s, r, int(s[r + ADVERSE_INDEX]), direction * path, 1.0)
        elif stop == nearest:
            _leave(s, r, direction * min(stop, path), R_TRAILING if s[r + TRAIL] > s[r + STOP] else R_STOP)
        else:
            _liquidate(s, r, direction * s[r + LIQUIDATION])
        if s[CANDLES] > 0.0 or (s[r + QUANTITY] == 0.0 and s[r + LIMIT] == 0.0):
            return
    s[LOST] += 1.0


@njit(**_INNER)
def _favorable_path(s, r, open_, low, high):
    """From the open for us: targets and favorable rungs, the nearest first (S4.2, S4.3)."""
    direction = 1.0 if s[r + QUANTITY] > 0.0 else -1.0
    best = high if direction > 0.0 else -low
    mirrored_open = direction * open_
    for _ in range(PATH_STEPS):
        if s[r + QUANTITY] == 0.0 or s[r + EXIT] > 0.0:
            return
        target = INF if s[r + RUNG_FILLED] > 0.0 or not _has_room(s, r) else s[r + TARGET_LEVEL]
        rung = s[r + FAVORABLE_LEVEL]
        if min(target, rung) > best:
            return
        if target <= rung:
            _take(s, r, direction * max(target, mirrored_open))
        else:
            index = int(s[r + FAVORABLE_INDEX])
            s[r + TOUCHED] = float(int(s[r + TOUCHED]) | 1 << index)
            if not _rung(s, r, index, direction * max(rung, mirrored_open), 0.0):
                _relevel(s, r)
    s[LOST] += 1.0


# freqtrade's candle (S9)


@njit(**_INNER)
def _roi(s, plan, bars, entry, direction, gain, open_, best, worst, close):
    """The mirrored price at which the step of the ROI table that is in force leaves, -inf where it does not."""
    since, wanted = -1.0, INF
    for k in range(int(s[plan + ROI_COUNT])):
        if s[plan + PLAN_ROI + 2 * k] <= bars:
            since, wanted = s[plan + PLAN_ROI + 2 * k], s[plan + PLAN_ROI + 2 * k + 1]
    if gain <= wanted:
        return -INF
    at_open = since == np.floor(since)
    if wanted == -INF:
        return open_ if at_open else worst
    fee = direction * s[TAKER]
    level = entry * (direction + direction * fee + wanted) / (1.0 - fee)
    if bars == since and bars > 0.0 and at_open and open_ > level:
        return open_
    if bars == 0.0 and close < open_ and direction * entry < open_ and level > close:
        return -INF  # bought below the open of a falling candle: its high came before
    return min(max(level, worst), best)


@njit(**_INNER)
def _drag(s, r, plan, direction, best, worst, gain):
    """The candle's own extreme moves the stop, unless its worst has reached it already; at what distance, the stop's own by default."""
    distance = s[plan + PLAN_STOP + 1]
    trails = s[plan + CANDLE_TRAIL] == ANY_GAIN or (s[plan + CANDLE_TRAIL] == OFFSET_REACHED and gain >= s[plan + OFFSET])
    if trails and max(s[r + STOP], s[r + TRAIL]) < worst:
        if s[plan + NEARER] > 0.0 and gain > s[plan + OFFSET]:
            distance = s[plan + NEARER]
        moved = direction * _level(direction * best * (1.0 - direction * distance), direction < 0.0, s, r)
        s[r + TRAIL] = max(s[r + TRAIL], moved)
    return distance


@njit(**_INNER)
def _candle(s, r, open_, high, low, close, ordinal):
    """A stop that has not moved, liquidation, the ROI table, then a stop that has: the first that applies, whatever came first inside."""
    if s[r + QUANTITY] == 0.0:
        return
    plan = int(s[r + PLAN])
    direction = 1.0 if s[r + QUANTITY] > 0.0 else -1.0
    best = high if direction > 0.0 else -low
    worst = low if direction > 0.0 else -high
    mirrored_open = direction * open_
    entry = s[r + AVERAGE]
    bars = ordinal - s[r + ENTERED]
    fee = direction * s[TAKER]
    gain = direction * (direction * best * (1.0 - fee) / (entry * (1.0 + fee)) - 1.0)
    gain = np.rint(gain * 1e8) / 1e8  # as freqtrade rounds it, so that a level that is met exactly is not passed
    distance = _drag(s, r, plan, direction, best, worst, gain)
    stop = max(s[r + STOP], s[r + TRAIL])
    trailed = s[r + TRAIL] > s[r + STOP]
    at = mirrored_open if stop > best else stop
    reason = R_STOP
    if stop < worst or trailed:
        reason = R_TRAILING
        if stop < worst and s[r + LIQUIDATION] >= worst:
            _liquidate(s, r, open_ if s[r + LIQUIDATION] > best else direction * s[r + LIQUIDATION])
            return
        target = _roi(s, plan, bars, entry, direction, gain, mirrored_open, best, worst, direction * close)
        if target > -INF:
            reason = R_ROI
            at = target
        elif stop < worst:
            return
        elif bars == 0.0 and stop <= best:  # the worst that could be: it gained just what arms the stop, and turned
            if s[plan + CANDLE_TRAIL] == OFFSET_REACHED and s[plan + NEARER] > 0.0:
                distance = s[plan + NEARER] - s[plan + OFFSET]
            at = max(worst, mirrored_open * (1.0 - direction * distance))
    _leave(s, r, direction * at, reason)


@njit(**_INNER)
def _carry(s, carries, k):
    """Funding per unit held, or borrow per unit short, at this open (S3.1)."""
    r = HEAD + int(carries[4 * k + 1]) * ROW
    held = s[r + QUANTITY]
    borrow = carries[4 * k + 3] > 0.0
    if held == 0.0 or (borrow and held > 0.0):
        return
    amount = carries[4 * k + 2] * held if borrow else -carries[4 * k + 2] * held
    if amount == 0.0:
        return
    s[CASH] += amount
    if s[STOP_AFTER] > 0.0:
        s[r + RESULT] += amount
    _record(s, r, CARRIED, amount, carries[4 * k + 3], 0.0, 0.0, 0.0)


@njit(**_INNER)
def _ordinal(gapped, count, x, t):
    """The 1-based number of the instrument's own deciding bar at slice t (S1.5); x is the slice's place in its row."""
    return count[x] if gapped else t + 1


@njit(**_INNER)
def _at_close(s, r, low, high, ordinal, closing):
    """Trailing stops, time limits, expiries (S7)."""
    held = s[r + QUANTITY]
    if held != 0.0:
        if s[r + TRAILS] != NONE:
            _trail(s, r, -INF if s[r + INSIDE] == 2.0 else (high if held > 0.0 else -low))
        if closing and ordinal >= s[r + DUE] and s[r + EXIT] == 0.0:
            s[r + EXIT] = R_TIME
    if s[r + LIMIT] != 0.0 and closing and ordinal >= s[r + LIMIT_UNTIL]:
        if s[r + LIMIT_REST] == 0.0:
            s[r + TARGET] = 0.0
        s[r + LIMIT] = s[r + LIMIT_REST] = 0.0
        _record(s, r, EXPIRED, 0.0, 0.0, 0.0, 0.0, 0.0)
    _arm(s, r)


@njit(**_SHARED)
def _slice(t, length, s, open_, high, low, close, volume, gapped, count, closing, base, candles, lone):
    """One slice for every instrument, in the page's order. Carried costs are booked before.

    `candles` is None where freqtrade's rules are not asked for: they are not compiled then.
    """
    rows = 1 if lone is not None else int(s[INSTRUMENTS])
    s[NOW] = t
    for i in range(rows):
        r = HEAD + i * ROW
        price = _row(open_, i)[t]
        if price != price:
            continue
        s[r + INSIDE] = 0.0
        s[r + RUNG_FILLED] = 0.0
        if s[COOLDOWN_BARS] > 0.0:
            s[r + ORDINAL] = _ordinal(gapped, count, i * length + t, t) + base
        if s[VOLUME_CAP] > 0.0:
            s[r + ROOM] = s[VOLUME_CAP] * _row(volume, i)[t]
        if s[r + QUANTITY] != 0.0:
            _exits_at_open(s, r, price)
    gain = 0.0
    gross = 0.0
    for i in range(rows):
        r = HEAD + i * ROW
        held = s[r + QUANTITY]
        if held != 0.0:
            mark = _row(open_, i)[t]
            if mark != mark:
                mark = _row(close, i)[t]
            gain += held * (mark - s[r + AVERAGE])
            gross += abs(held) * mark
    s[EQUITY] = s[CASH] + gain
    for i in range(rows):
        gross += _reserved(s, HEAD + i * ROW)
    s[GROSS] = gross
    for i in range(rows):
        price = _row(open_, i)[t]
        if price == price:
            _entries_at_open(s, HEAD + i * ROW, price, _ordinal(gapped, count, i * length + t, t) + base)
    for i in range(rows):
        price = _row(open_, i)[t]
        if price != price:
            continue
        r = HEAD + i * ROW
        x = i * length + t
        ordinal = _ordinal(gapped, count, x, t) + base
        bottom, top = _row(low, i)[t], _row(high, i)[t]
        _arm(s, r)
        if bottom <= s[r + LOWER] or top >= s[r + UPPER]:
            _adverse_path(s, r, price, bottom, top, ordinal)
            if candles is not None:
                _candle(s, r, price, top, bottom, _row(close, i)[t], ordinal)
            elif s[r + QUANTITY] != 0.0 and s[r + INSIDE] == 0.0:
                _favorable_path(s, r, price, bottom, top)
            _arm(s, r)
        if s[r + TRAILS] != NONE or s[r + DUE] < INF or s[r + LIMIT] != 0.0:
            _at_close(s, r, bottom, top, ordinal, not gapped or closing[x] > 0)


# Decisions (S6)


@njit(**_INNER)
def _acts(action, standing, size, halted):
    """Whether an action would change something."""
    if action == ENTER_LONG:
        return standing <= 0.0
    if action == ENTER_SHORT:
        return standing >= 0.0
    if action == LEAVE:
        return standing != 0.0
    if action == LEAVE_LONG:
        return standing > 0.0
    if action == LEAVE_SHORT:
        return standing < 0.0
    if action == SET_TARGET:
        return standing != size
    return halted == 0.0


@njit(**_INNER)
def _resolve(s, r, plan, levels, rows, length, i, d):
    """Read the series values that `times` levels need at the deciding close; False where one is missing or negative."""
    for k in range(3 + int(s[plan + TARGET_COUNT])):
        word = PLAN_STOP + 3 * k if k < 3 else PLAN_TARGETS + 4 * (k - 3)
        if s[plan + word] == TIMES:
            value = levels[(int(s[plan + word + 2]) * rows + i) * length + d]
            if not (0.0 <= value < INF):
                return False
            s[r + NEXT_DISTANCES + k] = value * s[plan + word + 1]
    return True


@njit(**_INLINE)
def _order(s, r, plan, to, close, ordinal):
    """Set the orders that carry the standing target to `to` (S6.2, S6.3)."""
    held = s[r + QUANTITY]
    s[r + ENTRY] = s[r + ENTRY_REST] = s[r + LIMIT] = s[r + LIMIT_REST] = 0.0
    s[r + RESIZE] = s[r + RESIZE_REST] = s[r + MISSING] = 0.0
    s[r + TARGET] = to
    if held != 0.0 and s[r + EXIT] == 0.0:
        if to * held > 0.0:
            s[r + RESIZE] = to
            return
        s[r + EXIT] = R_EXIT if to == 0.0 else R_REVERSE
    if to == 0.0:
        return
    s[r + NEXT_PLAN] = plan
    s[r + NEXT_DECIDED_AT] = close
    if s[plan + LIMIT_BARS] > 0.0:
        s[r + LIMIT] = to
        s[r + LIMIT_PRICE] = _level(close * (1.0 + s[plan + LIMIT_OFFSET] if to > 0.0 else 1.0 - s[plan + LIMIT_OFFSET]), to > 0.0, s, r)
        s[r + LIMIT_UNTIL] = ordinal + s[plan + LIMIT_BARS]
    else:
        s[r + ENTRY] = to


@njit(**_INNER)
def _forbidden(s, r, ordinal):
    """The code of what forbids an entry at this close, 0 where nothing does (S10.1)."""
    if s[HALTED] > 0.0:
        return ENTRIES_HALTED
    if s[DAILY_LOSS] > 0.0 and s[DAY] == s[STOPPED_DAY]:
        return DAY_LOST
    if s[STOP_AFTER] > 0.0 and s[LOSSES] >= s[STOP_AFTER]:
        return LOSING
    if s[r + QUANTITY] == 0.0:
        if ordinal < s[r + COOLDOWN]:
            return COOLING
        if s[MAX_OPEN] > 0.0 and not _is_open(s, r) and _open_positions(s) >= s[MAX_OPEN]:
            return FULL
    return 0.0


@njit(**_INNER)
def _is_open(s, r):
    """Whether an instrument holds something or waits to (S10.7)."""
    return s[r + QUANTITY] != 0.0 or s[r + ENTRY] != 0.0 or s[r + LIMIT] != 0.0


@njit(**_INNER)
def _open_positions(s):
    counted = 0
    for i in range(int(s[INSTRUMENTS])):
        if _is_open(s, HEAD + i * ROW):
            counted += 1
    return counted


@njit(**_SHARED)
def _decide(d, i, mask, length, s, levels, close, gapped, count, base, lone):
    """The first firing rule that would change the standing target decides; `mask` has a bit for each rule whose condition held."""
    if lone is not None:
        i = 0
    r = HEAD + i * ROW
    s[NOW] = d
    standing = s[r + TARGET]
    index = 0
    plan = HEAD + ROW if lone is not None else HEAD + int(s[INSTRUMENTS]) * ROW
    while mask != 0:
        if mask & 1 and _acts(s[plan + ACTION], standing, s[plan + SIZE], s[HALTED]):
            break
        mask >>= 1
        index += 1
        plan += PLAN_WORDS
    if mask == 0:
        return
    action = s[plan + ACTION]
    if action == HALT_ENTRIES:
        _halt(s)
        s[HALTED] = BY_RULE
        _record(s, r, DECIDED, float(index), s[r + TARGET], standing, 0.0, 0.0)
        _record(s, r, HALTED_NOW, 0.0, 0.0, 0.0, 0.0, 0.0)
        return
    to, chosen = 0.0, float(index)
    if action in (ENTER_LONG, SET_TARGET):
        to = s[plan + SIZE]
    elif action == ENTER_SHORT:
        to = -s[plan + SIZE]
    ordinal = _ordinal(gapped, count, i * length + d, d) + base
    if to != 0.0 and (s[HALTED] > 0.0 or s[LIMITED] > 0.0):
        code = _forbidden(s, r, ordinal)
        if code != 0.0:
            if standing * to >= 0.0:
                _record(s, r, DECIDED, chosen, standing, standing, 0.0, 0.0)
                _record(s, r, REFUSED, code, 0.0, 0.0, 0.0, 0.0)
                return
            to = 0.0
    _order(s, r, plan, to, _row(close, i)[d], ordinal)
    if s[plan + HAS_TIMES] > 0.0 and (s[r + ENTRY] != 0.0 or s[r + LIMIT] != 0.0):
        s[r + MISSING] = 0.0 if _resolve(s, r, plan, levels, int(s[INSTRUMENTS]), length, i, d) else 1.0
    _arm(s, r)
    _record(s, r, DECIDED, chosen, s[r + TARGET], standing, 0.0, 0.0)


@njit(**_INNER)
def _halt(s):
    """No more entries; pending ones are canceled, and one without a fill leaves the standing target at 0 (S6.5)."""
    for i in range(int(s[INSTRUMENTS])):
        r = HEAD + i * ROW
        if (s[r + ENTRY] != 0.0 and s[r + ENTRY_REST] == 0.0) or (s[r + LIMIT] != 0.0 and s[r + LIMIT_REST] == 0.0):
            s[r + TARGET] = 0.0
        s[r + ENTRY] = s[r + ENTRY_REST] = s[r + LIMIT] = s[r + LIMIT_REST] = 0.0
        s[r + RESIZE] = s[r + RESIZE_REST] = 0.0
        _arm(s, r)


@njit(**_INNER)
def _observe(s, equity, day):
    """A mark, as limits remember it: the peak, and what there was before this day (S10.3, S10.4)."""
    if day != s[DAY]:
        s[DAY] = day
        s[DAY_EQUITY] = s[LAST_MARK]
    s[LAST_MARK] = equity
    s[PEAK] = max(s[PEAK], equity)


@njit(**_INNER)
def _reached(s, equity):
    """What the mark that was observed last has reached (S10.2)."""
    if equity <= s[RUIN] and s[HALTED] < RUINED:
        return RUIN_REACHED
    if s[WATCHED] > 0.0 and s[HALTED] < DRAWN_DOWN:
        if s[MAX_DRAWDOWN] > 0.0 and equity <= s[PEAK] * (1.0 - s[MAX_DRAWDOWN] + NOTHING):
            return MAX_DRAWDOWN_REACHED
        if s[DAILY_LOSS] > 0.0 and s[DAY] != s[STOPPED_DAY] and equity <= s[DAY_EQUITY] * (1.0 - s[DAILY_LOSS] + NOTHING):
            return DAILY_LOSS_REACHED
    return NOT_REACHED


@njit(**_INNER)
def _flatten(t, s, reached):
    """No more entries, and market exits for all: for good, or for the day (S6.5, S10.3, S10.4)."""
    s[NOW] = t
    if reached == DAILY_LOSS_REACHED:
        s[STOPPED_DAY] = s[DAY]
    else:
        s[HALTED] = RUINED if reached == RUIN_REACHED else DRAWN_DOWN
    _halt(s)
    for i in range(int(s[INSTRUMENTS])):
        r = HEAD + i * ROW
        if s[r + QUANTITY] != 0.0 and s[r + EXIT] == 0.0:
            s[r + EXIT] = R_HALT
    if reached == RUIN_REACHED:
        _record(s, np.int64(HEAD), HALTED_NOW, 1.0, 0.0, 0.0, 0.0, 0.0)
    else:
        _record(s, np.int64(HEAD), LIMIT_REACHED, reached, 0.0, 0.0, 0.0, 0.0)


# Driving it

_slice_of_lone = njit(**_DISSOLVED)(_slice.py_func)
_decide_of_lone = njit(**_DISSOLVED)(_decide.py_func)


@njit(**_INLINE)
def _pending(s, rows):
    """Whether an order at market waits for the next open of its instrument."""
    for i in range(rows):
        r = HEAD + i * ROW
        if s[r + EXIT] > 0.0 or s[r + ENTRY] != 0.0 or s[r + RESIZE] != 0.0 or s[r + TOUCHED] > 0.0:
            return True
    return False


@njit(**_INLINE)
def _due_slice(s, closes, ordinals, base, end, rows):
    """The first slice at whose close a time limit or an expiry falls due."""
    for i in range(rows):
        r = HEAD + i * ROW
        due = INF
        if s[r + QUANTITY] != 0.0:
            due = s[r + DUE]
        if s[r + LIMIT] != 0.0:
            due = min(due, s[r + LIMIT_UNTIL])
        if due < INF:
            ordinal = int(due) - base
            if ordinals == 0:
                end = min(end, ordinal - 1)
            elif ordinal < ordinals:
                end = min(end, closes[i * ordinals + ordinal])
    return end


@njit(**_INNER)
def _scan(low, high, start, end, lower, upper):
    """The first place in [start, end) that touches a trigger, else `end`; whole blocks are asked at once."""
    k = start
    while k + BLOCK <= end:
        hit = 0
        for j in range(k, k + BLOCK):
            hit |= (low[j] <= lower) | (high[j] >= upper)
        if hit:
            break
        k += BLOCK
    while k + LANES <= end:
        hit = 0
        for j in range(k, k + LANES):
            hit |= (low[j] <= lower) | (high[j] >= upper)
        if hit:
            break
        k += LANES
    while k < end:
        if low[k] <= lower or high[k] >= upper:
            return k
        k += 1
    return end


@njit(**_INNER)
def _scan_trailing(s, r, low, high, start, end):
    """As `_scan`, moving the trailing stop with each new extreme on the way; the state is left at the slice returned."""
    held = s[r + QUANTITY]
    for k in range(start, end):
        if low[k] <= s[r + LOWER] or high[k] >= s[r + UPPER]:
            return k
        extreme = high[k] if held > 0.0 else -low[k]
        if extreme > s[r + EXTREME]:
            _trail(s, r, extreme)
            _arm(s, r)
    return end


@njit(**_INNER)
def _rewind(s, r):
    """Where the trailing stop was before it was scanned."""
    s[r + EXTREME], s[r + TRAIL] = s[r + EXTREME_BEFORE], s[r + TRAIL_BEFORE]
    _arm(s, r)


@njit(**_INLINE)
def _first_touch(s, low, high, start, end, rows):
    """The first slice in [start, end) that wakes any instrument. Trailing stops move up to it and no further."""
    trailing = 0
    for i in range(rows):
        r = HEAD + i * ROW
        if s[r + QUANTITY] != 0.0 and s[r + TRAILS] != NONE:
            trailing += 1
        elif s[r + LOWER] > -INF or s[r + UPPER] < INF:
            end = _scan(_row(low, i), _row(high, i), start, end, s[r + LOWER], s[r + UPPER])
    if trailing == 0:
        return end
    for final in range(1 if trailing == 1 else 2):
        for i in range(rows):
            r = HEAD + i * ROW
            if s[r + QUANTITY] == 0.0 or s[r + TRAILS] == NONE:
                continue
            if final == 0:
                s[r + EXTREME_BEFORE], s[r + TRAIL_BEFORE] = s[r + EXTREME], s[r + TRAIL]
            end = _scan_trailing(s, r, _row(low, i), _row(high, i), start, end)
            if trailing > 1 and final == 0:
                _rewind(s, r)
    return end


@njit(**_INLINE)
def _mark(s, close, start, end, equity, offset):
    """Write equity at the closes of [start, end); returns the first slice with none left, else `end`."""
    rows = int(s[INSTRUMENTS])
    cash = s[CASH]
    held = 0
    for i in range(rows):
        r = HEAD + i * ROW
        quantity = s[r + QUANTITY]
        if quantity == 0.0:
            continue
        average = s[r + AVERAGE]
        row = _row(close, i)
        if held == 0:
            for k in range(start, end):
                equity[k - offset] = cash + quantity * (row[k] - average)
        else:
            for k in range(start, end):
                equity[k - offset] += quantity * (row[k] - average)
        held += 1
    if held == 0:
        for k in range(start, end):
            equity[k - offset] = cash
    else:
        s[EXPOSED] += end - start
    ruin = s[RUIN]
    ruined = 0
    for k in range(start - offset, end - offset):
        ruined |= equity[k] <= ruin
    if ruined and s[HALTED] < RUINED:
        for k in range(start, end):
            if equity[k - offset] <= ruin:
                s[EXPOSED] -= end - k - 1
                return k
    return end


@njit(**_INNER)
def _watch(s, days, start, end, equity, offset):
    """Whether any of the marks [start, end) reaches a limit, and which: the first that does, else `end`.

    days: the UTC day of each slice, empty where none is asked for. A mark that is not the last is undone with those before it: the
    driver comes back to it, and goes no further.
    """
    peak, day, day_equity, last_mark = s[PEAK], s[DAY], s[DAY_EQUITY], s[LAST_MARK]
    for k in range(start, end):
        marked = equity[k - offset]
        _observe(s, marked, float(days[k]) if len(days) > 0 else 0.0)
        if _reached(s, marked) != NOT_REACHED:
            if k + 1 < end:
                s[PEAK], s[DAY], s[DAY_EQUITY], s[LAST_MARK] = peak, day, day_equity, last_mark
            return k
    return end


@njit(**_INNER)
def _fold(s, close, start, end, rows):
    """As `_mark` without writing: peak and drawdown only. Returns the first ruined slice, else `end`.

    With one instrument, a stretch without a new peak is told by its extremes, for equity is monotone in the close, rounding included.
    """
    cash = s[CASH]
    peak = s[PEAK]
    deepest = s[DRAWDOWN]
    held = 0
    for i in range(rows):
        held += s[HEAD + i * ROW + QUANTITY] != 0.0
    if held == 0:
        s[PEAK] = peak = max(peak, cash)
        if peak - cash > deepest * peak * (1.0 - 1e-12):
            s[DRAWDOWN] = max(deepest, 1.0 - cash / peak)
        return start if cash <= s[RUIN] and s[HALTED] < RUINED else end
    s[EXPOSED] += end - start
    quantity = s[HEAD + QUANTITY]
    average = s[HEAD + AVERAGE]
    only = _row(close, 0)
    k = start
    while k < end:
        stop = min(end, k + STRETCH)
        if rows == 1 and stop - k >= LANES:
            low, high = _extremes(only, k, stop)
            first = cash + quantity * (low - average)
            second = cash + quantity * (high - average)
            worst = min(first, second)
            if max(first, second) <= peak and worst > s[RUIN]:
                if peak - worst > deepest * peak * (1.0 - 1e-12):
                    deepest = max(deepest, 1.0 - worst / peak)
                k = stop
                continue
        while k < stop:
            marked = cash
            if rows == 1:
                marked = cash + quantity * (only[k] - average)
            else:
                first_held = True
                for i in range(rows):
                    r = HEAD + i * ROW
                    if s[r + QUANTITY] != 0.0:
                        gain = s[r + QUANTITY] * (_row(close, i)[k] - s[r + AVERAGE])
                        marked = cash + gain if first_held else marked + gain
                        first_held = False
            if marked > peak:
                peak = marked
            elif peak - marked > deepest * peak * (1.0 - 1e-12):
                deepest = max(deepest, 1.0 - marked / peak)
            if marked <= s[RUIN] and s[HALTED] < RUINED:
                s[EXPOSED] -= end - k - 1
                s[PEAK] = peak
                s[DRAWDOWN] = deepest
                return k
            k += 1
    s[PEAK] = peak
    s[DRAWDOWN] = deepest
    return end


@njit(**_INNER)
def _mark_days(s, close, day_ends, days, day, end, daily, rows):
    """Equity at the last mark of each day whose end lies before `end`."""
    while day < days and day_ends[day] < end:
        k = day_ends[day]
        marked = s[CASH]
        for i in range(rows):
            r = HEAD + i * ROW
            if s[r + QUANTITY] != 0.0:
                marked += s[r + QUANTITY] * (_row(close, i)[k] - s[r + AVERAGE])
        daily[day] = marked
        day += 1
    return day


@njit(**_OPTIONS)
def run(
    s, levels, length, open_, high, low, close, volume, count, closing, closes, base,
    decisions, masks, carries, cursor, equity, days, day_ends, daily, every, candles, lone,
):  # fmt: skip
    """Fold the slices from cursor[0] up to cursor[1] into `s`, with equity a slice, or its statistics where the ends of days are given.

    Floats: s, the flat state with plans and records; levels [series, N, T]; carries [K, 4] (slice, instrument, amount a unit, 0
    funding or 1 borrow), sorted; equity [T - first]. Ints: length, which is T; open_ to volume [N], addresses of float64 columns
    [T]; decisions [D, 2] (slice, instrument) sorted, masks [D]; count, closing [N, T] and closes [N, ordinals], empty on a plain
    grid; cursor: next slice, end, next decision, next carry, next day, first slice of equity, first slice not marked yet;
    days [T], the UTC day of each mark, or empty where no limit asks for it.
    `every` runs the whole transition on every slice; `candles` is None, or True for freqtrade's rules; `lone` is None, or True where
    there is but one instrument: every word of the state is then at a place that the compiler knows.
    Returns FINISHED, or RECORDS_FULL: call again with more room.
    """
    state, opens, tops = _pointer(s), _pointer(open_), _pointer(high)
    bottoms, closings, volumes = _pointer(low), _pointer(close), _pointer(volume)
    values, counts, lasts = _pointer(levels), _pointer(count), _pointer(closing)
    due, carried = _pointer(closes), _pointer(carries)
    rows = 1 if lone is not None else int(state[INSTRUMENTS])
    gapped, ordinals = count.shape[0] > 0, closes.shape[1]
    t, end = cursor[0], cursor[1]
    di, ci, day = cursor[2], cursor[3], cursor[4]
    first, unmarked, last = cursor[5], cursor[6], end
    full = state[CAPACITY] - 16 - 48 * state[INSTRUMENTS] if state[CAPACITY] > 0.0 else INF
    while True:
        # Nothing changes before `stop`: the next slice with an order, a decision behind it, a cost, a due time or a touched trigger.
        stop = t
        if t < end and not (every or (di < len(masks) and decisions[di, 0] < t) or _pending(state, rows)):
            stop = last
            if di < len(masks):
                stop = min(stop, decisions[di, 0] + 1)
            if ci < len(carries):
                stop = min(stop, int(carries[ci, 0]))
            stop = max(t, _due_slice(state, due, ordinals, base, stop, rows))
            stop = _first_touch(state, bottoms, tops, t, stop, rows)
        marked, exposed = stop, state[EXPOSED]
        if day_ends is not None:  # where it is None, Numba leaves out what only sweeps need
            marked = _fold(state, closings, unmarked, stop, rows)
            day = _mark_days(state, closings, _pointer(day_ends), len(day_ends), day, min(marked + 1, stop), _pointer(daily), rows)
        elif len(equity) > 0:
            marked = _mark(state, closings, unmarked, stop, _pointer(equity), first)
            if state[WATCHED] > 0.0:
                marked = _watch(state, days, unmarked, stop, _pointer(equity), first)
        if marked < stop:
            last = marked + 1
            if last == stop:
                _flatten(marked, state, RUIN_REACHED if state[WATCHED] == 0.0 else _reached(state, equity[marked - first]))
                t = unmarked = last
                last = end
            else:  # trailing stops have moved past it: once more, no further than to its close
                state[EXPOSED] = exposed
                for i in range(int(state[INSTRUMENTS])):
                    r = HEAD + i * ROW
                    if state[r + QUANTITY] != 0.0 and state[r + TRAILS] != NONE:
                        _rewind(state, r)
            continue
        unmarked = stop
        if stop >= end:
            t = stop
            break
        if state[WRITTEN] > full:
            t = stop
            break
        while di < len(masks) and decisions[di, 0] < stop:
            if lone is None:
                _decide(decisions[di, 0], decisions[di, 1], masks[di], length, state, values, closings, gapped, counts, base, lone)
            else:
                _decide_of_lone(decisions[di, 0], 0, masks[di], length, state, values, closings, gapped, counts, base, lone)
            di += 1
            if di + AHEAD < len(masks):
                ahead, i = min(decisions[di + AHEAD, 0] + 1, end - 1), decisions[di + AHEAD, 1]
                _prefetch(_row(opens, i), ahead)
                _prefetch(_row(tops, i), ahead)
                _prefetch(_row(bottoms, i), ahead)
                _prefetch(_row(closings, i), ahead)
        state[NOW] = stop
        while ci < len(carries) and carries[ci, 0] <= stop:
            _carry(state, carried, ci)
            ci += 1
        if lone is None:
            _slice(stop, length, state, opens, tops, bottoms, closings, volumes, gapped, counts, lasts, base, candles, lone)
        else:
            _slice_of_lone(stop, length, state, opens, tops, bottoms, closings, volumes, gapped, counts, lasts, base, candles, lone)
        t = stop + 1
    cursor[0], cursor[2], cursor[3], cursor[4], cursor[6] = t, di, ci, day, unmarked
    return FINISHED if t >= end else RECORDS_FULL


@njit(**_OPTIONS)
def run_cells(
    state, levels, length, open_, high, low, close, volume, count, closing, closes,
    decisions, masks, ends, carries, start, states, day_ends, daily, lone,
):  # fmt: skip
    """`run` from the same state and cursor on for many lists of decisions, one after another; `ends` [cells]: where each one's end.

    What they come to is in states [cells, words] and daily [cells, days]. Only sweeps compile it.
    """
    head = 0
    for cell in range(len(ends)):
        states[cell] = state
        run(
            states[cell], levels, length, open_, high, low, close, volume, count, closing, closes, 0,
            decisions[head : ends[cell]], masks[head : ends[cell]], carries, start.copy(), np.empty(0), ends[:0], day_ends, daily[cell],
            False, None, lone,
        )  # fmt: skip
        head = ends[cell]


@njit(**_OPTIONS)
def step(s, quotes, carries):
    """Fold one slice and mark it: `run` for a session that is fed bar by bar, with few arguments because each costs.

    quotes [N * QUOTE]: of each instrument open, high, low, close, volume, the number of its own bar, and whether it has one here;
    where a limit watches the day, TODAY is set before. Returns equity at the close.
    """
    state = _pointer(s)
    state[NOW] = 0.0
    for k in range(len(carries)):
        _carry(state, _pointer(carries), k)
    rows = len(quotes) // QUOTE
    places = np.empty((5, rows), np.int64)
    count = np.empty(rows, np.int64)
    closing = np.empty(rows, np.uint8)
    for i in range(rows):
        for column in range(5):
            places[column, i] = quotes.ctypes.data + 8 * (QUOTE * i + column)
        count[i] = int(quotes[QUOTE * i + 5])
        closing[i] = quotes[QUOTE * i + 6] > 0.0
    _slice(
        0, 1, state, _pointer(places[0]), _pointer(places[1]), _pointer(places[2]), _pointer(places[3]), _pointer(places[4]), True,
        _pointer(count), _pointer(closing), 0, None, None,
    )  # fmt: skip
    equity = state[CASH]
    for i in range(int(state[INSTRUMENTS])):
        r = HEAD + i * ROW
        if state[r + QUANTITY] != 0.0:
            equity += state[r + QUANTITY] * (quotes[QUOTE * i + 3] - state[r + AVERAGE])
    if state[WATCHED] > 0.0:
        _observe(state, equity, state[TODAY])
    reached = _reached(state, equity)
    if reached != NOT_REACHED:
        _flatten(0, state, reached)
    return equity


@njit(**_OPTIONS)
def decide(s, levels, length, close, count, base, decisions, masks, first):
    """Decide at the closes left over: what `run` does with a slice's decisions before it folds the next slice."""
    for d in range(first, len(masks)):
        _decide(
            decisions[d, 0], decisions[d, 1], masks[d], length, _pointer(s), _pointer(levels), _pointer(close),
            count.shape[0] > 0, _pointer(count), base, None,
        )  # fmt: skip


@njit(**_OPTIONS)
def finish(state, t, last_opens, finalize, equity):
    """Expire what is pending at the end; where the convention says so, close positions at the open of their last bar (S6.6, S9)."""
    s = _pointer(state)
    s[NOW] = t
    for i in range(int(s[INSTRUMENTS])):
        r = HEAD + i * ROW
        if s[r + ENTRY] != 0.0 or s[r + RESIZE] != 0.0 or s[r + EXIT] > 0.0:
            _record(s, r, EXPIRED, 1.0, 0.0, 0.0, 0.0, 0.0)
        if s[r + LIMIT] != 0.0:
            _record(s, r, EXPIRED, 0.0, 0.0, 0.0, 0.0, 0.0)
        if finalize and s[r + QUANTITY] != 0.0:
            held = s[r + QUANTITY]
            _book(s, r, -held, _exit_price(last_opens[i], held < 0.0, 0.0, s, r), s[TAKER], R_FINALIZE, 0.0)
            _flat(s, r)
    if finalize and len(equity) > 0:
        equity[len(equity) - 1] = s[CASH]
