"""Yahoo Finance, by yfinance: history of shares, funds, indices, currencies and coins.

Two prices are told apart by name. `yahoo:AAPL` is what Yahoo calls the close: adjusted for splits, which it does on all prices and does not
let anybody undo, and not for dividends. `yahoo:AAPL@adjusted` is adjusted for dividends too, so its returns are those of an owner who
reinvests them, and its prices are none that was ever paid. Both change in hindsight: with the next split, the second with every dividend.

Daily, weekly and monthly bars are stamped 00:00 UTC of the day of the session, the Monday, and the first of the month, whatever the
exchange's zone; a session ends before the UTC day of its date does, so none is known before it closed. Bars within the day are stamped with
the instant at which they open: Yahoo counts hours from the opening bell on.
"""
