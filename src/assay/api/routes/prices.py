"""What things cost now, and how we are connected to who says so. Live prices come on the socket (`prices.{timeframe}.{instrument}`)."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query

from assay.api.depends import At
from assay.api.idempotency import Once
from assay.api.platform import Platform
from assay.api.render import prices as render
from assay.api.wire.prices import LastPriceItem, LinkItem
from assay.core.domain.errors import VenueError

router = APIRouter(prefix="/market", tags=["market"], route_class=Once)

Names = Annotated[list[Annotated[str, Query(max_length=200)]], Query(alias="instrument", min_length=1, max_length=100)]


@router.get("/last-prices")
async def get_last_prices(at: At, instruments: Names) -> list[LastPriceItem]:
    """The last price of each, its change over a day, and a sketch of two; in the order that was asked."""
    return list(await asyncio.gather(*(_last_price(at, name) for name in instruments)))


@router.get("/links")
async def list_links(at: At) -> list[LinkItem]:
    """Of the venues that somebody listens to now."""
    return [render.link_item(link) for link in at.prices.all_links()]


async def _last_price(at: Platform, instrument: str) -> LastPriceItem:
    """One that cannot be had does not take the others along."""
    try:
        return render.last_price_item(await at.prices.last_price(instrument))
    except VenueError as error:
        return render.no_last_price(instrument, error.code)
