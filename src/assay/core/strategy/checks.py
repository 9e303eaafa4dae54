"""Every number of a document is within what can be done with it; a `$parameter` is judged by its value."""

from __future__ import annotations

import math
from collections.abc import Mapping

from assay.core.domain.errors import Problem
from assay.core.indicators import catalog, formula
from assay.core.indicators.entry import Entry, Kind
from assay.core.indicators.formula_tokens import FormulaError
from assay.core.indicators.series import Formula, Indicator
from assay.core.strategy import bounds
from assay.core.strategy.brackets import check_then
from assay.core.strategy.document import AtLeast, Condition, Document, Held, Limits, Parameter, Score, Trend, Within
from assay.core.strategy.json_text import key_path
from assay.core.strategy.names import formula_problem
from assay.core.strategy.trees import walk
from assay.core.strategy.values import Values, shown


def check_parameters(document: Document, problems: list[Problem]) -> None:
    """Note every parameter outside its own range."""
    for name, parameter in document.parameters:
        for problem in check_parameter(parameter, key_path("parameters", name)):
            problems.append(problem)  # noqa: PERF402 (a full list raises)


def check_parameter(parameter: Parameter, path: str) -> list[Problem]:
    """What is wrong with one parameter by itself."""
    value, low, high, step = parameter.value, parameter.low, parameter.high, parameter.step
    problems: list[Problem] = []
    if low is not None and high is not None and low > high:
        problems.append(Problem(path, "bounds", f"low {low!r} is above high {high!r}"))
    elif (low is not None and value < low) or (high is not None and value > high):
        ends = " and ".join(f"{word} {end!r}" for word, end in (("at least", low), ("at most", high)) if end is not None)
        problems.append(Problem(f"{path}.value", "bounds", f"{value!r} is out of its own bounds: {ends}"))
    if step is not None and step <= 0:
        problems.append(Problem(f"{path}.step", "bounds", f"step {step!r} goes nowhere; it must be above 0"))
    return problems


def check_values(document: Document, problems: list[Problem]) -> None:
    """Note every number that is out of bounds; names are taken to be checked."""
    values = Values(document.parameter_values(), problems)
    _check_limits(document.limits, values)
    leverage = values.of(document.limits.leverage)
    for name, series in document.series:
        if isinstance(series, Indicator):
            _check_indicator(series, key_path("series", name), values)
        else:
            _check_formula(series, name, document, problems)
    for index, rule in enumerate(document.rules):
        _check_conditions(rule.when, f"rules[{index}].when", values)
        for number, veto in enumerate(rule.unless):
            _check_conditions(veto.condition, f"rules[{index}].unless[{number}]", values)
        check_then(rule.then, f"rules[{index}].then", leverage, values)


def _check_limits(limits: Limits, values: Values) -> None:
    values.between("limits.leverage", limits.leverage, 0.0, bounds.LEVERAGE, open_high=False)
    for name, share in (("max_drawdown", limits.max_drawdown), ("daily_loss", limits.daily_loss)):
        if share is not None:
            values.between(f"limits.{name}", share, 0.0, 1.0, open_high=False)
    if limits.max_open_positions is not None:
        values.whole("limits.max_open_positions", limits.max_open_positions, 1, bounds.INSTRUMENTS)
    if limits.cooldown_bars is not None:
        values.whole("limits.cooldown_bars", limits.cooldown_bars, 0, bounds.BARS)
    if limits.stop_after_losses is not None:
        values.whole("limits.stop_after_losses", limits.stop_after_losses, 1, bounds.BARS)


def _check_conditions(tree: Condition, root: str, values: Values) -> None:
    for path, condition in walk(tree, root):
        match condition:
            case Trend(bars=bars):
                values.whole(f"{path}.bars", bars, 1, bounds.WINDOW)
            case Held(bars=bars):
                values.whole(f"{path}.for", bars, 1, bounds.WINDOW)
            case Within(bars=bars):
                values.whole(f"{path}.within", bars, 1, bounds.WINDOW)
            case AtLeast(n=n, of=of):
                values.whole(f"{path}.at_least.n", n, 1, len(of))
            case Score(of=parts, at_least=at_least):
                for index, part in enumerate(parts):
                    weight = f"{path}.score.of[{index}].weight"
                    values.between(weight, part.weight, -bounds.WEIGHT, bounds.WEIGHT, open_low=False, open_high=False)
                values.between(f"{path}.score.at_least", at_least, -bounds.SCORE, bounds.SCORE, open_low=False, open_high=False)
            case _:
                pass


def _check_indicator(series: Indicator, path: str, values: Values) -> None:
    entry = catalog.find(series.indicator) if series.indicator else None
    if entry is None:
        return
    specs = {spec.name: spec for spec in entry.parameters}
    given: dict[str, float] = {}
    wrong = False
    for name, number in series.parameters:
        value, spec = values.of(number), specs.get(name)
        if spec is None or math.isnan(value):
            wrong = True
            continue
        given[name] = value
        whole = spec.kind is not Kind.REAL
        if not spec.low <= value <= spec.high or (whole and value != math.floor(value)):
            wrong = True
            kind = "a whole number" if whole else "a number"
            message = f"{shown(number, value)} is out of bounds: {kind} from {spec.low:,} to {spec.high:,}"
            values.refuse(key_path(f"{path}.parameters", name), "bounds", message)
    if not wrong:
        _check_together(entry, given, path, values)


def _check_together(entry: Entry, given: Mapping[str, float], path: str, values: Values) -> None:
    parameters = entry.values(given)
    if entry.lookback(*parameters) < 0:
        pairs = ", ".join(f"{spec.name} {value}" for spec, value in zip(entry.parameters, parameters, strict=True))
        values.refuse(f"{path}.parameters", "bounds", f"{pairs} do not go together for {entry.id}")


def _check_formula(series: Formula, name: str, document: Document, problems: list[Problem]) -> None:
    """Only what a parameter's value decides; the rest was checked with the names."""
    try:
        compiled = formula.compiled(series.text)
        if compiled.parameters:
            compiled.check(lambda column: True, document.parameter_values())
    except FormulaError as error:
        problem = formula_problem(name, series.text, error)
        if problem not in problems:
            problems.append(problem)
