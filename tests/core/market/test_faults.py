"""What is wrong with a file is said with its line; nothing is sorted, filled or dropped to make it right."""

from __future__ import annotations

import polars as pl
import pytest
from tests.core.market.made_bars import hourly

from assay.core.domain.errors import DataError
from assay.core.market.candles import read_csv, read_frame
from assay.core.market.frames import to_frame

GOOD = """\
date,open,high,low,close,volume
2024-01-01 00:00:00,10,12,9,11,5
2024-01-01 01:00:00,11,13,10,12,5
2024-01-01 02:00:00,12,14,11,13,5
2024-01-01 03:00:00,13,15,12,14,5
"""


def problems(text: str | bytes, timezone: str | None = None) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(DataError) as caught:
        read_csv(data, "test:A", timezone=timezone)
    return [f"{problem.path} {problem.code}: {problem.message}" for problem in caught.value.errors]


def spoiled(was: str, now: str) -> list[str]:
    assert was in GOOD
    return problems(GOOD.replace(was, now))


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("11,13,10,12,5", "11,x,10,12,5", "line 3 not_a_number: high is 'x'; write numbers like 1234.5"),
        ("11,13,10,12,5", '"1,1",13,10,12,5', "line 3 not_a_number: open is '1,1'; write numbers like 1234.5"),
        ("11,13,10,12,5", "11,,10,12,5", "line 3 missing_value: high is missing"),
        ("11,13,10,12,5", "11,null,10,12,5", "line 3 missing_value: high is missing"),
        ("11,13,10,12,5", "11,13,10", "line 3 missing_value: close is missing"),
        ("11,13,10,12,5", "11,13,10,12,", "line 3 missing_value: volume is missing"),
        ("11,13,10,12,5", "11,13,10,nan,5", "line 3 not_finite: close is nan; a number is needed"),
        ("11,13,10,12,5", "11,inf,10,12,5", "line 3 not_finite: high is inf; a number is needed"),
        ("11,13,10,12,5", "11,13,0,12,5", "line 3 not_positive: low is 0; a price is above zero"),
        ("11,13,10,12,5", "11,13,-1,12,5", "line 3 not_positive: low is -1; a price is above zero"),
        ("11,13,10,12,5", "11,11.5,10,12,5", "line 3 high_below: high 11.5 is below 12, the highest of open, low and close"),
        ("11,13,10,12,5", "11,13,11.5,12,5", "line 3 low_above: low 11.5 is above 11, the lower of open and close"),
        ("11,13,10,12,5", "11,13,10,12,-5", "line 3 negative_volume: volume is -5; it cannot be negative"),
        ("01:00:00", "25:00:00", "line 3 time_unreadable: '2024-01-01 25:00:00' is not a time"),
        ("2024-01-01 01:00:00,", ",", "line 3 missing_value: the time is missing"),
        ("01:00:00", "02:00:00", "line 4 duplicate_time: 2024-01-01 02:00 is the time of line 3 too; keep one of the two"),
        ("01:00:00", "04:00:00", "line 4 out_of_order: 2024-01-01 02:00 comes after 2024-01-01 04:00; sort the file by time"),
        ("11,13,10,12,5", "11,13,10,12,5,6", "line 3 too_many_cells: 7 cells where the first line has 6"),
        ("11,13,10,12,5", '"11,13,10,12,5', "line 3 open_quote: a quote is opened and not closed on the line"),
        ("date,open,high,low,close", "date,open,top,low,close", "line 1 missing_column: there is no column 'high'"),
        ("date,open", "day_of,open", "line 1 missing_column: there is no column of times"),
        ("low,close", "high,close", "line 1 repeated_column: 'high' and 'high' both name the high"),
    ],
)
def test_a_fault_is_named_with_its_line(was: str, now: str, expected: str) -> None:
    assert any(problem.startswith(expected) for problem in spoiled(was, now)), spoiled(was, now)


def test_all_faults_are_told_at_once_in_the_order_of_lines() -> None:
    text = GOOD.replace("13,15,12,14", "13,15,12,y").replace("10,12,9,11", "x,12,9,11").replace("11,13,10", "11,13,-10")
    assert [problem.split(":")[0] for problem in problems(text)] == ["line 2 not_a_number", "line 3 not_positive", "line 5 not_a_number"]


