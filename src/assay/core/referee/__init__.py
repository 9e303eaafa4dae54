"""The referee: docs/SIMULATION.md once more, slow and exact, for the kernel to be held against.

It shares no code with what it judges; it knows the domain's words and the strategy document, nothing else.
"""

from __future__ import annotations

from assay.core.referee.outcome import (
    Candle,
    Carry,
    Decision,
    Feed,
    Fill,
    Holding,
    Outcome,
    Reached,
    Refusal,
    Trade,
)
from assay.core.referee.run import run

__all__ = ["Candle", "Carry", "Decision", "Feed", "Fill", "Holding", "Outcome", "Reached", "Refusal", "Trade", "run"]
