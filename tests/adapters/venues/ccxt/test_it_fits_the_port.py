"""The source is one by shape, which the type checker checks here, and costs nothing before it is asked."""

from __future__ import annotations

import subprocess
import sys

from tests.adapters.venues.standin.world import World

from assay.adapters.venues.ccxt.client import CcxtSource
from assay.runtime.ports import Source


def test_it_is_a_source() -> None:
    source: Source = CcxtSource("binance", clock=World(), urls=None)
    assert (source.venue, source.name, source.streams) == ("binance", "Binance", True)
    assert {"1m", "1h", "1d", "1M"} <= set(source.timeframes)


def test_ccxt_is_not_imported_to_list_what_is_known() -> None:
    code = (
        "import sys; from assay.adapters.venues.ccxt.client import CcxtSource; from tests.adapters.venues.standin.world import World; "
        "source = CcxtSource('bybit', clock=World()); source.name, source.timeframes, source.streams; assert 'ccxt' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_any_other_venue_that_ccxt_knows_is_one_too() -> None:
    source = CcxtSource("kraken", clock=World())
    assert (source.name, source.streams) == ("Kraken", True)
    assert list(source.timeframes) == ["1m", "5m", "15m", "30m", "1h", "4h", "1d", "1w"]
