"""Which parameters each part of a document depends on, directly or through its series: what does not, need not be computed again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.core.indicators import formula
from assay.core.indicators.order import in_order, needs
from assay.core.indicators.series import Formula, Ref
from assay.core.strategy.document import Document, Name
from assay.core.strategy.places import places


@dataclass(frozen=True, slots=True)
class Dependence:
    """Parameters of each series, by its name; of each rule's conditions, in running order (all, and those written in them); of actions."""

    series: dict[str, frozenset[str]]
    conditions: tuple[frozenset[str], ...]
    written: tuple[frozenset[str], ...]
    actions: frozenset[str]


def dependence(document: Document) -> Dependence:
    """Follow every name of the document to its parameters."""
    series = _of_series(document)

    def through(names: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(series.get(name.partition(".")[0], frozenset()) for name in names))

    numbers: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for path, operand in places(document):
        rule, _, rest = path.partition(".")
        part = "actions" if rest.startswith("then") or rule == "limits" else rule
        if isinstance(operand, Ref):
            numbers.setdefault(part, set()).add(operand.name)
        elif isinstance(operand, Name):
            names.setdefault(part, set()).add(operand.name)
    paths = [f"rules[{document.rules.index(rule)}]" for rule in document.rules_in_order()]
    written = tuple(frozenset(numbers.get(path, ())) for path in paths)
    reached = (through(names.get(path, ())) for path in paths)
    return Dependence(
        series,
        tuple(direct | far for direct, far in zip(written, reached, strict=True)),
        written,
        frozenset(numbers.get("actions", ())) | through(names.get("actions", ())),
    )


def _of_series(document: Document) -> dict[str, frozenset[str]]:
    declared = dict(document.series)
    reached: dict[str, frozenset[str]] = {}
    for name in in_order(declared):
        series = declared[name]
        if isinstance(series, Formula):
            own = frozenset(formula.compiled(series.text).parameters)
        else:
            own = frozenset(value.name for _, value in series.parameters if isinstance(value, Ref))
        reached[name] = own.union(*(reached.get(need, frozenset()) for need in needs(series)))
    return reached
