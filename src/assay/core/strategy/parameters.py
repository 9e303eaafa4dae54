"""Binding puts the parameters' values into a document: what comes out holds no `$name`, and is checked for what values can break."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from functools import lru_cache
from operator import is_not
from typing import Any, Final

from assay.core.domain.errors import Problem, StrategyError
from assay.core.indicators.series import Formula, Indicator, Ref, Series
from assay.core.strategy.checks import check_values
from assay.core.strategy.document import Document, Parameter, Rule
from assay.core.strategy.json_text import key_path
from assay.core.strategy.node import as_written, unknown
from assay.core.strategy.problems import Problems

_NONE: Mapping[str, int | float] = {}


def bind(document: Document, overrides: Mapping[str, int | float] = _NONE) -> Document:
    """The document with every `$parameter` replaced by its value, or by the override's.

    Raises StrategyError for an override of no parameter or outside its range, and where a value breaks what uses it.
    """
    values = document.parameter_values()
    parameters = _overridden(document.parameters, overrides)
    if overrides:
        values = {name: parameter.value for name, parameter in parameters}
    bound = dataclasses.replace(
        document,
        parameters=parameters,
        series=tuple((name, _put_series(series, values)) for name, series in document.series),
        rules=tuple(_put(rule, values) if _refers(rule) else rule for rule in document.rules),
        limits=_put(document.limits, values),
    )
    problems = Problems()
    check_values(bound, problems)
    if problems:
        raise StrategyError(problems)
    return bound


def _overridden(parameters: tuple[tuple[str, Parameter], ...], overrides: Mapping[str, int | float]) -> tuple[tuple[str, Parameter], ...]:
    if not overrides:
        return parameters
    declared = dict(parameters)
    problems: list[Problem] = []
    for name, value in overrides.items():
        problem = _refused(name, value, declared)
        if problem is not None:
            problems.append(problem)
        else:
            declared[name] = dataclasses.replace(declared[name], value=as_written(value))
    if problems:
        raise StrategyError(problems)
    return tuple(declared.items())


def _refused(name: str, value: int | float, declared: Mapping[str, Parameter]) -> Problem | None:
    path = key_path("parameters", str(name))
    parameter = declared.get(name)
    if parameter is None:
        return Problem(path, "unknown", unknown(str(name), tuple(declared), "parameter"))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return Problem(path, "type", f"expected a number, got {value!r}")
    low, high = parameter.low, parameter.high
    if (low is not None and value < low) or (high is not None and value > high):
        ends = " and ".join(f"{word} {end!r}" for word, end in (("at least", low), ("at most", high)) if end is not None)
        return Problem(path, "bounds", f"{value!r} is out of bounds: {ends}")
    return None


def _put_series(series: Series, values: Mapping[str, int | float]) -> Series:
    """A formula keeps its `$name`: `max(x, $n)` compares where `max(x, 20)` rolls, so a number may not take its place."""
    if isinstance(series, Formula):
        return series
    put = tuple((name, values[value.name] if isinstance(value, Ref) else value) for name, value in series.parameters)
    return Indicator(series.indicator, series.inputs, put, series.timeframe)


@lru_cache(maxsize=4096)
def _refers(rule: Rule) -> bool:
    """Whether any number of a rule is a parameter; most rules name none, and a sweep binds them thousands of times."""
    return _put(rule, _ANY) is not rule


class _Any(dict[str, int]):
    def __missing__(self, key: str) -> int:
        return 0


_ANY: Final = _Any()


def _put(part: Any, values: Mapping[str, int | float]) -> Any:
    """The same part with values for references; parts without any are the same objects."""
    if isinstance(part, Ref):
        return values[part.name]
    if isinstance(part, tuple):
        new = tuple([_put(each, values) for each in part])
        return new if any(map(is_not, new, part)) else part
    kind: Any = type(part)
    names = _fields(kind)
    if not names:
        return part
    old = [getattr(part, name) for name in names]
    put = [_put(each, values) for each in old]
    return kind(*put) if any(map(is_not, put, old)) else part


@lru_cache(maxsize=256)
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()
