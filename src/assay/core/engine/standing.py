"""The standing target of an instrument at every close, told from what a run recorded.

A decision says what stood before it and what stands after; in between a target can only fall to 0 (SIMULATION S6.4). Where it did and
one record alone can have done it, it was that one; where several can, the fold is asked again and stopped there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from assay.core.kernel import transition as k
from assay.core.kernel.drive import Floats, Ints

_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Standing:
    """From each of the slices on (rising) until the next the target is what stands beside it; 0 before the first."""

    slices: Ints
    targets: Floats

    def at(self, slices: Ints) -> Floats:
        """After the decisions of each of the slices."""
        return np.concatenate([[0.0], self.targets])[np.searchsorted(self.slices, slices, side="right")]


@dataclass(slots=True)
class _Reading:
    """`changes`: (slice, whether by a decision, target). `open_`: the slices of each stretch in which one of several made it 0."""

    target: float = 0.0
    quantity: float = 0.0
    suspects: list[int] = field(default_factory=list)
    changes: list[tuple[int, bool, float]] = field(default_factory=list)
    open_: list[list[int]] = field(default_factory=list)

    def filled(self, place: int, quantity: float) -> None:
        """What is left of a sum of fills is nothing; too much suspicion costs time alone."""
        self.quantity += quantity
        if abs(self.quantity) <= _NOTHING * abs(quantity):
            self.quantity = 0.0
            self.suspect(place)
        elif self.suspects and self.suspects[-1] == place:
            self.suspects.pop()

    def suspect(self, place: int) -> None:
        if not self.suspects or self.suspects[-1] != place:
            self.suspects.append(place)

    def decided(self, place: int, after: float, before: float) -> None:
        if self.target != 0.0 and before == 0.0:
            if len(self.suspects) == 1:
                self.changes.append((self.suspects[0], False, 0.0))
            else:
                self.open_.append(self.suspects)
        self.target, self.suspects = after, []
        self.changes.append((place, True, after))

    def ended(self) -> None:
        if self.target != 0.0 and self.suspects:
            self.open_.append(self.suspects)


def standing(records: Floats, instrument: int, ask: Callable[[Ints], Floats]) -> Standing:
    """Read an instrument's standing targets from a run's records; `ask` folds again, and says what stood at each of some slices."""
    reading = _Reading()
    mine = records[(records[:, 2] == instrument) | (records[:, 0] >= k.HALTED_NOW)]
    for kind, place, _, first, second, third, *_ in mine.tolist():
        if kind == k.FILLED:
            reading.filled(int(place), first)
        elif kind == k.DECIDED:
            reading.decided(int(place), second, third)
        elif kind in (k.EXPIRED, k.HALTED_NOW, k.LIMIT_REACHED) or (kind == k.REFUSED and first < k.ENTRIES_HALTED):
            reading.suspect(int(place))
    reading.ended()
    if reading.open_:
        asked = np.unique(np.concatenate([np.array(each, np.int64) for each in reading.open_]))
        found = dict(zip(asked.tolist(), ask(asked).tolist(), strict=True))
        for suspects in reading.open_:
            fell = next((place for place in suspects if found[place] == 0.0), None)
            if fell is not None:
                reading.changes.append((fell, False, 0.0))
    changes = sorted(reading.changes, key=lambda change: change[:2])
    return Standing(np.array([place for place, _, _ in changes], np.int64), np.array([target for _, _, target in changes], np.float64))
