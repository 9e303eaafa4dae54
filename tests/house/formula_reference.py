"""docs/reference/formulas.md as the language tells itself; `python -m tests.house.formula_reference` writes it anew."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from assay.core.indicators import formula_language as language
from assay.core.indicators.formula_signature import Function

PAGE: Final = Path(__file__).parents[2] / "docs/reference/formulas.md"
ANEW: Final = "python -m tests.house.formula_reference"
INTRODUCTION: Final = f"""\
# Formulas

This page is written by `{ANEW}`; a test holds it to the language. The same is served at
`GET /api/v1/catalog/formula`, and completed by the editor.

A formula is a series of a strategy: `{{"formula": "(high - low) / close"}}`. It gives one number for each bar.

- **Only what is known.** A bar's value depends on that bar and those before it. Nothing looks forward, and nothing is a statistic
  of the whole history.
- **Missing** stays missing: arithmetic with it is missing, a comparison with it is unknown. What is not finite is missing. A window or
  a count begins anew after a missing value; `nz`, `fill` and `missing` deal with it.
- **True** is 1 and **false** is 0.
- **On coarser bars** (`timeframe`) all of it counts those bars; the time is when the first bar in one opened.
- **What is called twice** is computed once, in whatever outputs.
- **A mistake** is told with the characters that it is in, and with what may have been meant.
"""


def page() -> str:
    """Forms, functions by group, indicators by group, bounds."""
    return "\n".join([INTRODUCTION, *_forms(), *_functions(), *_indicators(), *_limits(), ""])


def _forms() -> Iterator[str]:
    yield "## Forms\n\n| written | meaning |\n|---|---|"
    for form in language.FORMS:
        yield f"| {' '.join(f'`{part.strip()}`' for part in form.written.split('   '))} | {form.meaning} |"
    yield f"\nThe columns of the bars are {_names(language.COLUMNS)}. The words {_names(language.KEYWORDS)} name no series.\n"


def _functions() -> Iterator[str]:
    yield "## Functions\n"
    for group, functions in groupby(language.own_functions(), lambda function: function.group):
        yield f"### {group}\n\n| | | for example |\n|---|---|---|"
        for function in functions:
            yield f"| `{function.signature}` | {function.meaning} | `{function.example}` |"
        yield ""


def _indicators() -> Iterator[str]:
    yield "## Indicators\n"
    yield (
        "Every indicator of the catalog, by its name. All its inputs may be left out together, and parameters from the last on: `adx()`,\n"
        "`adx(9)`, `adx(high, low, close, 9)`, `macd(close).signal`.\n"
    )
    own = {function.name for function in language.own_functions()}
    rest = sorted((function for function in language.all_functions() if function.name not in own), key=lambda each: (each.group, each.name))
    for group, functions in groupby(rest, lambda function: function.group):
        yield f"### {group}\n\n| | | outputs |\n|---|---|---|"
        for function in functions:
            yield f"| `{function.signature}` | {function.meaning} | {_outputs(function)} |"
        yield ""


def _limits() -> Iterator[str]:
    yield "## Bounds\n\nA formula beyond them is refused (`limit`); split it into several series.\n\n| at most | |\n|---:|---|"
    for limit in language.LIMITS:
        yield f"| {limit.most:,} | {limit.meaning} |"


def _outputs(function: Function) -> str:
    return _names(function.outputs) if len(function.outputs) > 1 else ""


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    PAGE.write_text(page())
