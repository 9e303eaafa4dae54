"""A whole backtest of an unsaved document, as it goes over the wire."""

from __future__ import annotations

from assay.api.wire.strategies import Preview, PreviewRequest
from assay.runtime.ports import Candles


def previewed(asked: PreviewRequest, candles: Candles, bars_most: int) -> Preview:
    """Blocks for as long as the run takes. Raises LocatedError for what cannot be run."""
    raise NotImplementedError
