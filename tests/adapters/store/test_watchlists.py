"""A watchlist is kept as it was left, under its own id."""

from __future__ import annotations

import pytest
from tests.adapters.store.records import watchlist

from assay.adapters.store.opened import SqlStore

pytestmark = pytest.mark.anyio


async def test_a_list_is_read_as_it_was_written_and_lists_are_told_by_name(store: SqlStore) -> None:
    lists = store.desk("ada").watchlists
    coins = watchlist("coins", "binance:ETH/USDT", "binance:BTC/USDT")
    await lists.save(watchlist("Shares", "ib:AAPL", list_id="later"))
    await lists.save(coins)
    assert await lists.get("eyed") == coins
    assert [each.name for each in await lists.all()] == ["coins", "Shares"]


async def test_a_list_that_is_saved_again_keeps_when_it_was_made(store: SqlStore) -> None:
    lists = store.desk("ada").watchlists
    await lists.save(watchlist("coins", "binance:ETH/USDT"))
    await lists.save(watchlist("tokens", minutes=5))
    assert await lists.all() == [watchlist("tokens", minutes=5)]


async def test_a_list_is_deleted_once(store: SqlStore) -> None:
    lists = store.desk("ada").watchlists
    await lists.save(watchlist("coins"))
    assert [await lists.delete("eyed"), await lists.delete("eyed"), await lists.get("eyed")] == [True, False, None]
