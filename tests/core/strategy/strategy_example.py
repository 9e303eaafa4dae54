"""The document of STRATEGY's page, as far as it is built, and a way to change one place of a copy."""

from __future__ import annotations

import copy
import re
from typing import Any

EXAMPLE: dict[str, Any] = {
    "schema": "assay/strategy@1",
    "name": "Trend with a second opinion",
    "description": "",
    "timeframe": "1h",
    "universe": ["binance:BTC/USDT", "binance:ETH/USDT"],
    "parameters": {
        "fast": {"value": 10, "low": 2, "high": 50, "step": 1},
        "slow": {"value": 30, "low": 5, "high": 200, "step": 5},
    },
    "series": {
        "fast": {"indicator": "sma", "inputs": ["close"], "parameters": {"timeperiod": "$fast"}},
        "slow": {"indicator": "sma", "inputs": ["close"], "parameters": {"timeperiod": "$slow"}},
        "range": {"formula": "(high - low) / close"},
        "trend": {"indicator": "ema", "parameters": {"timeperiod": 50}, "timeframe": "4h"},
        "macd": {"indicator": "macd"},
        "atr": {"indicator": "atr"},
    },
    "rules": [
        {
            "id": "enter", "name": "Cross up in an uptrend", "enabled": True, "priority": 10,
            "when": {"all": [{"left": "fast", "op": "crosses_above", "right": "slow"}, {"left": "close", "op": ">", "right": "trend"}]},
            "unless": [{"name": "wild bar", "left": "range", "op": ">", "right": 0.05}],
            "then": {
                "action": "enter_long", "size": 0.5, "stop_loss": 0.02,
                "take_profit": [{"at": 0.03, "share": 0.5}, {"at": 0.06, "share": 0.5}],
                "trailing_stop": {"distance": 0.015, "activation": 0.02}, "time_limit": 96,
                "scale_in": [{"at": -0.01, "size": 0.25}, {"at": -0.02, "size": 0.25}],
                "limit": {"offset": -0.002, "bars": 1},
            },
        },
        {
            "id": "leave", "name": "Cross down", "enabled": True, "priority": 5,
            "when": {"left": "fast", "op": "crosses_below", "right": "slow"}, "then": {"action": "exit"},
        },
    ],
    "agent": None,
    "limits": {"leverage": 1.0, "safety_mode": False},
}  # fmt: skip

ABSENT: Any = object()
_STEP = re.compile(r"([A-Za-z_]\w*)|\[(\d+)\]")


def changed(place: str, value: Any) -> dict[str, Any]:
    """The example with `value` at `place` (`rules[0].then.size`); ABSENT takes the key away."""
    document = copy.deepcopy(EXAMPLE)
    steps = [int(index) if index else key for key, index in _STEP.findall(place)]
    held: Any = document
    for step in steps[:-1]:
        held = held[step]
    if value is ABSENT:
        del held[steps[-1]]
    elif isinstance(held, list) and steps[-1] == len(held):
        held.append(value)
    else:
        held[steps[-1]] = value
    return document
