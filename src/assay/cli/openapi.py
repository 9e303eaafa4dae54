"""`assay openapi`: what the API is, for whoever generates a client from it."""

from __future__ import annotations

import json

import typer


def openapi() -> None:
    """Print the API's description, OpenAPI as JSON."""
    from assay.api.app import create  # no other command needs a web framework

    typer.echo(json.dumps(create(None).openapi(), indent=2))
