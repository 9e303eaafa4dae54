"""How far along it is: a bar on stderr, on a terminal only; nowhere else does a program want to read it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def steps(count: int, *, keep: bool = False) -> Iterator[Callable[[str], None]]:
    """Names each step as it begins; the bar stays when it is done if `keep` says so."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    with _bar(keep) as bar:
        task = bar.add_task("", total=count)
        begun = -1

        def begin(step: str) -> None:
            nonlocal begun
            begun += 1
            bar.update(task, description=step, completed=begun)

        yield begin
        bar.update(task, description="Done", completed=count)


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """Hears how many of how many are done."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with _bar(keep=False) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def phases() -> Iterator[Callable[[str, float | None], None]]:
    """Hears what is done now, and which fraction of the whole is behind it."""
    if not sys.stderr.isatty():
        yield lambda phase, fraction: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda phase, fraction: bar.update(task, description=phase, completed=fraction)


def _bar(keep: bool) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<23}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=not keep)
