"""Whatever the bytes are, import gives bars or says what is wrong with them, and nothing else happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.core.market.made_bars import hourly

from assay.core.domain.errors import DataError
from assay.core.market.candles import Imported, read_csv, read_frame
from assay.core.market.frames import to_frame
from assay.core.market.quality import inspect

PLAIN = to_frame(hourly(list(range(12)))).write_csv().encode()
BINANCE = b"".join(b"%d,10,12,9,11,5,%d,50,7,2,20,0\n" % (1704067200000 + i * 3600000, 1704070799999 + i * 3600000) for i in range(12))
LOCAL = b"Date;Open;High;Low;Close\n" + b"".join(b"%02d/03/2024 02:30;1.5;2;1;1.5\n" % day for day in range(20, 32))
TRAPS = [
    b'"', b"\n", b"\r", b",", b";", b"\t", b"|", b"\x00", b"\xff\xfe", b"\xe2\x80\xa6", b"  ", b"-", b"/", b"0", b"Z", b"date",
    b"nan", b"inf", b"1e999", b"9" * 25, b"-9223372036854775808", b"NaT", b"29/02/2023", b"2024-02-30", b"1677-09-21",
    b"9999-12-31 00:00:00", b"24:61", b"+14:00",
]  # fmt: skip

snippets = st.binary(max_size=6) | st.sampled_from(TRAPS)
mutations = st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 12), snippets), max_size=6)
zones = st.sampled_from([None, "UTC", "Europe/Berlin", "America/New_York", "Nowhere/Land", ""])


def refusal_of(read: Callable[[], Imported]) -> DataError | None:
    """None where the bars were taken, and then they are sound."""
    try:
        imported = read()
    except DataError as error:
        return error
    assert len(imported.bars) >= 2
    assert not [finding for finding in inspect(imported.bars) if finding.severity == "error"]
    assert all(finding.severity != "error" for finding in imported.findings)
    return None


def is_bars_or_refusal(read: Callable[[], Imported]) -> None:
    refusal = refusal_of(read)
    assert refusal is None or all(problem.message and problem.code for problem in refusal.errors)


def mutated(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for at, cut, put in changes:
        place = at % (len(data) + 1)
        data = data[:place] + put + data[place + cut :]
    return data


@given(st.binary(max_size=400), zones)
def test_any_bytes(data: bytes, timezone: str | None) -> None:
    is_bars_or_refusal(lambda: read_csv(data, "test:A", timezone=timezone))


@given(st.sampled_from([b"", b"date,open,high,low,close,volume\n"]), st.text(alphabet='0123456789.,;:-/ \n"TZeopnhiglwcstam', max_size=300))
def test_any_text_that_looks_like_candles(head: bytes, text: str) -> None:
    is_bars_or_refusal(lambda: read_csv(head + text.encode(), "test:A"))


@given(st.sampled_from([PLAIN, BINANCE, LOCAL]), mutations, zones)
def test_any_mutation_of_a_good_file(data: bytes, changes: list[tuple[int, int, bytes]], timezone: str | None) -> None:
    is_bars_or_refusal(lambda: read_csv(mutated(data, changes), "test:A", timezone=timezone))


NAMES = ("ts", "open", "high", "low", "close", "volume", "time", "date")
UNITS: tuple[Literal["ms", "us", "ns"], ...] = ("ms", "us", "ns")
FOUR = pl.Series([1, 2, 3, 4])
ODD_TYPES = [
    pl.Series([None] * 4), pl.Series([True, False, None, True]), pl.Series([[1], [2], [3], [4]]), pl.Series([b"a", b"b", b"c", b"d"]),
    pl.Series([{"a": 1}] * 4), pl.Series(["a", "b", "a", "b"]).cast(pl.Categorical), FOUR.cast(pl.Decimal(10, 2)), FOUR.cast(pl.Date),
    FOUR.cast(pl.Duration("ms")), FOUR.cast(pl.Time), FOUR.cast(pl.Int8), FOUR.cast(pl.Float32),
]  # fmt: skip

int64 = st.integers(-(2**63), 2**63 - 1)


def four(cells: st.SearchStrategy[Any], dtype: Any) -> st.SearchStrategy[pl.Series]:
    return st.lists(st.none() | cells, min_size=4, max_size=4).map(lambda drawn: pl.Series(drawn, dtype=dtype))


moments = st.builds(
    lambda counts, unit, zone: counts.cast(pl.Datetime(unit, zone)),
    four(int64, pl.Int64), st.sampled_from(UNITS), st.sampled_from([None, "UTC", "Asia/Tokyo"]),
)  # fmt: skip
columns = st.one_of(
    four(st.floats(), pl.Float64), four(int64, pl.Int64), four(st.integers(0, 2**64 - 1), pl.UInt64), four(st.text(max_size=12), pl.String),
    moments, st.sampled_from(ODD_TYPES),
)  # fmt: skip


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, columns)), zones)
def test_any_table(table: dict[str, pl.Series], timezone: str | None) -> None:
    frame = to_frame(hourly(list(range(4)))).with_columns(**table)
    is_bars_or_refusal(lambda: read_frame(frame, "test:A", first_row=1, timezone=timezone))
