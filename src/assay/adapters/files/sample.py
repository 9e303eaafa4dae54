"""The bundled sample as files: synthetic bars that come with the package, so that everything can be tried without a network."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from assay.adapters.files.candles import import_bars
from assay.core.domain.errors import DataError, Problem
from assay.core.market.bars import Bars
from assay.core.market.frames import to_frame
from assay.core.market.sample import NAMES, sample_bars


def samples() -> Mapping[str, Path]:
    """The file of each bundled instrument, by its id."""
    folder = Path(str(resources.files("assay") / "samples"))
    return {name: folder / file_name(name) for name in NAMES}


def sample(name: str) -> Bars:
    """Bars of a bundled instrument: `synthetic:BTC/USDT`, or `BTC/USDT` for short. Raises DataError for any other."""
    files = samples()
    full = name if name in files else f"synthetic:{name}"
    if full not in files:
        raise DataError([Problem("sample", "unknown_sample", f"there is no sample {name!r}; there are {', '.join(files)}")])
    return import_bars(files[full], instrument=full).bars


def write_samples(folder: Path) -> None:
    """Generate the files anew. The values are the same on every machine; the bytes depend on the Parquet writer's version."""
    for name, bars in sample_bars().items():
        to_frame(bars).write_parquet(folder / file_name(name), compression="zstd", compression_level=19)


def file_name(name: str) -> str:
    """`synthetic_BTC-USDT_1h.parquet`."""
    timeframe = "1d" if name.endswith(":SHARE") else "1h"
    return f"{name.replace(':', '_').replace('/', '-')}_{timeframe}.parquet"
