"""One search over what venues list and what is stored; listings are asked for when somebody says so, and again when they are old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.runtime.conftest import TestClock
from tests.runtime.shelf import Shelf
from tests.runtime.supplied import Lists, Paced, supplied
from tests.runtime.venue import Venue, bars_of, listed, raising

from assay.core.domain.errors import MalformedAnswerError, RefusedError, UnreachableError
from assay.core.domain.instrument import InstrumentId
from assay.runtime.instruments import Known

pytestmark = pytest.mark.anyio

SYMBOLS = ["BTC/USDT", "BTCDOM/USDT", "WBTC/USDT", "ETH/BTC", "ETH/USDT", "XRP/USDT"]


def silent(phase: str, fraction: float | None) -> None:
    """Nobody listens."""


async def test_the_best_name_comes_first(clock: TestClock) -> None:
    shelf = Shelf()
    shelf.write(bars_of(listed("XBTC/USDT", "file"), "1h", [0]))
    async with supplied([Venue(symbols=SYMBOLS)], clock, Paced(clock), shelf) as (_, instruments):
        await instruments.refresh("venue", silent)
        found = [known.id for known in instruments.search("BTC")]
        assert found == [
            "venue:BTC/USDT", "venue:BTCDOM/USDT", "file:XBTC/USDT", "venue:ETH/BTC", "venue:WBTC/USDT",
        ]  # fmt: skip
        assert [known.id for known in instruments.search("btc", "file")] == ["file:XBTC/USDT"]
        assert [known.id for known in instruments.search("usdt xrp of")] == ["venue:XRP/USDT"]
        assert instruments.search("ethusdt")[0].id == "venue:ETH/USDT"
        assert instruments.search("nothing like it") == []
        assert len(instruments.search("")) == len(SYMBOLS) + 1
        assert instruments.search("", "nowhere") == []


async def test_what_is_listed_and_stored_is_one(clock: TestClock) -> None:
    shelf = Shelf()
    shelf.write(bars_of(listed("BTC/USDT"), "1h", [0]))
    async with supplied([Venue()], clock, Paced(clock), shelf) as (_, instruments):
        assert [(known.id, known.listed) for known in instruments.search("btc")] == [("venue:BTC/USDT", None)]
        await instruments.refresh("venue", silent)
        (found,) = instruments.search("btc")
        assert found.listed is not None
        assert [coverage.timeframe for coverage in found.stored] == ["1h"]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1, max_size=8)


@given(symbol=WORDS, words=st.lists(WORDS, max_size=2))
def test_a_rank_is_what_its_words_say(symbol: str, words: list[str]) -> None:
    known = Known(f"a:{symbol}", None)
    names = {f"a:{symbol}".casefold(), symbol.casefold(), symbol.partition("/")[0].casefold()}
    folded = [word.casefold() for word in words]
    ranks = [
        0 if word in names else 1 if any(each.startswith(word) for each in names) else 2 if any(word in each for each in names) else None
        for word in folded
    ]
    expected = None if None in ranks else max((rank for rank in ranks if rank is not None), default=0)
    assert known.rank(folded) == expected


async def test_a_listing_outlives_the_process_until_it_is_forgotten(clock: TestClock) -> None:
    lists = Lists()
    async with supplied([Venue()], clock, Paced(clock), Shelf(), lists) as (_, instruments):
        assert await instruments.refresh("venue", silent) == 2
    async with supplied([Venue()], clock, Paced(clock), Shelf(), lists) as (_, instruments):
        assert len(instruments.search("")) == 2
        instruments.forget()
        assert instruments.search("") == []
        assert instruments.listings() == {"venue": None}


async def test_only_what_was_listed_once_and_is_old_is_due_and_told_once(clock: TestClock) -> None:
    async with supplied([Venue(), Venue("other")], clock, Paced(clock), Shelf()) as (_, instruments):
        instruments.keep_for(timedelta(hours=1))
        assert (instruments.search(""), instruments.due()) == ([], [])
        await instruments.refresh("venue", silent)
        assert instruments.due() == []
        clock.pass_(3_601)
        assert [instruments.due(), instruments.due()] == [["venue"], []]
        clock.pass_(3_601)
        assert instruments.due() == ["venue"], "it was tried in vain, an hour ago"


async def test_a_venue_that_would_not_list_says_why_until_it_does(clock: TestClock) -> None:
    venue = Venue(trouble=raising(RefusedError("venue", "no key"), UnreachableError("venue", "reset")))
    async with supplied([venue], clock, Paced(clock), Shelf()) as (_, instruments):
        with pytest.raises(RefusedError):
            await instruments.refresh("venue", silent)
        assert instruments.problems["venue"].code == "refused"
        assert await instruments.refresh("venue", silent) == 2
        assert instruments.problems == {}


async def test_what_is_found_is_what_was_asked_for(clock: TestClock) -> None:
    venue = Venue()
    venue.listed = [listed("BTC/USDT", "another")]
    async with supplied([venue], clock, Paced(clock), Shelf()) as (_, instruments):
        with pytest.raises(MalformedAnswerError):
            await instruments.find(InstrumentId("venue", "BTC/USDT"), silent)
