"""An account's settings, in and out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from assay.api.wire.message import amount
from assay.api.wire.results import AccountBody
from assay.core.domain.account import Account

_MONEY: Final = ("cash", "lot", "tick", "minimum_notional")


def account_of(body: AccountBody) -> Account:
    """Raises AccountError with every setting that is out of bounds."""
    given = body.model_dump()
    return Account(**(given | {name: float(given[name]) for name in _MONEY}))


def account_body(account: Account) -> AccountBody:
    """All settings, defaults written out."""
    given = asdict(account)
    return AccountBody(**(given | {name: amount(given[name]) for name in _MONEY}))
