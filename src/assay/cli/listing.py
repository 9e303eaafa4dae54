"""`assay templates`, `assay indicators` and `assay schema`: what there is to start from, and what a document may say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from assay.core.domain.errors import Problem, StrategyError

if TYPE_CHECKING:
    from assay.core.indicators.entry import Entry


def templates(name: Annotated[str | None, typer.Argument(metavar="NAME", help="Print this one, to start from.")] = None) -> None:
    """List the bundled strategies, or print one."""
    from assay.adapters.files import strategies

    if name is None:
        _columns([(each, strategies.template(each).description) for each in strategies.templates()])
    else:
        strategies.template(name)
        typer.echo(strategies.template_text(name), nl=False)


def indicators(name: Annotated[str | None, typer.Argument(metavar="NAME", help="Describe this one.")] = None) -> None:
    """List the indicators, or describe one."""
    from assay.core.indicators import catalog

    if name is None:
        _columns([(entry.id, f"{entry.name} ({entry.group})") for entry in catalog.all_indicators()])
        return
    entry = catalog.find(name)
    if entry is None:
        from assay.core.strategy.node import unknown

        raise StrategyError([Problem("", "unknown", unknown(name, catalog.ids(), "known indicator"))])
    _describe(entry)


def schema() -> None:
    """Print the JSON Schema of strategies, for editors."""
    from assay.core.strategy.schema import strategy_schema

    typer.echo(json.dumps(strategy_schema(), indent=2))


def _describe(entry: Entry) -> None:
    typer.echo(f"{entry.name} ({entry.group})")
    rows = [("inputs", ", ".join(entry.inputs)), ("outputs", ", ".join(entry.outputs))]
    rows += [(spec.name, f"{spec.label}, {spec.default!r} unless given, {spec.low!r} to {spec.high!r}") for spec in entry.parameters]
    _columns(rows)


def _columns(rows: Sequence[tuple[str, str]]) -> None:
    width = max(len(name) for name, _ in rows)
    for name, text in rows:
        typer.echo(f"{name:<{width}}  {text}")
