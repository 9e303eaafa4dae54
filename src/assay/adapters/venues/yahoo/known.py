"""What to show of a venue that cannot list: instruments that many people look for. Any other symbol of Yahoo's is found by its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assay.adapters.venues.yahoo.codec import ADJUSTED, describe
from assay.core.domain.instrument import Instrument

_KNOWN: Final = {
    ("EQUITY", "NMS", "USD"): {
        "AAPL": "Apple", "MSFT": "Microsoft", "NVDA": "NVIDIA", "AMZN": "Amazon", "GOOGL": "Alphabet", "META": "Meta", "TSLA": "Tesla",
    },
    ("EQUITY", "NYQ", "USD"): {"JPM": "JPMorgan Chase", "XOM": "Exxon Mobil", "KO": "Coca-Cola", "BRK-B": "Berkshire Hathaway"},
    ("ETF", "PCX", "USD"): {"SPY": "S&P 500 (SPDR)", "GLD": "Gold (SPDR)", "IWM": "Russell 2000 (iShares)"},
    ("ETF", "NMS", "USD"): {"QQQ": "Nasdaq 100 (Invesco)", "TLT": "Treasuries of 20 years and more (iShares)"},
    ("INDEX", "SNP", "USD"): {"^GSPC": "S&P 500"},
    ("INDEX", "DJI", "USD"): {"^DJI": "Dow Jones Industrial Average"},
    ("CURRENCY", "CCY", "USD"): {"EURUSD=X": "Euro in US dollars", "GBPUSD=X": "Sterling in US dollars"},
    ("CRYPTOCURRENCY", "CCC", "USD"): {"BTC-USD": "Bitcoin in US dollars", "ETH-USD": "Ether in US dollars"},
}  # fmt: skip
"""By kind, exchange and currency in Yahoo's own words."""


def known() -> Iterator[Instrument]:
    """Those that pay dividends also with them."""
    for (kind, exchange, currency), names in _KNOWN.items():
        for symbol, name in names.items():
            metadata = {"instrumentType": kind, "exchangeName": exchange, "currency": currency, "longName": name}
            yield describe(metadata, symbol)
            if kind in ("EQUITY", "ETF"):
                yield describe(metadata, symbol + ADJUSTED)
