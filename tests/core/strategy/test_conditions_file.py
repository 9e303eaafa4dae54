"""A conditions file becomes a strategy and comes back: nothing is lost, and what cannot be understood is rejected alone, with its place."""

from __future__ import annotations

import copy
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.strategy.random_conditions import files
from tests.laws.random_sessions import random_session

from assay.core.domain.errors import StrategyError
from assay.core.indicators import catalog
from assay.core.strategy.canonical import content_hash, to_json
from assay.core.strategy.conditions_file.read import read_file
from assay.core.strategy.conditions_file.write import write_file
from assay.core.strategy.document import Action, Document, Score
from assay.core.strategy.document import Any as AnyOf
from assay.core.strategy.parse import parse

DIP = {"weight": 2, "left": {"indicator": "rsi", "parameters": {"timeperiod": 14}}, "op": "<", "right": 30}
ABOVE = {"weight": 1, "left": "close", "op": ">", "right": {"indicator": "ema", "parameters": {"timeperiod": 50}, "timeframe": "4h"}}
FILE: dict[str, Any] = {
    "name": "Lona",
    "description": "",
    "timeframe": "15m",
    "core_pairs": ["bybit:BTC/USDT"],
    "limits": {"leverage": 1},
    "long": {
        "enabled": True,
        "thresholds": {"score": 2, "conditions": [DIP, ABOVE]},
        "anti_filters": [{"name": "wild bar", "left": {"formula": "(high - low) / close"}, "op": ">", "right": 0.05}],
        "fasttrack": [{"name": "crash", "left": {"indicator": "rsi", "parameters": {"timeperiod": 14}}, "op": "<", "right": 15}],
        "exit": [{"left": {"indicator": "rsi", "parameters": {"timeperiod": 14}}, "op": ">", "right": 70}],
        "size": 0.5,
        "reference": "fill",
        "stop_loss": 0.02,
        "take_profit": [{"at": 0.03, "share": 1}],
        "smart_averaging": {"steps": [{"at": -0.01, "size": 0.25}, {"at": -0.02, "size": 0.25}]},
    },
}

C1 = "long.thresholds.conditions[1]"
CONDITIONS = "long.thresholds.conditions"


def changed(changes: dict[str, Any], of: dict[str, Any] = FILE) -> dict[str, Any]:
    """With other values at `long.thresholds.score` and the like; a `None` takes the key away."""
    file = copy.deepcopy(of)
    for path, value in changes.items():
        *way, last = path.replace("[", ".").replace("]", "").split(".")
        place: Any = file
        for key in way:
            place = place[int(key) if key.isdigit() else key]
        if value is None:
            del place[last]
        else:
            place[int(last) if last.isdigit() else last] = value
    return file


def rejected(file: Any) -> dict[str, str]:
    return {problem.path: problem.code for problem in read_file(file if isinstance(file, dict) else json.dumps(file)).rejected}


def refused(document: Document) -> set[str]:
    with pytest.raises(StrategyError) as caught:
        write_file(document)
    return {problem.path for problem in caught.value.errors}


def test_a_file_says_a_strategy() -> None:
    document = read_file(FILE, strict=True).document
    assert (document.universe, document.timeframe) == (("bybit:BTC/USDT",), "15m")
    assert [name for name, _ in document.series] == ["rsi_14", "ema_50_4h", "formula_41ba2bf208c5"]
    enter, leave = document.rules
    assert isinstance(enter.when, AnyOf)
    assert isinstance(enter.when.of[0], Score)
    assert [veto.name for veto in enter.unless] == ["wild bar"]
    assert (enter.then.action, enter.then.size, len(enter.then.scale_in)) == (Action.ENTER_LONG, 0.5, 2)
    assert leave.then.action is Action.EXIT_LONG


@given(files())
@settings(max_examples=40)
def test_a_file_is_written_as_it_was_read(file: dict[str, Any]) -> None:
    read = read_file(json.dumps(file), strict=True)
    written = write_file(read.document)
    assert written == file
    assert list(written["long" if "long" in file else "short"]) == [
        key for key in KEYS if key in written["long" if "long" in file else "short"]
    ]


