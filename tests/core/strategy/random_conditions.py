"""Random conditions files in the form in which they are written: what is read of one is written again, word for word."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from assay.core.indicators import catalog
from assay.core.indicators.entry import Kind

TIMEFRAMES = ("15m", "1h", "4h")
COARSER = {"15m": ("1h", "4h", "1d"), "1h": ("4h", "1d"), "4h": ("1d",)}
COLUMNS = ("open", "high", "low", "close", "volume")
FORMULAS = ("(high - low) / close", "sma(close, 20)", "abs(close - open)")
INDICATORS = ("rsi", "ema", "macd", "bbands", "obv", "stoch", "atr", "t3")
NAMES = st.text("abcdef <&>é'\"{}.", min_size=1, max_size=12)
NUMBERS = st.one_of(st.integers(-1000, 1000), st.floats(-1e6, 1e6, allow_nan=False)).map(lambda x: int(x) if float(x).is_integer() else x)


@st.composite
def series(draw: st.DrawFn, timeframe: str, named: dict[str, Any]) -> Any:
    """An indicator or a formula; sometimes with a name of its own, which is its own in all of the file."""
    coarser = draw(st.sampled_from((None, *COARSER[timeframe])))
    if draw(st.integers(0, 3)) == 0:
        written: dict[str, Any] = {"formula": draw(st.sampled_from(FORMULAS))}
    else:
        entry = catalog.find(draw(st.sampled_from(INDICATORS)))
        assert entry is not None
        written = {"indicator": entry.id}
        if len(entry.inputs) == 1 and draw(st.integers(0, 4)) == 0:
            written["inputs"] = [draw(st.sampled_from(tuple(column for column in COLUMNS if (column,) != entry.inputs)))]
        parameters: dict[str, int | float] = {spec.name: spec.default for spec in entry.parameters}
        for spec in entry.parameters:
            if spec.kind is Kind.INTEGER and draw(st.booleans()):
                parameters[spec.name] = draw(st.integers(max(int(spec.low), 2), 60))
        if parameters:
            written["parameters"] = parameters
    if coarser:
        written["timeframe"] = coarser
    outputs = catalog.find(written["indicator"]).outputs if "indicator" in written else ()  # type: ignore[union-attr]
    if draw(st.integers(0, 4)) == 0:
        name = draw(st.sampled_from(("fast", "slow", "ema_own", "rsi_own")))
        written = copy.deepcopy(named.setdefault(name, {**written, "name": name}))
        outputs = ()
    if len(outputs) > 1 and draw(st.booleans()):
        written["output"] = draw(st.sampled_from(outputs))
    return written


@st.composite
def leaf(draw: st.DrawFn, timeframe: str, named: dict[str, Any]) -> dict[str, Any]:
    operand = st.one_of(st.sampled_from(COLUMNS), NUMBERS, series(timeframe, named))
    op = draw(
        st.sampled_from((">", ">=", "<", "<=", "==", "!=", "crosses_above", "crosses_below", "between", "outside", "rising", "falling"))
    )
    written = {"left": draw(operand), "op": op}
    if op in ("rising", "falling"):
        written["bars"] = draw(st.integers(1, 20))
    else:
        written["right"] = [draw(operand), draw(operand)] if op in ("between", "outside") else draw(operand)
    window = draw(st.sampled_from((None, None, "for", "within")))
    return written | ({window: draw(st.integers(2, 50))} if window else {})


@st.composite
def condition(draw: st.DrawFn, timeframe: str, named: dict[str, Any]) -> dict[str, Any]:
    several = st.lists(leaf(timeframe, named), min_size=1, max_size=3)
    match draw(st.integers(0, 9)):
        case 0:
            return {"all": draw(several)}
        case 1:
            of = draw(several)
            return {"at_least": {"n": draw(st.integers(1, len(of))), "of": of}}
        case 2:
            return {"not": draw(leaf(timeframe, named))}
        case 3:
            return {"score": {"of": [{"weight": 2, "if": each} for each in draw(several)], "at_least": 3}}
        case _:
            return draw(leaf(timeframe, named))


@st.composite
def entries(draw: st.DrawFn, timeframe: str, named: dict[str, Any], *, least: int = 0, names: bool = False) -> list[dict[str, Any]]:
    given = draw(st.lists(condition(timeframe, named), min_size=least, max_size=4))
    called = draw(st.lists(NAMES, min_size=len(given), max_size=len(given), unique=True))
    return [{"name": name, **each} if names or draw(st.booleans()) else each for name, each in zip(called, given, strict=True)]


@st.composite
def side(draw: st.DrawFn, timeframe: str, named: dict[str, Any]) -> dict[str, Any]:
    scored = draw(entries(timeframe, named, least=1))
    written: dict[str, Any] = {
        "enabled": draw(st.booleans()),
        "thresholds": {"score": draw(NUMBERS), "conditions": [weighed(draw(NUMBERS), each) for each in scored]},
        "anti_filters": draw(entries(timeframe, named, names=True)),
        "fasttrack": draw(entries(timeframe, named)),
        "exit": draw(entries(timeframe, named)),
        "size": draw(st.sampled_from((0.25, 0.5))),
        "reference": draw(st.sampled_from(("fill", "first_fill", "decision"))),
    }
    atr = {"series": {"indicator": "atr", "parameters": {"timeperiod": draw(st.integers(2, 30))}}, "times": 2}
    level = st.sampled_from((0.02, {"price": 100}, atr))
    optional = {
        "stop_loss": level,
        "take_profit": st.sampled_from(([{"at": 0.03, "share": 1}], [{"at": 0.03, "share": 0.5}, {"at": atr, "share": 0.25}])),
        "trailing_stop": st.sampled_from(({"distance": 0.02}, {"distance": atr, "activation": 0.01})),
        "time_limit": st.integers(1, 1000),
        "limit": st.just({"offset": -0.001, "bars": 2}),
        "smart_averaging": st.just({"steps": [{"at": -0.01, "size": 0.25}, {"at": -0.02, "size": 0.25}]}),
    }
    return written | {key: draw(value) for key, value in optional.items() if draw(st.booleans())}


def weighed(weight: Any, entry: dict[str, Any]) -> dict[str, Any]:
    return {"name": entry["name"], "weight": weight, **entry} if "name" in entry else {"weight": weight, **entry}


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    """A file in its canonical form."""
    timeframe = draw(st.sampled_from(TIMEFRAMES))
    named: dict[str, Any] = {}
    pairs = draw(st.lists(st.sampled_from(("bybit:BTC/USDT", "bybit:ETH/USDT:USDT", "binance:SOL/USDC")), min_size=1, unique=True))
    written = {
        "name": draw(NAMES.filter(str.strip)),
        "description": draw(st.text("ab \n", max_size=10)),
        "timeframe": timeframe,
        "core_pairs": pairs,
        "limits": {"leverage": draw(st.sampled_from((1, 2.5)))},
    }
    sides = draw(st.sampled_from((("long",), ("short",), ("long", "short"))))
    return written | {each: draw(side(timeframe, named)) for each in sides}
