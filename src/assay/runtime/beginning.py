"""A platform that was never used has something to look at: the bundled bars, the templates as strategies, and backtests of two of them.

It is made beside the server, which is ready before. What is there already is left as it is, so an interrupted beginning goes on where it
was; once it is whole it is never made again, and what a person deletes stays deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assay.core.domain.account import Account
from assay.core.market.bars import Bars
from assay.core.strategy.canonical import content_hash
from assay.core.strategy.parse import parse
from assay.runtime.ids import new_id
from assay.runtime.ports import Candles, Clock, Desk, Store
from assay.runtime.proposal import Proposal
from assay.runtime.records import Watchlist
from assay.runtime.runner import Runner
from assay.runtime.workers import Workers

MARK: Final = "begun"
"""Kept among what was configured: since when the beginning is whole. What is younger is a person's own."""
SHOWN: Final = ("sma_cross", "momentum_basket")
"""Templates that a backtest is run of."""
MOST: Final = 200
WATCHLIST: Final = "Assay"
"""What is on it comes with Assay."""


@dataclass(frozen=True, eq=False)
class Beginning:
    """`samples` are read when they are asked for, which takes a moment; `watched` are on the first watchlist."""

    store: Store
    desk: Desk
    candles: Candles
    workers: Workers
    runner: Runner
    clock: Clock
    templates: Mapping[str, Mapping[str, Any]]
    watched: Sequence[str] = ()

    async def make(self, samples: Iterable[Bars]) -> None:
        """Bars first, for the backtests need them."""
        if (await self.store.config()).get(MARK):
            return
        await self.workers.run(self._write, samples)
        strategies = await self._strategies()
        if not (await self.desk.sessions.page(None, None, 1, None)).total:
            for name in SHOWN:
                await self.runner.start(self.desk, Proposal(account=Account(), strategy_id=strategies[name]))
        now = self.clock.now()
        if self.watched and not await self.desk.watchlists.all():
            first = Watchlist(id=new_id(now), name=WATCHLIST, instruments=tuple(self.watched), created_at=now, updated_at=now)
            await self.desk.watchlists.save(first)
        await self.store.save_config({MARK: now.isoformat()}, now)

    def _write(self, samples: Iterable[Bars]) -> None:
        for bars in samples:
            self.candles.write(bars)

    async def _strategies(self) -> dict[str, str]:
        """The id of each template's strategy."""
        there = (await self.desk.strategies.page(None, "created_at", MOST, None)).items
        found = {record.template: record.id for record in reversed(there) if record.template is not None}
        for name, document in self.templates.items():
            if name not in found:
                now = self.clock.now()
                found[name] = new_id(now)
                await self.desk.strategies.create(found[name], document, content_hash(parse(document)), now, name)
        return found
