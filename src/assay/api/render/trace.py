"""The trace of a run as it goes over the wire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from assay.api.render.curve import Curve
from assay.api.render.results import metrics
from assay.api.wire import trace as wire
from assay.api.wire.results import Metrics
from assay.core.engine.journal import Journal, play
from assay.core.engine.trace import Trace
from assay.core.market.instants import closed_ts, to_datetime
from assay.core.results.result import Result
from assay.core.strategy.canonical import to_json
from assay.core.strategy.document import Document
from assay.core.strategy.without import without
from assay.core.traders.trace import Asked, AskedRule


def bars_with(trace: Trace, instrument: int, start: datetime | None, end: datetime | None, outcome: str | None) -> Sequence[int]:
    """Places of an instrument's bars in [start, end), those alone that had the outcome where one is asked for. Blocks."""
    inputs = trace.journal.inputs
    places = list(inputs.bars.values())[instrument].rows_between(start or inputs.start, end)
    if outcome is None:
        return places
    if outcome not in trace.labels:
        return ()
    codes = trace.codes[instrument][places.start : places.stop]
    found: list[int] = (np.flatnonzero(codes == trace.labels.index(outcome)) + places.start).tolist()
    return found


def traced(trace: Trace, instrument: int, bar: int) -> wire.TracedBar:
    """Everything about one bar. Blocks."""
    found = trace.bar(instrument, bar)
    bars = trace.journal.inputs.bars[found.instrument]
    closed_at = to_datetime(int(closed_ts(bars.ts[bar : bar + 1], bars.timeframe)[0]))
    return wire.TracedBar(
        opened_at=found.opened_at,
        closed_at=closed_at,
        instrument=found.instrument,
        outcome=found.outcome,
        rules=[_rule(each) for each in found.rules],
    )


def funnel(trace: Trace) -> wire.Funnel:
    """Over the whole run. Blocks."""
    found = trace.funnel
    rules = [
        wire.FunnelRule(
            rule=each.rule,
            bars=each.bars,
            steps=[wire.FunnelStep(path=step.path, veto=step.veto, alone=step.alone, through=step.through) for step in each.steps],
        )
        for each in found.rules
    ]
    return wire.Funnel(bars=found.bars, outcomes=found.outcomes, rules=rules)


def run_without(journal: Journal, written: Document, path: str, points: int) -> wire.Without:
    """Run again without the condition at a path; what is answered is the document as it was `written`, with its parameters.

    Blocks. Raises StrategyError where there is no such condition, or nothing would be left.
    """
    after = play(without(journal.document, path), journal.inputs, journal.account).result
    document = replace(without(written, path), universe=journal.document.universe, timeframe=journal.document.timeframe)
    before = journal.result
    return wire.Without(
        path=path,
        document=to_json(document),
        before=_metrics(before),
        after=_metrics(after),
        equity_before=Curve.left_by(before).thinned(points).wire(),
        equity_after=Curve.left_by(after).thinned(points).wire(),
    )


def _metrics(result: Result) -> Metrics:
    return metrics(result.metrics, result.account.cash)


def _rule(asked: AskedRule) -> wire.AskedRuleItem:
    vetoes = [wire.AskedVetoItem(name=veto.name, truth=veto.truth, conditions=_conditions(veto.conditions)) for veto in asked.vetoes]
    return wire.AskedRuleItem(
        rule=asked.rule, holds=asked.holds, truth=asked.truth, conditions=_conditions(asked.conditions), vetoes=vetoes
    )


def _conditions(asked: Iterable[Asked]) -> list[wire.AskedCondition]:
    return [
        wire.AskedCondition(
            path=each.path, truth=each.truth, now=each.now, value=each.value, threshold=each.threshold, distance=each.distance
        )
        for each in asked
    ]
