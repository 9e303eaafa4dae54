"""Values as they are typed: `fast=12`, `fast=5:50:1`, `binance:BTC/USDT=btc.csv`. What cannot be read names its option."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from assay.cli.problems import wrong
from assay.core.domain.instrument import InstrumentId
from assay.core.domain.timeframe import Timeframe

LONGEST: Final = 100_000
"""Values of one axis of a grid: more would be a slip of the pen."""


def setting(text: str, option: str = "--set") -> tuple[str, int | float]:
    """`fast=12` as a name and its number."""
    name, value = _assigned(text, option, "fast=12")
    return name, _plain(_number(value, text, option))


def axis(text: str, option: str = "--grid") -> tuple[str, tuple[int | float, ...]]:
    """`fast=5:50:1` as range(5, 50) has it, the stop left out; `slow=20,50,100` as listed."""
    name, values = _assigned(text, option, "fast=5:50:1")
    numbers = [_number(part, text, option) for part in values.split(":" if ":" in values else ",")]
    if ":" in values:
        numbers = _range(numbers, text, option)
    if len(set(numbers)) < len(numbers):
        raise wrong(option, f"{text!r} has a value twice")
    return name, tuple(_plain(number) for number in numbers)


def named_files(given: Sequence[str], option: str) -> dict[str | None, Path]:
    """Files by instrument; one file may do without, and has None."""
    found: dict[str | None, Path] = {}
    for text in given:
        name, path = _named(text)
        if name in found:
            message = f"there are two files of {name}" if name else "each of several files needs its instrument: binance:BTC/USDT=btc.csv"
            raise wrong(option, message)
        found[name] = path
    if len(found) > 1 and None in found:
        raise wrong(option, f"{str(found[None])!r} needs its instrument, as the others have: binance:BTC/USDT={found[None]}")
    return found


def instant(text: str, option: str) -> datetime:
    """A date or a time in ISO 8601, in UTC unless it names a zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise wrong(option, f"{text!r} is no date or time; write 2024-03-01 or 2024-03-01T09:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def timeframe(text: str, option: str = "--timeframe") -> Timeframe:
    """`1h`, as ccxt spells it."""
    try:
        return Timeframe.parse(text)
    except ValueError as error:
        raise wrong(option, str(error)) from None


def instrument(text: str) -> InstrumentId:
    """`binance:BTC/USDT`."""
    try:
        return InstrumentId.parse(text)
    except ValueError as error:
        raise wrong("INSTRUMENT", str(error)) from None


def _assigned(text: str, option: str, example: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise wrong(option, f"{text!r} is no name=value; write for example {example}")
    return name.strip(), value.strip()


def _number(value: str, text: str, option: str) -> Decimal:
    """Decimal, so that 0.1:0.4:0.1 holds 0.3 and not 0.30000000000000004."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise wrong(option, f"{value!r} in {text!r} is no number") from None
    if not number.is_finite() or abs(number.adjusted()) > 300:
        raise wrong(option, f"{value!r} in {text!r} is no number to calculate with")
    return number


def _plain(number: Decimal) -> int | float:
    """An int where it is written as one: a period, not a factor."""
    exponent = number.as_tuple().exponent
    return int(number) if isinstance(exponent, int) and exponent >= 0 else float(number)


def _range(parts: list[Decimal], text: str, option: str) -> list[Decimal]:
    if len(parts) > 3:
        raise wrong(option, f"{text!r} has more than start:stop:step")
    start, stop, step = (*parts, Decimal(1))[:3]
    if step == 0:
        raise wrong(option, f"{text!r} never moves: its step is 0")
    count = _steps(start, stop, step)
    if count <= 0:
        raise wrong(option, f"{text!r} holds no value: from {start} by {step} there is nothing before {stop}, which is left out itself")
    if count > LONGEST:
        raise wrong(option, f"{text!r} holds more than {LONGEST:,} values; take a larger step")
    return [start + place * step for place in range(count)]


def _steps(start: Decimal, stop: Decimal, step: Decimal) -> int:
    """As many as range() would take: the distance over the step, rounded up."""
    return int(((stop - start) / step).to_integral_value("ROUND_CEILING"))


def _named(text: str) -> tuple[str | None, Path]:
    """A name has a colon; a file that is there is taken for a file, whatever is in its name."""
    name, equals, path = text.partition("=")
    if not equals or ":" not in name or Path(text).exists():
        return None, Path(text)
    return name, Path(path)
