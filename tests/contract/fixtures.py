"""Values as Python writes them, one file a schema: the web's tests read them with the types that they were generated with.

`python -m tests.contract.fixtures` writes them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from assay.adapters.files.sample import sample
from assay.adapters.files.strategies import template
from assay.api.render import dashboard, results, sessions
from assay.api.render.comparison import compared
from assay.api.render.curve import Curve
from assay.api.wire.message import List
from assay.api.wire.results import ResultRow
from assay.api.wire.sessions import JournalPage
from assay.api.wire.socket import AckMessage, EventMessage, PongMessage, ProblemMessage, SnapshotMessage
from assay.api.wire.system import DashboardStats, Delta
from assay.core.domain import events
from assay.core.domain import wire as events_wire
from assay.core.domain.account import Account
from assay.core.domain.errors import Problem
from assay.core.domain.spec import Mode, SessionSpec
from assay.core.engine.backtest import Inputs
from assay.core.engine.journal import play
from assay.core.strategy.canonical import to_json
from assay.core.strategy.parameters import bind
from assay.runtime.inputs import ranges
from assay.runtime.jobs import JobRecord
from assay.runtime.ports import ResultStats
from assay.runtime.records import InputRange, ResultRecord, SessionRecord, State
from assay.runtime.runner import Forecast
from assay.runtime.tables import kept, record, view

FOLDER: Final = Path(__file__).parent
AT: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
NAME: Final = "synthetic:BTC/USDT"
EVERY_EVENT: Final[tuple[events.Event, ...]] = (
    events.SessionStarted(AT, "sha256:00", (NAME,), 10_000.0),
    events.FundingBooked(AT, NAME, -0.25, borrow=False),
    events.OrderFilled(AT, AT, NAME, -0.5, 60_000.1, 30.0, "stop", maker=False),
    events.EntryRefused(AT, NAME, "insufficient_margin"),
    events.Clamped(AT, NAME, 2.0, 1.0),
    events.OrderExpired(AT, NAME, limit=True),
    events.AccountMarked(AT, 9_969.75),
    events.Halted(AT, ruin=False),
    events.LimitReached(AT, "daily_loss"),
    events.Decided(AT, NAME, "long", 1.0, "fast 1 crosses_above slow 0.9"),
    events.SessionEnded(AT),
)


def fixtures() -> Mapping[str, BaseModel]:
    """By the name of the schema that they fit."""
    document = template("sma_cross")
    bars = sample(NAME).between(datetime(2024, 8, 1, tzinfo=UTC), datetime(2024, 9, 1, tzinfo=UTC))
    inputs = Inputs({NAME: bars}, {}, {})
    journal = play(bind(document), inputs, Account())
    made = kept(journal)
    spec = SessionSpec(
        mode=Mode.BACKTEST, document=to_json(document), universe=(NAME,), timeframe="1h", start=None, end=None, account=Account()
    )
    ended = _session(spec, ranges(inputs), None)
    result = record(ended, journal, made, AT)
    ended = _session(spec, ranges(inputs), result)
    row = results.result_row(result)
    numbered = {name: table.with_row_index("number", offset=1) for name, table in made.tables.items()}
    shown = view(ended, made.tables["positions"])
    curve = Curve.of(made.tables["equity"]).thinned(20)
    entries = [sessions.journal_entry(seq, event) for seq, event in enumerate(EVERY_EVENT, 1)]
    job = JobRecord(
        id="j1", owner="ada", kind="backtest", state=State.RUNNING, phase="running", fraction=0.5, elapsed_seconds=1.5,
        remaining_seconds=1.5, result=None, problems=(), ended_at=None,
    )  # fmt: skip
    problem = Problem("universe[0]", "no_bars", "there are no bars")
    return {
        "SessionDetail": sessions.session_detail(ended, shown),
        "SessionItem": sessions.session_item(ended),
        "Estimate": sessions.estimate(Forecast(744, 1, AT, AT, 29, 0.5, (problem,))),
        "JobView": sessions.job_view(job),
        "JournalPage": JournalPage(items=entries, last=len(entries)),
        "ResultRow": row,
        "List_ResultRow_": List[ResultRow](items=[row], next_cursor=None, total=1),
        "ResultDetail": results.result_detail(ended, made.tables),
        "Trade": results.trades(numbered["trades"].head(1))[0],
        "Decision": results.decisions(numbered["decisions"].head(1), journal.explained([0]))[0],
        "EquityColumns": curve.wire(),
        "Stats": results.stats(ResultStats(1, 0, result, -0.1, None, 31)),
        "Comparison": compared([result], [made.tables["equity"]], 5),
        "DashboardStats": DashboardStats(
            strategies=Delta(value=5, last_week=1), runs=Delta(value=1, last_week=1), profitable=0, mean_return=None, best=row, running=0,
            bars_stored=744, instruments=1,
        ),
        "Activity": dashboard.activity([ended], [], [])[0],
        "QuickStartStep": dashboard.quick_start([ended], [], [], AT)[0],
        "EventMessage": EventMessage(topic="session.a1", seq=3, event=dict(events_wire.encode(EVERY_EVENT[2]))),
        "SnapshotMessage": SnapshotMessage(topic="session.a1", seq=shown.seq, state="finished", view=sessions.live_view(shown)),
        "AckMessage": AckMessage(topic="session.a1"),
        "ProblemMessage": ProblemMessage(topic=None, code="malformed", message="messages are JSON in text frames"),
        "PongMessage": PongMessage(id="1", at=AT),
    }  # fmt: skip


def _session(spec: SessionSpec, inputs: tuple[InputRange, ...], result: ResultRecord | None) -> SessionRecord:
    return SessionRecord(
        id="a1", owner="ada", name="Averages", strategy_id="s1", strategy_version=2, strategy_name="SMA cross", spec=spec,
        state=State.FINISHED, job_id="j1", created_at=AT, started_at=AT, ended_at=AT, problems=(), inputs=inputs, result=result,
    )  # fmt: skip


def text(value: BaseModel) -> str:
    """As the file has it."""
    return value.model_dump_json(indent=2) + "\n"


if __name__ == "__main__":
    for name, value in fixtures().items():
        (FOLDER / f"{name}.json").write_text(text(value))
