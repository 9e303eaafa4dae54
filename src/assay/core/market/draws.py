"""Random draws that are the same on every machine and under every version of numpy, for whoever has the seed.

Bit generators are stable by numpy's promise, distributions are not; and sines, logarithms and exponentials differ in their last
bit between processors. So these draws go from raw integers by +, -, *, / and the square root alone, which IEEE 754 fixes.
"""

from __future__ import annotations

from functools import reduce
from operator import add

import numpy as np

from assay.core.market.bars import Floats


class Draws:
    """A stream of draws from one seed."""

    def __init__(self, seed: int) -> None:
        self._raw = np.random.PCG64(seed)

    def uniform(self, *shape: int) -> Floats:
        """In [0, 1), by the upper 53 bits."""
        raw = self._raw.random_raw(int(np.prod(shape)))
        unit: Floats = ((raw >> np.uint64(11)).astype(np.float64) * 2.0**-53).reshape(shape)
        return unit

    def normal(self, *shape: int) -> Floats:
        """The sum of twelve uniforms less six (Irwin and Hall): mean 0, variance 1, tails cut at six."""
        total: Floats = reduce(add, self.uniform(12, *shape))
        return total - 6.0

    def swing(self, *shape: int, degrees: int = 5) -> Floats:
        """What to multiply a normal by for Student's tails and variance 1: the root of `degrees - 2` over a chi-square."""
        square = reduce(add, (column * column for column in self.normal(degrees, *shape)))
        return np.asarray(np.sqrt((degrees - 2.0) / np.maximum(square, 0.05)))
