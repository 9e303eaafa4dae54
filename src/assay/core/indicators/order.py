"""Series are computed inputs first; a series that needs itself has no order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assay.core.indicators import catalog, formula
from assay.core.indicators.series import Indicator, Series


def needs(series: Series) -> tuple[str, ...]:
    """Names that a series reads, outputs (`macd.signal`) by the name of their series."""
    if isinstance(series, Indicator):
        entry = None if series.inputs else catalog.find(series.indicator)
        names = entry.inputs if entry else series.inputs
    else:
        names = formula.compiled(series.text).names
    return tuple(dict.fromkeys(name.partition(".")[0] for name in names))


def in_order(declared: Mapping[str, Series]) -> list[str]:
    """Names of the series, each after those it needs; there must be no cycle."""
    order, cycle = arrange(declared, lambda name: needs(declared[name]))
    assert not cycle, f"series in a cycle: {cycle}: parse the document first"
    return order


def arrange(declared: Mapping[str, object], needs_of: Callable[[str], tuple[str, ...]]) -> tuple[list[str], tuple[str, ...]]:
    """An order and, where there is none, the first cycle met (`a, b, a`); names that are not declared are leaves.

    By hand, not by recursion: 256 series may form one chain.
    """
    order: list[str] = []
    done: set[str] = set()
    for root in declared:
        path: list[str] = []
        open_: dict[str, list[str]] = {}
        pending = [root]
        while pending:
            name = pending[-1]
            if name in done:
                pending.pop()
                continue
            if name not in open_:
                path.append(name)
                open_[name] = [need for need in reversed(needs_of(name)) if need in declared and need not in done]
            if open_[name]:
                need = open_[name].pop()
                if need in open_:
                    return order, (*path[path.index(need) :], need)
                pending.append(need)
            else:
                path.pop()
                del open_[name]
                pending.pop()
                done.add(name)
                order.append(name)
    return order, ()
