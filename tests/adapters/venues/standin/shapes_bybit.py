"""What Bybit v5 writes, made of the ledger's bars: the same fields in the same order as its documentation has them."""

from __future__ import annotations

from datetime import datetime

from tests.adapters.venues.standin.ledger import Asset, Bar
from tests.adapters.venues.standin.shapes_binance import Json, milliseconds

INTERVALS = {
    "1": "1m", "3": "3m", "5": "5m", "15": "15m", "30": "30m",
    "60": "1h", "120": "2h", "240": "4h", "360": "6h", "720": "12h", "D": "1d", "W": "1w", "M": "1M",
}  # fmt: skip
NAMES = {name: interval for interval, name in INTERVALS.items()}


def answer(result: Json, now: datetime) -> Json:
    return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": milliseconds(now)}


def refusal(code: int, message: str, now: datetime) -> Json:
    return {"retCode": code, "retMsg": message, "result": {}, "retExtInfo": {}, "time": milliseconds(now)}


def time(now: datetime) -> Json:
    return answer({"timeSecond": str(milliseconds(now) // 1000), "timeNano": str(milliseconds(now) * 1_000_000)}, now)


def kline(asset: Asset, bars: list[Bar], now: datetime) -> Json:
    rows = [
        [
            str(milliseconds(bar.opened_at)),
            str(bar.open),
            str(bar.high),
            str(bar.low),
            str(bar.close),
            str(bar.volume),
            str(bar.volume * bar.close),
        ]
        for bar in reversed(bars)
    ]
    return answer({"symbol": asset.symbol, "category": "spot" if asset.spot else "linear", "list": rows}, now)


def kline_message(asset: Asset, timeframe: str, bar: Bar, now: datetime) -> Json:
    interval = NAMES[timeframe]
    return {
        "topic": f"kline.{interval}.{asset.symbol}",
        "data": [
            {
                "start": milliseconds(bar.opened_at), "end": milliseconds(bar.closed_at) - 1, "interval": interval,
                "open": str(bar.open), "close": str(bar.close), "high": str(bar.high), "low": str(bar.low),
                "volume": str(bar.volume), "turnover": str(bar.volume * bar.close), "confirm": bar.closed_at <= now,
                "timestamp": milliseconds(now),
            }
        ],
        "ts": milliseconds(now), "type": "snapshot",
    }  # fmt: skip


def instruments(assets: list[Asset], category: str, now: datetime) -> Json:
    rows: list[object] = [_spot(asset) if asset.spot else _linear(asset) for asset in assets]
    pages: Json = {} if category == "spot" else {"nextPageCursor": ""}
    return answer({"category": category, "list": rows, **pages}, now)


def _spot(asset: Asset) -> Json:
    return {
        "symbolId": 9, "symbol": asset.symbol, "baseCoin": asset.base, "quoteCoin": asset.quote, "innovation": "0", "status": "Trading",
        "marginTrading": "utaOnly", "stTag": "0",
        "lotSizeFilter": {
            "basePrecision": "0.000001", "quotePrecision": "0.0000001", "minOrderQty": "0.000011", "maxOrderQty": "83",
            "minOrderAmt": "5", "maxOrderAmt": "8000000", "maxLimitOrderQty": "83", "maxMarketOrderQty": "41.5",
            "postOnlyMaxLimitOrderSize": "60000",
        },
        "priceFilter": {"tickSize": "0.01"},
        "riskParameters": {"priceLimitRatioX": "0.005", "priceLimitRatioY": "0.01"}, "symbolType": "",
    }  # fmt: skip


def _linear(asset: Asset) -> Json:
    return {
        "symbol": asset.symbol, "contractType": "LinearPerpetual", "status": "Trading", "baseCoin": asset.base, "quoteCoin": asset.quote,
        "launchTime": str(milliseconds(asset.listed_at)), "deliveryTime": "0", "deliveryFeeRate": "", "priceScale": "2",
        "leverageFilter": {"minLeverage": "1", "maxLeverage": "100.00", "leverageStep": "0.01"},
        "priceFilter": {"minPrice": "0.10", "maxPrice": "1999999.80", "tickSize": "0.10"},
        "lotSizeFilter": {
            "maxOrderQty": "1190.000", "minOrderQty": "0.001", "qtyStep": "0.001", "postOnlyMaxOrderQty": "1190.000",
            "maxMktOrderQty": "500.000", "minNotionalValue": "5",
        },
        "unifiedMarginTrade": True, "fundingInterval": 480, "settleCoin": asset.quote, "copyTrading": "both",
        "upperFundingRate": "0.00375", "lowerFundingRate": "-0.00375", "isPreListing": False, "preListingInfo": None,
    }  # fmt: skip
