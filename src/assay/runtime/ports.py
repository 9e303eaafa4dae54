"""What the runtime and the API need from outside, by shape. Adapters conform to it, and `app.py` is where that is checked.

Whatever belongs to somebody is reached through a `Desk`, which is one owner's: a row of another's is not there.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

import polars as pl

from assay.core.domain.errors import Problem
from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span
from assay.core.market.bars import Bars
from assay.core.market.calendar import Calendar
from assay.runtime.records import (
    Answer,
    Coverage,
    InputRange,
    Link,
    LiveBar,
    Page,
    ResultFilter,
    ResultRecord,
    SessionRecord,
    State,
    StrategyRecord,
    VersionRecord,
    Watchlist,
)

Table: TypeAlias = Literal["trades", "fills", "decisions", "equity", "positions", "monthly"]
"""The columns that are kept of a finished session."""

Tell: TypeAlias = Callable[[str, float | None], None]
"""How a computation says how far it is: the phase's name, and the fraction that is done, None where nobody knows."""


def unheard(phase: str, fraction: float | None) -> None:
    """A `Tell` for whoever does not watch how far it is."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The instant, aware and UTC."""
        ...


class Strategies(Protocol):
    """Strategies with their versions."""

    async def create(
        self, strategy_id: str, document: Mapping[str, object], content_hash: str, at: datetime, template: str | None = None
    ) -> StrategyRecord:
        """Version 1; name and description are the document's."""
        ...

    async def get(self, strategy_id: str) -> StrategyRecord | None: ...

    async def page(self, search: str | None, sort: str, limit: int, cursor: str | None) -> Page[StrategyRecord]:
        """Sorted by `name`, `updated_at` or `created_at`, descending with `-` before it. Raises CursorError."""
        ...

    async def save(
        self, strategy_id: str, document: Mapping[str, object], content_hash: str, at: datetime, *, note: str = "", after: int | None = None
    ) -> StrategyRecord | None:
        """A new version, or none where the document is the newest one's; None where there is no such strategy.

        Raises StaleError where the newest is not `after`.
        """
        ...

    async def versions(self, strategy_id: str, limit: int, cursor: str | None) -> Page[VersionRecord]:
        """Newest first."""
        ...

    async def version(self, strategy_id: str, number: int) -> VersionRecord | None: ...

    async def deploy(self, strategy_id: str, number: int | None) -> StrategyRecord | None:
        """That version is in force from now on, or none is. None where there is no such strategy or version."""
        ...

    async def delete(self, strategy_id: str) -> bool:
        """Its sessions and results stay: they carry their own document. False where there is none."""
        ...


class Sessions(Protocol):
    """Sessions and what came of them."""

    async def create(self, record: SessionRecord) -> None: ...

    async def get(self, session_id: str) -> SessionRecord | None: ...

    async def page(self, state: State | None, search: str | None, limit: int, cursor: str | None) -> Page[SessionRecord]:
        """Newest first. Raises CursorError."""
        ...

    async def started(self, session_id: str, at: datetime, inputs: Sequence[InputRange]) -> None: ...

    async def finished(self, session_id: str, at: datetime, result: ResultRecord, tables: Mapping[Table, pl.DataFrame]) -> None:
        """Columns first, then the row: a result that is listed is whole, whenever the power fails."""
        ...

    async def ended(self, session_id: str, at: datetime, state: State, problems: Sequence[Problem]) -> None:
        """Failed or stopped."""
        ...

    async def delete(self, session_id: str) -> bool:
        """With its result and its columns. False where there is none."""
        ...


class Results(Protocol):
    """Results, to be searched, sorted and compared."""

    async def get(self, session_id: str) -> ResultRecord | None: ...

    async def page(self, wanted: ResultFilter, limit: int, cursor: str | None) -> Page[ResultRecord]:
        """Raises CursorError."""
        ...

    async def stats(self, wanted: ResultFilter) -> ResultStats: ...

    async def table(self, session_id: str, table: Table) -> pl.DataFrame | None:
        """Columns as `core.results.Result` names them; None where there is no such result."""
        ...


@dataclass(frozen=True, slots=True)
class ResultStats:
    """Over all results that a filter lets through; averages are None where there are none."""

    runs: int
    profitable: int
    best: ResultRecord | None
    mean_return: float | None
    mean_sharpe: float | None
    trades: int


class Answers(Protocol):
    """Answers to writes by idempotency key, kept for a day."""

    async def get(self, key: str, route: str) -> Answer | None: ...

    async def keep(self, key: str, route: str, answer: Answer, at: datetime) -> None: ...