KEYS = (
    "enabled", "thresholds", "anti_filters", "fasttrack", "exit", "size", "reference", "stop_loss", "take_profit", "trailing_stop",
    "time_limit", "limit", "smart_averaging",
)  # fmt: skip


@given(files())
@settings(max_examples=40)
def test_a_strategy_that_a_file_can_say_comes_back_with_its_hash(file: dict[str, Any]) -> None:
    """Also where the document leaves defaults out, and calls its series what it likes."""
    document = to_json(read_file(file, strict=True).document)
    mine = {name: f"mine_{index}" for index, name in enumerate(document["series"])}
    document["rules"] = renamed(document["rules"], mine)
    document["series"] = {mine[name]: without_defaults(series) for name, series in document["series"].items()}
    own = parse(document)
    assert content_hash(read_file(write_file(own), strict=True).document) == content_hash(own)


def renamed(value: Any, names: dict[str, str]) -> Any:
    """With the series of conditions and levels called otherwise."""
    match value:
        case str():
            name, dot, output = value.partition(".")
            return f"{names[name]}{dot}{output}" if name in names else value
        case list():
            return [renamed(each, names) for each in value]
        case dict():
            inside = {key: each for key, each in value.items() if isinstance(each, dict | list) or key in ("left", "right", "series")}
            return value | {key: renamed(each, names) for key, each in inside.items()}
        case _:
            return value


def without_defaults(series: dict[str, Any]) -> dict[str, Any]:
    entry = catalog.find(series.get("indicator", ""))
    if entry is None:
        return series
    defaults = {spec.name: spec.default for spec in entry.parameters}
    return series | {"parameters": {name: value for name, value in series["parameters"].items() if value != defaults[name]}}


@given(st.integers(0, 3_000))
@settings(max_examples=150)
def test_any_strategy_is_said_completely_or_refused(seed: int) -> None:
    document = random_session(seed).document
    try:
        file = write_file(document)
    except StrategyError:
        assert refused(document)
    else:
        assert content_hash(read_file(file, strict=True).document) == content_hash(document)


@given(files(), st.data())
@settings(max_examples=40)
def test_an_entry_that_cannot_be_understood_is_rejected_alone(file: dict[str, Any], data: st.DataObject) -> None:
    side = data.draw(st.sampled_from([each for each in ("long", "short") if each in file]))
    key = data.draw(st.sampled_from(["anti_filters", "fasttrack", "exit"]))
    at = data.draw(st.integers(0, len(file[side][key])))
    wrong = data.draw(st.sampled_from([{"name": "x", "left": "close", "op": "<>~", "right": 1}, 3, None, "rsi > 70", {}, {"left": "rsii"}]))
    spoiled = copy.deepcopy(file)
    spoiled[side][key].insert(at, wrong)
    read = read_file(spoiled)
    away = [problem.path for problem in read.rejected if not problem.path.startswith(f"{side}.{key}[{at}]")]
    expected = copy.deepcopy(file)
    if key != "fasttrack" and file[side]["enabled"]:
        expected[side]["enabled"] = False
        assert away == [f"{side}.enabled"]
    else:
        assert away == []
    assert len(read.rejected) > len(away)
    assert write_file(read.document) == expected
    with pytest.raises(StrategyError):
        read_file(spoiled, strict=True)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(("rsi", "close", ">", "long", "1h", "x" * 99)),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ("long", "thresholds", "conditions", "score", "left", "op", "right", "weight", "all", "of", "size", "exit", "at")
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=25,
    )
)
def test_whatever_comes_is_read_or_refused(value: Any) -> None:
    for file in (
        value,
        {"core_pairs": ["BTCUSDT"], "timeframe": "1h", "long": value},
        changed({"long.fasttrack": [value], "long.size": value}) if value is not None else {},
    ):
        try:
            read = read_file(file if isinstance(file, dict) else json.dumps(file))
        except StrategyError:
            continue
        assert content_hash(read_file(write_file(read.document), strict=True).document) == content_hash(read.document)


