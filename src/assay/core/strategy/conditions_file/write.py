"""A strategy as a conditions file. What the file has no words for is refused, with its place in the document; nothing is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any as Anything
from typing import Final

from assay.core.domain.errors import Problem, StrategyError
from assay.core.indicators.order import needs
from assay.core.indicators.series import BAR_COLUMNS, Series
from assay.core.strategy.canonical import condition_json, to_json
from assay.core.strategy.conditions_file.operands import operand_json
from assay.core.strategy.conditions_file.sides import SIDES, leaving
from assay.core.strategy.conditions_file.words import BRACKET
from assay.core.strategy.document import Any, Condition, Document, Name, Part, Rule, Score
from assay.core.strategy.json_text import Json, key_path
from assay.core.strategy.node import as_written
from assay.core.strategy.places import places

_ORDER: Final = tuple(rule for side in SIDES for rule in (side, leaving(side)))


def write_file(document: Document) -> dict[str, Anything]:
    """The file's canonical form: `read_file` makes a document with the same hash of it. Raises StrategyError for what it cannot say."""
    problems = [*_unsaid_series(document), *_unsaid_rules(document)]
    if problems:
        raise StrategyError(problems)
    series = dict(document.series)
    written = to_json(document)
    rules = {rule["id"]: rule for rule in written["rules"]}
    sides = {
        side: _side(next(rule for rule in document.rules if rule.id == side), rules[side], _leaving(document, side), series)
        for side in SIDES
        if side in rules
    }
    limits = {"limits": written["limits"]}
    file = {
        "name": document.name,
        "description": document.description,
        "timeframe": document.timeframe,
        "core_pairs": list(document.universe),
        **limits,
        **sides,
    }
    return {key: _plain(value) for key, value in file.items()}


def _unsaid_series(document: Document) -> list[Problem]:
    problems = [
        Problem(key_path("parameters", name), "form", "a conditions file has no parameters; put the value where it is used")
        for name, _ in document.parameters
    ]
    used = {held.name.partition(".")[0] for path, held in places(document) if isinstance(held, Name) and not path.startswith("series.")}
    for name, series in document.series:
        path = key_path("series", name)
        if name not in used:
            problems.append(
                Problem(path, "form", "no condition or level uses it, and a conditions file has series only where they are used")
            )
        problems += [
            Problem(path, "form", f"it is made of the series {other!r}; in a conditions file each is made of the bars")
            for other in needs(series)
            if other not in BAR_COLUMNS
        ]
    return problems


def _unsaid_rules(document: Document) -> list[Problem]:
    problems = []
    ids = [rule.id for rule in document.rules]
    for index, rule in enumerate(document.rules):
        path = f"rules[{index}]"
        if rule.id not in _ORDER:
            message = f"a conditions file has the rules {', '.join(_ORDER)}, each by that id"
            problems.append(Problem(f"{path}.id", "form", message))
            continue
        if any(_ORDER.index(other) < _ORDER.index(rule.id) for other in ids[index + 1 :] if other in _ORDER):
            problems.append(Problem(path, "form", f"a conditions file has its rules in this order: {', '.join(_ORDER)}"))
        if rule.name:
            problems.append(Problem(f"{path}.name", "form", "a conditions file has no names for rules"))
        if rule.priority:
            problems.append(Problem(f"{path}.priority", "form", "a conditions file has no priorities; all are 0"))
        problems += _unsaid_entry(rule, path) if rule.id in SIDES else _unsaid_exit(rule, path, ids)
    return problems


def _unsaid_entry(rule: Rule, path: str) -> list[Problem]:
    enter, _ = SIDES[rule.id]
    problems = []
    if rule.then.action is not enter:
        problems.append(Problem(f"{path}.then.action", "form", f"{rule.id} enters by {enter.value}"))
    score = _score(rule)
    if score is None:
        problems.append(Problem(f"{path}.when", "form", "a conditions file enters by a score, or by any of a score and its fast track"))
    else:
        problems += _twice([part.name for part in score.of], f"{path}.when", "the conditions of a score")
    problems += _twice([_named(each) or "" for each in _fast(rule)], f"{path}.when", "the fast track")
    problems += _twice([veto.name for veto in rule.unless], f"{path}.unless", "the vetoes")
    return problems


