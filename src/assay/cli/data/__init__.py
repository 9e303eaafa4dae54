"""`assay data`: the bars that are stored, in the home, with or without a server beside."""

from __future__ import annotations

import typer

from assay.cli.data.check import check
from assay.cli.data.delete import delete
from assay.cli.data.fetch import fetch
from assay.cli.data.imports import import_
from assay.cli.data.listing import list_

data = typer.Typer(name="data", help="Fetch, import, list, check and delete bars.", no_args_is_help=True, rich_markup_mode=None)
data.command()(fetch)
data.command("import")(import_)
data.command("list")(list_)
data.command()(check)
data.command()(delete)
