"""One side of a conditions file, long or short: a score that enters, what forbids it, what goes with it, and what leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from assay.core.domain.errors import Problem
from assay.core.indicators.series import Series
from assay.core.strategy import bounds
from assay.core.strategy.conditions_file.brackets import Bracket
from assay.core.strategy.conditions_file.entries import Entry, read_entry
from assay.core.strategy.conditions_file.unusable import Unusable
from assay.core.strategy.conditions_file.words import SIDE, keyed
from assay.core.strategy.document import Action, Any, Condition, Limits, Part, Rule, Score, Then, Veto
from assay.core.strategy.json_text import key_path
from assay.core.strategy.node import Node

SIDES: Final = {"long": (Action.ENTER_LONG, Action.EXIT_LONG), "short": (Action.ENTER_SHORT, Action.EXIT_SHORT)}


def leaving(side: str) -> str:
    """The id of the rule that leaves a side; the one that enters is called like the side."""
    return f"exit_{side}"


@dataclass
class Side:
    """Reads a side; `series` grows by what its entries need. `loosened` where a limit was rejected, which held every side back."""

    side: str
    deciding: str
    limits: Limits
    series: dict[str, Series]
    unusable: Unusable
    loosened: bool
    _letting_in: list[str] = field(default_factory=list)

    def read(self, node: Node) -> list[Rule]:
        """Its rules; none where there is nothing left to enter by."""
        before = len(node.problems)
        members = keyed(node, SIDE)
        score = self._score(node, members)
        fast = [_alone(entry) for entry in self._entries(members.get("fasttrack"))]
        self._letting_in += [members["fasttrack"].path] if "fasttrack" in members else []
        vetoes = tuple(Veto(entry.name, entry.condition) for entry in self._entries(members.get("anti_filters"), named=True))
        leave = [_alone(entry) for entry in self._entries(members.get("exit"))]
        then = self._then(node.problems, members)
        enabled = self.unusable.read(members.get("enabled"), Node.flag, True)
        self.unusable.told(node.path, node.problems)
        if score is None:
            return []
        if enabled and (self.loosened or self._lost_what_holds_back(node.problems[before:])):
            enabled = False
            message = (
                f"{self.side} comes in switched off, for what was rejected might have kept it out or limited it; look, then switch it on"
            )
            node.problems.append(Problem(key_path(node.path, "enabled"), "switched_off", message))
        enter, exit_ = SIDES[self.side]
        rules = [Rule(self.side, "", enabled, 0, Any((score, *fast)) if fast else score, vetoes, then)]
        if leave:
            rules.append(Rule(leaving(self.side), "", True, 0, leave[0] if len(leave) == 1 else Any(tuple(leave)), (), Then(exit_)))
        assert then.action is enter
        return rules

    def _score(self, node: Node, members: Mapping[str, Node]) -> Score | None:
        if "thresholds" not in members:
            if not self.unusable.told(f"{node.path}.thresholds", node.problems):
                node.problems.append(Problem(f"{node.path}.thresholds", "missing", "'thresholds' is missing: a side enters by its score"))
            return None
        thresholds = members["thresholds"]
        inside = keyed(thresholds, ("score", "conditions"))
        if "score" not in inside and not self.unusable.told(f"{thresholds.path}.score", node.problems):
            thresholds.problems.append(Problem(f"{thresholds.path}.score", "missing", "'score' is missing: what the weights have to reach"))
        at_least = self.unusable.read(inside.get("score"), _reached, None)
        entries = list(self._entries(inside.get("conditions"), weighted=True))
        if not entries:
            message = "no condition is left, so the score is never reached; the side is left out"
            thresholds.problems.append(Problem(f"{thresholds.path}.conditions", "empty", message))
        if at_least is None or not entries:
            return None
        return Score(tuple(Part(entry.weight, entry.condition, entry.name) for entry in entries), at_least)

    def _entries(self, node: Node | None, *, weighted: bool = False, named: bool = False) -> Iterator[Entry]:
        """The entries of a list that can be understood; no two have one name."""
        names: set[str] = set()
        for item in node.items(bounds.CONDITIONS, "conditions") if node is not None and not self._not_a_list(node) else ():
            self._letting_in += [item.path] if weighted and _adds(item) else []
            entry = self.unusable.read(
                item, lambda each: read_entry(each, self.deciding, self.series, weighted=weighted, named=named), None
            )
            if entry is None:
                continue
            if entry.name and entry.name in names:
                item.problems.append(
                    Problem(f"{item.path}.name", "duplicate", f"there is a {entry.name!r} here already; give each its own name")
                )
                continue
            names.add(entry.name)
            self.series.update(entry.series)
            yield entry

    def _not_a_list(self, node: Node) -> bool:
        return node.value is None and self.unusable.told(node.path, node.problems)

    def _then(self, problems: list[Problem], members: Mapping[str, Node]) -> Then:
        enter, _ = SIDES[self.side]
        bracket = Bracket(enter, self.deciding, self.limits, self.series, problems, self.unusable)
        then, series = bracket.read(members)
        self.series.update(series)
        return then

    def _lost_what_holds_back(self, problems: list[Problem]) -> bool:
        """Without a condition that adds to the score, or a fast track, less is entered; without anything else, more, or worse."""
        return any(
            not any(problem.path == path or problem.path.startswith((f"{path}.", f"{path}[")) for path in self._letting_in)
            for problem in problems
        )


def _alone(entry: Entry) -> Condition:
    """A document has no name for a condition that stands alone; a score of that one condition does."""
    return Score((Part(1.0, entry.condition, entry.name),), 1.0) if entry.name else entry.condition


def _adds(node: Node) -> bool:
    weight = node.value.get("weight") if isinstance(node.value, dict) else None
    return isinstance(weight, int | float) and weight > 0


def _reached(node: Node) -> float | None:
    value = float(node.plain_number())
    if abs(value) > bounds.SCORE:
        node.refuse("bounds", f"{value!r} is out of bounds: at least {-bounds.SCORE:g} and at most {bounds.SCORE:g}")
    return None if value != value else value