def _unsaid_exit(rule: Rule, path: str, ids: list[str]) -> list[Problem]:
    side = rule.id.removeprefix("exit_")
    _, leave = SIDES[side]
    problems = []
    if side not in ids:
        problems.append(Problem(path, "form", f"a conditions file leaves only what it enters, and there is no rule {side!r}"))
    if rule.then.action is not leave:
        problems.append(Problem(f"{path}.then.action", "form", f"{rule.id} leaves by {leave.value}"))
    if not rule.enabled:
        problems.append(Problem(f"{path}.enabled", "form", "a conditions file switches whole sides off, not their exits"))
    if rule.unless:
        problems.append(Problem(f"{path}.unless", "form", "a conditions file has no vetoes for exits"))
    return problems + _twice([_named(each) or "" for each in _exits(rule)], f"{path}.when", "the exits")


def _twice(names: list[str], path: str, what: str) -> list[Problem]:
    said = {name for name in names if name and names.count(name) > 1}
    return [Problem(path, "form", f"{name!r} is the name of two of {what}; in a conditions file each has its own") for name in sorted(said)]


def _score(rule: Rule) -> Score | None:
    match rule.when:
        case Score() as score:
            return score
        case Any(of=(Score() as score, _, *_)):
            return score
        case _:
            return None


def _fast(rule: Rule) -> tuple[Condition, ...]:
    return rule.when.of[1:] if isinstance(rule.when, Any) else ()


def _exits(rule: Rule) -> tuple[Condition, ...]:
    return rule.when.of if isinstance(rule.when, Any) and len(rule.when.of) > 1 else (rule.when,)


def _named(condition: Condition) -> str | None:
    """The name of a condition that stands alone, which a document has as a score of one."""
    match condition:
        case Score(of=(Part(weight=1.0, name=name),), at_least=1.0) if name:
            return name
        case _:
            return None


def _leaving(document: Document, side: str) -> tuple[Condition, ...]:
    return next((_exits(rule) for rule in document.rules if rule.id == leaving(side)), ())


def _side(rule: Rule, written: Mapping[str, Anything], exits: tuple[Condition, ...], series: Mapping[str, Series]) -> dict[str, Anything]:
    score = _score(rule)
    assert score is not None, "what has no score is refused"
    then = _said(written["then"], series)
    steps = then.get("scale_in")
    parts = [{**({"name": part.name} if part.name else {}), "weight": part.weight, **_entry(part.condition, series)} for part in score.of]
    return {
        "enabled": rule.enabled,
        "thresholds": {"score": score.at_least, "conditions": parts},
        "anti_filters": [{"name": veto.name, **_entry(veto.condition, series)} for veto in rule.unless],
        "fasttrack": [_alone(each, series) for each in _fast(rule)],
        "exit": [_alone(each, series) for each in exits],
        **{key: then[key] for key in BRACKET if then.get(key) not in (None, [])},
        **({"smart_averaging": {"steps": steps}} if steps else {}),
    }


def _alone(condition: Condition, series: Mapping[str, Series]) -> dict[str, Anything]:
    name = _named(condition)
    if name is None:
        return _entry(condition, series)
    assert isinstance(condition, Score)
    return {"name": name, **_entry(condition.of[0].condition, series)}


def _entry(condition: Condition, series: Mapping[str, Series]) -> dict[str, Anything]:
    said: dict[str, Anything] = _said(condition_json(condition), series)
    return said


def _said(value: Anything, series: Mapping[str, Series]) -> Anything:
    """With every name of a series replaced by what it is."""
    match value:
        case dict():
            return {
                key: _operand(each, series) if key in ("left", "right", "series") else _said(each, series) for key, each in value.items()
            }
        case list():
            return [_said(each, series) for each in value]
        case _:
            return value


def _operand(value: Anything, series: Mapping[str, Series]) -> Json:
    if isinstance(value, list):
        return [_operand(each, series) for each in value]
    return operand_json(value, series) if isinstance(value, str) else value


def _plain(value: Anything) -> Anything:
    """Whole numbers as whole numbers, all the way down."""
    match value:
        case bool() | str() | None:
            return value
        case int() | float():
            return as_written(value)
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case _:
            return [_plain(each) for each in value]
