"""Law 9: every event and every input survives JSON text exactly, and what is not one of them is refused."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.random_sessions import random_session
from tests.laws.test_fast_is_slow import inputs_of

from assay.core.domain.errors import WireError
from assay.core.domain.events import AccountMarked, SessionEnded
from assay.core.domain.inputs import ClosedBar
from assay.core.domain.wire import Message, decode, encode
from assay.core.engine.journal import events

KINDS: list[type[Message]] = list(get_args(Message))


def through_text(message: Message) -> Message:
    """As the journal keeps it: JSON text in UTF-8, without the words that JSON does not have."""
    return decode(json.loads(json.dumps(encode(message), ensure_ascii=False, allow_nan=False).encode()))


def same(one: Message, other: Message) -> bool:
    """Equal, and to the bit: 0.0 is not -0.0."""
    return one == other and repr(one) == repr(other)


def check(seeds: range) -> None:
    for seed in seeds:
        session = random_session(seed)
        for message in (*events(session.document, session.inputs, session.account), *inputs_of(session)):
            assert same(through_text(message), message), f"seed {seed}: {message}"


@pytest.mark.parametrize("block", range(10))
def test_random_sessions_survive(block: int) -> None:
    check(range(block * 20, block * 20 + 20))


@pytest.mark.laws
@pytest.mark.parametrize("block", range(50))
def test_a_thousand_random_sessions_survive(block: int) -> None:
    check(range(80_000 + block * 20, 80_000 + block * 20 + 20))


numbers = st.floats(allow_nan=False, allow_infinity=False)
instants = st.datetimes().map(lambda at: at.replace(fold=0, tzinfo=UTC))
bars = st.builds(ClosedBar, instants, numbers, numbers, numbers, numbers, numbers)
OF_TYPE: dict[object, st.SearchStrategy[Any]] = {
    datetime: instants,
    float: numbers,
    str: st.text(),
    bool: st.booleans(),
    tuple[str, ...]: st.lists(st.text()).map(tuple),
    tuple[ClosedBar | None, ...]: st.lists(st.none() | bars).map(tuple),
}


def made(kind: type[Message]) -> st.SearchStrategy[Message]:
    return st.builds(kind, **{name: OF_TYPE[of] for name, of in get_type_hints(kind).items()})


@pytest.mark.parametrize("kind", KINDS)
@given(st.data())
def test_anything_that_can_be_said_survives(kind: type[Message], data: st.DataObject) -> None:
    message = data.draw(made(kind))
    assert same(through_text(message), message)


def test_the_shortest_decimal_is_the_same_float() -> None:
    at = datetime(2024, 1, 1, 12, 30, 15, 123456, UTC)
    text = json.dumps(encode(AccountMarked(at, 0.1 + 0.2)))
    assert text == '{"v": 1, "type": "AccountMarked", "at": "2024-01-01T12:30:15.123456Z", "equity": 0.30000000000000004}'


def test_an_instant_of_another_zone_is_written_in_utc() -> None:
    at = datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert encode(SessionEnded(at))["at"] == "2023-12-31T23:00:00Z"


def test_whole_numbers_may_come_as_javascript_writes_them() -> None:
    read = decode({"v": 1, "type": "AccountMarked", "at": "2024-01-01T00:00:00.5Z", "equity": 1000})
    assert repr(read) == repr(AccountMarked(datetime(2024, 1, 1, 0, 0, 0, 500_000, UTC), 1000.0))


MARKED = {"v": 1, "type": "AccountMarked", "at": "2024-01-01T00:00:00Z", "equity": 1.5}
DECIDED = {"v": 1, "type": "Decided", "at": "2024-01-01T00:00:00Z", "instrument": "a:B", "rule": "r", "target": 1.0, "reason": "why"}
BAR = {"opened_at": "2024-01-01T00:00:00Z", "open": 1.0, "high": 1.0, "low": 1.0, "close": 1.0, "volume": 0.0}
NOTHING = {key: value for key, value in MARKED.items() if key != "equity"}

REFUSED: list[tuple[object, str, str]] = [
    ([], "", "type"),
    (None, "", "type"),
    ({}, "v", "version"),
    (MARKED | {"v": 2}, "v", "version"),
    (MARKED | {"v": "1"}, "v", "version"),
    (MARKED | {"v": True}, "v", "version"),
    (MARKED | {"type": "Marked"}, "type", "unknown"),
    (MARKED | {"type": ["AccountMarked"]}, "type", "unknown"),
    (MARKED | {"type": "ClosedBar"}, "type", "unknown"),
    (MARKED | {"type": "__class__"}, "type", "unknown"),
    (NOTHING, "equity", "missing"),
    (MARKED | {"cash": 1.0}, "cash", "unknown"),
    (MARKED | {1: 2}, "1", "unknown"),
    (MARKED | {"equity": math.nan}, "equity", "number"),
    (MARKED | {"equity": -math.inf}, "equity", "number"),
    (MARKED | {"equity": 2**53 + 1}, "equity", "number"),
    (MARKED | {"equity": 10**400}, "equity", "number"),
    (MARKED | {"equity": True}, "equity", "type"),
    (MARKED | {"equity": "1.5"}, "equity", "type"),
    (MARKED | {"equity": None}, "equity", "type"),
    (MARKED | {"at": 1_704_067_200}, "at", "instant"),
    (MARKED | {"at": "2024-01-01"}, "at", "instant"),
    (MARKED | {"at": "2024-01-01T00:00:00"}, "at", "instant"),
    (MARKED | {"at": "2024-01-01T00:00:00+01:00"}, "at", "instant"),
    (MARKED | {"at": "2024-01-01T00:00:00.1234567Z"}, "at", "instant"),
    (MARKED | {"at": "2024-02-30T00:00:00Z"}, "at", "instant"),
    (MARKED | {"at": "2024-01-01T00:00:00Z\n"}, "at", "instant"),
    (MARKED | {"at": "٢٠٢٤-01-01T00:00:00Z"}, "at", "instant"),
    (DECIDED | {"rule": 7}, "rule", "type"),
    (DECIDED | {"reason": None}, "reason", "type"),
    ({"v": 1, "type": "Halted", "at": "2024-01-01T00:00:00Z", "ruin": 1}, "ruin", "type"),
    ({"v": 1, "type": "SliceClosed", "bars": BAR}, "bars", "type"),
    ({"v": 1, "type": "SliceClosed", "bars": [None, []]}, "bars[1]", "type"),
    ({"v": 1, "type": "SliceClosed", "bars": [BAR | {"close": math.inf}]}, "bars[0].close", "number"),
    ({"v": 1, "type": "SliceClosed", "bars": [BAR | {"v": 1}]}, "bars[0].v", "unknown"),
    ({"v": 1, "type": "SliceClosed", "bars": [{}]}, "bars[0].opened_at", "missing"),
]


@pytest.mark.parametrize(("value", "path", "code"), REFUSED)
def test_what_is_no_message_is_refused_with_its_place(value: object, path: str, code: str) -> None:
    with pytest.raises(WireError) as caught:
        decode(value)
    assert [(problem.path, problem.code) for problem in caught.value.errors] == [(path, code)]


@given(st.data())
def test_a_message_with_one_field_changed_is_another_or_refused(data: st.DataObject) -> None:
    message = data.draw(st.one_of(*map(made, KINDS)))
    value: dict[str, Any] = dict(encode(message))
    key = data.draw(st.sampled_from(sorted(value)))
    value[key] = data.draw(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=3), st.lists))
    try:
        read = decode(value)
    except WireError:
        return
    written: dict[str, Any] = dict(encode(read))
    assert written == value


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_cannot_say_is_not_written(number: float) -> None:
    with pytest.raises(WireError) as caught:
        encode(AccountMarked(datetime(2024, 1, 1, tzinfo=UTC), number))
    assert [(problem.path, problem.code) for problem in caught.value.errors] == [("equity", "number")]


def test_a_hostile_value_is_not_repeated_at_length() -> None:
    with pytest.raises(WireError) as caught:
        decode(MARKED | {"at": "x" * 1_000_000})
    assert len(str(caught.value)) < 200
