"""`assay conditions` makes a strategy of a conditions file, tells what it rejected, and makes a file of a strategy."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.terminal import assay, written

from assay.core.strategy.parse import parse

PAGE = Path(__file__).parents[2] / "docs/reference/conditions-file.md"
SHOWN = re.findall(r"^```json\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)[0]


def file(folder: Path, text: str = SHOWN, name: str = "custom_conditions.json") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_the_file_on_the_page_is_a_strategy_and_comes_back_as_it_is(tmp_path: Path) -> None:
    read = assay("conditions", file(tmp_path), "--strict")
    assert (read.exit_code, read.stderr) == (0, "")
    assert parse(read.stdout).universe == ("bybit:BTC/USDT", "bybit:ETH/USDT")
    back = assay("conditions", file(tmp_path, read.stdout, "strategy.json"), "--export")
    assert json.loads(back.stdout) == json.loads(SHOWN)


def test_what_is_rejected_is_told_beside_the_strategy_and_refused_in_strict(tmp_path: Path) -> None:
    path = file(tmp_path, SHOWN.replace('"op": "<", "right": 30', '"op": "nearly\\u202e", "right": 30'))
    read = assay("conditions", path)
    assert read.exit_code == 0
    assert read.stderr.startswith("custom_conditions.json: long.thresholds.conditions[0].op: 'nearly")
    assert "\u202e" not in read.stderr
    assert parse(read.stdout).rules[0].enabled
    refused = assay("conditions", path, "--strict")
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_the_venue_and_the_timeframe_may_be_named(tmp_path: Path) -> None:
    path = file(tmp_path, SHOWN.replace("bybit:", "").replace('"timeframe": "15m",', ""))
    read = assay("conditions", path, "--venue", "okx", "--timeframe", "1H", "--strict")
    assert (json.loads(read.stdout)["universe"], json.loads(read.stdout)["timeframe"]) == (["okx:BTC/USDT", "okx:ETH/USDT"], "1h")


@pytest.mark.parametrize(
    ("typed", "said"),
    [(("--venue", "no such"), "venue"), (("--timeframe", "7m"), "timeframe"), (("--export",), "schema")],
)
def test_what_cannot_be_done_is_refused(tmp_path: Path, typed: tuple[str, ...], said: str) -> None:
    refused = assay("conditions", file(tmp_path), *typed)
    assert (refused.exit_code, said in refused.stderr) == (2, True)


def test_a_strategy_that_no_file_can_say_is_refused_with_its_places(tmp_path: Path) -> None:
    refused = assay("conditions", written(tmp_path), "--export")
    assert refused.exit_code == 2
    assert "strategy.json: parameters.fast: a conditions file has no parameters" in refused.stderr
    assert assay("conditions", tmp_path / "none.json").exit_code == 2