@pytest.mark.parametrize(
    ("pair", "meant"),
    [
        ("BTCUSDT", "bybit:BTC/USDT"), ("btcusdt", "bybit:BTC/USDT"), ("BTC/USDT", "bybit:BTC/USDT"), ("BTC-USDT", "bybit:BTC/USDT"),
        ("bybit:BTC/USDT", "bybit:BTC/USDT"), ("binance:BTC/USDT", "binance:BTC/USDT"), ("BTC/USDT:USDT", "bybit:BTC/USDT:USDT"),
        ("1000PEPEUSDT", "bybit:1000PEPE/USDT"), ("ETHBTC", "bybit:ETH/BTC"), ("ibkr:AAPL", "ibkr:AAPL"),
    ],
)  # fmt: skip
def test_a_pair_is_an_instrument(pair: str, meant: str) -> None:
    assert read_file(changed({"core_pairs": [pair]}), strict=True).document.universe == (meant,)


def test_the_venue_and_the_timeframe_may_be_told_beside_the_file() -> None:
    read = read_file(changed({"core_pairs": ["BTCUSDT"], "timeframe": None}), venue="okx", timeframe="1h", strict=True)
    assert (read.document.universe, read.document.timeframe) == (("okx:BTC/USDT",), "1h")
    with pytest.raises(StrategyError, match="'timeframe' is missing"):
        read_file(changed({"timeframe": None}))


@pytest.mark.parametrize(
    "spelled",
    [
        {"weight": 2, "indicator": "RSI", "period": 14, "op": "<", "value": 30},
        {"weight": 2, "left": "rsi", "period": 14, "op": "lt", "right": 30},
        {"weight": 2, "left": "rsi", "operator": "below", "value": 30},
        {"weight": 2, "left": {"indicator": "rsi", "params": {"period": 14}}, "op": "<", "right": 30.0, "for": 1},
        {"Weight": 2, "LEFT": {"Indicator": "rsi", "length": 14, "inputs": ["close"]}, "op": " < ", "value": 30},
    ],
)
def test_what_can_only_mean_the_same_is_the_same(spelled: dict[str, Any]) -> None:
    """Spellings of keys, operators and indicators."""
    file = changed({"long.thresholds.conditions[0]": spelled})
    assert write_file(read_file(file, strict=True).document) == FILE
    other = {"corePairs" if key == "core_pairs" else key: value for key, value in file.items()}
    other["long"] = {{"fasttrack": "fast_track", "anti_filters": "antifilters"}.get(key, key): value for key, value in file["long"].items()}
    assert write_file(read_file(other, strict=True).document) == FILE


