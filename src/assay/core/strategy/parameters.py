"""Binding puts the parameters' values into a document: what comes out holds no `$name`, and is checked for what values can break."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from assay.core.domain.errors import Problem, StrategyError
from assay.core.indicators.series import Formula, Ref
from assay.core.strategy.checks import check_values
from assay.core.strategy.document import Document, Parameter
from assay.core.strategy.json_text import key_path
from assay.core.strategy.node import as_written, unknown

_NONE: Mapping[str, int | float] = {}


def bind(document: Document, overrides: Mapping[str, int | float] = _NONE) -> Document:
    """The document with every `$parameter` replaced by its value, or by the override's.

    Raises StrategyError for an override of no parameter or outside its range, and where a value breaks what uses it.
    """
    values = document.parameter_values()
    parameters = _overridden(document.parameters, overrides)
    if overrides:
        values = {name: parameter.value for name, parameter in parameters}
    series = tuple((name, each if isinstance(each, Formula) else _put(each, values)) for name, each in document.series)
    rules = tuple(_put(rule, values) for rule in document.rules)
    bound = dataclasses.replace(document, parameters=parameters, series=series, rules=rules, limits=_put(document.limits, values))
    problems: list[Problem] = []
    check_values(bound, problems)
    if problems:
        raise StrategyError(problems)
    return bound


def _overridden(
    parameters: tuple[tuple[str, Parameter], ...], overrides: Mapping[str, int | float]
) -> tuple[tuple[str, Parameter], ...]:
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


def _put(part: Any, values: Mapping[str, int | float]) -> Any:
    """The same part with values for references; parts without any are the same objects."""
    if isinstance(part, Ref):
        return values[part.name]
    if isinstance(part, tuple):
        put = tuple(_put(each, values) for each in part)
        return part if all(new is old for new, old in zip(put, part, strict=True)) else put
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    changed = {
        field.name: new
        for field in dataclasses.fields(part)
        if (new := _put(old := getattr(part, field.name), values)) is not old
    }
    return dataclasses.replace(part, **changed) if changed else part
