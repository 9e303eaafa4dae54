"""A preset is the regime it says: the sample's own are generated again, and compared."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from assay.adapters.files.sample import sample
from assay.core.market.draws import Draws
from assay.core.market.instants import to_ns
from assay.core.market.presets import PRESETS, Preset
from assay.core.market.regimes import CRYPTO, wander
from assay.core.market.sample import HOUR_NS

HOURS = np.arange(to_ns(PRESETS[-1].start), to_ns(PRESETS[-1].end), HOUR_NS)
NAMES = {id(regime): name for name, regime in CRYPTO.items()}
WALK = [NAMES[id(regime)] for regime in wander(CRYPTO, Draws(20).uniform(len(HOURS)))]


@pytest.mark.parametrize("preset", [preset for preset in PRESETS if preset.regimes], ids=lambda preset: preset.id)
def test_it_spans_exactly_the_regimes_that_it_names(preset: Preset) -> None:
    first, end = np.searchsorted(HOURS, [to_ns(preset.start), to_ns(preset.end)]).tolist()
    assert tuple(name for name, _ in groupby(WALK[first:end])) == preset.regimes
    assert WALK[first - 1] != WALK[first]
    assert WALK[end - 1] != WALK[end]


@pytest.mark.parametrize(
    ("kind", "low", "high"), [("bull", 1.0, 9.0), ("crash", -0.9, -0.2), ("recovery", 0.2, 1.0), ("sideways", -0.25, 0.25)]
)
def test_what_it_is_called_is_what_prices_did(kind: str, low: float, high: float) -> None:
    for preset in PRESETS:
        for name in preset.instruments if preset.kind == kind else ():
            bars = sample(name).between(preset.start, preset.end)
            assert low < bars.close[-1] / bars.open[0] - 1.0 < high, (preset.id, name)


def test_everything_is_everything() -> None:
    for name in PRESETS[-1].instruments:
        assert len(sample(name).between(PRESETS[-1].start, PRESETS[-1].end)) == len(sample(name))
