"""A document's canonical form has every default written out, so two documents that mean the same have one hash.

The bytes are RFC 8785's: keys sorted, numbers in their shortest form, no blanks. Anyone can hash them again without Assay.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any, assert_never

import rfc8785

from assay.core.indicators import catalog
from assay.core.indicators.series import Indicator, Number, Ref, Series
from assay.core.strategy import document as doc
from assay.core.strategy.document import Document
from assay.core.strategy.parse import SCHEMA


def content_hash(document: Document) -> str:
    """`sha256:` and the hash of the canonical form, in hexadecimal."""
    return "sha256:" + hashlib.sha256(canonical_bytes(document)).hexdigest()


def canonical_bytes(document: Document) -> bytes:
    """RFC 8785 JSON with every default filled in, those of the indicators included."""
    form = to_json(document)
    form["series"] = {name: _series_in_full(series) for name, series in document.series}
    return rfc8785.dumps(form)


def to_json(document: Document) -> dict[str, Any]:
    """The document as it may be written: `parse(to_json(d)) == d`."""
    return {
        "schema": SCHEMA,
        "name": document.name,
        "description": document.description,
        "timeframe": document.timeframe,
        "universe": list(document.universe),
        "parameters": {name: _parameter(parameter) for name, parameter in document.parameters},
        "series": {name: _series(series) for name, series in document.series},
        "rules": [_rule(rule) for rule in document.rules],
        "agent": None,
        "limits": _limits(document.limits),
    }


def condition_json(condition: doc.Condition) -> dict[str, Any]:
    """A condition as it may be written."""
    match condition:
        case doc.Comparison(left=left, op=op, right=right) | doc.Crossing(left=left, op=op, right=right):
            return {"left": _operand(left), "op": op.value, "right": _operand(right)}
        case doc.Range():
            op_name = "outside" if condition.outside else "between"
            return {"left": _operand(condition.left), "op": op_name, "right": [_operand(condition.low), _operand(condition.high)]}
        case doc.Trend():
            return {"left": _operand(condition.left), "op": "rising" if condition.rising else "falling", "bars": _number(condition.bars)}
        case doc.Held(of=each, bars=bars):
            return _windowed(each, "for", bars)
        case doc.Within(of=each, bars=bars):
            return _windowed(each, "within", bars)
        case doc.All(of=of):
            return {"all": [condition_json(each) for each in of]}
        case doc.Any(of=of):
            return {"any": [condition_json(each) for each in of]}
        case doc.Not(of=each):
            return {"not": condition_json(each)}
        case doc.AtLeast(n=n, of=of):
            return {"at_least": {"n": _number(n), "of": [condition_json(each) for each in of]}}
        case doc.Score(of=parts, at_least=at_least):
            return {"score": {"of": [_part(part) for part in parts], "at_least": _number(at_least)}}
        case _:
            assert_never(condition)


def _part(part: doc.Part) -> dict[str, Any]:
    """A part without a name is written without one."""
    written = {"weight": _number(part.weight), "if": condition_json(part.condition)}
    return {"name": part.name, **written} if part.name else written


def _windowed(condition: doc.Condition, key: str, bars: int | Ref) -> dict[str, Any]:
    """A window beside what it is about; where that has one already which would be asked later, it goes inside."""
    written = condition_json(condition)
    if key in written or "within" in written:
        written = {"all": [written]}
    return written | {key: _number(bars)}


def _number(number: Number | int) -> int | float | str:
    return f"${number.name}" if isinstance(number, Ref) else number


def _operand(operand: doc.Operand) -> int | float | str:
    return operand.name if isinstance(operand, doc.Name) else _number(operand)


def _parameter(parameter: doc.Parameter) -> dict[str, Any]:
    written = {"value": parameter.value, "low": parameter.low, "high": parameter.high, "step": parameter.step}
    return {key: value for key, value in written.items() if value is not None}


def _series(series: Series) -> dict[str, Any]:
    coarser = {"timeframe": series.timeframe} if series.timeframe else {}
    if not isinstance(series, Indicator):
        return {"formula": series.text, **coarser}
    inputs = {"inputs": list(series.inputs)} if series.inputs else {}
    parameters = {name: _number(value) for name, value in series.parameters}
    return {"indicator": series.indicator, **inputs, "parameters": parameters, **coarser}


def _series_in_full(series: Series) -> dict[str, Any]:
    written = _series(series)
    if isinstance(series, Indicator):
        entry = catalog.find(series.indicator)
        assert entry is not None, f"no indicator {series.indicator!r}: parse the document first"
        written["inputs"] = list(series.inputs or entry.inputs)
        written["parameters"] = {spec.name: spec.default for spec in entry.parameters} | written["parameters"]
    return written


def _rule(rule: doc.Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "enabled": rule.enabled,
        "priority": rule.priority,
        "when": condition_json(rule.when),
        "unless": [{"name": veto.name, **condition_json(veto.condition)} for veto in rule.unless],
        "then": _then(rule.then),
    }


def _then(then: doc.Then) -> dict[str, Any]:
    written: dict[str, Any] = {"action": then.action.value}
    if then.action not in doc.SIZED:
        return written
    written |= {
        "size": _number(then.size),
        "reference": then.reference.value,
        "take_profit": [{"at": _level(target.at), "share": _number(target.share)} for target in then.take_profit],
        "scale_in": [{"at": _number(rung.at), "size": _number(rung.size)} for rung in then.scale_in],
    }
    if then.stop_loss is not None:
        written["stop_loss"] = _level(then.stop_loss)
    if then.trailing_stop is not None:
        activation = then.trailing_stop.activation
        written["trailing_stop"] = {"distance": _level(then.trailing_stop.distance)}
        if activation is not None:
            written["trailing_stop"]["activation"] = _level(activation)
    if then.time_limit is not None:
        written["time_limit"] = _number(then.time_limit)
    if then.limit is not None:
        written["limit"] = {"offset": _number(then.limit.offset), "bars": _number(then.limit.bars)}
    return written


def _limits(limits: doc.Limits) -> dict[str, Any]:
    """A limit that is not set has no default to write out, and what limits nothing is not set."""
    written = {field.name: getattr(limits, field.name) for field in fields(limits)}
    return {name: value if value is True else _number(value) for name, value in written.items() if value}


def _level(level: doc.Level) -> Any:
    match level:
        case doc.Fraction(of=of):
            return _number(of)
        case doc.Price(price=price):
            return {"price": _number(price)}
        case doc.Times(series=series, times=times):
            return {"series": series, "times": _number(times)}
        case _:
            assert_never(level)
