"""What is wrong is said in one place, with its place; the exit code is 2, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.terminal import BTC, ETH, assay, changed, files, written

from assay.adapters.files.strategies import template_text

GOOD = ("backtest", "good.json")
DATA = ("--data", BTC)

WRONG: list[tuple[tuple[str, ...], str]] = [
    # strategies
    (("backtest", "none.json", *DATA), "none.json: there is no such file"),
    (("backtest", "folder", *DATA), "folder: that is a folder"),
    (("backtest", "text.json", *DATA), "text.json: line 2: column 1: not JSON"),
    (("backtest", "twice.json", *DATA), "twice.json: schema: the key 'schema' comes more than once"),
    (("backtest", "key.json", *DATA), "key.json: ruls: 'ruls' is not a key here; did you mean 'rules'?"),
    (("backtest", "indicator.json", *DATA), "indicator.json: series.fast.indicator: 'smaa'"),
    (("backtest", "daily.json", *DATA), "daily.json: timeframe: the document decides on 1d bars"),
    (("backtest", "basket.json", *DATA), "basket.json: universe: there are no bars of synthetic:ETH/USDT"),
    # data
    ((*GOOD, "--data", "none.csv"), "none.csv: there is no such file"),
    ((*GOOD, "--data", "folder"), "folder: it is a directory"),
    ((*GOOD, "--data", "rows.csv"), "rows.csv line 3: high 0.9 is below 1.5"),
    ((*GOOD, "--data", "good.json"), "good.json: it is JSON"),
    ((*GOOD, "--data", BTC, "--data", ETH), "--data: each of several files needs its instrument"),
    ((*GOOD, "--data", BTC, "--data", f"a:B={ETH}"), "--data: "),
    ((*GOOD, "--data", f"a:B={BTC}", "--data", f"c:D={ETH}"), "good.json: universe: there are bars of a:B, c:D"),
    ((*GOOD, "--data", f"a:B C={BTC}"), "'a:B C' is not an instrument"),
    ((*GOOD, *DATA, "--instrument", "btc"), "'btc' is not an instrument"),
    ((*GOOD, "--data", f"a:B={BTC}", "--instrument", "c:D"), "--instrument: "),
    ((*GOOD, *DATA, "--timezone", "Mars/Base"), "'Mars/Base' is not a time zone"),
    ((*GOOD, *DATA, "--match", BTC), "--match: synthetic:BTC/USDT: bars of 1h are not finer"),
    ((*GOOD, *DATA, "--match", "none.csv"), "none.csv: there is no such file"),
    ((*GOOD, *DATA, "--funding", "none.csv"), "none.csv: it cannot be read as funding rates"),
    ((*GOOD, *DATA, "--funding", "rows.csv"), "rows.csv: there is no column 'ts'"),
    ((*GOOD, *DATA, "--funding", "rates.csv"), "rates.csv row 2: the rate 'x' is no finite number"),
    # parameters and the period
    ((*GOOD, *DATA, "--set", "fast"), "--set: 'fast' is no name=value"),
    ((*GOOD, *DATA, "--set", "fast=quick"), "--set: 'quick' in 'fast=quick' is no number"),
    ((*GOOD, *DATA, "--set", "fast=3", "--set", "fast=4"), "--set: a parameter is set twice"),
    ((*GOOD, *DATA, "--set", "fst=3"), "good.json: parameters.fst: 'fst' is not a parameter here; did you mean 'fast'?"),
    ((*GOOD, *DATA, "--set", "fast=300"), "good.json: parameters.fast: 300 is out of bounds"),
    ((*GOOD, *DATA, "--from", "yesterday"), "--from: 'yesterday' is no date or time"),
    ((*GOOD, *DATA, "--from", "2024-06-01", "--to", "2024-01-01"), "--from: 2024-06-01"),
    ((*GOOD, *DATA, "--from", "2031-01-01"), "--from: there are no bars"),
    ((*GOOD, *DATA, "--to", "2011-01-01"), "--to: there are no bars"),
    # the account
    ((*GOOD, *DATA, "--fee", "2"), "--fee: 2.0 is out of bounds"),
    ((*GOOD, *DATA, "--cash", "-1"), "--cash: -1.0 is out of bounds"),
    ((*GOOD, *DATA, "--cash", "nan"), "--cash: nan is out of bounds"),
    ((*GOOD, *DATA, "--convention", "lean"), "--convention: 'lean' is not a convention"),
    ((*GOOD, *DATA, "--convention", "freqtrade"), "--convention: "),
    ((*GOOD, "--data", "quiet.csv", "--volume-cap", "0.1"), "--volume-cap: the data has no volume"),
    # the grid
    (("sweep", "good.json", *DATA, "--grid", "fast"), "--grid: 'fast' is no name=value"),
    (("sweep", "good.json", *DATA, "--grid", "fast=9:5"), "--grid: 'fast=9:5' holds no value"),
    (("sweep", "good.json", *DATA, "--grid", "fast=5,6", "--grid", "fast=7"), "--grid: a parameter has two axes"),
    (("sweep", "none.json", *DATA, "--grid", "fast=5,6"), "none.json: there is no such file"),
    # where the report goes
    ((*GOOD, *DATA, "--html", "folder"), "folder is a directory"),
    ((*GOOD, *DATA, "--html", "good.json/run.html"), "good.json"),
    # templates
    (("demo", "--template", "none"), "'none' is not a template here"),
    (("templates", "none"), "'none' is not a template here"),
]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a good strategy and with everything that can be wrong."""
    (tmp_path / "folder").mkdir()
    written(tmp_path, file="good.json")
    written(tmp_path, "momentum_basket", file="basket.json")
    changed(tmp_path, {"timeframe": "1d"}, file="daily.json")
    changed(tmp_path, {"ruls": []}, file="key.json")
    (tmp_path / "indicator.json").write_text(template_text("sma_cross").replace('"sma"', '"smaa"'))
    (tmp_path / "text.json").write_text('{"schema": "assay/strategy@1",\n')
    (tmp_path / "twice.json").write_text('{"schema": "assay/strategy@1", "schema": "assay/strategy@1"}')
    (tmp_path / "rows.csv").write_text("time,open,high,low,close,volume\n2024-01-01,1,2,0.5,1.5,3\n2024-01-02,1,0.9,0.5,1.5,3\n")
    quiet = "".join(f"{1_704_067_200 + 3_600 * hour},1,2,0.5,1.5\n" for hour in range(48))
    (tmp_path / "quiet.csv").write_text(f"time,open,high,low,close\n{quiet}")
    (tmp_path / "rates.csv").write_text("ts,rate\n2024-01-01,0.1\n2024-01-02,x\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("typed", "said"), WRONG, ids=[" ".join(typed[:1] + typed[-2:]).replace(BTC, "btc") for typed, _ in WRONG])
def test_it_is_said_where_and_nothing_is_written(place: Path, typed: tuple[str, ...], said: str) -> None:
    before = files(place)
    asked = () if typed[0] != "backtest" or "--html" in typed else ("--html", "run.html")
    done = assay(*typed, *asked)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert files(place) == before


def test_problems_come_one_a_line_each_with_its_file(place: Path) -> None:
    done = assay("backtest", "indicator.json", *DATA)
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["indicator.json"] * 2


def test_a_message_cannot_steer_the_terminal(place: Path) -> None:
    (place / "esc.csv").write_text("time,open,high,low,close\n\x1b[2J,1,1,1,1\n\x1b[2J,1,1,1,1\n")
    done = assay("backtest", "good.json", "--data", "esc.csv")
    assert done.exit_code == 2
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("typed", [("backtest",), ("backtest", "good.json", *DATA, "--fee", "x"), ("nothing",), ("--no",)])
def test_wrong_use_is_told_with_the_usage(place: Path, typed: tuple[str, ...]) -> None:
    done = assay(*typed)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: ")


def test_json_is_not_begun_when_something_is_wrong(place: Path) -> None:
    done = assay("backtest", "daily.json", *DATA, "--json")
    assert (done.exit_code, done.stdout) == (2, "")


def test_an_interrupt_ends_quietly(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assay.interface.backtest", interrupted)
    monkeypatch.delattr("assay.backtest", raising=False)
    done = assay("backtest", "good.json", *DATA, "--html", "run.html")
    assert (done.exit_code, done.stdout, done.stderr) == (130, "", "")
    assert "run.html" not in files(place)