def test_blank_lines_and_remarks_above_do_not_shift_the_numbers() -> None:
    assert problems(
        "\n# remark\n"
        + GOOD.replace("01:00:00,11", "01:00:00,x").replace("00:00:00,10", "00:00:00,10").replace("\n2024-01-01 01", "\n\n2024-01-01 01")
    )[0].startswith("line 6 not_a_number")


def test_a_file_from_newest_to_oldest_is_one_problem_with_one_cure() -> None:
    header, *rows = GOOD.splitlines()
    assert problems("\n".join([header, *reversed(rows)])) == [
        "line 2 descending: rows run from the newest (2024-01-01 03:00) to the oldest; sort the file by time, oldest first"
    ]


def test_a_spacing_that_is_no_timeframe_is_named() -> None:
    text = "ts,open,high,low,close,volume\n" + "".join(f"{1704067200 + 2700 * i},1,1,1,1,1\n" for i in range(4))
    assert problems(text)[0].startswith(" no_timeframe: the commonest spacing of bars is 0:45:00, which is no timeframe")


def test_one_bar_is_too_few() -> None:
    assert "too_few" in problems("\n".join(GOOD.splitlines()[:2]))[0]
    assert "too_few" in problems(GOOD.splitlines()[0])[0]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"hello", b"a,b,c\n1,2,3\n", b"\x00\x01\x02", b"1,2,3,4\n5,6,7,8\n"])
def test_what_is_no_table_of_candles_is_refused(data: bytes) -> None:
    assert problems(data)


def test_local_times_that_happen_twice_or_never_are_refused_with_their_lines() -> None:
    rows = ["2024-03-31 01:00", "2024-03-31 02:00", "2024-03-31 03:00", "2024-10-27 01:00", "2024-10-27 02:00", "2024-10-27 03:00"]
    text = "date,open,high,low,close,volume\n" + "".join(f"{row},1,1,1,1,1\n" for row in rows)
    found = problems(text, "Europe/Berlin")
    assert [problem.split(":")[0] for problem in found] == ["line 3 time_nonexistent", "line 6 time_ambiguous"]


def test_an_unknown_zone_is_refused() -> None:
    assert problems(GOOD, "Mars/Olympus")[0].startswith("timezone unknown_timezone: 'Mars/Olympus' is not a time zone")


def test_a_file_that_is_wrong_throughout_is_refused_in_good_time() -> None:
    text = "date,open,high,low,close,volume\n" + "".join(f"day {i},a,b,c,d,e\n" for i in range(50_000))
    found = problems(text)
    assert len(found) == 6 * 1_001
    assert any("and 49,000 more rows of this kind" in problem for problem in found)


def test_rows_of_a_table_are_counted_from_where_the_caller_says() -> None:
    frame = to_frame(hourly([0, 1, 2]))
    frame[1, "close"] = -1.0
    with pytest.raises(DataError, match="row 12: close is -1"):
        read_frame(frame, "test:A", first_row=11)


def test_times_beyond_reach_are_faults_and_no_panic_of_the_zone_arithmetic() -> None:
    counts = pl.Series([1_704_067_200_000, 2**63 - 1, -(2**63)])
    frame = to_frame(hourly([0, 1, 2]))
    for wild in (counts.cast(pl.Datetime("ms")), counts.cast(pl.Datetime("us")), counts):
        with pytest.raises(DataError, match=r"row 2: the time \d+ lies outside the years 1800 to 2200"):
            read_frame(frame.with_columns(ts=wild), "test:A", timezone="UTC")
    with pytest.raises(DataError, match=r"row 3: the time 1e\+302 is no epoch"):
        read_frame(frame.with_columns(ts=pl.Series([1.7e12, 1.8e12, 1e302])), "test:A")


def test_local_midnights_around_a_change_of_clocks_are_days_without_gaps() -> None:
    days = "".join(f"2024-03-{day:02d},1,1,1,1,1\n" for day in range(25, 32)) + "2024-04-01,1,1,1,1,1\n"
    imported = read_csv(f"date,open,high,low,close,volume\n{days}".encode(), "test:A", timezone="Europe/Berlin")
    assert imported.bars.timeframe.name == "1d"
    assert imported.findings == ()
