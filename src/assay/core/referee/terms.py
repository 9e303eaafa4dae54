"""The account's settings as decimals, after the strategy's leverage and the convention have had their say (S2, S9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from assay.core.domain.account import Account
from assay.core.referee.rounding import ONE, ZERO, exact, to_lot, to_tick

_NOTHING: Final = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class Terms:
    """Rates and shares are fractions.

    `markup` worsens the price of every fill that adds, in place of fees (S9); equity of `ruin` is none (S6.5).
    """

    cash: Decimal
    taker_rate: Decimal
    maker_rate: Decimal
    liquidation_rate: Decimal
    markup: Decimal
    slippage: Decimal
    lot: Decimal
    tick: Decimal
    leverage: Decimal
    maintenance: Decimal
    borrow_rate: Decimal
    volume_cap: Decimal | None
    minimum_notional: Decimal
    ruin: Decimal
    finalizes: bool

    def level(self, price: Decimal, *, buy: bool) -> Decimal:
        """A level, rounded by the side of the order that it becomes (S2.1)."""
        return to_tick(price, self.tick, buy=buy)

    def lots(self, quantity: Decimal) -> Decimal:
        return to_lot(quantity, self.lot)

    def rate(self, *, maker: bool) -> Decimal:
        return self.maker_rate if maker else self.taker_rate

    def fill_price(self, price: Decimal, *, buy: bool, maker: bool, adds: bool) -> Decimal:
        """Takers slip (S2.3); what was computed is rounded, and with a tick everything is on it (S2.1)."""
        worse = 1 if buy else -1
        factor = ONE
        if not maker:
            factor *= 1 + worse * self.slippage
        if adds:
            factor *= 1 + worse * self.markup
        if factor == ONE and self.tick == ZERO:
            return price
        return self.level(price * factor, buy=buy)


def terms(account: Account, strategy_leverage: Decimal) -> Terms:
    """The effective leverage is the smaller of the account's and the strategy's (S2.9)."""
    leverage = min(exact(account.leverage), strategy_leverage)
    fee_rate = exact(account.fee_rate)
    in_the_price = account.convention == "backtesting.py-readme"
    return Terms(
        cash=exact(account.cash),
        taker_rate=ZERO if in_the_price else fee_rate,
        maker_rate=ZERO if in_the_price else exact(account.maker_rate),
        liquidation_rate=ZERO if in_the_price else fee_rate + exact(account.liquidation_fee_rate),
        markup=fee_rate if in_the_price else ZERO,
        slippage=exact(account.slippage_bps) / 10_000,
        lot=exact(account.effective_lot),
        tick=exact(account.tick),
        leverage=leverage,
        maintenance=exact(account.maintenance_at(float(leverage))),
        borrow_rate=exact(account.borrow_rate),
        volume_cap=None if account.volume_cap is None else exact(account.volume_cap),
        minimum_notional=exact(account.minimum_notional),
        ruin=exact(account.cash) * _NOTHING,
        finalizes=account.convention == "backtesting.py-finalize",
    )
