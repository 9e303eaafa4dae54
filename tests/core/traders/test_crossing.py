"""Crosses found many bars at a time are those that a look at each bar finds."""

from __future__ import annotations

import numpy as np
import pytest

from assay.core.indicators.crossing import changes
from assay.core.indicators.scan import LANES
from assay.core.traders.rules.crossing import crosses_to


@pytest.mark.parametrize("seed", range(40))
def test_changes_are_the_crosses_of_every_bar(seed: int) -> None:
    random = np.random.default_rng(seed)
    length = int(random.integers(1, 6 * LANES))
    b = random.choice([1.0, 2.0, -3.0], length)
    a = b + random.choice([1.0, -1.0, 0.0, 1e-11, -1e-11], length, p=[0.4, 0.4, 0.1, 0.05, 0.05]).cumsum() / 8.0
    for column in (a, b):
        column[random.random(length) < 0.04] = random.choice([np.nan, np.inf, -np.inf])

    def crosses(side: int) -> list[int]:
        return [bar for bar in range(length) if crosses_to(side, a[: bar + 1], b[: bar + 1], bar)]

    above, below = changes(a, b, length)
    assert above.tolist() == crosses(1)
    assert below.tolist() == crosses(-1)


def test_an_operand_of_one_value_is_a_constant_column() -> None:
    above, below = changes(np.array([1.0, 3.0, 2.0, 1.0]), np.array([2.0]), 4)
    assert (above.tolist(), below.tolist()) == ([1], [3])
