"""Values as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.cli.problems import OptionError
from assay.cli.values import axis, named_files, setting

SETTINGS = [("fast=12", 12), ("fast = 12", 12), ("fast=-3", -3), ("fast=0.5", 0.5), ("fast=1e3", 1000), ("fast=1e-3", 0.001)]

AXES: list[tuple[str, list[int | float]]] = [
    ("fast=5:50:1", list(range(5, 50))),
    ("slow=20:200:5", list(range(20, 200, 5))),
    ("fast=5:8", [5, 6, 7]),
    ("fast=9:3:-2", [9, 7, 5]),
    ("fast=5:6:10", [5]),
    ("size=0.1:0.4:0.1", [0.1, 0.2, 0.3]),
    ("size=0.1:0.35:0.1", [0.1, 0.2, 0.3]),
    ("fast=5,10,20", [5, 10, 20]),
    ("fast=20,5", [20, 5]),
    ("fast=7", [7]),
]

NO_SETTINGS = ["fast", "=3", "fast=", "fast=x", "fast=nan", "fast=inf", "fast=1e999", "fast=1;2"]
NO_AXES = [
    *NO_SETTINGS, "fast=1:", "fast=:5", "fast=1:2:3:4", "fast=1:5:0", "fast=5:5", "fast=5:1", "fast=1,,2", "fast=3,3", "fast=0:1e9",
    "fast=0:1:1e-300",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), SETTINGS)
def test_a_setting_is_a_name_and_a_number(text: str, value: int | float) -> None:
    assert setting(text) == ("fast", value)
    assert type(setting(text)[1]) is type(value)


@pytest.mark.parametrize(("text", "values"), AXES)
def test_an_axis_is_a_range_without_its_stop_or_a_list(text: str, values: list[int | float]) -> None:
    assert axis(text) == (text.partition("=")[0], tuple(values))


@pytest.mark.parametrize("text", NO_SETTINGS)
def test_what_is_no_setting_is_refused_at_its_option(text: str) -> None:
    with pytest.raises(OptionError) as refused:
        setting(text)
    assert refused.value.errors[0].path == "--set"


@pytest.mark.parametrize("text", NO_AXES)
def test_what_is_no_axis_is_refused_at_its_option(text: str) -> None:
    with pytest.raises(OptionError) as refused:
        axis(text)
    assert refused.value.errors[0].path == "--grid"


def test_a_file_may_be_named_by_its_instrument() -> None:
    assert named_files(["binance:BTC/USDT=btc.csv", "a:B=c=d.csv"], "--data") == {
        "binance:BTC/USDT": Path("btc.csv"),
        "a:B": Path("c=d.csv"),
    }


def test_one_file_needs_no_name_and_may_hold_an_equals_sign(tmp_path: Path) -> None:
    odd = tmp_path / "a:b=c.csv"
    odd.touch()
    assert named_files(["fast=slow.csv"], "--data") == {None: Path("fast=slow.csv")}
    assert named_files([str(odd)], "--data") == {None: odd}


@pytest.mark.parametrize("given", [["a.csv", "b.csv"], ["a.csv", "x:Y=b.csv"], ["x:Y=a.csv", "x:Y=b.csv"]])
def test_several_files_are_told_apart_by_their_instruments(given: list[str]) -> None:
    with pytest.raises(OptionError):
        named_files(given, "--data")
