"""Every module is imported by another, or is where somebody comes in."""

from __future__ import annotations

import grimp
import pytest

ENTRIES = {"assay", "assay.interface", "assay.cli.main", "assay.__main__"}


def test_every_module_is_reached() -> None:
    graph = grimp.build_graph("assay", cache_dir=None)
    if not graph.modules & (ENTRIES - {"assay"}):
        pytest.skip("there is no way in yet")
    reached = set(ENTRIES)
    frontier = {entry for entry in ENTRIES if entry in graph.modules}
    while frontier:
        reached |= frontier
        frontier = {imported for module in frontier for imported in graph.find_modules_directly_imported_by(module)} - reached
    dead = sorted(module for module in graph.modules - reached if not graph.find_children(module))
    assert not dead, f"nobody comes by here: {dead}"
