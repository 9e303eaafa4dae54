"""Several truths weighed together on columns: so many of them, or so much.

What is unknown decides nothing: the answer is known where it would be the same however the unknown ones came out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FEW: Final = 5
ROUNDING: Final = 1e-9
"""Of the sum of the weights' sizes: a sum that falls short of its threshold by less reaches it (0.1 + 0.7 reaches 0.8)."""


def at_least(n: int, truths: Iterable[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """2 where `n` are true, 0 where so many cannot be, else 1."""
    sure, possible = np.zeros((2, 1), np.uint16)
    for truth in truths:
        sure, possible = sure + (truth == 2), possible + (truth != 0)
    return _answer(sure >= n, possible >= n)


def score(weights: Sequence[float], truths: Sequence[NDArray[np.uint8]], threshold: float) -> NDArray[np.uint8]:
    """2 where the weights of what is true reach the threshold whatever the unknown ones are, 0 where they cannot, else 1."""
    if len(truths) > _FEW:
        return _weighed(weights, truths, threshold)
    # A few truths are one digit each of a number below 256, and only so many answers need to be computed.
    code = np.zeros(1, np.uint8)
    for truth in reversed(truths):
        code = code * np.uint8(3) + truth
    digits = np.arange(3 ** len(truths))
    cases = [(digits // 3**place % 3).astype(np.uint8) for place in range(len(truths))]
    return _weighed(weights, cases, threshold).take(code)


def _weighed(weights: Sequence[float], truths: Sequence[NDArray[np.uint8]], threshold: float) -> NDArray[np.uint8]:
    low, high = np.zeros((2, 1))
    for weight, truth in zip(weights, truths, strict=True):
        sure, unknown = weight * (truth == 2), weight * (truth == 1)
        low, high = low + sure + np.minimum(unknown, 0.0), high + sure + np.maximum(unknown, 0.0)
    return _answer(low >= threshold, high >= threshold)


def reached_at(threshold: float, weights: Iterable[float]) -> float:
    """From which sum on a score reaches its threshold."""
    return threshold - ROUNDING * math.fsum(map(abs, weights))


def _answer(sure: NDArray[np.bool_], possible: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """What is sure is possible, too."""
    return sure.view(np.uint8) + possible.view(np.uint8)
