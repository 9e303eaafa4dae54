"""Every function of TA-Lib is an entry of the catalog, read from TA-Lib's own metadata.

The compiled functions are called directly: the abstract interface costs 20 microseconds a call, the compiled one none.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, cast

import numpy as np

from assay.core.indicators.entry import Entry, Kind, Outputs, ParameterSpec

# TA-Lib's names are the function's, repeated; a document reads `macd.signal`, not `macd.macdsignal`.
_OUTPUTS: Final = {
    "aroondown": "down", "aroonup": "up", "bearpower": "bear", "bullpower": "bull", "fastd": "d", "fastk": "k", "haclose": "close",
    "hahigh": "high", "halow": "low", "haopen": "open", "integer": "value", "lowerband": "lower", "macdhist": "hist",
    "macdsignal": "signal", "middleband": "middle", "minusvi": "minus", "plusvi": "plus",
    "real": "value", "slowd": "d", "slowk": "k", "smisignal": "signal", "upperband": "upper",
}  # fmt: skip

# TA-Lib allows reals up to 3e37; these are where they still mean something. It says nothing of the others: -1e6 to 1e6.
_REALS: Final = {
    "fastlimit": (0.01, 0.99),
    "slowlimit": (0.01, 0.99),
    "vfactor": (0.0, 1.0),
    "percentile": (0.0, 100.0),
    "multiplier": (0.0, 1e6),
    "penetration": (0.0, 1e6),
    "maximum": (0.0, 1e6),
    "offsetonreverse": (0.0, 1e6),
}
# Positions in the history: they say where a file begins, not what the market does.
_UNSUITABLE: Final = frozenset({"MAXINDEX", "MININDEX", "MINMAXINDEX"})
_FLOAT: Final = np.dtype(np.float64)
_LONGEST_PERIOD: Final = 100_000
_LAST_MA_TYPE: Final = 13
_UNSTABLE: Final = frozenset({"Function has an unstable period", "Output is path-dependent"})


@lru_cache(maxsize=1)
def compiled() -> Any:
    """TA-Lib's compiled module, imported when first needed: the package brings polars along, which takes longer than a run."""
    return import_module("talib._ta_lib")


def function(name: str) -> Any:
    """The compiled function itself: the package wraps each in a look for foreign series, 2 microseconds a call."""
    return inspect.unwrap(getattr(compiled(), name))


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Upper-case names of all functions that a strategy may use."""
    return frozenset(import_module("talib").get_functions()) - _UNSUITABLE


def _describe(name: str) -> Any:
    return compiled().Function(name, getattr(compiled(), name))


def build(name: str, entry_id: str) -> Entry:
    """The catalog's entry for TA-Lib's function `name`."""
    info = _describe(name).info
    lookback = _lookback_of(name, tuple(info["parameters"]))
    return Entry(
        id=entry_id,
        name=info["display_name"],
        group=info["group"],
        inputs=_inputs(info["input_names"]),
        parameters=_parameters(name, info["parameters"], lookback),
        outputs=tuple(_OUTPUTS.get(output, output) for output in info["output_names"]),
        unstable=not _UNSTABLE.isdisjoint(info["function_flags"] or ()),
        function=_function_of(name, lookback, len(_inputs(info["input_names"])), tuple(info["parameters"].values())),
        lookback=lookback,
    )


def _inputs(names_of: Any) -> tuple[str, ...]:
    """TA-Lib gives `price: close` for one series and `prices: [high, low]` for several columns of the bars."""
    columns: list[str] = []
    for column in names_of.values():
        columns += [column] if isinstance(column, str) else column
    return tuple(columns)


def _lookback_of(name: str, parameters: tuple[str, ...]) -> Callable[..., int]:
    @lru_cache(maxsize=4096)
    def lookback(*values: float) -> int:
        function = _describe(name)
        function.set_parameters(dict(zip(parameters, values, strict=True)))
        return int(function.lookback)

    return lookback


def _parameters(name: str, defaults: Any, lookback: Callable[..., int]) -> tuple[ParameterSpec, ...]:
    specs: list[ParameterSpec] = []
    for index, (parameter, default) in enumerate(defaults.items()):
        info = compiled()._ta_getOptInputParameterInfo(name.encode(), index)
        if isinstance(default, float):
            kind = Kind.REAL
            low, high = _REALS.get(parameter, (0.0, 1e6) if parameter.startswith("acceleration") else (-1e6, 1e6))
        elif parameter.endswith("matype"):
            kind, low, high = Kind.MA_TYPE, 0, _LAST_MA_TYPE
        else:
            # Whether a period of one makes sense is TA-Lib's to say: it answers -1 where it does not.
            ones = [1 if key == parameter else value for key, value in defaults.items()]
            kind, low, high = Kind.INTEGER, 1 if lookback(*ones) >= 0 else 2, _LONGEST_PERIOD
        specs.append(ParameterSpec(parameter, info["display_name"], kind, default, low, high))
    return tuple(specs)


def _function_of(name: str, lookback: Callable[..., int], inputs: int, defaults: tuple[Any, ...]) -> Callable[..., Outputs]:
    """The compiled function, wrapped no more than it needs: a call costs what TA-Lib takes and a few hundred nanoseconds."""
    call = function(name)
    one_bar = call(*(np.ones(1) for _ in range(inputs)), *defaults)
    if not isinstance(one_bar, tuple):
        single = one_bar.dtype == _FLOAT
        return (lambda *arguments: (call(*arguments),)) if single else _converted(lambda *a: (call(*a),), lookback, inputs)
    if all(output.dtype == _FLOAT for output in one_bar):
        return cast("Callable[..., Outputs]", call)
    return _converted(call, lookback, inputs)


def _converted(call: Callable[..., tuple[Any, ...]], lookback: Callable[..., int], inputs: int) -> Callable[..., Outputs]:
    return lambda *arguments: _as_floats(call(*arguments), lookback(*arguments[inputs:]))


def _as_floats(outputs: tuple[Any, ...], unknown: int) -> Outputs:
    """TA-Lib writes 0 into the rows it cannot know where an output is an integer; unknown is NaN, as everywhere."""
    converted = []
    for output in outputs:
        floats = output
        if output.dtype != _FLOAT:
            floats = output.astype(np.float64)
            floats[:unknown] = np.nan
        converted.append(floats)
    return tuple(converted)
