"""The language of formulas as a whole, told once: what the catalog serves, the page in the docs says and the editor completes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from assay.core.indicators import formula_indicators as indicators
from assay.core.indicators.formula import LARGEST_EXPONENT, MOST_ROLLING, MOST_STEPS
from assay.core.indicators.formula_functions import FUNCTIONS
from assay.core.indicators.formula_signature import LONGEST_WINDOW, Function
from assay.core.indicators.formula_tokens import LONGEST, WORDS
from assay.core.indicators.formula_tree import DEEPEST, MOST_TOKENS
from assay.core.indicators.series import BAR_COLUMNS


@dataclass(frozen=True, slots=True)
class Form:
    """Something that can be written between or around values."""

    written: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Limit:
    name: str
    most: int
    meaning: str


FORMS: Final = (
    Form("a + b   a - b   a * b   a / b   -a", "Arithmetic. What is divided by zero is missing."),
    Form("a % b", "The rest of a division, with the sign of b."),
    Form("a ** 2", "A power; the exponent is a number or a $parameter."),
    Form("a < b   a <= b   a > b   a >= b   a == b   a != b", "1 where it is so, 0 where it is not. Comparisons do not chain."),
    Form("a and b   a or b   not a", "Whatever is not 0 is true. With what is missing as Kleene has it: `0 and missing` is 0."),
    Form("a if condition else b", "a where the condition holds, b where it does not; the same as where(condition, a, b)."),
    Form("name(a, 20)   name(a, n = 20)", "A call: arguments by their order, or by their names after those."),
    Form("macd(close).signal", "One of several outputs; without it the first."),
    Form("close   fast   macd.signal", "A column of the bar, another series of the strategy, an output of one."),
    Form("$length", "The value of a parameter: also where a number must be the same at every bar."),
)

COLUMNS: Final = BAR_COLUMNS
KEYWORDS: Final = WORDS

LIMITS: Final = (
    Limit("length", LONGEST, "characters"),
    Limit("parts", MOST_TOKENS, "numbers, names and signs"),
    Limit("depth", DEEPEST, "levels of parentheses, calls and signs"),
    Limit("window", LONGEST_WINDOW, "bars in a window"),
    Limit("exponent", LARGEST_EXPONENT, "as an exponent, either way"),
    Limit("rolling", MOST_ROLLING, "different calls that look back"),
    Limit("steps", MOST_STEPS, "numbers looked at for a bar: one for each part, the whole window where a function walks it"),
)


def own_functions() -> tuple[Function, ...]:
    """Those that are no indicators, in the order in which they are told."""
    return tuple(FUNCTIONS.values())


def all_functions() -> tuple[Function, ...]:
    """Also every indicator."""
    return tuple(function for name in indicators.names() if (function := indicators.find(name)))
