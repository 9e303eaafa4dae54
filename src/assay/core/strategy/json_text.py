"""JSON is read strictly: what two readers could read differently is refused, with its place.

Python's own reader keeps the last of two equal keys, takes NaN, turns 1e400 into infinity, and meets deep nesting with a
RecursionError. None of these may decide what a strategy does.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from assay.core.domain.errors import Problem, StrategyError
from assay.core.strategy import bounds
from assay.core.strategy.problems import Problems

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_BRACKETS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]}]', re.DOTALL)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Unusable:
    """Stands for a number that is none, until its path is known."""

    code: str
    message: str


class _Repeated(dict[str, Any]):
    """An object in which a key came twice, until its path is known."""

    keys_repeated: tuple[str, ...] = ()


def read(source: str | bytes | Mapping[str, object]) -> Json:
    """The document as plain values. Raises StrategyError with every place that is not strict JSON."""
    cleaned, problems = read_what_can_be(source)
    if problems:
        raise StrategyError(problems)
    return cleaned


def read_what_can_be(source: str | bytes | Mapping[str, object]) -> tuple[Json, list[Problem]]:
    """The document, and every place that is not strict JSON: null stands there. Raises StrategyError where places cannot be told apart."""
    value = source if isinstance(source, Mapping) else _decode(_text(source))
    cleaner = _Cleaner()
    return cleaner.clean(value, "", 1), cleaner.problems


def key_path(path: str, key: str) -> str:
    """`rules[2]` and `when` make `rules[2].when`; a key that is no identifier is quoted and cut."""
    shown = key if key.isidentifier() and key.isascii() and len(key) <= bounds.IDENTIFIER else json.dumps(key[: bounds.IDENTIFIER])
    return f"{path}.{shown}" if path else shown


def _text(source: str | bytes) -> str:
    if len(source) > bounds.BYTES:
        raise _refused("", "limit", f"{len(source):,} bytes are too many; a document may have {bounds.BYTES:,}")
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise _refused(f"line {line}", "encoding", f"byte {error.start} is not UTF-8; save the file as UTF-8") from None


def _decode(text: str) -> object:
    depth = 0
    for bracket in _BRACKETS.findall(text):
        depth += (bracket in "[{") - (bracket in "]}")
        if depth > bounds.DEPTH:
            raise _refused("", "limit", f"nested deeper than {bounds.DEPTH}; a document needs less")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_integer, strict=True)
    except json.JSONDecodeError as error:
        raise _refused(f"line {error.lineno}", "json", f"column {error.colno}: not JSON: {error.msg}") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    repeated = _Repeated(found)
    repeated.keys_repeated = tuple(dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return repeated


def _constant(text: str) -> _Unusable:
    return _Unusable("number", f"{text} is not a number that a document may hold; write a finite number")


def _float(text: str) -> float | _Unusable:
    value = float(text)
    return value if math.isfinite(value) else _Unusable("number", f"{text[:40]} is too large to be a number; write a finite one")


def _integer(text: str) -> int | _Unusable:
    # Before int(), which refuses thousands of digits in its own way.
    return int(text) if len(text) <= 17 else _Unusable("number", _too_large(text))


def _too_large(text: str) -> str:
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    return f"{shown} is too large to be read alike everywhere; an integer may reach {bounds.INTEGER:,}"


def _refused(path: str, code: str, message: str) -> StrategyError:
    return StrategyError([Problem(path, code, message)])


class _Cleaner:
    """Copies a value to plain dicts and lists and notes, with its path, everything that is not strict JSON."""

    def __init__(self) -> None:
        self.problems = Problems()
        self._values = 0

    def clean(self, value: object, path: str, depth: int) -> Json:
        self._values += 1
        if self._values > bounds.VALUES:
            raise _refused(path, "limit", f"more than {bounds.VALUES:,} values; a document needs less")
        match value:
            case None | bool():
                return value
            case _Unusable(code=code, message=message):
                self._problem(path, code, message)
            case int():
                if abs(value) <= bounds.INTEGER:
                    return int(value)
                self._problem(path, "number", _too_large(_shown(value)))
            case float():
                if math.isfinite(value):
                    return float(value)
                self._problem(path, "number", _constant(str(float(value))).message)
            case str():
                return self._string(value, path)
            case Mapping():
                return self._object(value, path, depth)
            case Sequence() if not isinstance(value, bytes | bytearray | memoryview):
                self._check_depth(path, depth)
                return [self.clean(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(value)]
            case _:
                self._problem(path, "type", f"{type(value).__name__} is not a JSON value")
        return None

    def _object(self, value: Mapping[Any, Any], path: str, depth: int) -> Json:
        self._check_depth(path, depth)
        if isinstance(value, _Repeated):
            for key in value.keys_repeated:
                self._problem(key_path(path, key), "duplicate", f"the key {key[:80]!r} comes more than once; keep one")
        cleaned: dict[str, Json] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                self._problem(path, "type", f"the key {key!r} is not a string")
                continue
            cleaned[self._string(key, path)] = self.clean(item, key_path(path, key), depth + 1)
        return cleaned

    def _string(self, value: str, path: str) -> str:
        self._values += len(value) // 64
        found = _CONTROL.search(value)
        if found:
            self._problem(path, "text", f"the character U+{ord(found.group()):04X} is not text; remove it")
        return str(value)

    def _check_depth(self, path: str, depth: int) -> None:
        if depth > bounds.DEPTH:
            raise _refused(path, "limit", f"nested deeper than {bounds.DEPTH}; a document needs less")

    def _problem(self, path: str, code: str, message: str) -> None:
        self.problems.append(Problem(path, code, message))


def _shown(value: int) -> str:
    return str(value) if value.bit_length() < 256 else f"{hex(value)[:24]}…"
