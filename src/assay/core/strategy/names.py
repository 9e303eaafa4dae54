"""Every name in a document means something: a column of the bars, a declared series, one of its outputs, or a parameter."""

from __future__ import annotations

from collections.abc import Mapping

from assay.core.domain.errors import Problem
from assay.core.indicators import catalog, formula
from assay.core.indicators.formula_tokens import FormulaError
from assay.core.indicators.order import arrange, needs
from assay.core.indicators.series import BAR_COLUMNS, Indicator, Ref, Series
from assay.core.strategy.document import Document, Name
from assay.core.strategy.json_text import key_path
from assay.core.strategy.node import unknown
from assay.core.strategy.places import places


def check_names(document: Document, problems: list[Problem]) -> None:
    """Note every unknown indicator, input, output, series and parameter, and every cycle."""
    outputs = {name: _outputs(series) for name, series in document.series}
    for name, series in document.series:
        if isinstance(series, Indicator) and series.indicator:
            _check_indicator(series, key_path("series", name), problems)
    _check_places(document, outputs, problems)
    _check_formulas(document, outputs, problems)
    _check_cycles(document, problems)


def is_column(name: str, outputs: Mapping[str, tuple[str, ...] | None]) -> bool:
    """Whether a name has a column; the outputs of a series that could not be read are taken on trust."""
    series, dot, output = name.partition(".")
    if not dot:
        return name in BAR_COLUMNS or name in outputs
    known = outputs.get(series, ())
    return known is None or output in known


def _outputs(series: Series) -> tuple[str, ...] | None:
    if not isinstance(series, Indicator):
        return ()
    entry = catalog.find(series.indicator)
    return entry.outputs if entry else None


def _check_indicator(series: Indicator, path: str, problems: list[Problem]) -> None:
    entry = catalog.find(series.indicator)
    if entry is None:
        message = unknown(series.indicator, catalog.ids(), "indicator")
        problems.append(Problem(f"{path}.indicator", "unknown", message))
        return
    if series.inputs and len(series.inputs) != len(entry.inputs):
        message = f"{entry.id} takes {len(entry.inputs)} inputs ({', '.join(entry.inputs)}), got {len(series.inputs)}"
        problems.append(Problem(f"{path}.inputs", "inputs", message))
    parameters = tuple(spec.name for spec in entry.parameters)
    for name, _ in series.parameters:
        if name not in parameters:
            message = unknown(name, parameters, f"parameter of {entry.id}")
            problems.append(Problem(key_path(f"{path}.parameters", name), "unknown", message))


def _check_places(document: Document, outputs: Mapping[str, tuple[str, ...] | None], problems: list[Problem]) -> None:
    parameters = tuple(document.parameter_values())
    for path, held in places(document):
        if isinstance(held, Ref) and held.name not in parameters:
            problems.append(Problem(path, "unknown", unknown(held.name, parameters, "parameter")))
        elif isinstance(held, Name) and held.name and not is_column(held.name, outputs):
            problems.append(Problem(path, "unknown", _no_column(held.name, outputs)))
    for name, series in document.series:
        _check_own_inputs(name, series, outputs, problems)


def _check_own_inputs(name: str, series: Series, outputs: Mapping[str, tuple[str, ...] | None], problems: list[Problem]) -> None:
    """An indicator may lack inputs of its own: mavp wants a series of periods, which no bar has."""
    entry = catalog.find(series.indicator) if isinstance(series, Indicator) and not series.inputs else None
    for column in entry.inputs if entry else ():
        if not is_column(column, outputs):
            message = f"{series.indicator} needs a series {column!r}; name its inputs" if isinstance(series, Indicator) else ""
            problems.append(Problem(key_path("series", name), "inputs", message))


def _check_formulas(document: Document, outputs: Mapping[str, tuple[str, ...] | None], problems: list[Problem]) -> None:
    parameters = document.parameter_values()
    for name, series in document.series:
        if isinstance(series, Indicator):
            continue
        try:
            others = {other: of for other, of in outputs.items() if other != name}
            formula.compiled(series.text).check(lambda column: is_column(column, outputs), parameters, _columns(others))
        except FormulaError as error:
            problems.append(formula_problem(name, series.text, error))


def _columns(outputs: Mapping[str, tuple[str, ...] | None]) -> tuple[str, ...]:
    """Those of the bars, series, and the outputs of series that have several."""
    several = (f"{name}.{output}" for name, of in outputs.items() if of and len(of) > 1 for output in of)
    return (*BAR_COLUMNS, *outputs, *several)


def formula_problem(name: str, text: str, error: FormulaError) -> Problem:
    """A formula's mistake, placed in the document and in the formula."""
    return Problem(f"{key_path('series', name)}.formula:{error.where(text)}", error.code, error.message)


def _check_cycles(document: Document, problems: list[Problem]) -> None:
    declared = dict(document.series)
    _, cycle = arrange(declared, lambda name: _needs(declared[name]))
    if cycle:
        problems.append(Problem(key_path("series", cycle[0]), "cycle", f"needs itself: {' needs '.join(cycle)}"))


def _needs(series: Series) -> tuple[str, ...]:
    """Names that a series reads, as far as it could be read."""
    try:
        return needs(series)
    except FormulaError:
        return ()


def _no_column(name: str, outputs: Mapping[str, tuple[str, ...] | None]) -> str:
    series, dot, output = name.partition(".")
    known = outputs.get(series)
    if dot and known:
        return unknown(output, known, f"output of {series}")
    return unknown(name, (*BAR_COLUMNS, *outputs), "series")
