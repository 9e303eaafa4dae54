"""The JSON Schema of a strategy document: what an editor can check while it is typed.

It says what a document looks like; what names mean and whether numbers fit together only the parser knows. What this schema refuses, the
parser refuses too.
"""

from __future__ import annotations

from typing import Any, Final

from assay.core.domain.timeframe import NAMES
from assay.core.indicators.formula_tokens import LONGEST
from assay.core.strategy import bounds
from assay.core.strategy.conditions import RANGES, TRENDS, WINDOWS
from assay.core.strategy.document import SIZED, Action, Compare, Cross, Reference
from assay.core.strategy.parse import LATER_SERIES, SCHEMA

Schema = dict[str, Any]

_IDENTIFIER: Final = "^[A-Za-z_][A-Za-z0-9_]*$"
_COLUMN: Final = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$"
_REFERENCE: Final = r"^\$[A-Za-z_][A-Za-z0-9_]*$"


def strategy_schema() -> Schema:
    """JSON Schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://assay.invalid/schema/strategy-1.json",
        "title": "Strategy",
        **_object(
            {
                "schema": {"const": SCHEMA},
                "name": {"type": "string", "minLength": 1, "maxLength": bounds.NAME},
                "description": _nullable({"type": "string", "maxLength": bounds.DESCRIPTION}),
                "timeframe": _TIMEFRAME,
                "universe": _list({"type": "string", "pattern": "^[^:]+:.+$"}, bounds.INSTRUMENTS, least=1),
                "parameters": _nullable(_named(_parameter(), bounds.PARAMETERS)),
                "series": _nullable(_named({"$ref": "#/$defs/series"}, bounds.SERIES)),
                "rules": _list({"$ref": "#/$defs/rule"}, bounds.RULES),
                "agent": {"type": "null"},
                "limits": _nullable(_limits()),
            },
            required=("schema", "name", "timeframe", "universe", "rules"),
        ),
        "$defs": {
            "number": {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _REFERENCE}]},
            "whole": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": _REFERENCE}]},
            "column": {"type": "string", "pattern": _COLUMN},
            "operand": {"anyOf": [{"$ref": "#/$defs/number"}, {"$ref": "#/$defs/column"}]},
            "level": _level(),
            "series": _series(),
            "condition": {"anyOf": [*_leaves({}, ()), *_combinations({}, ())]},
            "veto": {"anyOf": [*_leaves(_VETO, ("name",)), *_combinations(_VETO, ("name",))]},
            "then": {"anyOf": _thens()},
            "rule": _rule(),
        },
    }


_TIMEFRAME: Final[Schema] = {"enum": [*NAMES, "1D", "3D", "1W"]}
_NUMBER: Final[Schema] = {"$ref": "#/$defs/number"}
_WHOLE: Final[Schema] = {"$ref": "#/$defs/whole"}
_LEVEL: Final[Schema] = {"$ref": "#/$defs/level"}
_OPERAND: Final[Schema] = {"$ref": "#/$defs/operand"}
_CONDITION: Final[Schema] = {"$ref": "#/$defs/condition"}
_VETO: Final[Schema] = {"name": {"type": "string", "minLength": 1, "maxLength": bounds.NAME}}


def _object(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _named(each: Schema, most: int) -> Schema:
    names = {"pattern": _IDENTIFIER, "maxLength": bounds.IDENTIFIER}
    return {"type": "object", "propertyNames": names, "maxProperties": most, "additionalProperties": each}


def _list(each: Schema, most: int, least: int = 0) -> Schema:
    return {"type": "array", "items": each, "minItems": least, "maxItems": most}


def _nullable(schema: Schema) -> Schema:
    """An optional key with null is as good as absent."""
    return {"anyOf": [schema, {"type": "null"}]}


def _parameter() -> Schema:
    end = {"type": ["number", "null"]}
    return _object({"value": {"type": "number"}, "low": end, "high": end, "step": end}, required=("value",))


def _series() -> Schema:
    later = {key: {"type": "null"} for key in LATER_SERIES}
    indicator = {
        "indicator": {"type": "string"},
        "inputs": _nullable(_list({"$ref": "#/$defs/column"}, 8, least=1)),
        "parameters": _nullable({"type": "object", "additionalProperties": _NUMBER}),
        "timeframe": _nullable(_TIMEFRAME),
        **later,
    }
    formula = {"formula": {"type": "string", "maxLength": LONGEST}, "timeframe": _nullable(_TIMEFRAME), **later}
    return {"anyOf": [_object(indicator, ("indicator",)), _object(formula, ("formula",))]}


def _limits() -> Schema:
    numbers = {key: _nullable(_NUMBER) for key in ("leverage", "max_drawdown", "daily_loss")}
    counts = {key: _nullable(_WHOLE) for key in ("max_open_positions", "cooldown_bars", "stop_after_losses")}
    return _object({**numbers, **counts, "safety_mode": {"type": ["boolean", "null"]}})


def _leaves(more: Schema, required: tuple[str, ...]) -> list[Schema]:
    """One comparison each, with the keys that a veto has besides."""
    compared = {"left": _OPERAND, "op": {"enum": [*Compare, *Cross]}, "right": _OPERAND, **_WINDOWS, **more}
    ranged = {"left": _OPERAND, "op": {"enum": list(RANGES)}, "right": _list(_OPERAND, 2, least=2), **_WINDOWS, **more}
    trend = {"left": _OPERAND, "op": {"enum": list(TRENDS)}, "bars": _nullable(_WHOLE), **_WINDOWS, **more}
    return [
        _object(compared, ("left", "op", "right", *required)),
        _object(ranged, ("left", "op", "right", *required)),
        _object(trend, ("left", "op", *required)),
    ]


def _combinations(more: Schema, required: tuple[str, ...]) -> list[Schema]:
    several = _list(_CONDITION, bounds.CONDITIONS, least=1)
    name = _nullable({"type": "string", "maxLength": bounds.NAME})
    part = _object({"weight": _NUMBER, "if": _CONDITION, "name": name}, ("weight", "if"))
    combined = {
        "all": several,
        "any": several,
        "not": _CONDITION,
        "at_least": _object({"n": _WHOLE, "of": several}, ("n", "of")),
        "score": _object({"of": _list(part, bounds.CONDITIONS, least=1), "at_least": _NUMBER}, ("of", "at_least")),
    }
    return [_object({key: each, **_WINDOWS, **more}, (key, *required)) for key, each in combined.items()]


_WINDOWS: Final[Schema] = {key: _nullable(_WHOLE) for key in WINDOWS}


def _level() -> Schema:
    price = _object({"price": _NUMBER}, ("price",))
    times = _object({"series": {"$ref": "#/$defs/column"}, "times": _NUMBER}, ("series", "times"))
    return {"anyOf": [_NUMBER, price, times]}


def _bracket() -> Schema:
    target = _object({"at": _LEVEL, "share": _NUMBER}, ("at", "share"))
    trailing = _object({"distance": _LEVEL, "activation": _nullable(_LEVEL)}, ("distance",))
    rung = _object({"at": _NUMBER, "size": _NUMBER}, ("at", "size"))
    return {
        "reference": {"enum": [*Reference, None]},
        "stop_loss": _nullable(_LEVEL),
        "take_profit": _nullable({"anyOf": [_LEVEL, _list(target, bounds.TAKE_PROFITS)]}),
        "trailing_stop": _nullable({"anyOf": [_LEVEL, trailing]}),
        "time_limit": _nullable(_WHOLE),
        "scale_in": _nullable(_list(rung, bounds.RUNGS)),
    }


def _thens() -> list[Schema]:
    nothing: Schema = {key: {"type": "null"} for key in ("size", "value", *_bracket(), "limit")}
    limit = _nullable(_object({"offset": _NUMBER, "bars": _nullable(_WHOLE)}, ("offset",)))
    entry = {"action": {"enum": ["enter_long", "enter_short"]}, "size": _nullable(_NUMBER), **_bracket(), "limit": limit}
    target = {"action": {"const": "target"}, **_bracket()}
    others = [action.value for action in Action if action not in SIZED]
    return [
        _object(nothing | entry, ("action",)),
        _object(nothing | target | {"size": _NUMBER}, ("action", "size")),
        _object(nothing | target | {"value": _NUMBER}, ("action", "value")),
        _object(nothing | {"action": {"enum": others}}, ("action",)),
    ]


def _rule() -> Schema:
    properties = {
        "id": {"type": "string", "pattern": _IDENTIFIER, "maxLength": bounds.IDENTIFIER},
        "name": _nullable({"type": "string", "maxLength": bounds.NAME}),
        "enabled": {"type": ["boolean", "null"]},
        "priority": {"type": ["integer", "null"], "minimum": -1_000_000, "maximum": 1_000_000},
        "when": _CONDITION,
        "unless": _nullable(_list({"$ref": "#/$defs/veto"}, bounds.CONDITIONS)),
        "then": {"$ref": "#/$defs/then"},
    }
    return _object(properties, ("id", "when", "then"))
