"""Why a bar did or did not trade, in lines: every rule, its conditions with the values they had, and its vetoes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from assay.adapters.render.figures import written
from assay.core.engine.trace import BarTrace
from assay.core.strategy.document import Condition, Document
from assay.core.strategy.trees import walk
from assay.core.traders.rules.columns import Columns
from assay.core.traders.rules.reason import reason
from assay.core.traders.trace import Asked, in_order

MARKS: Final[Mapping[bool | None, str]] = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Line:
    """`truth` is None where a value is missing; `distance` is how far beyond its threshold a value is, None where nothing is compared."""

    depth: int
    text: str
    truth: bool | None
    distance: float | None = None


@dataclass(frozen=True, repr=False)
class Explanation:
    """Of one bar: printed as text, shown by a notebook as a table."""

    bar: BarTrace
    lines: tuple[Line, ...]

    def __repr__(self) -> str:
        found = [f"{'  ' * line.depth}{MARKS[line.truth]:<8}{line.text}{_beyond(line)}" for line in self.lines]
        return "\n".join([self._head, *found])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><td style="text-align:left;padding-left:{1 + line.depth}em">{escape(line.text)}</td><td>{MARKS[line.truth]}</td>'
            f"<td>{escape(_beyond(line).strip())}</td></tr>"
            for line in self.lines
        )
        head = f'<caption style="white-space:nowrap;text-align:left">{escape(self._head)}</caption>'
        return f"<table>{head}<tbody>{rows}</tbody></table>"

    @property
    def _head(self) -> str:
        return f"{self.bar.instrument} {written(self.bar.opened_at)} UTC: {self.bar.outcome.replace('_', ' ')}"


def explanation(document: Document, columns: Columns, row: int, bar: BarTrace) -> Explanation:
    """`bar` in words, over the columns that it was decided on."""
    found: list[Line] = []
    for (path, rule), asked in zip(in_order(document), bar.rules, strict=True):
        found.append(Line(0, rule.name or rule.id, asked.holds))
        found.extend(_conditions(rule.when, f"{path}.when", asked.conditions, columns, row, 1))
        for place, (veto, told) in enumerate(zip(rule.unless, asked.vetoes, strict=True)):
            found.append(Line(1, f"unless {veto.name}", told.truth))
            found.extend(_conditions(veto.condition, f"{path}.unless[{place}]", told.conditions, columns, row, 2))
    return Explanation(bar, tuple(found))


def _conditions(condition: Condition, path: str, asked: Sequence[Asked], columns: Columns, row: int, depth: int) -> Iterator[Line]:
    """The outermost of each path stands first in a walk; what is inside a window shares its path."""
    words: dict[str, str] = {}
    for place, each in walk(condition, path):
        words.setdefault(place, reason(each, columns, row))
    for told in asked:
        inside = told.path.removeprefix(path).count(".")
        yield Line(depth + inside, words[told.path], told.truth, told.distance)


def _beyond(line: Line) -> str:
    return "" if line.distance is None else f"  ({line.distance:+.6g})"
