"""A file is opened whatever its name says, and what cannot be used is refused by its name."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.market.made_bars import hourly

from assay.adapters.files import candles
from assay.adapters.files.candles import import_bars, load_bars
from assay.core.domain.errors import DataError
from assay.core.market.frames import to_frame

BARS = hourly(list(range(30)), instrument="file:btc")
CSV = to_frame(BARS).write_csv().encode()


def parquet(frame: pl.DataFrame | None = None) -> bytes:
    buffer = io.BytesIO()
    (to_frame(BARS) if frame is None else frame).write_parquet(buffer)
    return buffer.getvalue()


PARQUET = parquet()


@pytest.mark.parametrize(
    ("name", "content"),
    [("btc.csv", CSV), ("btc.csv.gz", gzip.compress(CSV)), ("btc.parquet", PARQUET), ("btc.csv", PARQUET), ("btc", CSV), ("btc.TXT", CSV)],
)
def test_a_file_is_known_by_its_first_bytes(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert load_bars(tmp_path / name).fingerprint == BARS.fingerprint
    assert load_bars(str(tmp_path / name)).instrument == "file:btc"


@pytest.mark.parametrize(
    ("name", "instrument"),
    [("BTC USDT (1h).csv", "file:BTC-USDT-1h"), ("... .csv", "file:..."), ("données.parquet", "file:donn-es"), ("a.b.csv", "file:a.b")],
)
def test_the_instrument_is_named_after_the_file(tmp_path: Path, name: str, instrument: str) -> None:
    (tmp_path / name).write_bytes(CSV)
    assert load_bars(tmp_path / name).instrument == instrument


def test_a_universe_is_loaded_by_its_instruments(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)
    (tmp_path / "b.parquet").write_bytes(PARQUET)
    universe = load_bars({"binance:BTC/USDT": tmp_path / "a.csv", "ibkr:AAPL": str(tmp_path / "b.parquet")})
    assert [(name, bars.instrument) for name, bars in universe.items()] == [
        ("binance:BTC/USDT", "binance:BTC/USDT"),
        ("ibkr:AAPL", "ibkr:AAPL"),
    ]


def refusal(path: Path, content: bytes | None = None, instrument: str | None = None) -> str:
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        load_bars(path, instrument=instrument)
    return str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "btc.csv").startswith("btc.csv: there is no such file")
    assert refusal(tmp_path).endswith("it is a directory; name a file in it")
    assert refusal(Path("nul\0l.csv"))


def test_what_is_no_candle_file_is_named_as_what_it_is(tmp_path: Path) -> None:
    assert "zip archive or a spreadsheet" in refusal(tmp_path / "a.xlsx", b"PK\x03\x04rest")
    assert "Feather" in refusal(tmp_path / "a.feather", b"ARROW1\0\0rest")
    assert "JSON" in refusal(tmp_path / "a.json", b'{"candles": []}')
    assert "no whole gzip file" in refusal(tmp_path / "a.csv.gz", gzip.compress(CSV)[:-20])
    assert "no whole Parquet file" in refusal(tmp_path / "a.parquet", PARQUET[:-9])
    assert "missing_column" not in refusal(tmp_path / "b.parquet", PARQUET[: len(PARQUET) // 2])


def test_a_fault_is_named_by_file_and_line(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a.csv", CSV.replace(b"105.0,107.0", b"x,107.0")).startswith("a.csv line 7: open is 'x'")
    frame = to_frame(BARS).with_columns(pl.when(pl.int_range(pl.len()) == 4).then(-1.0).otherwise(pl.col("close")).alias("close"))
    assert refusal(tmp_path / "a.parquet", parquet(frame)).startswith("a.parquet row 5: close is -1")


def test_an_instrument_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "write venue:SYMBOL" in refusal(tmp_path / "a.csv", CSV, instrument="BTC")


def test_a_file_that_would_not_fit_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candles, "BYTES_MAX", 1_000)
    assert "split it" in refusal(tmp_path / "a.csv", CSV)
    assert "unpacked it holds more" in refusal(tmp_path / "a.csv.gz", gzip.compress(b"0" * 100_000))
    monkeypatch.undo()
    monkeypatch.setattr(candles, "ROWS_MAX", 10)
    assert "at most 10 are read" in refusal(tmp_path / "a.parquet", PARQUET)


@pytest.mark.parametrize(
    "stamps",
    [
        pl.col("ts").dt.cast_time_unit("us"),
        pl.col("ts").dt.cast_time_unit("ns"),
        pl.col("ts").dt.replace_time_zone(None),
        pl.col("ts").dt.convert_time_zone("America/New_York"),
        pl.col("ts").dt.epoch("s"),
        pl.col("ts").dt.epoch("ms"),
        pl.col("ts").dt.epoch("us"),
        pl.col("ts").dt.epoch("ns"),
        pl.col("ts").dt.epoch("ms").cast(pl.Float64),
        pl.col("ts").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
    ],
    ids=["us", "ns", "naive", "zone", "int s", "int ms", "int us", "int ns", "float ms", "text"],
)
def test_a_parquet_column_of_times_may_have_any_type(tmp_path: Path, stamps: pl.Expr) -> None:
    (tmp_path / "btc.parquet").write_bytes(parquet(to_frame(BARS).with_columns(stamps)))
    assert load_bars(tmp_path / "btc.parquet").fingerprint == BARS.fingerprint


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 20), st.binary(max_size=20)), min_size=1, max_size=5))
def test_a_broken_parquet_file_is_bars_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int, bytes]]
) -> None:
    data = PARQUET
    for at, cut, put in changes:
        place = 4 + at % (len(data) - 4)
        data = data[:place] + put + data[place + cut :]
    path = tmp_path_factory.getbasetemp() / "broken.parquet"
    path.write_bytes(data)
    try:
        imported = import_bars(path)
    except DataError as error:
        assert all(str(problem).startswith("broken.parquet") for problem in error.errors)  # noqa: PT017
    else:
        assert len(imported.bars) >= 2
