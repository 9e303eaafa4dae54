"""A module says in its docstring what is true of it, has a name that means something, and is short enough to read."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = {
    str(path.relative_to(ROOT)): path.read_text()
    for folder in ("src", "tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
}

DRAWERS = {"base", "common", "helper", "helpers", "lib", "manager", "managers", "misc", "util", "utils"}
LINES = 450
LONG_BECAUSE = {
    "src/assay/core/kernel/transition.py": "the compiled step: Numba's disk cache does not notice a change in another file",
}
"""Files that are long because they are one idea, each with the idea."""


def is_long(name: str) -> bool:
    return len(MODULES[name].splitlines()) > LINES


def test_every_module_has_a_docstring() -> None:
    silent = [name for name, text in MODULES.items() if text.strip() and not ast.get_docstring(ast.parse(text))]
    assert not silent, f"these begin without saying what they are, in one sentence that is true of them: {silent}"


def test_every_name_is_about_something() -> None:
    drawers = [name for name in MODULES if DRAWERS & {*Path(name).with_suffix("").parts}]
    assert not drawers, f"a drawer is not a subject; name the noun that each is about: {drawers}"


def test_every_module_can_be_read_at_a_sitting() -> None:
    long = [name for name in MODULES if is_long(name) and name not in LONG_BECAUSE]
    assert not long, f"over {LINES} lines: split by subject, or say in LONG_BECAUSE which one idea it is: {long}"


def test_every_reason_for_length_is_still_needed() -> None:
    stale = [name for name in LONG_BECAUSE if name in MODULES and not is_long(name)]
    assert not stale, f"no longer long; take them out of LONG_BECAUSE: {stale}"