class Watchlists(Protocol):
    """Lists of instruments of one owner."""

    async def all(self) -> Sequence[Watchlist]:
        """By name."""
        ...

    async def get(self, watchlist_id: str) -> Watchlist | None: ...

    async def save(self, watchlist: Watchlist) -> None:
        """A new one, or in place of the one with its id."""
        ...

    async def delete(self, watchlist_id: str) -> bool: ...


class Desk(Protocol):
    """Everything of one owner."""

    @property
    def owner(self) -> str: ...
    @property
    def strategies(self) -> Strategies: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def results(self) -> Results: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def watchlists(self) -> Watchlists: ...


class Store(Protocol):
    """Where rows are kept."""

    def desk(self, owner: str) -> Desk: ...

    async def unfinished(self) -> Sequence[SessionRecord]:
        """Of every owner, oldest first: what a start has to go on with."""
        ...

    async def config(self) -> Mapping[str, object]:
        """What was changed from the defaults, by dotted name."""
        ...

    async def save_config(self, values: Mapping[str, object], at: datetime) -> None:
        """These names, the others stay; None gives a name its default back."""
        ...

    async def check(self) -> None:
        """Raises UnavailableError where a query cannot be answered."""
        ...


class Candles(Protocol):
    """Bars by instrument and timeframe. Its calls block and belong into a worker thread."""

    def coverage(self, instrument: str | None = None) -> Sequence[Coverage]: ...

    def read(self, instrument: str, timeframe: str, start: datetime | None = None, end: datetime | None = None) -> Bars | None:
        """Bars opened in [start, end); None where nothing of the instrument and timeframe is stored."""
        ...

    def write(self, bars: Bars) -> int:
        """Bars of the same time replace those that are there; whole months are renamed into place. Answers how many are new."""
        ...

    def delete(self, instrument: str, timeframe: str) -> bool:
        """With what is known to have been asked for. False where nothing was stored."""
        ...

    def asked(self, instrument: str, timeframe: str) -> Sequence[Span]:
        """What a venue has answered for already, bars or none, in order and joined: it need not be asked for that again."""
        ...

    def mark_asked(self, instrument: str, timeframe: str, span: Span) -> None:
        """The venue has answered for `span`, and its bars are written. Atomic, and later than they."""
        ...


class Listings(Protocol):
    """What venues list, as it was when they were last asked. Its calls block and belong into a worker thread."""

    def read(self, venue: str) -> tuple[Sequence[Instrument], datetime] | None:
        """With the instant they were asked; None where they never were."""
        ...

    def write(self, venue: str, instruments: Sequence[Instrument], at: datetime) -> None:
        """In place of what was there, whole or not at all."""
        ...

    def delete(self, venue: str) -> bool: ...


CalendarOf: TypeAlias = Callable[[str], Calendar | None]
"""When an instrument's market is open, by the instrument's name; None where nobody told. It may block."""


class Source(Protocol):
    """A venue as a source of market data. Every call may raise a VenueError, and none is patient on its own account (`runtime.patience`).

    It belongs to one event loop, connects when it is first asked, and is closed by whoever made it.
    """

    @property
    def venue(self) -> str:
        """Its id, the part before the colon in its instruments' names."""
        ...

    @property
    def name(self) -> str:
        """For people."""
        ...

    @property
    def timeframes(self) -> Sequence[str]:
        """On which it has history, from short to long."""
        ...

    @property
    def streams(self) -> bool:
        """Whether `follow` works."""
        ...

    async def instruments(self) -> Sequence[Instrument]:
        """All that it lists, or, where it cannot list (a broker, a search engine), those that are well known."""
        ...

    async def find(self, symbol: str) -> Instrument:
        """One by the symbol of its unified name. Raises UnknownInstrumentError."""
        ...

    def history(self, instrument: Instrument, timeframe: str, span: Span) -> AsyncGenerator[tuple[Bars, Span]]:
        """Closed bars opened in `span`, in pages from old to new, each with the stretch it answers for; together these are `span`.

        A page may be empty (the market was closed, or not there yet). The bar that is still forming is never in one.
        """
        ...

    def follow(self, instrument: Instrument, timeframe: str) -> AsyncGenerator[LiveBar | Link]:
        """What happens from now on: each change of the forming bar, each close once, in order; and each change of the connection.

        It reconnects by itself, and after that first tells the closes that were missed. Ends when it is closed.
        """
        ...

    async def close(self) -> None: ...


class Opened(Protocol):
    """A store that is opened for the life of the process, its schema brought up to date first."""

    def __call__(self) -> AbstractAsyncContextManager[Store]: ...


class StaleError(Exception):
    """Somebody saved another version in between; `newest` is its number."""

    def __init__(self, newest: int) -> None:
        super().__init__(f"the newest version is {newest}")
        self.newest = newest


class CursorError(Exception):
    """A cursor that no page of this list handed out."""


class UnavailableError(Exception):
    """The database does not answer."""
