"""`assay lookahead` says whether a strategy knew what came later, and ends with 1 where one did."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.terminal import BTC, answer, assay, written

from assay.cli.lookahead import told
from assay.core.engine.lookahead import Leak, Proof


def test_an_honest_strategy_passes_on_its_file_and_on_what_is_bundled(tmp_path: Path) -> None:
    strategy = written(tmp_path)
    expected = {"honest": True, "points": 10, "leaks": []}
    assert answer("lookahead", strategy, "--data", BTC, "--points", "10") == expected
    assert answer("lookahead", strategy, "--points", "10", "--set", "fast=7") == expected
    said = assay("lookahead", strategy, "--points", "10")
    assert (said.exit_code, said.stdout.startswith("Nothing knew the future")) == (0, True)


def test_candles_stand_in_for_instruments_that_are_not_bundled(tmp_path: Path) -> None:
    strategy = written(tmp_path)
    strategy.write_text(strategy.read_text().replace("synthetic:BTC/USDT", "binance:BTC/USDT"))
    said = assay("lookahead", strategy, "--points", "5")
    assert said.exit_code == 0
    assert "stand in" in said.stderr
    document = json.loads(strategy.read_text())
    strategy.write_text(json.dumps({**document, "timeframe": "5m"}))
    assert assay("lookahead", strategy).exit_code == 2


def test_a_leak_is_told_with_the_series_it_came_from() -> None:
    """No document can look ahead, so whoever does is written by hand in `tests/core/engine/test_lookahead.py`."""
    noon, later = datetime(2024, 3, 1, 12, tzinfo=UTC), datetime(2024, 3, 1, 15, tzinfo=UTC)
    proof = Proof(5, (Leak("cut", later, "test:A/B", noon, decision=True, series=("pivot", "signal")),))
    line, last = told(proof, as_json=False).splitlines()
    assert line.startswith("test:A/B 2024-03-01T12:00:00Z: the decision was another")
    assert line.endswith("was cut off, from pivot, signal")
    assert last.startswith("1 leaks at 5 closes")
    assert json.loads(told(proof, as_json=True))["leaks"][0]["series"] == ["pivot", "signal"]


@pytest.mark.parametrize(
    ("typed", "said"), [(("--points", "0"), "--points"), (("--from", "2031-01-01"), "--from: there are no bars in this period")]
)
def test_what_cannot_be_tried_is_refused(tmp_path: Path, typed: tuple[str, ...], said: str) -> None:
    refused = assay("lookahead", written(tmp_path), "--data", BTC, *typed)
    assert (refused.exit_code, said in refused.stderr) == (2, True)
