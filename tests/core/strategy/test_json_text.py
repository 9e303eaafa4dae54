"""What two readers could read differently is refused, quickly and with its place."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from tests.core.strategy.strategy_example import EXAMPLE

from assay.core.domain.errors import StrategyError
from assay.core.strategy.json_text import read
from assay.core.strategy.parse import parse


def refused(source: Any) -> list[tuple[str, str]]:
    with pytest.raises(StrategyError) as caught:
        read(source)
    return [(problem.path, problem.code) for problem in caught.value.errors]


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ('{"name": "d", "name": "e"}', "name", "duplicate"),
        ('{"a": [{"b": 1, "b": 1, "b": 2}]}', "a[0].b", "duplicate"),
        ('{"rules": [{"size": NaN}]}', "rules[0].size", "number"),
        ('{"a": -Infinity}', "a", "number"),
        ('{"rules": [{"size": 1e400}]}', "rules[0].size", "number"),
        ('{"a": 9007199254740993}', "a", "number"),
        ('{"a": 1' + "0" * 5_000 + "}", "a", "number"),
        ('{"a": "\\u0000"}', "a", "text"),
        ('{"a": "\\ud800"}', "a", "text"),
        ('{"a": "\\u001b[2J"}', "a", "text"),
        ('{"a": 1,}', "line 1", "json"),
        ('{\n"a": \n1 2}', "line 3", "json"),
        ("", "line 1", "json"),
        ("{'a': 1}", "line 1", "json"),
    ],
)
def test_text_that_is_not_strict_is_refused_at_its_place(text: str, path: str, code: str) -> None:
    assert refused(text) == [(path, code)]


def test_every_place_is_reported() -> None:
    assert refused('{"a": NaN, "b": {"c": 1, "c": 2}, "d": 1e999}') == [("a", "number"), ("b.c", "duplicate"), ("d", "number")]


def test_bytes_that_are_not_utf8_are_refused() -> None:
    assert refused(b'{\n"name": "\xff"}') == [("line 2", "encoding")]


def test_values_that_are_not_json_are_refused() -> None:
    values = {"a": {1, 2}, "b": float("inf"), "c": 10**4_000, "d": b"x", "e": [object()]}
    assert refused(values) == [("a", "type"), ("b", "number"), ("c", "number"), ("d", "type"), ("e[0]", "type")]
    assert refused({1: 2})[0][1] == "type"


@pytest.mark.parametrize(
    "source",
    [
        "[" * 200_000,
        '{"a":' * 40_000 + "1" + "}" * 40_000,
        '{"a": ' + "[" * 33 + "]" * 33 + "}",
        '{"name": "' + "x" * 300_000 + '"}',
        b"[" * 200_000,
        '{"a": [' + "1," * 100_000 + "1]}",
    ],
    ids=["open", "objects", "just too deep", "long", "bytes", "many"],
)
def test_size_and_depth_are_bounded_and_cheap_to_refuse(source: str | bytes) -> None:
    began = time.process_time()
    assert [code for _, code in refused(source)] == ["limit"]
    assert time.process_time() - began < 0.25


def test_a_value_inside_itself_is_too_deep() -> None:
    circle: dict[str, Any] = {}
    circle["again"] = circle
    assert [code for _, code in refused(circle)] == ["limit"]
    wide: Any = [1] * 10
    for _ in range(20):
        wide = [wide] * 10
    assert [code for _, code in refused({"a": wide})] == ["limit"]


def test_brackets_in_strings_are_not_depth() -> None:
    text = json.dumps(EXAMPLE | {"name": "[" * 100 + '\\"{'})
    assert parse(text).name.startswith("[[")
