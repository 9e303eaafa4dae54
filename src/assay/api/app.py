"""The application: the API under `/api/v1`, its description beside it, and the web on everything else."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp

import assay
from assay.api import openapi, problems
from assay.api.connection import Sockets
from assay.api.guard import LOOPBACK, Guard
from assay.api.platform import Platform
from assay.api.problems import not_found
from assay.api.routes import (
    catalog,
    conditions,
    dashboard,
    jobs,
    lookahead,
    market,
    prices,
    results,
    sessions,
    socket,
    strategies,
    system,
    trace,
    watchlists,
)
from assay.api.static import Web

PREFIX: Final = "/api/v1"
ROUTES: Final = (
    system, catalog, market, prices, watchlists, lookahead, conditions, strategies, sessions, jobs, results, trace, dashboard,
)  # fmt: skip
METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create(
    platform: Platform | None, web: Path | None = None, *, hosts: Collection[str] = LOOPBACK, origins: Collection[str] = ()
) -> FastAPI:
    """The app over a platform, which is None where only the description is wanted; `web` is the folder of the built web."""
    app = _Api(
        title="Assay",
        version=assay.__version__,
        description="Proves trading strategies before money touches them, and then trades them.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        webhooks=socket.webhooks,
        generate_unique_id_function=_name,
    )
    app.guard = partial(Guard, hosts=hosts, origins=origins)
    app.state.platform, app.state.turns, app.state.sockets = platform, {}, Sockets()
    problems.install(app)
    # Each by itself and under its prefix: what is included so is made ready when it is first asked for, and not before the server is.
    for routes in ROUTES:
        app.include_router(routes.router, prefix=PREFIX)
    app.include_router(socket.router)
    app.add_api_route("/api/{rest:path}", _nothing, methods=METHODS, include_in_schema=False)
    if web is not None:
        app.mount("/", Web(directory=web, html=True))
    return app


class _Api(FastAPI):
    """Guarded on the outside, so that what goes wrong anywhere within is signed too."""

    guard: Callable[[ASGIApp], ASGIApp]

    def build_middleware_stack(self) -> ASGIApp:
        return self.guard(super().build_middleware_stack())

    def openapi(self) -> dict[str, Any]:
        return openapi.document(self)


def _name(route: APIRoute) -> str:
    """An operation is called as its handler is."""
    return route.name


async def _nothing(request: Request) -> None:
    """No endpoint, or one that is asked otherwise."""
    path = request.url.path
    for template, operations in request.app.openapi()["paths"].items():
        if compile_path(template)[0].match(path):
            allowed = ", ".join(sorted(method.upper() for method in operations))
            raise HTTPException(405, f"this is asked with {allowed}", {"Allow": allowed})
    raise not_found("endpoint", path)
