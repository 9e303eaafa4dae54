"""Law 1: folding a journal's inputs again gives its events, bit for bit: in this process, in another one, and from any state on.

`python -m tests.laws.test_replay SEED …` prints a hash of what each session records.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from tests.laws.random_sessions import Draw, RandomSession, random_session
from tests.laws.test_fast_is_slow import inputs_of

from assay.core.domain.events import Event
from assay.core.domain.inputs import ClosedBar, FeedEnded, FundingDue, Input, SliceClosed
from assay.core.domain.wire import Message, decode, encode
from assay.core.engine.journal import events
from assay.core.engine.session import State, Trader, advance, begin

ROOT = Path(__file__).parents[2]
LONG = [pytest.param(seed, marks=pytest.mark.laws) for seed in range(300_000, 300_200)]


def trader_of(session: RandomSession) -> Trader:
    return Trader.of(session.document, session.account, tuple(session.inputs.bars), session.inputs.start)


def written(messages: Iterable[Message]) -> str:
    """A line a message, as the journal keeps them."""
    return "".join(json.dumps(encode(message)) + "\n" for message in messages)


def read_inputs(text: str) -> Iterator[Input]:
    for line in text.splitlines():
        message = decode(json.loads(line))
        assert isinstance(message, SliceClosed | FundingDue | FeedEnded)
        yield message


def fold(trader: Trader, state: State, inputs: Iterable[Input]) -> Iterator[Event]:
    for entered in inputs:
        state, recorded = advance(trader, state, entered)
        yield from recorded


def states(trader: Trader, inputs: Iterable[Input]) -> Iterator[State]:
    state = begin(trader)
    yield state
    for entered in inputs:
        state, _ = advance(trader, state, entered)
        yield state


def fingerprint(seed: int) -> str:
    """Of a session through `advance`, and through the columns."""
    session = random_session(seed)
    trader = trader_of(session)
    slow = written(fold(trader, begin(trader), inputs_of(session)))
    return hashlib.sha256((slow + written(events(session.document, session.inputs, session.account))).encode()).hexdigest()


@pytest.mark.parametrize("seed", [*range(0, 200, 7), *LONG])
def test_the_journal_s_inputs_give_its_events_again(seed: int) -> None:
    session = random_session(seed)
    inputs = list(inputs_of(session))
    trader = trader_of(session)
    recorded = written(fold(trader, begin(trader), inputs))
    again = trader_of(random_session(seed))
    assert written(fold(again, begin(again), read_inputs(written(inputs)))) == recorded


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_with_another_hash_seed_records_the_same(hash_seed: str) -> None:
    seeds = [3, 14, 15, 92, 65]
    other = subprocess.run(
        [sys.executable, "-m", "tests.laws.test_replay", *map(str, seeds)],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert other.stdout.split() == [fingerprint(seed) for seed in seeds]


def branched(inputs: Sequence[Input], place: int, draw: Draw) -> list[Input]:
    """Another future: each later price by some factor."""
    return [*inputs[:place], *(_scaled(entered, float(draw.random.uniform(0.5, 2.0))) for entered in inputs[place:])]


def _scaled(entered: Input, factor: float) -> Input:
    if not isinstance(entered, SliceClosed):
        return entered
    return SliceClosed(tuple(None if bar is None else _bar(bar, factor) for bar in entered.bars))


def _bar(bar: ClosedBar, factor: float) -> ClosedBar:
    return ClosedBar(bar.opened_at, bar.open * factor, bar.high * factor, bar.low * factor, bar.close * factor, bar.volume)


def interleaved(
    trader: Trader, one: tuple[State, Sequence[Input]], other: tuple[State, Sequence[Input]]
) -> tuple[list[Event], list[Event]]:
    """Two futures fed in turn, step by step."""
    state, second = one[0], other[0]
    ours: list[Event] = []
    theirs: list[Event] = []
    for here, there in zip(one[1], other[1], strict=True):
        state, recorded = advance(trader, state, here)
        ours += recorded
        second, recorded = advance(trader, second, there)
        theirs += recorded
    return ours, theirs


@pytest.mark.parametrize("seed", [*range(1, 200, 7), *LONG])
def test_futures_that_branch_from_one_state_do_not_disturb_each_other(seed: int) -> None:
    session = random_session(seed)
    trader, inputs, draw = trader_of(session), list(inputs_of(session)), Draw(seed)
    place = draw.integer(0, len(inputs) - 1)
    elsewhere = branched(inputs, place, draw)
    state = list(states(trader, inputs[:place]))[place]
    ours, theirs = interleaved(trader, (state, inputs[place:]), (state, elsewhere[place:]))
    whole, other = (list(fold(trader, begin(trader), each)) for each in (inputs, elsewhere))
    known = len(list(fold(trader, begin(trader), inputs[:place])))
    assert written(ours) == written(whole[known:])
    assert written(theirs) == written(other[known:])


@pytest.mark.parametrize("seed", [*range(2, 200, 12), *LONG])
def test_a_state_can_be_gone_on_from_again_when_the_session_is_over(seed: int) -> None:
    session = random_session(seed)
    trader, inputs = trader_of(session), list(inputs_of(session))
    kept = list(states(trader, inputs))
    whole = written(fold(trader, begin(trader), inputs))
    for place in (0, len(inputs) // 3, len(inputs) - 1):
        assert whole.endswith(written(fold(trader, kept[place], inputs[place:])))


if __name__ == "__main__":
    print(*(fingerprint(int(seed)) for seed in sys.argv[1:]), sep="\n")  # noqa: T201
