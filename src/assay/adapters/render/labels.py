"""What metrics are called on a page, and how each is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from assay.adapters.render import figures

Written: TypeAlias = Callable[[float | None], str]


def _money(value: float | None) -> str:
    return figures.money(value)


def _gain(value: float | None) -> str:
    return figures.money(value, signed=True)


def _share(value: float | None) -> str:
    return figures.percent(value)


def _return(value: float | None) -> str:
    return figures.percent(value, signed=True)


def _fall(value: float | None) -> str:
    """A drawdown is a positive fraction; a page shows it as the fall it is."""
    return figures.percent(None if value is None else -value)


GROUPS: Final[Mapping[str, Mapping[str, tuple[str, Written]]]] = {
    "Equity": {
        "final_equity": ("Final equity", _money),
        "total_return": ("Total return", _return),
        "buy_and_hold_return": ("Buy and hold", _return),
        "cagr": ("CAGR", _return),
        "volatility": ("Volatility", _share),
        "sharpe": ("Sharpe", figures.ratio),
        "sortino": ("Sortino", figures.ratio),
        "calmar": ("Calmar", figures.ratio),
        "max_drawdown": ("Max drawdown", _fall),
        "average_drawdown": ("Average drawdown", _fall),
        "max_drawdown_seconds": ("Max drawdown lasted", figures.duration),
        "longest_drawdown_seconds": ("Longest drawdown", figures.duration),
        "best_day": ("Best day", _return),
        "worst_day": ("Worst day", _return),
        "equity_peak": ("Equity peak", _money),
        "exposure_time": ("Exposure time", _share),
    },
    "Trades": {
        "trades": ("Trades", figures.count),
        "win_rate": ("Win rate", _share),
        "profit_factor": ("Profit factor", figures.ratio),
        "expectancy": ("Expectancy", _gain),
        "average_trade": ("Average trade", _return),
        "best_trade": ("Best trade", _return),
        "worst_trade": ("Worst trade", _return),
        "average_win": ("Average win", _return),
        "average_loss": ("Average loss", _return),
        "payoff_ratio": ("Payoff ratio", figures.ratio),
        "sqn": ("SQN", figures.ratio),
        "kelly": ("Kelly", _share),
        "long_trades": ("Long", figures.count),
        "short_trades": ("Short", figures.count),
        "longest_winning_streak": ("Winning streak", figures.count),
        "longest_losing_streak": ("Losing streak", figures.count),
        "average_trade_seconds": ("Average duration", figures.duration),
        "longest_trade_seconds": ("Longest duration", figures.duration),
    },
    "Costs": {
        "fees": ("Fees", _money),
        "funding": ("Funding paid", _money),
        "borrow": ("Borrow paid", _money),
        "turnover": ("Turnover a year", figures.ratio),
        "fills": ("Fills", figures.count),
        "open_positions": ("Open at the end", figures.count),
    },
}

RISK: Final[Mapping[str, tuple[str, Written]]] = {
    "omega": ("Omega", figures.ratio),
    "tail_ratio": ("Tail ratio", figures.ratio),
    "stability": ("Stability", figures.ratio),
    "downside_risk": ("Downside risk", _share),
    "alpha": ("Alpha", _return),
    "beta": ("Beta", figures.ratio),
    "up_capture": ("Up capture", figures.ratio),
    "down_capture": ("Down capture", figures.ratio),
}

PEERS: Final[Mapping[str, str]] = {
    "backtesting_py": "backtesting.py",
    "freqtrade": "freqtrade",
    "hummingbot": "Hummingbot",
    "jesse": "Jesse",
    "lean": "LEAN",
    "nautilus": "NautilusTrader",
    "vectorbt": "vectorbt",
}
_PEER_FRACTIONS: Final = ("annual_return", "exposure_time", "kelly", "volatility")


def peer(name: str) -> tuple[str, str, Written]:
    """`sharpe_freqtrade` as (figure, peer, how it is written)."""
    figure, who = next((name.removesuffix(f"_{end}"), label) for end, label in PEERS.items() if name.endswith(f"_{end}"))
    return figure.replace("_", " ").capitalize(), who, _share if figure in _PEER_FRACTIONS else figures.ratio