def test_a_timeframe_beside_a_condition_is_that_of_both_sides_and_beside_an_indicator_its_own() -> None:
    both = {"weight": 1, "left": "close", "op": ">", "right": {"indicator": "ema", "period": 50}, "timeframe": "4H"}
    own = {"weight": 1, "indicator": "ema", "period": 50, "timeframe": "4h", "op": "<", "value": "close"}
    written = write_file(read_file(changed({CONDITIONS: [both, own]}), strict=True).document)
    first, second = written["long"]["thresholds"]["conditions"]
    assert (first["left"], first["right"]) == ({"formula": "close", "timeframe": "4h"}, ABOVE["right"])
    assert (second["left"], second["right"]) == (ABOVE["right"], "close")


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({f"{C1}.op": "abve"}, f"{C1}.op", "unknown"),
        ({f"{C1}.right": None}, f"{C1}.right", "missing"),
        ({f"{C1}.right": True}, f"{C1}.right", "type"),
        ({f"{C1}.right": "$x"}, f"{C1}.right", "unknown"),
        ({f"{C1}.right": float("nan")}, f"{C1}.right", "number"),
        ({f"{C1}.weight": 1e9}, f"{C1}.weight", "bounds"),
        ({f"{C1}.right.indicator": "emma"}, f"{C1}.right.indicator", "unknown"),
        ({f"{C1}.right.timeframe": "7m"}, f"{C1}.right.timeframe", "unknown"),
        ({f"{C1}.right.timeframe": "5m"}, f"{C1}.right.timeframe", "timeframe"),
        ({f"{C1}.right.parameters.timeperiod": 0}, f"{C1}.right.parameters.timeperiod", "bounds"),
        ({f"{C1}.right.output": "signal"}, f"{C1}.right", "unknown"),
        ({C1: {"weight": 1, "indicator": "macd", "period": 3, "op": ">", "value": 0}},
         f"{C1}.period", "unknown"),
        ({C1: {"weight": 1, "indicator": "ema", "period": 0, "op": ">", "value": 0}},
         f"{C1}.period", "bounds"),
        ({f"{C1}.bogus": 1}, f"{C1}.bogus", "unknown_key"),
        ({f"{C1}.value": 1}, f"{C1}.value", "duplicate"),
        ({f"{C1}.right": {"formula": "ema_50_4h * 2"}}, f"{C1}.right.formula:col 1-9", "unknown"),
        ({"long.fasttrack[0].weight": 1}, "long.fasttrack[0].weight", "not_here"),
        ({"core_pairs": ["BTCUSDT", "nope"]}, "core_pairs[1]", "instrument"),
        ({"core_pairs": ["BTCUSDT", "BTC/USDT"]}, "core_pairs[1]", "duplicate"),
        ({"leverage": 3}, "leverage", "unknown_key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_located(changes: dict[str, Any], path: str, code: str) -> None:
    assert rejected(changed(changes)) == {path: code}


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"long.anti_filters[0].op": "~"}, "long.anti_filters[0].op", "unknown"),
        ({"long.anti_filters[0].name": None}, "long.anti_filters[0].name", "missing"),
        ({"long.anti_filters[0].name": ""}, "long.anti_filters[0].name", "empty"),
        ({"long.anti_filters": [FILE["long"]["anti_filters"][0]] * 2}, "long.anti_filters[1].name", "duplicate"),
        ({C1: {**ABOVE, "weight": -1, "op": "~"}}, f"{C1}.op", "unknown"),
        ({f"{C1}.weight": None}, f"{C1}.weight", "missing"),
        ({"long.exit[0].right": "x!"}, "long.exit[0].right", "unknown"),
        ({"long.stop_loss": 2}, "long.stop_loss", "bounds"),
        ({"long.stop_loss": {"indicator": "art", "times": 2}}, "long.stop_loss.indicator", "unknown"),
        ({"long.size": "half"}, "long.size", "type"),
        ({"long.size": 2}, "long.size", "bounds"),
        ({"long.enabled": "yes"}, "long.enabled", "type"),
        ({"long.take_profit[0].share": 0}, "long.take_profit[0].share", "bounds"),
        ({"long.take_profit": [{"at": 0.1, "share": 0.7}] * 2}, "long.take_profit", "shares"),
        ({"long.smart_averaging.steps[1].at": 0}, "long.smart_averaging.steps[1].at", "bounds"),
        ({"long.smart_averaging.steps[1].size": 0.9}, "long.smart_averaging", "leverage"),
        ({"long.smart_averaging.mode": "x"}, "long.smart_averaging.mode", "unknown_key"),
        ({"long.trailing_stop": {"distance": 0.1, "activation": "soon"}}, "long.trailing_stop.activation", "type"),
        ({"long.time_limit": 0}, "long.time_limit", "bounds"),
        ({"long.bogus": 0}, "long.bogus", "unknown_key"),
    ],
)  # fmt: skip
def test_a_side_that_lost_what_holds_it_back_comes_in_switched_off(changes: dict[str, Any], path: str, code: str) -> None:
    found = rejected(changed(changes))
    assert found.pop("long.enabled", code) in ("switched_off", code)
    assert found.pop(path, code) == code
    assert found.keys() <= {"long.smart_averaging"}, "a ladder beside the whole of equity, where the size was rejected"
    assert not read_file(changed(changes)).document.rules[0].enabled


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"long.thresholds.score": None}, "long.thresholds.score"), ({"long.thresholds.score": "3"}, "long.thresholds.score"),
        ({"long.thresholds.score": float("inf")}, "long.thresholds.score"), ({"long.thresholds": None}, "long.thresholds"),
        ({CONDITIONS: []}, CONDITIONS), ({CONDITIONS: 3}, CONDITIONS),
        ({"long": 3}, "long"),
    ],
)  # fmt: skip
def test_a_side_without_a_score_is_left_out_and_the_other_stays(changes: dict[str, Any], path: str) -> None:
    both = copy.deepcopy(FILE) | {"short": copy.deepcopy(FILE["long"])}
    read = read_file(changed(changes, both))
    assert [rule.id for rule in read.document.rules] == ["short", "exit_short"]
    assert path in {problem.path for problem in read.rejected}
    with pytest.raises(StrategyError, match="no side is left"):
        read_file(changed(changes | {"name": "alone"}))


