"""Strategies come from files and from the package's templates, and what cannot be read says why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.core.indicators.market import market

from assay.adapters.files.strategies import load, template, template_text, templates
from assay.core.domain.errors import StrategyError
from assay.core.domain.timeframe import Timeframe
from assay.core.indicators.compute import columns
from assay.core.market.resample import Clock
from assay.core.strategy.document import Action, Name
from assay.core.strategy.parameters import bind
from assay.core.strategy.places import places

BARS = 1_000


def test_a_document_is_loaded_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(template_text("sma_cross"))
    assert load(file) == load(str(file)) == template("sma_cross")


def test_there_are_eight_templates() -> None:
    assert templates() == (
        "bollinger_breakout", "macd_trend", "momentum_basket", "multi_timeframe_trend",
        "rsi_reversion", "scalper_ladder", "score_with_vetoes", "sma_cross",
    )  # fmt: skip


@pytest.mark.parametrize("name", templates())
def test_every_template_is_ready_to_run(name: str) -> None:
    document = bind(template(name))
    assert document.description
    assert document.timeframe == "1h"
    assert document.universe[0] == "synthetic:BTC/USDT"
    assert all(rule.name for rule in document.rules)
    hours = Clock(np.arange(BARS, dtype=np.int64) * Timeframe("1h").nanoseconds, Timeframe("1h"))
    found = columns(document, market(1, BARS), hours)
    for path, held in places(document):
        if isinstance(held, Name):
            assert np.isfinite(found[held.name]).any(), path


def test_sma_cross_is_always_in_the_market() -> None:
    actions = {rule.then.action for rule in template("sma_cross").rules}
    assert actions == {Action.ENTER_LONG, Action.ENTER_SHORT}


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_bytes(b'{"name": "\xff"}')
    (tmp_path / "long.json").write_bytes(b" " * 300_000)
    expected = {"absent.json": "no such file", "": "a folder", "bad.json": "UTF-8", "long.json": "too many", "a\0b": "no name of a file"}
    for name, message in expected.items():
        with pytest.raises(StrategyError, match=message):
            load(f"{tmp_path}/{name}")


def test_an_unknown_template_is_refused_with_those_there_are() -> None:
    with pytest.raises(StrategyError, match="did you mean 'sma_cross'"):
        template("sma-cross")
    with pytest.raises(StrategyError, match="is not a template"):
        template("../../../etc/passwd")
