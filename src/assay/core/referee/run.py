"""A session from the first bar to the last: the page's order, once (S3, S4, S7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from functools import partial

from assay.core.domain.account import Account
from assay.core.domain.errors import AccountError, Problem
from assay.core.domain.fills import Reason
from assay.core.domain.instrument import InstrumentId
from assay.core.referee.book import Book
from assay.core.referee.closing import Mind, close_slice
from assay.core.referee.conditions import Conditions
from assay.core.referee.execution import fill_exit
from assay.core.referee.inside import walk_inside
from assay.core.referee.limits import limits
from assay.core.referee.opening import open_slice
from assay.core.referee.outcome import Feed, Holding, Outcome
from assay.core.referee.plan import Planner
from assay.core.referee.rounding import EXACT, ONE, ZERO, exact
from assay.core.referee.session import Session
from assay.core.referee.tape import tape
from assay.core.referee.terms import Terms, terms
from assay.core.strategy.document import Action, Document, Fraction, Limits, Number, Ref, Rule, Then, is_exit


def run(
    document: Document,
    account: Account,
    feeds: Mapping[str, Feed],
    *,
    start: int | None = None,
    has_volume: bool = True,
    timeframe_ns: int,
) -> Outcome:
    """Raises AccountError for a volume cap on data without volume (S2.10)."""
    if account.convention == "freqtrade":
        raise NotImplementedError("the referee does not know the freqtrade convention yet")
    if account.volume_cap is not None and not has_volume:
        raise AccountError([Problem("volume_cap", "no_volume", "the data has no volume; leave the volume cap out")])
    with localcontext(EXACT):
        return _run(document, account, feeds, start, timeframe_ns)


def _run(document: Document, account: Account, feeds: Mapping[str, Feed], start: int | None, timeframe_ns: int) -> Outcome:
    parameters = document.parameter_values()
    number = partial(_number, parameters)
    agreed = terms(account, _leverage(document.limits, number))
    minds = [_mind(feed, document, parameters, number) for feed in feeds.values()]
    funding = [feed.funding for feed in feeds.values()]
    session = Session(agreed, _books(feeds, agreed), limits(document.limits, number))
    bars = tape(feeds, timeframe_ns)
    live_from = bars.first_live(start)
    for session.slice, row in enumerate(bars.bars):
        for book, bar in zip(session.books, row, strict=True):
            book.show(bar)
        session.day = bars.days[session.slice]
        if session.slice >= live_from:
            _play_slice(session, funding, minds)
    if agreed.finalizes and session.marks:
        _finalize(session)
    return _outcome(session)


def _play_slice(session: Session, funding: Sequence[tuple[tuple[int, float], ...]], minds: Sequence[Mind]) -> None:
    open_slice(session, funding)
    for book in session.present():
        walk_inside(session, book)
    close_slice(session, minds)


def _finalize(session: Session) -> None:
    """What is open is closed at the open of its last bar, and the last equity is taken again (S9)."""
    for book in session.books:
        last = book.bar or book.last
        if book.position is not None and last is not None:
            book.exit = Reason.FINALIZE
            book.room = None
            fill_exit(session, book, last.open)
    session.marks[-1] = session.value(at_open=False)


def _books(feeds: Mapping[str, Feed], agreed: Terms) -> list[Book]:
    return [Book(index, InstrumentId.parse(name).is_perpetual, agreed) for index, name in enumerate(feeds)]


def _number(parameters: Mapping[str, int | float], number: Number) -> Decimal:
    return exact(parameters[number.name] if isinstance(number, Ref) else number)


def _mind(feed: Feed, document: Document, parameters: Mapping[str, int | float], number: Callable[[Number], Decimal]) -> Mind:
    columns: dict[str, Sequence[float]] = {
        "open": [candle.open for candle in feed.candles],
        "high": [candle.high for candle in feed.candles],
        "low": [candle.low for candle in feed.candles],
        "close": [candle.close for candle in feed.candles],
        "volume": [candle.volume for candle in feed.candles],
        **feed.series,
    }
    rules = document.rules_in_order()
    conditions = Conditions(columns, parameters, len(feed.candles))
    holds = [_holds(conditions, rule) for rule in rules]
    holding = [[rule for rule, column in enumerate(holds) if column[candle]] for candle in range(len(feed.candles))]

    def planner(candle: int) -> Planner:
        return Planner(number, lambda series: columns[series][candle])

    return Mind([(_then(rule, document.limits), _aim(rule.then, number)) for rule in rules], holding, planner)


def _leverage(declared: Limits, number: Callable[[Number], Decimal]) -> Decimal:
    return min(number(declared.leverage), ONE) if declared.safety_mode else number(declared.leverage)


def _then(rule: Rule, declared: Limits) -> Then:
    """With the stop that safety mode gives to what has none (S10.8); an exit has no use for it."""
    if declared.safety_mode and rule.then.stop_loss is None:
        return replace(rule.then, stop_loss=Fraction(0.02))
    return rule.then


def _holds(conditions: Conditions, rule: Rule) -> list[bool]:
    """An unknown `when` does not fire, an unknown `unless` does not veto."""
    vetoes = [conditions.answers(veto.condition) for veto in rule.unless]
    whens = conditions.answers(rule.when)
    return [when is True and not any(veto[at] is True for veto in vetoes) for at, when in enumerate(whens)]


def _aim(then: Then, number: Callable[[Number], Decimal]) -> Decimal:
    """The standing target that an action wants (S6.1)."""
    if is_exit(then.action):
        return ZERO
    size = number(then.size)
    return -size if then.action is Action.ENTER_SHORT else size


def _outcome(session: Session) -> Outcome:
    positions = [
        Holding(ZERO, ZERO) if book.position is None else Holding(book.position.signed, book.position.average) for book in session.books
    ]
    return Outcome(
        session.fills,
        session.carries,
        session.decisions,
        session.refusals,
        session.reached,
        session.trades,
        session.marks,
        session.cash,
        positions,
    )
