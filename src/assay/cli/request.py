"""What a backtest and a sweep alike are asked for: a strategy, bars, a period and an account, each an option."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from assay.cli.problems import OPTIONS, located_in, wrong
from assay.cli.values import named_files, setting
from assay.core.domain.account import CONVENTIONS, Account

if TYPE_CHECKING:
    from assay.interface import Bars, Funding, Strategy

ACCOUNT: Final = Account()
"""Its values are the options' defaults."""
RUNNABLE: Final = tuple(name for name in CONVENTIONS if name != "freqtrade")
"""Documents do not run under freqtrade's convention; its tables are reproduced by tests."""


def _term(field: str, meaning: str) -> Any:
    return typer.Option(OPTIONS[field], help=meaning, metavar="NUMBER")


@dataclass(frozen=True, kw_only=True)
class Material:
    """A strategy and the bars to decide on; nothing is read before it is asked for."""

    strategy_file: Annotated[str, typer.Argument(metavar="STRATEGY", help="The strategy document, a JSON file.", show_default=False)]
    data: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Candles as CSV or Parquet, ID=FILE for each of several; bundled ones unless given."),
    ] = None
    instrument: Annotated[str | None, typer.Option(metavar="ID", help="What the one file holds: binance:BTC/USDT.")] = None
    timezone: Annotated[str | None, typer.Option(metavar="NAME", help="Zone of times that name none; UTC unless given.")] = None
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter's value: fast=12.")] = None
    start: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First bar to trade on; those before warm up. UTC.")] = None
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Bars opened at this time or later are left out. UTC.")] = None

    @property
    def file(self) -> str:
        """The strategy's file, as problems name it."""
        return Path(self.strategy_file).name or self.strategy_file

    def moved(self) -> list[tuple[str, int | float]]:
        """Parameters that `--set` moves."""
        given = [setting(text) for text in self.settings or ()]
        if len({name for name, _ in given}) < len(given):
            raise wrong("--set", "a parameter is set twice")
        return given

    def strategy(self) -> Strategy:
        from assay.interface import Strategy

        values = dict(self.moved())
        with located_in(self.file):
            strategy = Strategy.load(self.strategy_file)
            return strategy.having(**values) if values else strategy

    def bars(self, strategy: Strategy) -> dict[str, Bars]:
        """Of the files, or, without any, the bundled candles of the strategy's instruments."""
        if not self.data:
            return self._bundled(strategy)
        files = named_files(self.data, "--data")
        if self.instrument is not None and (len(files) > 1 or None not in files):
            raise wrong("--instrument", "it names the one file without a name; write --data ID=FILE for each of several")
        return self._read(files, self.instrument)

    def _bundled(self, strategy: Strategy) -> dict[str, Bars]:
        from assay.adapters.files.sample import sample, samples

        foreign = [name for name in strategy.universe if name not in samples()]
        if foreign:
            raise wrong("--data", f"no candles of {', '.join(foreign)} are bundled; name a file that has them")
        return {name: sample(name) for name in strategy.universe}

    def _read(self, files: Mapping[str | None, Path], instrument: str | None) -> dict[str, Bars]:
        from assay.adapters.files.candles import import_bars

        read = (import_bars(path, instrument=name or instrument, timezone=self.timezone).bars for name, path in files.items())
        return {bars.instrument: bars for bars in read}


@dataclass(frozen=True, kw_only=True)
class Request(Material):
    """The same, with everything that money needs."""

    match: Annotated[list[str] | None, typer.Option(metavar="FILE", help="Finer candles to fill orders on.")] = None
    funding: Annotated[list[str] | None, typer.Option(metavar="FILE", help="Funding rates of a perpetual: columns ts and rate.")] = None

    cash: Annotated[float, _term("cash", "Cash to begin with, in the quote currency.")] = ACCOUNT.cash
    fee_rate: Annotated[float, _term("fee_rate", "Fee as a fraction of the notional.")] = ACCOUNT.fee_rate
    maker_fee_rate: Annotated[float | None, _term("maker_fee_rate", "Fee of orders that rested; the same unless given.")] = None
    slippage_bps: Annotated[float, _term("slippage_bps", "Slippage of orders at market, in basis points.")] = ACCOUNT.slippage_bps
    lot: Annotated[float, _term("lot", "Smallest step of quantities; 0 for none.")] = ACCOUNT.lot
    tick: Annotated[float, _term("tick", "Smallest step of prices; 0 for none.")] = ACCOUNT.tick
    leverage: Annotated[float, _term("leverage", "Most exposure, in multiples of equity.")] = ACCOUNT.leverage
    maintenance_margin_rate: Annotated[float | None, _term("maintenance_margin_rate", "Margin below which is liquidated.")] = None
    liquidation_fee_rate: Annotated[float, _term("liquidation_fee_rate", "Fee on top at liquidation.")] = ACCOUNT.liquidation_fee_rate
    borrow_rate: Annotated[float, _term("borrow_rate", "Yearly cost of a short, as a fraction.")] = ACCOUNT.borrow_rate
    volume_cap: Annotated[float | None, _term("volume_cap", "Most of a bar's volume to fill, as a fraction.")] = None
    minimum_notional: Annotated[float, _term("minimum_notional", "Smallest order, in the quote currency.")] = ACCOUNT.minimum_notional
    convention: Annotated[str, typer.Option(metavar="NAME", help=f"Whose rules: {', '.join(RUNNABLE)}.")] = ACCOUNT.convention

    def account(self) -> Account:
        with located_in(self.file):
            return Account(**{field.name: getattr(self, field.name) for field in fields(Account)})

    def finer(self) -> dict[str, Bars] | None:
        return self._read(named_files(self.match, "--match"), None) if self.match else None

    def rates(self) -> Mapping[str, Funding] | Funding | None:
        from assay.interface import load_funding

        read = {name: load_funding(path) for name, path in named_files(self.funding or (), "--funding").items()}
        return read[None] if None in read else {name: rates for name, rates in read.items() if name} or None
