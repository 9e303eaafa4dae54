"""What the pages point at is there: links, headings, files, make targets."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.core.strategy.parse import parse

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])
TARGETS = set(re.findall(r"^([a-z0-9-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:src|tests|docs|benchmarks|requirements|\.ci)/[\w./-]+)`")
MAKE = re.compile(r"\bmake ([a-z][a-z0-9-]*)\b(?=[`\s]*(?:#|`|$|\n| ARGS| UPGRADE| PYTHON))")


def anchor(heading: str) -> str:
    """As GitHub makes it from a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)}


def broken(page: Path) -> Iterator[str]:
    text = page.read_text()
    for link in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, heading = link.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists():
            yield f"links to {link}, which is not there"
        elif heading and heading not in anchors(there):
            yield f"links to {link}, but {there.name} has no such heading"
    yield from (f"names {path}, which is not there" for path in PATH.findall(text) if not (ROOT / path).exists())
    yield from (f"says make {target}, which the Makefile does not know" for target in MAKE.findall(text) if target not in TARGETS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_points_only_at_what_is_there(page: Path) -> None:
    assert list(broken(page)) == []


def documents() -> Iterator[tuple[str, str]]:
    """Every strategy that a page shows, as JSON or as a literal in Python."""
    for page in PAGES:
        for language, code in re.findall(r"^```(json|python)\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
            if "assay/strategy@1" not in code:
                continue
            if language == "json":
                yield page.name, code
            else:
                literals = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Dict)]
                yield page.name, json.dumps(ast.literal_eval(literals[0]))


def test_every_strategy_on_a_page_is_one() -> None:
    shown = list(documents())
    assert {"README.md", "first-backtest.md"} <= {page for page, _ in shown}
    for _, text in shown:
        parse(text)


def test_a_machine_runs_what_a_person_runs() -> None:
    commands = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make test"]


def test_every_target_is_phony_and_explained() -> None:
    phony = set(re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0].split())
    assert phony == TARGETS


def test_every_decision_names_what_enforces_it() -> None:
    silent = [
        page.name
        for page in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
        if not re.search(r"^## Enforced by$", page.read_text(), re.MULTILINE)
    ]
    assert not silent, f"a decision that nothing checks is a wish: {silent}"


def test_every_law_is_on_the_page() -> None:
    page = (ROOT / "docs/ARCHITECTURE.md").read_text()
    unsaid = [path.name for path in sorted((ROOT / "tests/laws").glob("test_*.py")) if path.name not in page]
    assert not unsaid, f"add a row to the laws in docs/ARCHITECTURE.md: {unsaid}"
