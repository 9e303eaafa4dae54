"""Where one column crosses another: ties keep the side, a missing value forgets it (STRATEGY, "A cross")."""

from __future__ import annotations

from typing import Final

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from assay.core.kernel.drive import Floats, Ints

TIE: Final = 1e-10  # of the right side
LANES: Final = 8
_ALL: Final = (1 << LANES) - 1
_MISSING: Final = 4


@intrinsic  # type: ignore[untyped-decorator]
def _apart(typing_context, upper, lower, right, k):  # type: ignore[no-untyped-def]
    """A bit for each of the `LANES` bars from `k` on in which `upper` lies above `lower`, both finite, by more than a tie.

    Written as vectors because a loop over so few bars is unrolled into single comparisons before anything could join them.
    """

    def bits(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        lanes, at = ir.VectorType(ir.DoubleType(), LANES), arguments[3]

        def bars(array, kind):  # type: ignore[no-untyped-def]
            data = context.make_array(kind)(context, builder, array).data
            return builder.load(builder.bitcast(builder.gep(data, [at]), lanes.as_pointer()), align=8)

        def each(value):  # type: ignore[no-untyped-def]
            return ir.Constant(lanes, [ir.Constant(ir.DoubleType(), value)] * LANES)

        above, below, scale = (bars(array, kind) for array, kind in zip(arguments[:3], signature.args[:3], strict=True))
        size = cgutils.get_or_insert_function(builder.module, ir.FunctionType(lanes, [lanes]), f"llvm.fabs.v{LANES}f64")
        gap, tie = builder.fsub(above, below), builder.fmul(each(TIE), builder.call(size, [scale]))
        apart = builder.and_(builder.fcmp_ordered(">", gap, tie), builder.fcmp_ordered("<", gap, each(np.inf)))
        return builder.zext(builder.bitcast(apart, ir.IntType(LANES)), ir.IntType(64))

    return types.int64(upper, lower, right, k), bits


@intrinsic  # type: ignore[untyped-decorator]
def _lowest_bit(typing_context, bits):  # type: ignore[no-untyped-def]
    """The place of the lowest bit that is set; one is."""
    return types.int64(bits), lambda context, builder, signature, arguments: builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))


@njit(cache=True, nogil=True, error_model="numpy")
def _find(a: Floats, b: Floats, above: Ints, below: Ints) -> tuple[int, int]:
    """Write each place where the side changes, by the new side; returns how many of each. Bars that stay are passed `LANES` at a time."""
    up = 0
    down = 0
    side = 0
    k = 0
    while k < len(a):
        while side != 0 and k + LANES <= len(a):
            stay = _apart(a, b, b, k) if side > 0 else _apart(b, a, b, k)
            if stay != _ALL:
                k += _lowest_bit(~stay)
                break
            k += LANES
        if k == len(a):
            break
        gap = a[k] - b[k]
        tie = TIE * abs(b[k])
        now = (gap > tie) - (gap < -tie)
        if gap - gap != 0.0:
            side = 0
        elif now != 0:
            if side == -now:
                if now > 0:
                    above[up] = k
                    up += 1
                else:
                    below[down] = k
                    down += 1
            side = now
        k += 1
    return up, down


def changes(a: Floats, b: Floats, length: int) -> tuple[Ints, Ints]:
    """(places where `a` crosses above `b`, where below), rising. An operand of one value stands for a constant column."""
    if len(a) != length or len(b) != length:
        a, b = (np.full(length, one[0]) if len(one) != length else one for one in (a, b))
    above, below = np.empty(length // 2 + 1, np.int64), np.empty(length // 2 + 1, np.int64)
    up, down = _find(a, b, above, below)
    return above[:up], below[:down]


def crosses_now(a: Floats, b: Floats) -> int:
    """+1 or -1 where the last row is a crossing, else 0: looks back only as far as the ties go."""
    last = len(a) - 1
    now = _side(a.item(last), b.item(last))
    if now in (0, _MISSING):
        return 0
    for row in range(last - 1, -1, -1):
        before = _side(a.item(row), b.item(row))
        if before != 0:
            return now if before == -now else 0
    return 0


def _side(a: float, b: float) -> int:
    gap = a - b
    tie = TIE * abs(b)
    return (gap > tie) - (gap < -tie) if gap - gap == 0.0 else _MISSING
