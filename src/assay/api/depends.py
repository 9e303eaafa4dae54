"""Who asks, and of what: every route takes these two and nothing else from the outside."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import HTTPConnection

from assay.api.platform import Platform
from assay.runtime.ports import Desk

LOCAL: Final = "local"
"""The one owner there is until there are accounts."""


def platform(connection: HTTPConnection) -> Platform:
    """The platform that the app serves."""
    found = connection.app.state.platform
    assert isinstance(found, Platform)
    return found


def desk(connection: HTTPConnection) -> Desk:
    """The one place that says who asks: whatever belongs to somebody is reached through the desk that comes from here."""
    return platform(connection).store.desk(LOCAL)


At = Annotated[Platform, Depends(platform)]
Mine = Annotated[Desk, Depends(desk)]
