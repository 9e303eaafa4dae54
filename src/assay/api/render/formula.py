"""The language of formulas as it goes over the wire."""

from __future__ import annotations

from functools import lru_cache

from assay.api.wire.catalog import FormulaArgument, FormulaForm, FormulaFunction, FormulaLanguage, FormulaLimit
from assay.core.indicators import formula_language
from assay.core.indicators.formula_signature import Argument, Function, Takes


@lru_cache(maxsize=1)
def language() -> FormulaLanguage:
    """All of it; built once."""
    return FormulaLanguage(
        columns=list(formula_language.COLUMNS),
        keywords=list(formula_language.KEYWORDS),
        forms=[FormulaForm(written=form.written, meaning=form.meaning) for form in formula_language.FORMS],
        functions=[_function(function) for function in formula_language.all_functions()],
        limits=[FormulaLimit(name=limit.name, most=limit.most, meaning=limit.meaning) for limit in formula_language.LIMITS],
    )


def _function(function: Function) -> FormulaFunction:
    return FormulaFunction(
        name=function.name,
        group=function.group,
        signature=function.signature,
        arguments=[_argument(argument) for argument in function.arguments],
        more=function.more,
        meaning=function.meaning,
        example=function.example,
        outputs=list(function.outputs),
        walks=function.walks,
    )


def _argument(argument: Argument) -> FormulaArgument:
    bounded = argument.takes is not Takes.SERIES
    return FormulaArgument(
        name=argument.name,
        takes=argument.takes.value,
        default=argument.default,
        low=argument.low if bounded else None,
        high=argument.high if bounded else None,
    )
