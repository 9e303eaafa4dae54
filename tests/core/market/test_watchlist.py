"""A watchlist's text says its instruments, in their order, and where it says something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.domain.errors import DataError
from assay.core.market.watchlist import MOST, TEXT, parse, write

symbols = st.text(st.characters(codec="ascii", exclude_categories=["Z", "C"], exclude_characters="#,"), min_size=1, max_size=12)
names = st.lists(symbols.map(lambda symbol: f"binance:{symbol}"), max_size=20, unique=True)


@given(st.text(max_size=40), names)
def test_what_is_written_is_read_back(title: str, instruments: list[str]) -> None:
    assert parse(write(title, instruments)) == tuple(instruments)


def test_lines_and_commas_part_instruments_and_remarks_are_left_out() -> None:
    text = "\ufeff# my coins\r\nbinance:BTC/USDT, binance:ETH/USDT\n\n  bybit:SOL/USDT:USDT  # the perpetual\nBINANCE:BTC/USDT\n"
    assert parse(text) == ("binance:BTC/USDT", "binance:ETH/USDT", "bybit:SOL/USDT:USDT")


def test_what_is_no_instrument_is_refused_with_its_line() -> None:
    with pytest.raises(DataError) as refused:
        parse("binance:BTC/USDT\nAAPL\n\nib:A B\n")
    assert [(problem.path, problem.code) for problem in refused.value.errors] == [("line 2", "instrument"), ("line 4", "instrument")]


@pytest.mark.parametrize(
    ("text", "code"), [("a:B\n" * TEXT, "too_large"), ("\n".join(f"a:B{number}" for number in range(MOST + 1)), "too_many")]
)
def test_a_list_has_an_end(text: str, code: str) -> None:
    with pytest.raises(DataError) as refused:
        parse(text)
    assert [problem.code for problem in refused.value.errors] == [code]
