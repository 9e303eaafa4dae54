"""What goes with an entry of a conditions file: size, stops, targets and the ladder, each read by itself and rejected by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from assay.core.domain.errors import Problem
from assay.core.indicators.series import Series
from assay.core.strategy import bounds
from assay.core.strategy.actions import read_then
from assay.core.strategy.conditions import UNREAD_CONDITION
from assay.core.strategy.conditions_file.entries import THEN, checked, once
from assay.core.strategy.conditions_file.operands import Operands
from assay.core.strategy.conditions_file.unusable import Unusable
from assay.core.strategy.conditions_file.words import BRACKET, OPERAND, keyed
from assay.core.strategy.document import Action, Limits, Rule, Then
from assay.core.strategy.json_text import Json
from assay.core.strategy.node import Node

_LISTS: Final = ("take_profit", "scale_in")
_SMALL: Final = 1e-9
"""A size beside which a rung is judged by itself."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One thing that goes with an entry, as a document writes it under `key`, with the series it needs."""

    key: str
    value: Json
    series: Mapping[str, Series]


@dataclass
class Bracket:
    """Gathers the pieces that can be understood; what is wrong with the others goes to `problems`."""

    action: Action
    deciding: str
    limits: Limits
    known: Mapping[str, Series]
    problems: list[Problem]
    unusable: Unusable
    _pieces: list[_Piece] = field(default_factory=list)

    def read(self, members: Mapping[str, Node]) -> tuple[Then, dict[str, Series]]:
        """What goes with the entry, and the series it needs beyond those that are known."""
        for key, node in self._written(members):
            if not self.unusable.told(node.path, self.problems):
                self._add(key, node)
        for key, member in (("take_profit", "take_profit"), ("scale_in", "smart_averaging")):
            if member in members:
                self._check_together(key, members[member].path)
        return self._then(self._pieces, []), self._series()

    def _written(self, members: Mapping[str, Node]) -> Iterator[tuple[str, Node]]:
        for key in BRACKET:
            if key in members and key == "take_profit" and isinstance(members[key].value, list):
                yield from ((key, item) for item in self._noting(members[key]).items(bounds.TAKE_PROFITS, "take-profits"))
            elif key in members:
                yield key, members[key]
        if "smart_averaging" in members:
            ladder = self._noting(members["smart_averaging"])
            steps = ladder if isinstance(ladder.value, list) else keyed(ladder, ("steps",)).get("steps")
            yield from (("scale_in", item) for item in (steps.items(bounds.RUNGS, "steps") if steps else ()))

    def _noting(self, node: Node) -> Node:
        return Node(node.value, node.path, self.problems)

    def _series(self) -> dict[str, Series]:
        return {name: series for piece in self._pieces for name, series in piece.series.items()}

    def _add(self, key: str, node: Node) -> None:
        problems: list[Problem] = []
        operands = Operands(self.deciding, {**self.known, **self._series()})
        at = f"{THEN}.{key}[0]" if key in _LISTS else f"{THEN}.{key}"
        places = {at: node.path}
        if key == "take_profit" and not (isinstance(node.value, dict) and "at" in node.value):
            value: Json = {"at": _level(Node(node.value, node.path, problems), operands), "share": 1.0}
            places[f"{at}.at"] = node.path
        else:
            value = _named(key, Node(node.value, node.path, problems), operands)
        piece = _Piece(key, value, operands.declared)
        beside = [_Piece("size", _SMALL, {})] if key == "scale_in" else []
        then = self._then([*beside, piece], problems)
        problems += [] if problems else self._checked(then, operands.declared, places | operands.places)
        found = once(problems, places)
        self.problems.extend(found)
        if not found:
            self._pieces.append(piece)

    def _check_together(self, key: str, path: str) -> None:
        """What is right alone may be too much together: the shares of targets, the sizes of a ladder."""
        problems = self._checked(self._then(self._pieces, []), {}, {f"{THEN}.{key}": path})
        problems = [problem for problem in problems if problem.path == path]
        if problems:
            self.problems.extend(problems)
            self._pieces = [piece for piece in self._pieces if piece.key != key]

    def _then(self, pieces: list[_Piece], problems: list[Problem]) -> Then:
        written: dict[str, Json] = {"action": self.action.value}
        for piece in pieces:
            listed = [each.value for each in pieces if each.key == piece.key]
            written[piece.key] = listed if piece.key in _LISTS else piece.value
        return read_then(Node(written, THEN, problems))

    def _checked(self, then: Then, declared: Mapping[str, Series], places: Mapping[str, str]) -> list[Problem]:
        rule = Rule("entry", "", True, 0, UNREAD_CONDITION, (), then)
        return checked(
            rule, {**self._series(), **declared}, self.deciding, places, known={**self.known, **self._series()}, limits=self.limits
        )


def _named(key: str, node: Node, operands: Operands) -> Json:
    """A piece with the series of its levels named."""
    match key, node.value:
        case "stop_loss", _:
            return _level(node, operands)
        case "trailing_stop" | "take_profit", dict() if {"distance", "at"} & node.value.keys():
            return {
                name: _level(member, operands) if name in ("distance", "activation", "at") else member.value
                for name, member in node.members()
            }
        case "trailing_stop", _:
            return _level(node, operands)
        case _:
            return node.value


def _level(node: Node, operands: Operands) -> Json:
    """`{"series": {"indicator": "atr", "period": 14}, "times": 2}`, which may also be written without the braces inside."""
    if not isinstance(node.value, dict):
        return node.value
    beside = {key: value for key, value in node.value.items() if key in OPERAND}
    if {"indicator", "formula"} & beside.keys() and "series" not in node.value:
        others = {key: value for key, value in node.value.items() if key not in OPERAND}
        return {**others, "series": operands.name(Node(beside, node.path, node.problems))}
    return {name: operands.name(member) if name == "series" else member.value for name, member in node.members()}
