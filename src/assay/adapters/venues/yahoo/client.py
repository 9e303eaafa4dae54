"""Asks yfinance, and says in our words what it raises. Its calls block and belong into a worker thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, Protocol

from assay.adapters.venues.yahoo.codec import VENUE
from assay.core.domain.errors import (
    EmptyAnswerError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnknownInstrumentError,
    UnreachableError,
)

TIMEOUT_SECONDS: Final = 10
REST_SECONDS: Final = 60.0
"""Yahoo does not say for how long it wants to be left alone."""


class Ticker(Protocol):
    """What we need of `yfinance.Ticker`."""

    def history(self, **asked: Any) -> Any:
        """A `pandas.DataFrame`."""
        ...

    def get_history_metadata(self) -> Mapping[str, Any]: ...


class Client:
    """`ticker` makes what is asked, by Yahoo's symbol; yfinance's own where none is given."""

    def __init__(self, ticker: Callable[[str], Ticker] | None = None) -> None:
        self._ticker = ticker or _ticker

    def frame(self, symbol: str, interval: str, start: str | datetime, end: str | datetime, *, adjusted: bool) -> Any:
        """Raises a VenueError."""
        with _translated(symbol):
            return self._ticker(symbol).history(
                interval=interval, start=start, end=end, auto_adjust=adjusted, actions=False, timeout=TIMEOUT_SECONDS
            )

    def metadata(self, symbol: str) -> Mapping[str, Any]:
        """What it says of an instrument; it has to be asked for a week of it first. Raises a VenueError."""
        with _translated(symbol):
            ticker = self._ticker(symbol)
            ticker.history(period="5d", interval="1d", timeout=TIMEOUT_SECONDS)
            return ticker.get_history_metadata()


def _ticker(symbol: str) -> Ticker:
    import yfinance  # late, as below

    # By default it says on standard error what went wrong, and answers with an empty frame.
    yfinance.config.debug.hide_exceptions = False
    made: Ticker = yfinance.Ticker(symbol)
    return made


@contextmanager
def _translated(symbol: str) -> Iterator[None]:
    # It takes a second to import, and most who use the platform never ask Yahoo for anything.
    from yfinance import exceptions as yahoos

    try:
        yield
    except yahoos.YFRateLimitError:
        raise RateLimitedError(VENUE, f"it wants fewer requests than {symbol} took", REST_SECONDS) from None
    except yahoos.YFTzMissingError:
        raise UnknownInstrumentError(VENUE, f"it lists no {symbol}") from None
    except yahoos.YFPricesMissingError as error:
        raise _missing(symbol, error.yahoo_reason) from None
    except yahoos.YFException as error:
        raise UnreachableError(VENUE, str(error)) from None
    except OSError as error:  # what its HTTP libraries raise are OSErrors, and so are time-outs
        status = getattr(getattr(error, "response", None), "status_code", None)
        if status == 404:
            raise UnknownInstrumentError(VENUE, f"it lists no {symbol}") from None
        if status in (401, 403, 451):
            raise RefusedError(VENUE, f"it does not serve this machine (HTTP {status})") from None
        raise UnreachableError(VENUE, f"no answer for {symbol} ({type(error).__name__})") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        # yfinance takes the answer apart without looking whether it is what it should be.
        raise MalformedAnswerError(VENUE, f"what it said of {symbol} could not be read ({type(error).__name__}: {error})") from error


def _missing(symbol: str, reason: str | None) -> RefusedError | UnknownInstrumentError | EmptyAnswerError:
    """By Yahoo's own reason, where it gives one."""
    if reason is None:
        return EmptyAnswerError(VENUE, f"no bars of {symbol}")
    if "must be within" in reason or "granularity" in reason:
        return RefusedError(VENUE, reason)
    if "delisted" in reason or "Not Found" in reason:
        return UnknownInstrumentError(VENUE, f"it lists no {symbol}: {reason}")
    return EmptyAnswerError(VENUE, f"no bars of {symbol}: {reason}")
