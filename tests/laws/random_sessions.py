"""Random strategies on random bars: coarse prices, so that levels are touched and tied, and every feature of the page now and then.

A session is made from one seed; the same seed is the same session anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from assay.core.domain.account import Account
from assay.core.domain.errors import StrategyError
from assay.core.domain.timeframe import Timeframe
from assay.core.engine.backtest import Inputs
from assay.core.engine.carries import Funding
from assay.core.market.bars import Bars
from assay.core.strategy.document import Document
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse

HOUR_NS = 3_600_000_000_000
START_NS = 1_700_000_000_000_000_000 // HOUR_NS * HOUR_NS
NAMES = ("test:A/B", "test:C/D:D", "test:EF")


@dataclass(frozen=True)
class RandomSession:
    document: Document
    inputs: Inputs
    account: Account


def random_session(seed: int, *, narrow: bool = False) -> RandomSession:
    """With `narrow` in the language of the first engine, in which some seeds once found something."""
    draw = Draw(seed, narrow=narrow)
    names = NAMES[: draw.choice([1, 1, 1, 2, 3])]
    nested = draw.chance(0.12)
    length = draw.integer(30, 160)
    bars = {name: random_bars(draw, name, length) for name in names}
    fine = {name: split(draw, one) for name, one in bars.items()} if nested else {}
    account = random_account(draw)
    start = None
    if draw.chance(0.2):
        start = datetime.fromtimestamp((START_NS + draw.integer(1, 15) * HOUR_NS) / 1e9, UTC)
    funding = {name: random_funding(draw, length) for name in names if draw.chance(0.25)}
    return RandomSession(random_document(draw, names), Inputs(bars, fine, funding, start), account)


class Draw:
    """A seeded source of choices."""

    def __init__(self, seed: int, *, narrow: bool = False) -> None:
        self.random = np.random.default_rng(seed)
        self.narrow = narrow

    def choice(self, options: list[Any]) -> Any:
        return options[int(self.random.integers(len(options)))]

    def chance(self, probability: float) -> bool:
        return bool(self.random.random() < probability)

    def integer(self, low: int, high: int) -> int:
        return int(self.random.integers(low, high + 1))


def random_bars(draw: Draw, name: str, length: int) -> Bars:
    """A walk on a grid of half points with gaps; sometimes wild, sometimes with bars missing."""
    grid = draw.choice([0.5, 0.5, 0.25, 0.01, 1.0])
    reach = draw.choice([2, 4, 8, 30])
    price = float(draw.choice([20, 100, 100, 137]))
    rows = []
    for _ in range(length):
        gap = draw.integer(-reach, reach) * grid if draw.chance(0.3) else 0.0
        open_ = max(price + gap, grid)
        close = max(open_ + draw.integer(-reach, reach) * grid, grid)
        high = max(open_, close) + draw.integer(0, reach) * grid * draw.choice([0, 1, 1])
        low = max(min(open_, close) - draw.integer(0, reach) * grid * draw.choice([0, 1, 1]), grid)
        rows.append((open_, high, low, close, float(draw.integer(0, 400) if draw.chance(0.9) else 0)))
        price = close
    ts = START_NS + np.arange(length, dtype=np.int64) * HOUR_NS
    table = np.round(np.array(rows), 6)
    kept = np.ones(length, bool)
    if draw.chance(0.3):
        kept = draw.random.random(length) > 0.15
        kept[-1] = kept[0] = True
    open_, high, low, close, volume = (np.ascontiguousarray(table[kept, column]) for column in range(5))
    return Bars(name, Timeframe("1h"), ts[kept], open_, high, low, close, volume)


def split(draw: Draw, bars: Bars) -> Bars:
    """Each bar as up to four quarters of an hour that add up to it; some quarters are missing."""
    ts, rows = [], []
    for at, *ohlc, volume in zip(bars.ts, bars.open, bars.high, bars.low, bars.close, bars.volume, strict=True):
        open_, high, low, close = (float(price) for price in ohlc)
        middle = [open_, *(float(draw.choice([high, low, (high + low) / 2, open_])) for _ in range(3)), close]
        quarters = [0, 1, 2, 3] if draw.chance(0.85) else sorted({0, draw.integer(0, 3)})
        for quarter in quarters:
            first, last = middle[quarter], middle[quarter + 1]
            rows.append((first, max(first, last), min(first, last), last, float(volume) / 4))
            ts.append(int(at) + quarter * HOUR_NS // 4)
    opens, highs, lows, closes, volumes = (np.ascontiguousarray(column) for column in np.array(rows).T)
    return Bars(bars.instrument, Timeframe("15m"), np.array(ts, np.int64), opens, highs, lows, closes, volumes)


def random_funding(draw: Draw, length: int) -> Funding:
    every = draw.choice([3, 8])
    jitter = draw.choice([0, 0, 17_000_000])
    ts = START_NS + np.arange(0, length, every, dtype=np.int64) * HOUR_NS + jitter
    return Funding(ts, np.array([draw.choice([0.0001, -0.0002, 0.01, 0.0]) for _ in ts]))


def random_account(draw: Draw) -> Account:
    return Account(
        cash=draw.choice([1_000.0, 10_000.0, 250_000.0]),
        fee_rate=draw.choice([0.0, 0.001, 0.002]),
        maker_fee_rate=draw.choice([None, None, 0.0, 0.0005, -0.0001]),
        slippage_bps=draw.choice([0.0, 0.0, 5.0, 25.0, -3.0]),
        lot=draw.choice([0.0, 0.0, 1.0, 0.1, 0.01]),
        tick=draw.choice([0.0, 0.0, 0.0, 0.5, 0.01, 0.3]),
        leverage=draw.choice([1.0, 1.0, 2.0, 5.0, 20.0]),
        maintenance_margin_rate=draw.choice([None, None, 0.02]),
        liquidation_fee_rate=draw.choice([0.0, 0.01]),
        borrow_rate=draw.choice([0.0, 0.0, 0.5]),
        volume_cap=draw.choice([None, None, None, 0.1, 0.5]),
        minimum_notional=draw.choice([0.0, 0.0, 100.0]),
        convention=draw.choice(["assay", "assay", "assay", "assay", "backtesting.py", "backtesting.py-finalize", "backtesting.py-readme"]),
    )


SERIES: Mapping[str, Any] = {
    "quick": {"indicator": "sma", "parameters": {"timeperiod": 2}},
    "slow": {"indicator": "sma", "parameters": {"timeperiod": 5}},
    "span": {"formula": "high - low"},
    "mood": {"formula": "close / shift(close, 1)"},
    "hole": {"formula": "log(close - shift(close, 2)) if hour() % 6 else value_when(rising(close), close)"},
    "range": {"indicator": "atr", "parameters": {"timeperiod": 3}},
}
COARSER: Mapping[str, Any] = {
    "tide": {"indicator": "ema", "parameters": {"timeperiod": 2}, "timeframe": "4h"},
    "daily": {"formula": "(high + low) / 2 + 0 * quick + weekday() % 2", "timeframe": "1d"},
    "pull": {"formula": "tide - shift(daily, 1) + macd(2, 4, 2).signal", "timeframe": "2h"},
    "bands": {"indicator": "bbands", "parameters": {"timeperiod": 3}, "inputs": ["tide"], "timeframe": "4h"},
}
OPERANDS = ["open", "high", "low", "close", "quick", "slow", "hole"]
COARSER_OPERANDS = ["tide", "daily", "bands.upper"]


def random_document(draw: Draw, names: tuple[str, ...]) -> Document:
    """Drawn again until the parser has nothing against it."""
    while True:
        leverage = draw.choice([1.0, 1.0, 2.0, 3.0, 10.0])
        rules = [random_rule(draw, index, leverage) for index in range(draw.integer(1, 5))]
        limits = {} if draw.narrow else random_limits(draw)
        try:
            return bind(
                parse(
                    {
                        "schema": "assay/strategy@1", "name": "random", "timeframe": "1h", "universe": list(names),
                        "series": SERIES if draw.narrow else {**SERIES, **COARSER}, "rules": rules,
                        "limits": {"leverage": leverage, **limits},
                    }
                )
            )  # fmt: skip
        except StrategyError:
            continue


def random_limits(draw: Draw) -> dict[str, Any]:
    """None in half of the sessions, so that what they hide is seen, too."""
    if draw.chance(0.5):
        return {}
    drawn = {
        "max_drawdown": draw.choice([0.01, 0.05, 0.2, 0.5]), "daily_loss": draw.choice([0.002, 0.01, 0.03, 0.1]),
        "cooldown_bars": draw.choice([0, 1, 2, 5, 20]), "stop_after_losses": draw.choice([1, 2, 3, 6]),
        "max_open_positions": draw.choice([1, 1, 2]), "safety_mode": draw.chance(0.5),
    }  # fmt: skip
    return {name: value for name, value in drawn.items() if draw.chance(0.35)}


def random_rule(draw: Draw, index: int, leverage: float) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": f"r{index}", "name": f"rule {index}", "priority": draw.integer(1, 3), "enabled": draw.chance(0.95),
        "when": random_condition(draw, 2), "then": random_then(draw, leverage),
    }  # fmt: skip
    if draw.chance(0.3):
        rule["unless"] = [{"name": "veto", **random_condition(draw, 1)}]
    return rule


def random_condition(draw: Draw, depth: int) -> dict[str, Any]:
    """Now and then one that is asked of several bars."""
    condition = random_question(draw, depth)
    if draw.narrow:
        return condition
    if draw.chance(0.12):
        condition["for"] = draw.choice([1, 2, 3, 7])
    if draw.chance(0.12):
        condition["within"] = draw.choice([1, 2, 4, 11])
    return condition


def random_question(draw: Draw, depth: int) -> dict[str, Any]:
    kinds = ["compare", "compare", "cross", "cross", "range", "trend", "all", "any", "not"]
    kind = draw.choice(kinds if draw.narrow else [*kinds, "at_least", "score"])
    if depth == 0 and kind in ("all", "any", "not", "at_least", "score"):
        kind = "compare"
    operands = OPERANDS if draw.narrow else OPERANDS + COARSER_OPERANDS
    left, right = draw.choice(operands), draw.choice(operands)
    match kind:
        case "compare":
            return {"left": left, "op": draw.choice([">", ">=", "<", "<=", "==", "!="]), "right": draw.choice([right, right, 100.0])}
        case "cross":
            return {"left": draw.choice(["close", "quick"]), "op": draw.choice(["crosses_above", "crosses_below"]), "right": "slow"}
        case "range":
            op, low = draw.choice(["between", "outside"]), 0.98 if draw.narrow else draw.choice([0.98, 0.98, "hole"])
            return {"left": "mood", "op": op, "right": [low, draw.choice([1.0, 1.02])]}
        case "trend":
            return {"left": left, "op": draw.choice(["rising", "falling"]), "bars": draw.integer(1, 2 if draw.narrow else 3)}
        case "not":
            return {"not": random_condition(draw, depth - 1)}
        case "at_least":
            of = [random_condition(draw, depth - 1) for _ in range(draw.integer(1, 4))]
            return {"at_least": {"n": draw.integer(1, len(of)), "of": of}}
        case "score":
            weights = [draw.choice([0.1, 0.7, 1.0, 2, -0.5, 0]) for _ in range(draw.integer(1, 4))]
            parts = [{"weight": weight, "if": random_condition(draw, depth - 1)} for weight in weights]
            return {"score": {"of": parts, "at_least": draw.choice([0.8, 0.5, 1, 0.0, -0.5, 2.0])}}
        case _:
            return {kind: [random_condition(draw, depth - 1) for _ in range(draw.integer(1, 3))]}


def random_then(draw: Draw, leverage: float) -> dict[str, Any]:
    action = draw.choice(
        ["enter_long"] * 4 + ["enter_short"] * 4 + ["exit", "exit_long", "exit_short", "target", "target"] + ["halt"] * draw.chance(0.1)
    )
    if action in ("exit", "exit_long", "exit_short", "halt"):
        return {"action": action}
    size = draw.choice([1.0, 0.5, 0.25, leverage, leverage / 2])
    then: dict[str, Any] = {"action": action}
    then["value" if action == "target" else "size"] = size * draw.choice([1, 1, -1, 0]) if action == "target" else size
    if draw.chance(0.25):
        return then
    then["reference"] = draw.choice(["fill", "fill", "first_fill", "decision"])
    if draw.chance(0.6):
        then["stop_loss"] = random_level(draw, [0.01, 0.02, 0.05, 0.1])
    if draw.chance(0.6):
        then["take_profit"] = random_targets(draw)
    if draw.chance(0.4):
        then["trailing_stop"] = {"distance": random_level(draw, [0.01, 0.03, 0.08], price=2.0)}
        if draw.chance(0.5):
            then["trailing_stop"]["activation"] = random_level(draw, [0.01, 0.02, 0.05])
    if draw.chance(0.3):
        then["time_limit"] = draw.integer(1, 6)
    if draw.chance(0.35):
        rungs = draw.integer(1, 3)
        room = max(leverage - size, 0.0) if draw.chance(0.5) else 0.3
        then["scale_in"] = [
            {"at": draw.choice([-0.01, -0.02, -0.03, 0.01, 0.02]) * (1 + 0.1 * rung), "size": round(room / rungs, 3) or 0.05}
            for rung in range(rungs)
        ]
        if action != "target":
            then["size"] = min(size, round(leverage - sum(rung["size"] for rung in then["scale_in"]), 3))
    if draw.chance(0.3) and action != "target":
        then["limit"] = {"offset": draw.choice([-0.01, -0.02, 0.0, 0.005]), "bars": draw.integer(1, 4)}
    return then


def random_targets(draw: Draw) -> Any:
    if draw.chance(0.3):
        return draw.choice([0.01, 0.03])
    shares = draw.choice([[1.0], [0.5, 0.5], [0.3, 0.3, 0.4], [0.5], [0.25, 0.25], [0.1, 0.9]])
    return [{"at": random_level(draw, [0.01, 0.02, 0.03, 0.06]), "share": share} for share in shares]


def random_level(draw: Draw, fractions: list[float], price: float | None = None) -> Any:
    kind = draw.choice(["fraction"] * 6 + ["times", "times", "price"])
    if kind == "times":
        return {"series": draw.choice(["range", "span", "hole"] + ["pull"] * (not draw.narrow)), "times": draw.choice([0.5, 1.0, 2.0])}
    if kind == "price":
        return {"price": price if price is not None else float(draw.choice([90, 100, 101.5, 120]))}
    return draw.choice(fractions)
