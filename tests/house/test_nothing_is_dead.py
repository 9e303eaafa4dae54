"""Every module is imported by another, or is where somebody comes in."""

from __future__ import annotations

from collections.abc import Iterable

import grimp
import pytest
from grimp import ImportGraph

ENTRIES = {"assay", "assay.interface", "assay.cli.main", "assay.__main__"}
NOT_YET = {
    "assay.core.referee": "it judges the kernel in the laws; a person will reach it by `assay verify`",
    "assay.core.engine.session": "law 2 and the benchmark feed it; forward sessions will",
    "assay.adapters.venues.archive.source": "its tests replay the store by it; forward sessions on a replay will",
    "assay.core.market.growing": "its law grows bars by it; the feed of Interactive Brokers will",
}
"""Ways in that are not open to a person yet, each with who comes by meanwhile."""


@pytest.fixture(scope="module")
def graph() -> ImportGraph:
    graph = grimp.build_graph("assay", cache_dir=None)
    if not graph.modules & (ENTRIES - {"assay"}):
        pytest.skip("there is no way in yet")
    return graph


def reached_from(graph: ImportGraph, entries: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    frontier = {entry for entry in entries if entry in graph.modules}
    while frontier:
        reached |= frontier
        frontier = {imported for module in frontier for imported in graph.find_modules_directly_imported_by(module)} - reached
    return reached


def test_every_module_is_reached(graph: ImportGraph) -> None:
    reached = reached_from(graph, {*ENTRIES, *NOT_YET})
    dead = sorted(module for module in graph.modules - reached if not graph.find_children(module))
    assert not dead, f"nobody comes by here: {dead}"


def test_every_way_in_that_is_not_open_yet_is_still_closed(graph: ImportGraph) -> None:
    reached = reached_from(graph, ENTRIES)
    stale = sorted(name for name in NOT_YET if name in reached or name not in graph.modules)
    assert not stale, f"reached, or gone; take them out of NOT_YET: {stale}"
