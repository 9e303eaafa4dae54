"""Everything of one owner."""

from __future__ import annotations

import asyncio
from typing import Final

from assay.adapters.store.answers import SqlAnswers
from assay.adapters.store.columns import Columns
from assay.adapters.store.database import Database
from assay.adapters.store.owned import Owned
from assay.adapters.store.results import SqlResults
from assay.adapters.store.sessions import SqlSessions
from assay.adapters.store.strategies import SqlStrategies
from assay.adapters.store.watchlists import SqlWatchlists


class SqlDesk:
    """`runtime.ports.Desk`."""

    def __init__(self, database: Database, columns: Columns, owner: str, changing: asyncio.Lock) -> None:
        owned = Owned(database, owner)
        self.owner: Final = owner
        self.strategies: Final = SqlStrategies(owned)
        self.sessions: Final = SqlSessions(owned, columns, changing)
        self.results: Final = SqlResults(owned, columns)
        self.answers: Final = SqlAnswers(owned)
        self.watchlists: Final = SqlWatchlists(owned)
