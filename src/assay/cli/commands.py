"""The commands of `assay`. What a user can mend is said in a line and ends with 2, never with a traceback."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import assay
from assay.cli.backtest import backtest
from assay.cli.conditions import conditions
from assay.cli.data import data
from assay.cli.demo import demo
from assay.cli.listing import indicators, schema, templates
from assay.cli.lookahead import lookahead
from assay.cli.openapi import openapi
from assay.cli.problems import lines
from assay.cli.serve import serve
from assay.cli.sweep import sweep
from assay.core.domain.errors import AssayError


class Commands(TyperGroup):
    """Turns what went wrong outside into a message; our own mistakes keep their traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except AssayError as error:
            for line in lines(error):
                typer.echo(line, err=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            typer.echo(f"{error.filename or 'output'}: {error.strerror}" if error.strerror else str(error), err=True)
        raise typer.Exit(2)


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
for command in (demo, backtest, sweep, lookahead, conditions, templates, indicators, schema, serve, openapi):
    app.command()(command)
app.add_typer(data)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"assay {assay.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Proves trading strategies before money touches them."""
