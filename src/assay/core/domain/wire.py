"""Events and inputs as plain JSON values and back, exactly: what is written is what is read, and nothing else is read.

A message is `{"v": 1, "type": "OrderFilled", ...}` with the fields of the class by their names. Instants are ISO 8601 in UTC with Z;
numbers are finite and survive bit for bit, for Python writes the shortest decimal that gives the same float. What may stand where
follows from the dataclasses, so a field is added in one place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from reprlib import repr as shown
from types import NoneType, UnionType
from typing import Any, Final, NoReturn, TypeAlias, get_args, get_origin, get_type_hints

from assay.core.domain.errors import Problem, WireError
from assay.core.domain.events import VERSION, Event
from assay.core.domain.inputs import Input

Json: TypeAlias = "bool | float | str | list[Json] | dict[str, Json] | None"
Message: TypeAlias = Event | Input

_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")


@dataclass(frozen=True, slots=True)
class _Form:
    """How values of one type are written and read; both are told the path, for errors."""

    write: Callable[[Any, str], Json]
    read: Callable[[object, str], Any]


def encode(message: Message) -> dict[str, Json]:
    """Raises WireError for a number that is not finite: JSON has no word for it."""
    name = type(message).__name__
    return {"v": VERSION, "type": name, **_write_fields(_FORMS[name], message, "")}


def decode(value: object) -> Message:
    """Raises WireError for an unknown version or type, for fields that are missing, unknown or of another type, and for NaN."""
    if not isinstance(value, Mapping):
        _refuse("", "type", f"a message is an object, not {shown(value)}")
    if type(value.get("v")) is not int or value["v"] != VERSION:
        _refuse("v", "version", f"this is version {VERSION}, not {shown(value.get('v'))}")
    name = value.get("type")
    if not isinstance(name, str) or name not in _FORMS:
        _refuse("type", "unknown", f"{shown(name)} is no message; there are {', '.join(_FORMS)}")
    read: Message = _MESSAGES[name](
        **_read_fields(_FORMS[name], {key: each for key, each in value.items() if key not in ("v", "type")}, "")
    )
    return read


def _refuse(path: str, code: str, message: str) -> NoReturn:
    raise WireError([Problem(path, code, message)])


def _write_fields(forms: Mapping[str, _Form], value: object, path: str) -> dict[str, Json]:
    return {name: form.write(getattr(value, name), f"{path}{name}") for name, form in forms.items()}


def _read_fields(forms: Mapping[str, _Form], value: Mapping[object, object], path: str) -> dict[str, Any]:
    for name in forms:
        if name not in value:
            _refuse(f"{path}{name}", "missing", "this field is missing")
    for key in value:
        if key not in forms:
            _refuse(f"{path}{key}", "unknown", f"there is no such field; there are {', '.join(forms)}")
    return {name: form.read(value[name], f"{path}{name}") for name, form in forms.items()}


def _write_number(value: float, path: str) -> float:
    if not math.isfinite(value):
        _refuse(path, "number", f"{value!r} is not a finite number")
    return float(value)


def _read_number(value: object, path: str) -> float:
    """Whole numbers may come without a point, as JavaScript writes them, if a float can hold them."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(path, "type", f"expected a number, got {shown(value)}")
    if isinstance(value, int) and abs(value) > 2**53:
        _refuse(path, "number", "a whole number beyond 2**53 is not exact as a float")
    return _write_number(float(value), path)


def _read_text(value: object, path: str) -> str:
    if not isinstance(value, str):
        _refuse(path, "type", f"expected text, got {shown(value)}")
    return value


def _read_flag(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        _refuse(path, "type", f"expected true or false, got {shown(value)}")
    return value


def _write_instant(at: datetime, path: str) -> str:
    assert at.tzinfo is not None, f"{path}: times are aware"
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read_instant(value: object, path: str) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        _refuse(path, "instant", f"expected an instant like 2024-01-01T00:00:00Z, got {shown(value)}")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        _refuse(path, "instant", f"there is no such instant: {shown(value)}")


def _as_it_is(value: Any, path: str) -> Any:
    return value


_SCALARS: Final[Mapping[object, _Form]] = {
    str: _Form(_as_it_is, _read_text),
    bool: _Form(_as_it_is, _read_flag),
    float: _Form(_write_number, _read_number),
    datetime: _Form(_write_instant, _read_instant),
}


def _form(annotation: Any) -> _Form:
    """Of a field's type: a scalar, `X | None`, `tuple[X, ...]` or a dataclass."""
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if get_origin(annotation) is tuple:
        return _list(_form(get_args(annotation)[0]))
    if isinstance(annotation, UnionType):
        (given,) = (member for member in get_args(annotation) if member is not NoneType)
        return _optional(_form(given))
    assert is_dataclass(annotation), f"{annotation} has no form on the wire yet"
    return _record(annotation)


def _list(item: _Form) -> _Form:
    def write(values: tuple[object, ...], path: str) -> Json:
        return [item.write(value, f"{path}[{index}]") for index, value in enumerate(values)]

    def read(value: object, path: str) -> tuple[object, ...]:
        if not isinstance(value, list):
            _refuse(path, "type", f"expected a list, got {shown(value)}")
        return tuple(item.read(each, f"{path}[{index}]") for index, each in enumerate(value))

    return _Form(write, read)


def _optional(given: _Form) -> _Form:
    return _Form(
        lambda value, path: None if value is None else given.write(value, path),
        lambda value, path: None if value is None else given.read(value, path),
    )


def _record(of: Any) -> _Form:
    forms = _forms(of)

    def read(value: object, path: str) -> object:
        if not isinstance(value, Mapping):
            _refuse(path, "type", f"expected an object, got {shown(value)}")
        return of(**_read_fields(forms, value, f"{path}."))

    return _Form(lambda value, path: _write_fields(forms, value, f"{path}."), read)


def _forms(of: Any) -> dict[str, _Form]:
    hints = get_type_hints(of)
    return {field.name: _form(hints[field.name]) for field in fields(of)}


_MESSAGES: Final[Mapping[str, type[Message]]] = {message.__name__: message for message in get_args(Message)}
_FORMS: Final[Mapping[str, Mapping[str, _Form]]] = {name: _forms(message) for name, message in _MESSAGES.items()}
