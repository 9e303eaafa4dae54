"""What a search for looking ahead found, as it goes over the wire."""

from __future__ import annotations

from typing import Final

from assay.api.wire.lookahead import LeakItem, LookAhead
from assay.core.engine.lookahead import Proof

SHOWN: Final = 100


def look_ahead(proof: Proof) -> LookAhead:
    """With as many leaks as anybody reads."""
    leaks = [
        LeakItem(
            how=leak.how,
            known_until=leak.known_until,
            instrument=leak.instrument,
            closed_at=leak.closed_at,
            decision=leak.decision,
            series=list(leak.series),
        )
        for leak in proof.leaks[:SHOWN]
    ]
    return LookAhead(honest=proof.honest, points=proof.points, leaks=leaks, found=len(proof.leaks))
