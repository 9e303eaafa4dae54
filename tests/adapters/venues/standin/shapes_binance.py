"""What Binance writes, made of the ledger's bars: the same fields in the same order as it was recorded to write them."""

from __future__ import annotations

from datetime import datetime

from tests.adapters.venues.standin.ledger import Asset, Bar

from assay.core.market.instants import EPOCH

Json = dict[str, object]


def milliseconds(at: datetime) -> int:
    return round((at - EPOCH).total_seconds() * 1000)


def time(now: datetime) -> Json:
    return {"serverTime": milliseconds(now)}


def kline_row(bar: Bar) -> list[object]:
    quote = bar.volume * bar.close
    return [
        milliseconds(bar.opened_at), f"{bar.open:.8f}", f"{bar.high:.8f}", f"{bar.low:.8f}", f"{bar.close:.8f}", f"{bar.volume:.8f}",
        milliseconds(bar.closed_at) - 1, f"{quote:.8f}", 10, f"{bar.volume / 2:.8f}", f"{quote / 2:.8f}", "0",
    ]  # fmt: skip


def kline_message(asset: Asset, timeframe: str, bar: Bar, now: datetime) -> Json:
    quote = bar.volume * bar.close
    return {
        "e": "kline", "E": milliseconds(now), "s": asset.symbol,
        "k": {
            "t": milliseconds(bar.opened_at), "T": milliseconds(bar.closed_at) - 1, "s": asset.symbol, "i": timeframe, "f": 1, "L": 10,
            "o": f"{bar.open:.8f}", "c": f"{bar.close:.8f}", "h": f"{bar.high:.8f}", "l": f"{bar.low:.8f}", "v": f"{bar.volume:.8f}",
            "n": 10, "x": bar.closed_at <= now, "q": f"{quote:.8f}", "V": f"{bar.volume / 2:.8f}", "Q": f"{quote / 2:.8f}", "B": "0",
        },
    }  # fmt: skip


def exchange_info(assets: list[Asset], now: datetime, *, spot: bool) -> Json:
    return {
        "timezone": "UTC", "serverTime": milliseconds(now), "rateLimits": [], "exchangeFilters": [],
        "symbols": [_spot(asset) if spot else _perpetual(asset) for asset in assets],
    }  # fmt: skip


def _spot(asset: Asset) -> Json:
    return {
        "symbol": asset.symbol, "status": "TRADING",
        "baseAsset": asset.base, "baseAssetPrecision": 8, "quoteAsset": asset.quote, "quotePrecision": 8, "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8, "quoteCommissionPrecision": 8, "orderTypes": ["LIMIT", "MARKET"],
        "icebergAllowed": True, "ocoAllowed": True, "quoteOrderQtyMarketAllowed": True,
        "isSpotTradingAllowed": True, "isMarginTradingAllowed": True,
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01000000", "maxPrice": "1000000.00000000", "tickSize": "0.01000000"},
            {"filterType": "LOT_SIZE", "minQty": "0.00001000", "maxQty": "9000.00000000", "stepSize": "0.00001000"},
            {"filterType": "MIN_NOTIONAL", "minNotional": "10.00000000", "applyToMarket": True, "avgPriceMins": 5},
        ],
        "permissions": ["SPOT", "MARGIN"],
    }  # fmt: skip


def _perpetual(asset: Asset) -> Json:
    return {
        "symbol": asset.symbol, "pair": asset.symbol, "contractType": "PERPETUAL", "deliveryDate": 4133404800000,
        "onboardDate": milliseconds(asset.listed_at), "status": "TRADING",
        "maintMarginPercent": "2.5000", "requiredMarginPercent": "5.0000",
        "baseAsset": asset.base, "quoteAsset": asset.quote, "marginAsset": asset.quote, "pricePrecision": 2, "quantityPrecision": 3,
        "baseAssetPrecision": 8, "quotePrecision": 8, "underlyingType": "COIN", "underlyingSubType": ["PoW"], "settlePlan": 0,
        "triggerProtect": "0.0500", "liquidationFee": "0.017500", "marketTakeBound": "0.05",
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "556.80", "maxPrice": "4529764", "tickSize": "0.10"},
            {"filterType": "LOT_SIZE", "minQty": "0.001", "maxQty": "1000", "stepSize": "0.001"},
            {"filterType": "MIN_NOTIONAL", "notional": "100"},
        ],
        "orderTypes": ["LIMIT", "MARKET"], "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
    }  # fmt: skip


def refusal(code: int, message: str) -> Json:
    return {"code": code, "msg": message}
