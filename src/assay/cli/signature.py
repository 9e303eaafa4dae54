"""Options that several commands share are the fields of a dataclass; a command that takes one has them all."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


def taking(kind: type[T]) -> Callable[[Callable[Concatenate[T, P], None]], Callable[..., None]]:
    """The command's first parameter is made of options: the fields of `kind`, as Typer's annotations describe them."""
    shared = inspect.signature(kind, eval_str=True).parameters

    def wrap(command: Callable[Concatenate[T, P], None]) -> Callable[..., None]:
        own = [*inspect.signature(command, eval_str=True).parameters.values()][1:]

        def call(**given: Any) -> None:
            made = kind(**{name: given.pop(name) for name in shared})
            command(made, **given)  # type: ignore[call-arg]

        options = [option.replace(kind=option.KEYWORD_ONLY) for option in (*shared.values(), *own)]
        call.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
        call.__annotations__ = {option.name: option.annotation for option in options}
        call.__name__, call.__doc__ = command.__name__, command.__doc__
        return call

    return wrap
