"""The JSON Schema accepts every document that the parser does, so an editor never complains about a good one."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.strategy.strategy_example import EXAMPLE, changed
from tests.core.strategy.test_parse import JSON, LIMITS, PLACES, PROBLEMS

from assay.adapters.files.strategies import template_text, templates
from assay.core.domain.errors import StrategyError
from assay.core.strategy.canonical import to_json
from assay.core.strategy.parse import parse
from assay.core.strategy.schema import strategy_schema

SCHEMA = jsonschema.Draft202012Validator(strategy_schema())


def accepts(document: Any) -> bool:
    return bool(SCHEMA.is_valid(document))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(strategy_schema())
    assert json.loads(json.dumps(strategy_schema())) == strategy_schema()


def test_the_example_and_every_template_are_accepted() -> None:
    assert accepts(EXAMPLE)
    for name in templates():
        written = json.loads(template_text(name))
        assert accepts(written)
        assert accepts(to_json(parse(written)))


SHAPE = ("missing", "unknown_key", "type", "empty", "not_here")


@pytest.mark.parametrize(("place", "value", "path", "code"), [problem for problem in PROBLEMS if problem[3] in SHAPE])
def test_a_wrong_shape_is_refused_by_the_schema_too(place: str, value: Any, path: str, code: str) -> None:
    if value != "  ":  # a blank name is text to a schema
        assert not accepts(changed(place, value)), (path, code)


@given(st.sampled_from(PLACES), JSON)
def test_what_the_parser_accepts_the_schema_accepts(place: str, value: Any) -> None:
    document = changed(place, value)
    try:
        parse(document)
    except StrategyError:
        return
    assert accepts(document)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("rules[0].then.take_profit", 0.04),
        ("rules[0].then.trailing_stop", {"series": "atr", "times": "$fast"}),
        ("rules[0].then.stop_loss", {"price": "$fast"}),
        ("rules[0].then", {"action": "target", "value": -0.5, "stop_loss": 0.1}),
        ("rules[0].then", {"action": "halt"}),
        ("rules[0].when", {"not": {"any": [{"left": 1, "op": "between", "right": [0, "$fast"]}]}}),
        ("rules[0].unless", [{"name": "never", "all": [{"left": "macd.hist", "op": "rising", "bars": 2}]}]),
        ("rules[0].when", {"any": [{"left": "close", "op": "falling", "bars": "$fast", "for": "$fast", "within": 2}], "within": 3}),
        ("rules[0].when", {"at_least": {"n": 1, "of": [{"left": "close", "op": "rising"}]}, "for": 2}),
        (
            "rules[0].unless",
            [{"name": "a", "score": {"of": [{"weight": "$fast", "if": {"left": 1, "op": "<", "right": 2}}], "at_least": 1}}],
        ),
        ("series.trend.timeframe", "1w"),
        ("series.range.timeframe", "1D"),
        ("limits.max_drawdown", None),
        ("limits", LIMITS),
    ],
)
def test_every_form_of_the_page_is_accepted_by_both(place: str, value: Any) -> None:
    parse(changed(place, value))
    assert accepts(changed(place, value))
