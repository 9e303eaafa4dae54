"""Documents that mean the same have one hash, and a document written out is read back as itself."""

from __future__ import annotations

import hashlib
import json

import pytest
from tests.core.strategy.strategy_example import EXAMPLE, changed

from assay.adapters.files.strategies import template, template_text, templates
from assay.core.strategy.canonical import canonical_bytes, condition_json, content_hash, to_json
from assay.core.strategy.document import Held, Name, Trend, Within
from assay.core.strategy.parse import parse


@pytest.mark.parametrize("name", templates())
def test_a_document_written_out_is_read_back_as_itself(name: str) -> None:
    document = template(name)
    assert parse(to_json(document)) == document
    assert parse(json.dumps(to_json(document))) == document


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("series.trend.inputs", ["close"]),
        ("series.macd.parameters", {"slowperiod": 26.0}),
        ("series.atr", {"indicator": "atr", "inputs": ["high", "low", "close"], "parameters": {"timeperiod": 14}}),
        ("rules[0].then.reference", "fill"),
        ("rules[1].unless", []),
        ("rules[1].name", "Cross down"),
        ("rules[1].enabled", True),
        ("limits", {}),
        ("limits", {"leverage": 1, "cooldown_bars": 0, "max_drawdown": None, "safety_mode": None}),
        ("timeframe", "1h"),
        ("series.atr.timeframe", "1h"),
        ("rules[1].when.for", 1),
        ("rules[1].when.within", 1.0),
    ],
)
def test_a_default_written_out_changes_no_hash(place: str, value: object) -> None:
    assert content_hash(parse(changed(place, value))) == content_hash(parse(EXAMPLE))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("series.trend.inputs", ["open"]),
        ("rules[1].priority", 6),
        ("name", "Another"),
        ("parameters.fast.value", 11),
        ("limits.leverage", 2),
        ("limits.max_drawdown", 0.25),
        ("limits.cooldown_bars", 4),
        ("limits.safety_mode", True),
        ("series.atr.timeframe", "1d"),
        ("rules[1].when.for", 2),
        ("rules[1].when.within", 2),
    ],
)
def test_what_means_another_thing_has_another_hash(place: str, value: object) -> None:
    assert content_hash(parse(changed(place, value))) != content_hash(parse(EXAMPLE))


RISING = {"left": "close", "op": "rising"}


@pytest.mark.parametrize(
    "condition",
    [
        RISING | {"bars": "$fast", "for": 2, "within": "$fast"},
        {"all": [RISING | {"within": 3}], "for": 2},
        {"at_least": {"n": 1, "of": [RISING, {"not": RISING, "for": 3}]}, "within": 2},
        {"score": {"of": [{"weight": 2, "if": {"any": [RISING]}}, {"weight": "$fast", "if": RISING}], "at_least": -1.5}},
    ],
)
def test_every_condition_written_out_is_read_back_as_itself(condition: object) -> None:
    document = parse(changed("rules[1].when", condition))
    assert parse(to_json(document)) == document
    assert parse(canonical_bytes(document)).rules == document.rules


def test_a_window_that_no_document_could_say_is_written_as_one_that_it_can() -> None:
    rising = Trend(Name("close"), rising=True, bars=1)
    assert condition_json(Held(Within(rising, 3), 2)) == {"all": [RISING | {"bars": 1, "within": 3}], "for": 2}
    assert condition_json(Within(Within(rising, 3), 2)) == {"all": [RISING | {"bars": 1, "within": 3}], "within": 2}


def test_the_order_of_keys_and_the_blanks_do_not_matter() -> None:
    text = template_text("macd_trend")
    shuffled = json.dumps(dict(reversed(json.loads(text).items())))
    assert content_hash(parse(shuffled)) == content_hash(parse(text))


def test_the_canonical_form_is_a_document_that_hashes_to_itself() -> None:
    form = canonical_bytes(parse(EXAMPLE))
    assert canonical_bytes(parse(form)) == form
    assert content_hash(parse(EXAMPLE)) == "sha256:" + hashlib.sha256(form).hexdigest()


def test_the_hash_of_a_template_does_not_change_by_itself() -> None:
    assert content_hash(template("sma_cross")) == "sha256:3ba7aa025c036198ad2442916f4cc7fcc12df6fe6b8012ab3a5f323f86dd59ba"
