"""Which rules hold at which closes, of many cells at once, compiled.

Lists of rows are given by their addresses, so that those of many cells need not be copied side by side.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

_OPTIONS: Final = {"cache": True, "nogil": True, "error_model": "numpy"}


@intrinsic
def _integers(typing_context, address):
    """A list of rows by its address."""

    def pointer(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return types.CPointer(types.int64)(address), pointer


@njit(**_OPTIONS)
def merge(runs, instrument, places, masks, ends):
    """The rising rows of each cell's rules as one rising list of places with masks, one cell after another.

    runs [cells, rules, 2]: address and number of rows; places [.., 2] (row, instrument); ends [cells]: where each cell's places end.
    Returns the number of places.
    """
    rules = runs.shape[1]
    heads = np.empty(rules, np.int64)
    nexts = np.empty(rules, np.int64)
    over = np.iinfo(np.int64).max
    count = 0
    for cell in range(len(runs)):
        for rule in range(rules):
            heads[rule] = 0
            nexts[rule] = _integers(runs[cell, rule, 0])[0] if runs[cell, rule, 1] > 0 else over
        while True:
            row = over
            for rule in range(rules):
                row = min(row, nexts[rule])
            if row == over:
                break
            mask = 0
            for rule in range(rules):
                if nexts[rule] == row:
                    mask |= 1 << rule
                    heads[rule] += 1
                    nexts[rule] = _integers(runs[cell, rule, 0])[heads[rule]] if heads[rule] < runs[cell, rule, 1] else over
            places[count, 0] = row
            places[count, 1] = instrument
            masks[count] = mask
            count += 1
        ends[cell] = count
    return count
