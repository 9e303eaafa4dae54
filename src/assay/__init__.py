"""Assay proves trading strategies before money touches them, and then trades them.

`import assay` costs nothing: its names are looked up in `assay.interface` when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from assay.interface import (
        Account,
        AccountError,
        AssayError,
        Bars,
        DataError,
        Explanation,
        Funding,
        Opinions,
        Problem,
        Proof,
        Result,
        Strategy,
        StrategyError,
        Sweep,
        backtest,
        load_bars,
        load_funding,
        lookahead,
        sweep,
    )

else:

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module 'assay' has no attribute {name!r}")
        from assay import interface

        globals()[name] = found = getattr(interface, name)
        return found


__version__: Final = "0.1.0"
__all__ = [
    "Account",
    "AccountError",
    "AssayError",
    "Bars",
    "DataError",
    "Explanation",
    "Funding",
    "Opinions",
    "Problem",
    "Proof",
    "Result",
    "Strategy",
    "StrategyError",
    "Sweep",
    "backtest",
    "load_bars",
    "load_funding",
    "lookahead",
    "sweep",
]


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
