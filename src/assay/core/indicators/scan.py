"""Where columns cross, searched in many pairs of them at once, compiled. What a tie is, is said here alone.

Columns are given by their addresses, so that those of many cells of a sweep need not be copied side by side.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

TIE: Final = 1e-10
"""|a - b| <= TIE * |b| is a tie."""

LANES: Final = 8
_ALL: Final = (1 << LANES) - 1
_OPTIONS: Final = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}


@intrinsic
def _floats(typing_context, address):
    """A column of floats by its address."""

    def pointer(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return types.CPointer(types.float64)(address), pointer


@intrinsic
def _apart(typing_context, upper, lower, right, k):
    """A bit for each of the `LANES` bars from `k` on in which `upper` lies above `lower`, both finite, by more than a tie.

    Written as vectors because a loop over so few bars is unrolled into single comparisons before anything could join them.
    """

    def bits(context, builder, signature, arguments):
        lanes = ir.VectorType(ir.DoubleType(), LANES)

        def bars(column):
            return builder.load(builder.bitcast(builder.gep(column, [arguments[3]]), lanes.as_pointer()), align=8)

        def each(value):
            return ir.Constant(lanes, [ir.Constant(ir.DoubleType(), value)] * LANES)

        above, below, scale = (bars(column) for column in arguments[:3])
        size = cgutils.get_or_insert_function(builder.module, ir.FunctionType(lanes, [lanes]), f"llvm.fabs.v{LANES}f64")
        gap, tie = builder.fsub(above, below), builder.fmul(each(TIE), builder.call(size, [scale]))
        apart = builder.and_(builder.fcmp_ordered(">", gap, tie), builder.fcmp_ordered("<", gap, each(np.inf)))
        return builder.zext(builder.bitcast(apart, ir.IntType(LANES)), ir.IntType(64))

    return types.int64(upper, lower, right, k), bits


@intrinsic
def _lowest_bit(typing_context, bits):
    """The place of the lowest bit that is set; one is."""
    return types.int64(bits), lambda context, builder, signature, arguments: builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))


@njit(**_OPTIONS)
def find_changes(lefts, rights, length, above, below, ups, downs):
    """Where the left column of each pair comes to lie above the right one, and below: rows one pair after another.

    lefts, rights [pairs], addresses of columns of `length`; above, below: room for the rows; ups, downs [pairs]: where each pair's
    rows end. Bars that stay on their side are passed `LANES` at a time.
    """
    up = 0
    down = 0
    for pair in range(len(lefts)):
        a, b = _floats(lefts[pair]), _floats(rights[pair])
        side = 0
        k = 0
        while k < length:
            while side != 0 and k + LANES <= length:
                stay = _apart(a, b, b, k) if side > 0 else _apart(b, a, b, k)
                if stay != _ALL:
                    k += _lowest_bit(~stay)
                    break
                k += LANES
            if k == length:
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
        ups[pair] = up
        downs[pair] = down
