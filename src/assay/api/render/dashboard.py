"""What happened lately and what to do first, as the dashboard shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

from assay.api.wire.system import Activity, QuickStartStep
from assay.runtime.records import Coverage, SessionRecord, State, StrategyRecord

BUNDLED: Final = "synthetic:"


def activity(sessions: Sequence[SessionRecord], strategies: Sequence[StrategyRecord], stored: Sequence[Coverage]) -> list[Activity]:
    """Newest first."""
    found = chain(_sessions(sessions), map(_strategy, strategies), _imports(stored))
    return sorted(found, key=lambda each: each.at, reverse=True)


def quick_start(
    sessions: Sequence[SessionRecord], strategies: Sequence[StrategyRecord], stored: Sequence[Coverage], begun: datetime
) -> list[QuickStartStep]:
    """Only what was made after the platform's own beginning counts. That somebody looked is not known: who ran something did."""
    own = [each for each in sessions if each.created_at > begun and each.result is not None]
    saved = any(each.updated_at > begun for each in strategies)
    imported = any(not each.instrument.startswith(BUNDLED) for each in stored)
    finished = next((f"/results/{each.id}" for each in sessions if each.result is not None), "/results")
    return [
        QuickStartStep(id="look_at_result", done=bool(own), link=finished),
        QuickStartStep(id="save_strategy", done=saved, link="/strategies"),
        QuickStartStep(id="run_backtest", done=bool(own), link="/backtest"),
        QuickStartStep(id="import_candles", done=imported, link="/data"),
        QuickStartStep(id="compare_results", done=len(own) > 1, link="/results"),
    ]


def _sessions(sessions: Sequence[SessionRecord]) -> Iterator[Activity]:
    for each in sessions:
        detail = f"{', '.join(each.spec.universe)} · {each.spec.timeframe}"
        if each.result is not None:
            value = each.result.metrics["total_return"]
            link = f"/results/{each.id}"
            yield Activity(at=each.result.ended_at, kind="session_finished", subject=each.name, detail=detail, value=value, link=link)
        elif each.state is State.FAILED and each.ended_at is not None:
            why = each.problems[0].message if each.problems else detail
            yield Activity(
                at=each.ended_at, kind="session_failed", subject=each.name, detail=why, value=None, link=f"/sessions/{each.id}"
            )  # fmt: skip


def _strategy(each: StrategyRecord) -> Activity:
    kind, detail = ("strategy_created", each.description) if each.version == 1 else ("strategy_saved", f"version {each.version}")
    return Activity.model_validate(
        {"at": each.updated_at, "kind": kind, "subject": each.name, "detail": detail, "value": None, "link": f"/strategies/{each.id}"}
    )


def _imports(stored: Sequence[Coverage]) -> Iterator[Activity]:
    for each in stored:
        if not each.instrument.startswith(BUNDLED):
            detail = f"{each.bars:,} bars · {each.timeframe}"
            yield Activity(at=each.updated_at, kind="candles_imported", subject=each.instrument, detail=detail, value=None, link="/data")