def test_a_limit_is_kept_or_rejected_by_itself_and_without_it_every_side_is_off() -> None:
    off = {"long.enabled": "switched_off"}
    assert rejected(changed({"limits": {"leverage": 500}})) == {"limits.leverage": "bounds", **off}
    assert rejected(changed({"limits": {"leverage": 3, "max_drawdown": "half"}})) == {"limits.max_drawdown": "type", **off}
    limits = {"leverage": 3, "max_drawdown": 0.25, "cooldown_bars": 4, "safety_mode": True}
    read = read_file(changed({"limits": limits}), strict=True)
    assert (read.document.limits.leverage, read.document.limits.max_drawdown) == (3, 0.25)
    assert write_file(read.document)["limits"] == limits


def test_a_key_that_comes_twice_is_rejected_with_its_entry() -> None:
    text = json.dumps(FILE).replace('"op": ">", "right": 70', '"op": ">", "op": "<", "right": 70')
    assert {problem.path for problem in read_file(text).rejected} == {"long.exit[0].op", "long.enabled"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"parameters": {"x": {"value": 1}}}, "parameters.x"),
        ({"series": {"unused": {"indicator": "rsi"}}}, "series.unused"),
        ({"rules[0].id": "enter"}, "rules[0].id"),
        ({"rules[0].name": "Enter"}, "rules[0].name"),
        ({"rules[0].priority": 3}, "rules[0].priority"),
        ({"rules[0].when": {"left": "close", "op": "rising"}}, "rules[0].when"),
        ({"rules[0].then.action": "enter_short"}, "rules[0].then.action"),
        ({"rules[1].then.action": "exit"}, "rules[1].then.action"),
        ({"rules[1].enabled": False}, "rules[1].enabled"),
        ({"rules[1].unless": [{"name": "x", "left": "close", "op": "rising"}]}, "rules[1].unless"),
        ({"rules[1].id": "exit_short", "rules[1].then.action": "exit_short"}, "rules[1]"),
    ],
)
def test_what_a_file_has_no_words_for_is_refused_with_its_place(change: dict[str, Any], path: str) -> None:
    document = to_json(read_file(FILE, strict=True).document)
    added = change.pop("series", {})
    document["series"] |= added
    assert path in refused(parse(changed(change, document)))


def test_rules_out_of_order_and_series_of_series_are_refused() -> None:
    document = to_json(read_file({**FILE, "short": FILE["long"]}, strict=True).document)
    assert refused(parse({**document, "rules": document["rules"][::-1]})) == {"rules[0]", "rules[1]", "rules[2]"}
    made_of_it = {**document["series"], "ema_50_4h": {"indicator": "ema", "inputs": ["rsi_14"]}}
    assert refused(parse({**document, "series": made_of_it})) == {"series.ema_50_4h"}


@pytest.mark.parametrize(
    "text",
    ["", "[", "null", "[]", "{}", '{"long": ' * 40 + "{}" + "}" * 40, "[" * 100_000, '{"name": "' + "x" * 300_000 + '"}',
     json.dumps({**FILE, "core_pairs": ["nope"] * 200}), json.dumps(changed({"long.fasttrack": [{"left": "close"}] * 256}))],
)  # fmt: skip
def test_what_is_too_deep_too_large_or_too_wrong_is_refused_at_once(text: str) -> None:
    began = time.process_time()
    with pytest.raises(StrategyError) as caught:
        read_file(text)
    assert len(caught.value.errors) <= 100
    assert time.process_time() - began < 2


def test_the_largest_file_is_read_in_a_moment() -> None:
    many = [{**DIP, "name": f"dip {index}", "right": index, "left": {"indicator": "rsi", "period": 2 + index % 60}} for index in range(256)]
    began = time.process_time()
    assert len(read_file(changed({CONDITIONS: many}), strict=True).document.series) == 61
    assert time.process_time() - began < 2
