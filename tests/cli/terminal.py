"""The command line without a process: what was typed, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from assay.adapters.files.sample import samples
from assay.adapters.files.strategies import template_text
from assay.cli.commands import app

BTC = str(samples()["synthetic:BTC/USDT"])
ETH = str(samples()["synthetic:ETH/USDT"])
SOL = str(samples()["synthetic:SOL/USDT"])


def assay(*typed: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in typed], catch_exceptions=False)


def answer(*typed: str | Path) -> Any:
    """What a program reads: standard output as JSON, with no NaN in it, and nothing else."""
    done = assay(*typed, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout, parse_constant=_refuse)


def written(folder: Path, name: str = "sma_cross", file: str = "strategy.json") -> Path:
    """A template as a file of one's own."""
    path = folder / file
    path.write_text(template_text(name))
    return path


def changed(folder: Path, changes: Mapping[str, Any], file: str = "strategy.json") -> Path:
    """The same with other members at the top."""
    path = folder / file
    path.write_text(json.dumps(json.loads(template_text("sma_cross")) | changes))
    return path


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")
