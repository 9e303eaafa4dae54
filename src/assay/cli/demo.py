"""`assay demo`: a template over the bundled sample, which needs no file and no network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.progress import steps


def demo(
    template: Annotated[str, typer.Option(metavar="NAME", help="One of `assay templates`.")] = "sma_cross",
    html: Annotated[Path, typer.Option(metavar="FILE", help="Where the report goes.")] = Path("out/report.html"),
) -> None:
    """Run a template over the bundled sample and write its report."""
    with steps(4, keep=True) as begin:
        begin("Reading the sample")
        import assay
        from assay.adapters.files.sample import sample

        strategy = assay.Strategy.template(template)
        bars = {name: sample(name) for name in strategy.universe}
        begin("Running (compiles once)")
        result = assay.backtest(strategy, bars, assay.Account())
        begin("Measuring")
        _ = result.metrics, result.equity
        begin("Writing the report")
        report = result.report(html)
    from assay.cli.console import console
    from assay.cli.figures import show

    show(result, console())
    typer.echo(f"report {report.resolve()}")
