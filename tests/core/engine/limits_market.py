"""A market for limits: bars as text with what is decided at their closes, and what two engines then tell, which has to be the same.

    told("100 L, 100, 90", limits={"max_drawdown": 0.05})    "1 buy 10 entry, 2 reached max_drawdown"

Bars are hours from midnight on and stand still at one price; a dot is no bar. After the price a letter: L enters long, S short, X leaves, T
targets a quarter, H halts. An account of 1,000 without fees. Several instruments are given by name, A and B.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from assay.core import referee
from assay.core.domain.account import Account
from assay.core.domain.fills import Reason
from assay.core.domain.timeframe import Timeframe
from assay.core.engine.backtest import Inputs
from assay.core.engine.journal import Journal, play
from assay.core.market.bars import Bars
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse

HOUR_NS: Final = 3_600_000_000_000
ACTIONS: Final = {"L": "enter_long", "S": "enter_short", "X": "exit", "T": "target", "H": "halt"}
SIGNALS: Final = {letter: float(code) for code, letter in enumerate(ACTIONS, 1)}
"""Which rule holds is told by the volume."""


def journal(market: str | Mapping[str, str], *, limits: Mapping[str, Any], size: float = 1.0, bracket: Mapping[str, Any] | None = None,
            **account: Any) -> Journal:  # fmt: skip
    """The kernel's run; `bracket` goes with every entry and target."""
    markets = {"test:A": market} if isinstance(market, str) else {f"test:{name}": text for name, text in market.items()}
    then: dict[str, dict[str, Any]] = {letter: {"action": action} for letter, action in ACTIONS.items()}
    for letter in "LS":
        then[letter] |= {"size": size, **(bracket or {})}
    then["T"] |= {"value": 0.25, **{key: level for key, level in (bracket or {}).items() if key != "limit"}}
    rules = [
        {"id": action, "when": {"left": "volume", "op": "==", "right": SIGNALS[letter]}, "then": then[letter]}
        for letter, action in ACTIONS.items()
    ]
    document = parse(
        {
            "schema": "assay/strategy@1", "name": "limits", "timeframe": "1h", "universe": list(markets), "rules": rules,
            "limits": {"leverage": account.get("leverage", 1.0), **limits},
        }
    )  # fmt: skip
    inputs = Inputs({name: bars(name, text) for name, text in markets.items()}, {}, {})
    return play(bind(document), inputs, Account(**{"cash": 1_000.0, "fee_rate": 0.0, **account}))


def bars(name: str, text: str) -> Bars:
    slots = [(hour, slot.split()) for hour, slot in enumerate(text.split(","))]
    kept = [(hour, float(price), SIGNALS[rest[0]] if rest else 0.0) for hour, (price, *rest) in slots if price != "."]
    hours, prices, signals = (np.array(column) for column in zip(*kept, strict=True))
    return Bars(name, Timeframe("1h"), hours * HOUR_NS, prices, prices.copy(), prices.copy(), prices.copy(), signals)


def told(market: str | Mapping[str, str], **terms: Any) -> str:
    """`slice side quantity [instrument] reason`, `slice refused by limit`, `slice reached limit`: as the kernel and the referee tell it."""
    run = journal(market, **terms)
    ours, theirs = kernel_tells(run), referee_tells(run)
    assert ours == theirs, f"kernel: {ours}; referee: {theirs}"
    return ours


def kernel_tells(run: Journal) -> str:
    fills = run.written.fills
    rows = zip(fills.slice.tolist(), fills.instrument.tolist(), fills.quantity.tolist(), fills.reason.tolist(), strict=True)
    return _sentence(run, list(rows), run.written.refusals(), run.written.reached())


def referee_tells(run: Journal) -> str:
    feeds = {name: _feed(each) for name, each in run.inputs.bars.items()}
    outcome = referee.run(run.document, run.account, feeds, timeframe_ns=HOUR_NS)
    return _sentence(
        run,
        [(fill.slice, fill.instrument, float(fill.quantity), fill.reason) for fill in outcome.fills],
        [(refusal.slice, refusal.instrument, refusal.code) for refusal in outcome.refusals],
        [(reached.slice, reached.limit) for reached in outcome.reached],
    )


def _feed(each: Bars) -> referee.Feed:
    columns = (each.ts, each.open, each.high, each.low, each.close, each.volume)
    return referee.Feed(tuple(referee.Candle(*row) for row in zip(*(column.tolist() for column in columns), strict=True)))


def _sentence(
    run: Journal, fills: list[tuple[int, int, float, int]], refusals: list[tuple[int, int, str]], reached: list[tuple[int, str]]
) -> str:
    names = [""] if len(run.inputs.bars) == 1 else [f" {name[-1]}" for name in run.inputs.bars]
    happened = [
        (at, 0, f"{'buy' if quantity > 0 else 'sell'} {abs(quantity):.6g}{names[row]} {Reason(reason).label}")
        for at, row, quantity, reason in fills
    ]
    happened += [(at, 1, f"reached {limit}") for at, limit in reached]
    happened += [(at, 2, f"refused{names[row]} by {code}") for at, row, code in refusals]
    return ", ".join(f"{at} {what}" for at, _, what in sorted(happened, key=lambda each: each[:2]))
