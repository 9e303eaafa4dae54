"""`assay serve`: the platform, API and web on one port of this machine."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated, Final

import typer

YOUNG: Final = 100_000
"""Objects more than there were, after which garbage is looked for."""


def serve(
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Address to listen on, of this machine alone [127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(metavar="PORT", help="Port to listen on [8000].")] = None,
    home: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where everything is kept [ASSAY_HOME, or this user's data].")] = None,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = False,
    reload: Annotated[bool, typer.Option("--reload", help="Start again whenever the sources change.")] = False,
) -> None:
    """Start the platform."""
    from assay import app, settings  # no other command needs a web framework

    given = settings.read(host=host, port=port, home=home)

    def ready(address: str) -> None:
        gc.freeze()  # what was loaded stays for as long as the process
        gc.set_threshold(YOUNG)
        typer.echo(f"Assay is at {address}")
        if open_:
            typer.launch(address)

    if reload:
        app.serve_anew(given, ready)
    else:
        app.serve(given, ready)
