"""A document without one of its conditions is an ordinary document, and everything else in it stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.strategy.strategy_example import changed
from tests.laws.random_sessions import random_session

from assay.core.domain.errors import StrategyError
from assay.core.strategy.canonical import condition_json, to_json
from assay.core.strategy.parse import parse
from assay.core.strategy.trees import walk
from assay.core.strategy.without import without

UP = {"left": "close", "op": "rising", "bars": 1}
DOWN = {"left": "close", "op": "falling", "bars": 1}


def left(condition: Any, path: str) -> Any:
    document = changed("rules[1].when", condition)
    document["parameters"]["few"] = {"value": 2}
    return condition_json(without(parse(document), f"rules[1].when{path}").rules[1].when)


@pytest.mark.parametrize(
    ("condition", "path", "remains"),
    [
        ({"all": [UP, DOWN]}, ".all[0]", {"all": [DOWN]}),
        ({"any": [UP, {"all": [DOWN]}]}, ".any[1].all[0]", {"any": [UP]}),
        ({"any": [UP, {"not": DOWN}]}, ".any[1].not", {"any": [UP]}),
        ({"any": [UP, {"not": {"any": [UP, DOWN], "for": 2}}]}, ".any[1].not.any[0]", {"any": [UP, {"not": {"any": [DOWN], "for": 2}}]}),
        ({"all": [UP | {"for": 3, "within": 5}, DOWN], "within": 4}, ".all[0]", {"all": [DOWN], "within": 4}),
        ({"at_least": {"n": 2, "of": [UP, DOWN, UP]}}, ".at_least.of[1]", {"at_least": {"n": 2, "of": [UP, UP]}}),
        ({"at_least": {"n": 2, "of": [UP, DOWN]}}, ".at_least.of[1]", {"at_least": {"n": 1, "of": [UP]}}),
        ({"at_least": {"n": "$few", "of": [UP, DOWN, UP]}}, ".at_least.of[1]", {"at_least": {"n": "$few", "of": [UP, UP]}}),
        ({"at_least": {"n": "$few", "of": [UP, DOWN]}}, ".at_least.of[1]", {"at_least": {"n": 1, "of": [UP]}}),
        (
            {"score": {"of": [{"weight": 1, "if": UP}, {"weight": 2, "if": DOWN}], "at_least": 2}},
            ".score.of[0].if",
            {"score": {"of": [{"weight": 2, "if": DOWN}], "at_least": 2}},
        ),
    ],
)
def test_what_held_only_that_condition_goes_with_it(condition: Any, path: str, remains: Any) -> None:
    assert left(condition, path) == remains


def test_a_veto_is_taken_away_by_its_path() -> None:
    document = parse(changed("rules[0].unless[1]", {"name": "falls", **DOWN}))
    assert [veto.name for veto in without(document, "rules[0].unless[0]").rules[0].unless] == ["falls"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("rules[1].when", "empty"),
        ("rules[1].when.all[0]", "unknown"),
        ("rules[9].when", "unknown"),
        ("rules[0].when.all", "unknown"),
        ("", "unknown"),
    ],
)
def test_where_nothing_is_or_nothing_would_be_left_is_refused(path: str, code: str) -> None:
    with pytest.raises(StrategyError) as caught:
        without(parse(changed("name", "x")), path)
    assert [(problem.path, problem.code) for problem in caught.value.errors] == [(path, code)]


@given(st.integers(0, 3_000), st.randoms(use_true_random=False))
def test_whatever_is_taken_away_the_rest_is_a_document(seed: int, random: Any) -> None:
    document = random_session(seed).document
    paths = [path for index, rule in enumerate(document.rules) for path, _ in walk(rule.when, f"rules[{index}].when")]
    path = random.choice(paths)
    try:
        other = without(document, path)
    except StrategyError:
        return  # it was all that the rule had
    assert parse(to_json(other)) == other
    assert sum(len(list(walk(rule.when, ""))) for rule in other.rules) < sum(len(list(walk(rule.when, ""))) for rule in document.rules)
