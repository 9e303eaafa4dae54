"""Which rules hold at which closes, of many cells at once, compiled.

Lists of rows are given by their addresses, so that those of many cells need not be copied side by side.
"""

from __future__ import annotations

from typing import Final

from numba import njit, types
from numba.extending import intrinsic

_NEVER: Final = (1 << 63) - 1
_OPTIONS: Final = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}


@intrinsic
def _integers(typing_context, address):
    """A list of rows by its address."""

    def pointer(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return types.CPointer(types.int64)(address), pointer


@njit(**_OPTIONS)
def merge(runs, instrument, places, masks, ends):
    """The rising rows of each cell's rules as one rising list of places with masks, one cell after another.

    runs [cells, rules, 2]: address and number of rows, used up; places [.., 2] (row, instrument); ends [cells]: where each cell's
    places end. Returns the number of places.
    """
    rules = runs.shape[1]
    count = 0
    for cell in range(len(runs)):
        while True:
            row = _NEVER
            for rule in range(rules):
                if runs[cell, rule, 1] > 0:
                    row = min(row, _integers(runs[cell, rule, 0])[0])
            if row == _NEVER:
                break
            mask = 0
            for rule in range(rules):
                if runs[cell, rule, 1] > 0 and _integers(runs[cell, rule, 0])[0] == row:
                    mask |= 1 << rule
                    runs[cell, rule, 0] += 8
                    runs[cell, rule, 1] -= 1
            places[count, 0] = row
            places[count, 1] = instrument
            masks[count] = mask
            count += 1
        ends[cell] = count
    return count
