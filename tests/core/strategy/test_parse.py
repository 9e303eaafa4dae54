"""A document is read completely, or refused with every problem located."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.strategy.strategy_example import ABSENT, EXAMPLE, changed
from tests.shared_data import shared

from assay.core.domain.errors import StrategyError
from assay.core.indicators.series import Formula, Indicator, Ref
from assay.core.strategy.canonical import to_json
from assay.core.strategy.document import (
    Action,
    All,
    AtLeast,
    Compare,
    Comparison,
    Cross,
    Crossing,
    Fraction,
    Held,
    Limits,
    Name,
    Not,
    Part,
    Price,
    Range,
    Score,
    TakeProfit,
    Times,
    TrailingStop,
    Trend,
    Within,
)
from assay.core.strategy.document import (
    Any as AnyOf,
)
from assay.core.strategy.parse import parse

RISING = Trend(Name("close"), rising=True, bars=1)


def refused(document: Any) -> list[tuple[str, str]]:
    with pytest.raises(StrategyError) as caught:
        parse(document)
    return [(problem.path, problem.code) for problem in caught.value.errors]


def test_the_documented_example_is_read() -> None:
    document = parse(EXAMPLE)
    assert document.universe == ("binance:BTC/USDT", "binance:ETH/USDT")
    assert dict(document.series)["fast"] == Indicator("sma", ("close",), (("timeperiod", Ref("fast")),))
    assert dict(document.series)["range"] == Formula("(high - low) / close")
    assert dict(document.series)["trend"] == Indicator("ema", (), (("timeperiod", 50),), "4h")
    assert document.parameter_values() == {"fast": 10, "slow": 30}
    enter = document.rules[0]
    assert enter.when == All(
        (
            Crossing(Name("fast"), Cross.ABOVE, Name("slow")),
            Comparison(Name("close"), Compare.ABOVE, Name("trend")),
        )
    )
    assert enter.then.take_profit[1] == TakeProfit(Fraction(0.06), 0.5)
    assert [rule.id for rule in document.rules_in_order()] == ["leave", "enter"]


def test_text_bytes_and_values_are_read_alike() -> None:
    text = json.dumps(EXAMPLE)
    assert parse(text) == parse(text.encode()) == parse(b"\xef\xbb\xbf" + text.encode()) == parse(EXAMPLE)


def test_absent_null_and_default_mean_the_same() -> None:
    bare = {key: EXAMPLE[key] for key in ("schema", "name", "timeframe", "universe")}
    bare["rules"] = [{"id": "a", "when": {"left": "close", "op": "rising"}, "then": {"action": "enter_long"}}]
    nulls = bare | dict.fromkeys(("description", "parameters", "series", "agent", "limits"))
    nulls["rules"] = [bare["rules"][0] | {"name": None, "enabled": None, "priority": None, "unless": None}]
    assert parse(bare) == parse(nulls)
    assert parse(bare).rules[0].enabled
    assert parse(bare).rules[0].then.size == 1.0


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"left": "close", "op": "between", "right": [1, "$fast"]}, Range(Name("close"), 1.0, Ref("fast"), outside=False)),
        ({"left": "close", "op": "outside", "right": ["slow", 2]}, Range(Name("close"), Name("slow"), 2.0, outside=True)),
        ({"left": "macd.signal", "op": "rising"}, Trend(Name("macd.signal"), rising=True, bars=1)),
        ({"left": "close", "op": "falling", "bars": 3}, Trend(Name("close"), rising=False, bars=3)),
        ({"left": 1, "op": "!=", "right": "$fast"}, Comparison(1.0, Compare.UNEQUAL, Ref("fast"))),
        ({"any": [{"not": {"left": "close", "op": "rising"}}]}, AnyOf((Not(Trend(Name("close"), rising=True, bars=1)),))),
        ({"left": "close", "op": "<", "right": 3, "for": None}, Comparison(Name("close"), Compare.BELOW, 3.0)),
        ({"left": "close", "op": "rising", "bars": "$fast"}, Trend(Name("close"), rising=True, bars=Ref("fast"))),
        ({"left": "close", "op": "rising", "for": 2}, Held(RISING, 2)),
        ({"left": "close", "op": "rising", "within": "$fast", "for": 2}, Within(Held(RISING, 2), Ref("fast"))),
        ({"any": [{"left": "close", "op": "rising"}], "within": 4}, Within(AnyOf((RISING,)), 4)),
        ({"at_least": {"n": 1, "of": [{"left": "close", "op": "rising"}]}}, AtLeast(1, (RISING,))),
        ({"score": {"at_least": "$fast", "of": [{"weight": -0.5, "if": {"left": "close", "op": "rising"}}]}},
         Score((Part(-0.5, RISING),), Ref("fast"))),
    ],
)  # fmt: skip
def test_every_condition_has_its_value(written: Any, read: Any) -> None:
    assert parse(changed("rules[0].when", written)).rules[0].when == read


LIMITS = {
    "leverage": 2, "max_open_positions": 2, "max_drawdown": 0.25, "daily_loss": 0.05, "cooldown_bars": "$fast", "stop_after_losses": 3,
    "safety_mode": True,
}  # fmt: skip


def test_every_limit_has_its_value() -> None:
    assert parse(changed("limits", LIMITS)).limits == Limits(2.0, 2, 0.25, 0.05, Ref("fast"), 3, True)


def test_a_cooldown_of_no_bars_is_none() -> None:
    assert parse(changed("limits.cooldown_bars", 0)) == parse(EXAMPLE)


def test_the_deciding_timeframe_of_a_series_is_none_of_its_own() -> None:
    assert parse(changed("series.trend.timeframe", "1h")) == parse(changed("series.trend.timeframe", ABSENT))
    assert dict(parse(changed("series.trend.timeframe", "1W")).series)["trend"].timeframe == "1w"
    assert dict(parse(changed("series.range.timeframe", "1d")).series)["range"] == Formula("(high - low) / close", "1d")


def test_levels_are_fractions_prices_or_multiples_of_a_series() -> None:
    assert parse(changed("rules[0].then.stop_loss", {"price": 90})).rules[0].then.stop_loss == Price(90.0)
    assert parse(changed("rules[0].then.stop_loss", {"series": "atr", "times": 2})).rules[0].then.stop_loss == Times("atr", 2.0)
    assert parse(changed("rules[0].then.stop_loss", 0.5)).rules[0].then.stop_loss == Fraction(0.5)


def test_a_bare_take_profit_is_one_level_with_everything() -> None:
    assert parse(changed("rules[0].then.take_profit", 0.04)).rules[0].then.take_profit == (TakeProfit(Fraction(0.04), 1.0),)
    of_series = changed("rules[0].then.take_profit", {"series": "atr", "times": 3})
    assert parse(of_series).rules[0].then.take_profit == (TakeProfit(Times("atr", 3.0), 1.0),)


def test_a_bare_trailing_stop_is_its_distance() -> None:
    assert parse(changed("rules[0].then.trailing_stop", 0.02)).rules[0].then.trailing_stop == TrailingStop(Fraction(0.02), None)


def test_a_target_may_call_its_size_value() -> None:
    by_value = changed("rules[0].then", {"action": "target", "value": -0.5})
    assert parse(by_value).rules[0].then == parse(changed("rules[0].then", {"action": "target", "size": -0.5})).rules[0].then
    assert parse(changed("rules[0].then", {"action": "target", "value": 0})).rules[0].then.action is Action.TARGET


def test_integral_numbers_are_one_number_however_written() -> None:
    ten = parse(json.dumps(EXAMPLE).replace('"value": 10,', '"value": 10.0,'))
    assert ten == parse(EXAMPLE)
    assert isinstance(ten.parameters[0][1].value, int)


PROBLEMS: list[tuple[str, Any, str, str]] = [
    # what is missing, unknown or of the wrong kind
    ("schema", "assay/strategy@2", "schema", "schema"),
    ("name", ABSENT, "name", "missing"),
    ("name", "  ", "name", "empty"),
    ("name", "x" * 201, "name", "limit"),
    ("name", "two\nlines", "name", "text"),
    ("name", 5, "name", "type"),
    ("user_id", 7, "user_id", "unknown_key"),
    ("timeframe", "7h", "timeframe", "unknown"),
    ("universe", [], "universe", "empty"),
    ("universe", "binance:BTC/USDT", "universe", "type"),
    ("universe[1]", "BTCUSDT", "universe[1]", "instrument"),
    ("universe[1]", "binance:BTC/USDT", "universe[1]", "duplicate"),
    ("rules", {}, "rules", "type"),
    ("rules[1].whem", {}, "rules[1].whem", "unknown_key"),
    ("rules[1].id", "enter", "rules[1]", "duplicate"),
    ("rules[1].id", "1st", "rules[1].id", "name"),
    ("rules[1].enabled", 1, "rules[1].enabled", "type"),
    ("rules[1].priority", 1.5, "rules[1].priority", "bounds"),
    ("rules[1].then.action", "buy", "rules[1].then.action", "unknown"),
    ("rules[1].then.size", 0.5, "rules[1].then.size", "not_here"),
    ("rules[0].unless[0].name", ABSENT, "rules[0].unless[0].name", "missing"),
    ("rules[0].when.all[0].op", "crossed", "rules[0].when.all[0].op", "unknown"),
    ("rules[0].when.all[0].right", True, "rules[0].when.all[0].right", "type"),
    ("rules[0].when.all[0].right", "a-b", "rules[0].when.all[0].right", "name"),
    ("rules[0].when.all", [], "rules[0].when.all", "empty"),
    ("rules[0].when", {"left": "close", "op": "between", "right": 3}, "rules[0].when.right", "type"),
    ("rules[0].when", {"left": "close", "op": "rising", "right": 3}, "rules[0].when.right", "unknown_key"),
    ("rules[1].when.for", 1.5, "rules[1].when.for", "type"),
    ("rules[1].when.within", "3", "rules[1].when.within", "type"),
    ("rules[1].when.bars", 3, "rules[1].when.bars", "unknown_key"),
    ("rules[0].when.any", [], "rules[0].when.any", "unknown_key"),
    ("rules[1].when", {"at_least": {"n": 1, "of": []}}, "rules[1].when.at_least.of", "empty"),
    ("rules[1].when", {"at_least": {"of": [{"left": "close", "op": "rising"}]}}, "rules[1].when.at_least.n", "missing"),
    ("rules[1].when", {"at_least": 2}, "rules[1].when.at_least", "type"),
    ("rules[1].when", {"score": {"of": [], "at_least": 1}}, "rules[1].when.score.of", "empty"),
    ("rules[1].when", {"score": {"of": [{"weight": 1}], "at_least": 1}}, "rules[1].when.score.of[0].if", "missing"),
    (
        "rules[1].when",
        {"score": {"of": [{"weight": "1", "if": {"left": "close", "op": "rising"}}], "at_least": 1}},
        "rules[1].when.score.of[0].weight",
        "type",
    ),
    ("rules[0].then.size", "0.5", "rules[0].then.size", "type"),
    ("rules[0].then.size", True, "rules[0].then.size", "type"),
    ("rules[0].then.size", [0.5], "rules[0].then.size", "type"),
    ("limits.leverage", "100", "limits.leverage", "type"),
    ("parameters.fast.value", "10", "parameters.fast.value", "type"),
    ("parameters.fast.valeu", 10, "parameters.fast.valeu", "unknown_key"),
    ("series.range.formula", 5, "series.range.formula", "type"),
    # names
    ("rules[0].when.all[0].right", "slwo", "rules[0].when.all[0].right", "unknown"),
    ("rules[0].when.all[0].right", "$slwo", "rules[0].when.all[0].right", "unknown"),
    ("rules[0].when.all[0].right", "macd.histogram", "rules[0].when.all[0].right", "unknown"),
    ("rules[0].when.all[0].right", "close.value", "rules[0].when.all[0].right", "unknown"),
    ("rules[0].then.stop_loss", {"series": "art", "times": 2}, "rules[0].then.stop_loss.series", "unknown"),
    ("rules[1].when.for", "$slwo", "rules[1].when.for", "unknown"),
    (
        "rules[1].when",
        {"score": {"of": [{"weight": "$w", "if": {"not": {"left": "x", "op": "rising"}}}], "at_least": 1}},
        "rules[1].when.score.of[0].weight",
        "unknown",
    ),
    (
        "rules[1].when",
        {"score": {"of": [{"weight": 1, "if": {"not": {"left": "x", "op": "rising"}}}], "at_least": 1}},
        "rules[1].when.score.of[0].if.not.left",
        "unknown",
    ),
    ("rules[1].when", {"at_least": {"n": "$n", "of": [{"left": "close", "op": "rising"}]}}, "rules[1].when.at_least.n", "unknown"),
    ("series.close", {"indicator": "sma"}, "series.close", "name"),
    ("series.fast.indicator", "smaa", "series.fast.indicator", "unknown"),
    ("series.fast.inputs", ["closing"], "series.fast.inputs[0]", "unknown"),
    ("series.fast.inputs", ["high", "low"], "series.fast.inputs", "inputs"),
    ("series.fast.inputs", [], "series.fast.inputs", "empty"),
    ("series.fast.parameters.period", 5, "series.fast.parameters.period", "unknown"),
    ("series.fast.parameters.timeperiod", "$quick", "series.fast.parameters.timeperiod", "unknown"),
    ("series.mavp", {"indicator": "mavp"}, "series.mavp", "inputs"),
    ("series.range.formula", "(hihg - low) / close", "series.range.formula:col 2-5", "unknown"),
    ("series.range.formula", "high - ", "series.range.formula:col 8", "syntax"),
    ("series.range.formula", "sma(close, $quick)", "series.range.formula:col 12-17", "unknown"),
    ("series.range.formula", "range + 1", "series.range", "cycle"),
    ("series.trend.inputs", ["trend"], "series.trend", "cycle"),
    # values
    ("parameters.fast.value", 51, "parameters.fast.value", "bounds"),
    ("parameters.fast.step", 0, "parameters.fast.step", "bounds"),
    ("parameters.fast.low", 60, "parameters.fast", "bounds"),
    ("parameters.fast", {"value": 1.5}, "series.fast.parameters.timeperiod", "bounds"),
    ("parameters.fast", {"value": 0}, "series.fast.parameters.timeperiod", "bounds"),
    ("series.fast.parameters.timeperiod", 2.5, "series.fast.parameters.timeperiod", "bounds"),
    ("series.fast.parameters.timeperiod", 100_001, "series.fast.parameters.timeperiod", "bounds"),
    ("series.m", {"indicator": "mavp", "inputs": ["close", "fast"], "parameters": {"minperiod": 40}}, "series.m.parameters", "bounds"),
    ("rules[1].when.for", 0, "rules[1].when.for", "bounds"),
    ("rules[1].when.for", 10_001, "rules[1].when.for", "bounds"),
    ("rules[1].when.within", -1, "rules[1].when.within", "bounds"),
    ("rules[0].unless[0].within", 0, "rules[0].unless[0].within", "bounds"),
    ("rules[1].when", {"left": "close", "op": "falling", "bars": 0}, "rules[1].when.bars", "bounds"),
    ("rules[1].when", {"at_least": {"n": 2, "of": [{"left": "close", "op": "rising"}]}}, "rules[1].when.at_least.n", "bounds"),
    ("rules[1].when", {"at_least": {"n": "$fast", "of": [{"left": "close", "op": "rising"}]}}, "rules[1].when.at_least.n", "bounds"),
    (
        "rules[1].when",
        {"score": {"of": [{"weight": 1e7, "if": {"left": "close", "op": "rising"}}], "at_least": 1}},
        "rules[1].when.score.of[0].weight",
        "bounds",
    ),
    ("series.trend.timeframe", "7h", "series.trend.timeframe", "unknown"),
    ("series.trend.timeframe", "30m", "series.trend.timeframe", "timeframe"),
    ("series.range.timeframe", "3m", "series.range.timeframe", "timeframe"),
    ("timeframe", "8h", "series.trend.timeframe", "timeframe"),
    ("limits.leverage", 0, "limits.leverage", "bounds"),
    ("limits.leverage", 126, "limits.leverage", "bounds"),
    ("limits.max_drawdown", 0, "limits.max_drawdown", "bounds"),
    ("limits.max_drawdown", 1.01, "limits.max_drawdown", "bounds"),
    ("limits.daily_loss", "$slow", "limits.daily_loss", "bounds"),
    ("limits.cooldown_bars", -1, "limits.cooldown_bars", "bounds"),
    ("limits.cooldown_bars", 1.5, "limits.cooldown_bars", "type"),
    ("limits.stop_after_losses", 0, "limits.stop_after_losses", "bounds"),
    ("limits.max_open_positions", 0, "limits.max_open_positions", "bounds"),
    ("limits.max_open_positions", "$none", "limits.max_open_positions", "unknown"),
    ("limits.safety_mode", 1, "limits.safety_mode", "type"),
    ("rules[0].then.size", 0, "rules[0].then.size", "bounds"),
    ("rules[0].then.size", 1.5, "rules[0].then.size", "bounds"),
    ("rules[0].then.stop_loss", 0, "rules[0].then.stop_loss", "bounds"),
    ("rules[0].then.stop_loss", 1, "rules[0].then.stop_loss", "bounds"),
    ("rules[0].then.stop_loss", "$fast", "rules[0].then.stop_loss", "bounds"),
    ("rules[0].then.stop_loss", {"price": -5}, "rules[0].then.stop_loss.price", "bounds"),
    ("rules[0].then.stop_loss", {"series": "atr", "times": 0}, "rules[0].then.stop_loss.times", "bounds"),
    ("rules[0].then.take_profit[0].share", 0.6, "rules[0].then.take_profit", "shares"),
    ("rules[0].then.take_profit[0].share", 0, "rules[0].then.take_profit[0].share", "bounds"),
    ("rules[0].then.take_profit[0].at", -0.03, "rules[0].then.take_profit[0].at", "bounds"),
    ("rules[0].then.trailing_stop.distance", 1, "rules[0].then.trailing_stop.distance", "bounds"),
    ("rules[0].then.scale_in[0].size", 0.3, "rules[0].then.scale_in", "leverage"),
    ("rules[0].then.scale_in[0].at", 0, "rules[0].then.scale_in[0].at", "bounds"),
    ("rules[0].then.scale_in[0].at", -1, "rules[0].then.scale_in[0].at", "bounds"),
    ("rules[0].then.limit.offset", -1, "rules[0].then.limit.offset", "bounds"),
    ("rules[0].then.limit.bars", 0, "rules[0].then.limit.bars", "bounds"),
    ("rules[0].then.time_limit", 0, "rules[0].then.time_limit", "bounds"),
    ("rules[0].then.time_limit", 1.5, "rules[0].then.time_limit", "type"),
    ("rules[0].then", {"action": "target"}, "rules[0].then", "missing"),
    ("rules[0].then", {"action": "target", "size": -1.01}, "rules[0].then.size", "bounds"),
    ("rules[0].then", {"action": "enter_short", "take_profit": 1}, "rules[0].then.take_profit[0].at", "bounds"),
    # how much there may be
    ("rules[0].then.take_profit", [{"at": 0.01, "share": 0.01}] * 17, "rules[0].then.take_profit", "limit"),
    ("rules[0].then.scale_in", [{"at": -0.01, "size": 0.01}] * 17, "rules[0].then.scale_in", "limit"),
    ("rules", [EXAMPLE["rules"][0]] * 65, "rules", "limit"),
    ("series", {f"s{index}": {"formula": "close"} for index in range(257)}, "series", "limit"),
]


@pytest.mark.parametrize(("place", "value", "path", "code"), PROBLEMS)
def test_each_mistake_is_found_at_its_place(place: str, value: Any, path: str, code: str) -> None:
    assert (path, code) in refused(changed(place, value))


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        ("series.p_up", {"model": "btc-hourly@3", "output": "probability"}, "series.p_up.model"),
        ("agent", {"model": "openrouter:vendor/name"}, "agent"),
    ],
)
def test_what_comes_later_is_refused_as_such(place: str, value: Any, path: str) -> None:
    assert refused(changed(place, value)) == [(path, "not_yet")]


def test_all_problems_are_reported_at_once() -> None:
    document = changed("rules[0].then.size", "0.5")
    document["timeframe"] = "7h"
    document["series"]["fast"]["indicator"] = "smaa"
    document["rules"][1]["when"]["right"] = "slwo"
    paths = [path for path, _ in refused(document)]
    assert paths == ["timeframe", "rules[0].then.size", "series.fast.indicator", "rules[1].when.right"]


def test_reading_stops_at_a_hundred_problems() -> None:
    nobody = [{"any": [{"left": f"name{i}", "op": ">", "right": f"other{i}"} for i in range(200)]} for _ in range(10)]
    document = changed("series", {f"a_series_with_a_long_name_{i}": {"formula": "close"} for i in range(256)})
    document["rules"][0]["when"] = {"all": nobody}
    began = time.process_time()
    assert len(refused(document)) == 100
    assert time.process_time() - began < 2.0


def test_a_message_names_the_value_and_the_way_out() -> None:
    with pytest.raises(StrategyError, match=r"'slwo' is not a series here; did you mean 'slow'\?"):
        parse(changed("rules[1].when.right", "slwo"))
    with pytest.raises(StrategyError, match=r"\$fast = 10 is out of bounds: above 0 and below 1"):
        parse(changed("rules[0].then.stop_loss", "$fast"))


def test_the_longest_chain_of_series_is_no_cycle() -> None:
    chain = {"s0": {"formula": "close"}} | {f"s{n}": {"formula": f"s{n - 1} + 1"} for n in range(1, 256)}
    document = changed("series", dict(reversed(chain.items())))
    document["rules"] = []
    assert len(parse(document).series) == 256
    document["series"]["s0"]["formula"] = "s255"
    assert [code for _, code in refused(document)] == ["cycle"]


def test_a_hostile_name_is_data() -> None:
    for case in json.loads(shared("security/malicious_inputs.json").read_text())["cases"]:
        if case["target"] == "strategy_json" and case["expected"] in {"STORE_ESCAPED", "SANITISE_FILENAME", "STORE_AS_DATA"}:
            given_text = json.loads(case["input"])
            text = given_text.get("prompt") or given_text["name"]
            assert parse(changed("name", text)).name == text


def test_hostile_documents_are_refused_as_they_come() -> None:
    for case in json.loads(shared("security/malicious_inputs.json").read_text())["cases"]:
        if case["target"] == "strategy_json":
            with pytest.raises(StrategyError):
                parse(case["input"])


KEYS = st.sampled_from(["left", "op", "right", "series", "at", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 100) | st.floats() | st.text(max_size=8) | st.sampled_from(["close", "fast", "$fast"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
PLACES = [place for place, *_ in PROBLEMS if not place.endswith(("whem", "user_id"))]


@given(st.sampled_from(PLACES), JSON)
def test_whatever_stands_anywhere_is_read_or_refused(place: str, value: Any) -> None:
    document = changed(place, value)
    try:
        read = parse(document)
    except StrategyError:
        return
    assert parse(to_json(read)) == read
