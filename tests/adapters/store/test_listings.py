"""What a venue lists is kept whole under the venue's name, whatever is in it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.adapters.store.listings import ListingFiles
from assay.core.domain.instrument import Instrument, InstrumentId
from assay.runtime.ports import Listings

AT = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
STEPS = st.none() | st.decimals(min_value=0, max_value=10**9, places=12)
TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    return Instrument(
        id=InstrumentId("binance", draw(TEXTS)), venue_symbol=draw(TEXTS), kind=draw(st.sampled_from(("spot", "perpetual", "share"))),
        name=draw(TEXTS), base=draw(TEXTS), quote=draw(TEXTS), calendar=draw(st.sampled_from(("24/7", "XNYS"))), tick=draw(STEPS),
        lot=draw(STEPS), minimum_notional=draw(STEPS), maker_fee_rate=draw(STEPS), taker_fee_rate=draw(STEPS), active=draw(st.booleans()),
    )  # fmt: skip


@given(listed=st.lists(instruments(), max_size=4))
def test_what_was_listed_is_read_to_the_last_digit(tmp_path_factory: pytest.TempPathFactory, listed: list[Instrument]) -> None:
    listings: Listings = ListingFiles(tmp_path_factory.mktemp("home"))
    assert listings.read("binance") is None
    listings.write("binance", listed, AT)
    assert listings.read("binance") == (listed, AT)
    listings.write("binance", listed[:1], AT)
    assert listings.read("binance") == (listed[:1], AT)
    assert [listings.delete("binance") for _ in range(2)] == [True, False]
    assert listings.read("binance") is None


@pytest.mark.parametrize("venue", ["../../etc/passwd", "..", "/etc/passwd", "a/b", "C:", "BINANCE", "é", "*", "binance\x00"])
def test_a_hostile_name_stays_in_its_folder(tmp_path: Path, venue: str) -> None:
    listings = ListingFiles(tmp_path / "home")
    listings.write("binance", [], AT)
    listings.write(venue, [], AT)
    assert listings.read(venue) == ([], AT)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


@pytest.mark.parametrize("venue", ["", "é" * 100])
def test_what_can_be_no_name_is_not_there(tmp_path: Path, venue: str) -> None:
    listings = ListingFiles(tmp_path)
    assert (listings.read(venue), listings.delete(venue)) == (None, False)


def test_a_file_of_another_version_counts_as_none(tmp_path: Path) -> None:
    listings = ListingFiles(tmp_path)
    listings.write("binance", [], AT)
    path = tmp_path / "listings/binance.json"
    path.write_text(path.read_text().replace('"form": 1', '"form": 2'))
    assert listings.read("binance") is None


def test_a_decimal_keeps_its_digits(tmp_path: Path) -> None:
    listings = ListingFiles(tmp_path)
    fine = Instrument(
        id=InstrumentId("x", "A"), venue_symbol="A", kind="spot", name="A", base="A", quote="B", tick=Decimal("0.00000100"),
    )  # fmt: skip
    listings.write("x", [fine], AT)
    read = listings.read("x")
    assert read is not None
    assert str(read[0][0].tick) == "0.00000100"
