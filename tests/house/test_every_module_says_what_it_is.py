"""A module says in its docstring what is true of it, has a name that means something, and is short enough to read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for folder in ("src", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py"))

DRAWERS = {"base", "common", "helper", "helpers", "lib", "manager", "managers", "misc", "util", "utils"}
LINES = 450
LONG_BECAUSE: dict[str, str] = {}
"""Files that are long because they are one idea, each with the idea."""


def at(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=at)
def test_it_has_a_docstring(path: Path) -> None:
    text = path.read_text()
    assert not text.strip() or ast.get_docstring(ast.parse(text)), (
        f"{at(path)} begins without saying what it is: one sentence that is true of it"
    )


@pytest.mark.parametrize("path", MODULES, ids=at)
def test_its_name_is_about_something(path: Path) -> None:
    drawers = DRAWERS & {*path.relative_to(ROOT).with_suffix("").parts}
    assert not drawers, f"{at(path)}: {drawers} is a drawer, not a subject; name the noun that the file is about"


@pytest.mark.parametrize("path", MODULES, ids=at)
def test_it_can_be_read_at_a_sitting(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    assert lines <= LINES or at(path) in LONG_BECAUSE, (
        f"{at(path)} has {lines} lines: split it by subject, or say in LONG_BECAUSE which one idea it is"
    )


def test_every_reason_for_length_is_still_needed() -> None:
    stale = [name for name in LONG_BECAUSE if not (ROOT / name).exists() or len((ROOT / name).read_text().splitlines()) <= LINES]
    assert not stale, f"no longer long: {stale}; take them out of LONG_BECAUSE"
