"""A conditions file is read entry by entry: what cannot be understood is rejected alone, with its place, and the rest is a strategy.

A side that lost more than what would have let it in comes in switched off: nothing trades without the veto or the stop that was meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assay.core.domain.errors import Problem, StrategyError
from assay.core.indicators.series import Series
from assay.core.strategy import bounds
from assay.core.strategy.canonical import to_json
from assay.core.strategy.conditions import UNREAD_CONDITION
from assay.core.strategy.conditions_file.entries import checked
from assay.core.strategy.conditions_file.operands import coarser
from assay.core.strategy.conditions_file.pairs import VENUE, instrument, is_venue
from assay.core.strategy.conditions_file.sides import SIDES, Side
from assay.core.strategy.conditions_file.unusable import Unusable
from assay.core.strategy.conditions_file.words import FILE, keyed
from assay.core.strategy.document import Action, Document, Limits, Rule, Then
from assay.core.strategy.json_text import Json, read_what_can_be
from assay.core.strategy.node import Node
from assay.core.strategy.parse import parse, read_limits
from assay.core.strategy.problems import Problems

NAME: Final = "Conditions"
"""What a file is called that does not say."""
_NO_RULE: Final = Rule("entry", "", True, 0, UNREAD_CONDITION, (), Then(Action.EXIT))


@dataclass(frozen=True, slots=True)
class Imported:
    """The strategy that a file says, and what is wrong with every entry of the file that is not in it."""

    document: Document
    rejected: tuple[Problem, ...]


def read_file(
    source: str | bytes | Mapping[str, object], *, venue: str = VENUE, timeframe: str | None = None, strict: bool = False
) -> Imported:
    """Read a file. `timeframe` is for one that does not say its own, `venue` for pairs that do not say theirs.

    Raises StrategyError for those, where nothing is left that could be a strategy, and in `strict` where anything is rejected.
    """
    said = _said_beside(venue, timeframe)
    value, unusable = read_what_can_be(source)
    problems = Problems()
    document = _read(Node(value, "", problems), Unusable(unusable), venue, said)
    if document is None or (strict and problems):
        raise StrategyError(problems)
    return Imported(parse(to_json(document)), tuple(problems))


def _said_beside(venue: str, timeframe: str | None) -> str | None:
    """The timeframe in its one spelling. Raises StrategyError for what is none, or no venue."""
    problems: list[Problem] = []
    if not is_venue(venue):
        problems.append(Problem("venue", "unknown", f"{venue[:80]!r} is not a venue; write for example {VENUE}"))
    found = None if timeframe is None else coarser(Node(timeframe, "timeframe", problems))
    if problems:
        raise StrategyError(problems)
    return found


def _read(root: Node, unusable: Unusable, venue: str, timeframe: str | None) -> Document | None:
    members = keyed(root, FILE)
    name = unusable.read(members.get("name"), _title, NAME)
    description = unusable.read(members.get("description"), lambda node: node.text(bounds.DESCRIPTION, lines=True), "")
    deciding = unusable.read(members.get("timeframe"), coarser, None) or timeframe
    universe = _pairs(members["core_pairs"], unusable, venue) if "core_pairs" in members else ()
    for key, there in (("timeframe", deciding), ("core_pairs", "core_pairs" in members)):
        if not there and key not in members and not unusable.told(key, root.problems):
            root.problems.append(Problem(key, "missing", f"{key!r} is missing"))
    if deciding is None or not universe:
        unusable.rest(root.problems)
        return None
    before = len(root.problems)
    limits = _limits(members["limits"], unusable, deciding) if "limits" in members else Limits()
    loosened = len(root.problems) > before
    series: dict[str, Series] = {}
    rules: list[Rule] = []
    for side in SIDES:
        if side in members:
            rules += Side(side, deciding, limits, series, unusable, loosened).read(members[side])
    unusable.rest(root.problems)
    if not rules:
        root.problems.append(Problem("", "empty", "no side is left to trade; a file needs long or short, with thresholds"))
        return None
    return Document(name, description, deciding, universe, (), tuple(series.items()), tuple(rules), limits)


def _title(node: Node) -> str:
    name = node.text(bounds.NAME)
    if isinstance(node.value, str) and not name.strip():
        node.refuse("empty", "a strategy needs a name")
    return name


def _pairs(node: Node, unusable: Unusable, venue: str) -> tuple[str, ...]:
    pairs: dict[str, None] = {}
    for item in node.items(bounds.INSTRUMENTS, "pairs"):
        pair = unusable.read(item, lambda each: _pair(each, venue), None)
        if pair is not None and pair in pairs:
            item.refuse("duplicate", f"{pair} is among the core pairs already")
        elif pair is not None:
            pairs[pair] = None
    if isinstance(node.value, list) and not pairs:
        node.refuse("empty", "no core pair is left to trade")
    return tuple(pairs)


def _pair(node: Node, venue: str) -> str | None:
    text = node.text(bounds.NAME)
    try:
        return instrument(text, venue) if isinstance(node.value, str) else None
    except ValueError as error:
        node.refuse("instrument", str(error))
        return None


def _limits(node: Node, unusable: Unusable, deciding: str) -> Limits:
    """Each limit by itself."""
    kept: dict[str, Json] = {}
    for key, member in node.members():
        if unusable.told(member.path, node.problems):
            continue
        found: list[Problem] = []
        alone = read_limits(Node({key: member.value}, node.path, found))
        found += [] if found else checked(_NO_RULE, {}, deciding, {}, limits=alone)
        node.problems.extend(found)
        if not found:
            kept[key] = member.value
    return read_limits(Node(kept, node.path, []))
