"""Two people at two desks: whatever one of them does, the other's rows are not there."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy.exc import IntegrityError
from tests.adapters.store.records import DAY, INPUTS, at, document, finish, result, session, tables, watchlist

from assay.adapters import store as package
from assay.adapters.store.opened import SqlStore
from assay.core.domain.errors import Problem
from assay.runtime import ports
from assay.runtime.records import Answer, ResultFilter, State

PARTS: Final = {
    "strategies": ports.Strategies,
    "sessions": ports.Sessions,
    "results": ports.Results,
    "answers": ports.Answers,
    "watchlists": ports.Watchlists,
}
ANSWER: Final = Answer("asked", 201, {"location": "/here"}, b"made")


async def view(desk: ports.Desk) -> list[object]:
    """Everything that can be seen from a desk of what was put on Ada's."""
    trades = await desk.results.table("done", "trades")
    return [
        await desk.strategies.get("cross"),
        await desk.strategies.page(None, "name", 10, None),
        await desk.strategies.page("cross", "-updated_at", 10, None),
        await desk.strategies.versions("cross", 10, None),
        await desk.strategies.version("cross", 1),
        await desk.sessions.get("open"),
        await desk.sessions.get("done"),
        await desk.sessions.page(None, None, 10, None),
        await desk.sessions.page(State.FINISHED, "cross", 10, None),
        await desk.results.get("done"),
        await desk.results.page(ResultFilter(), 10, None),
        await desk.results.page(ResultFilter(search="cross", strategy="cross", outcome="profit"), 10, None),
        await desk.results.stats(ResultFilter()),
        trades if trades is None else trades.to_dict(as_series=False),
        await desk.answers.get("key", "POST /route"),
        await desk.watchlists.all(),
        await desk.watchlists.get("eyed"),
    ]


# What Bob tries with Ada's ids, for every call there is.
TRIES: Final[dict[str, Callable[[Any], Awaitable[object]]]] = {
    "strategies.create": lambda bob: bob.strategies.create("cross", document("Bob's"), "h", at(9)),
    "strategies.get": lambda bob: bob.strategies.get("cross"),
    "strategies.page": lambda bob: bob.strategies.page(None, "name", 10, None),
    "strategies.save": lambda bob: bob.strategies.save("cross", document("Bob's"), "h", at(9)),
    "strategies.versions": lambda bob: bob.strategies.versions("cross", 10, None),
    "strategies.version": lambda bob: bob.strategies.version("cross", 1),
    "strategies.deploy": lambda bob: bob.strategies.deploy("cross", 1),
    "strategies.delete": lambda bob: bob.strategies.delete("cross"),
    "sessions.create": lambda bob: bob.sessions.create(session("bob", "open")),
    "sessions.get": lambda bob: bob.sessions.get("open"),
    "sessions.page": lambda bob: bob.sessions.page(None, None, 10, None),
    "sessions.started": lambda bob: bob.sessions.started("open", at(9), INPUTS),
    "sessions.finished": lambda bob: bob.sessions.finished("open", at(9), result("open"), tables()),
    "sessions.ended": lambda bob: bob.sessions.ended("open", at(9), State.FAILED, [Problem("", "bob", "was here")]),
    "sessions.delete": lambda bob: bob.sessions.delete("done"),
    "results.get": lambda bob: bob.results.get("done"),
    "results.page": lambda bob: bob.results.page(ResultFilter(strategy="cross"), 10, None),
    "results.stats": lambda bob: bob.results.stats(ResultFilter()),
    "results.table": lambda bob: bob.results.table("done", "trades"),
    "answers.get": lambda bob: bob.answers.get("key", "POST /route"),
    "answers.keep": lambda bob: bob.answers.keep("key", "POST /route", Answer("bob", 500, {}, b""), DAY.replace(year=2030)),
    "watchlists.all": lambda bob: bob.watchlists.all(),
    "watchlists.get": lambda bob: bob.watchlists.get("eyed"),
    "watchlists.save": lambda bob: bob.watchlists.save(watchlist("Bob's")),
    "watchlists.delete": lambda bob: bob.watchlists.delete("eyed"),
}


def test_every_call_of_a_desk_is_tried() -> None:
    assert set(PARTS) == {name for name, part in inspect.getmembers(ports.Desk) if isinstance(part, property)} - {"owner"}
    calls = {f"{part}.{name}" for part, port in PARTS.items() for name, _ in inspect.getmembers(port, inspect.isfunction) if name[0] != "_"}
    assert set(TRIES) == calls


@pytest.mark.anyio
@pytest.mark.parametrize("call", sorted(TRIES))
async def test_nobody_sees_or_changes_what_is_another_s(store: SqlStore, tmp_path: Path, call: str) -> None:
    ada, bob = store.desk("ada"), store.desk("bob")
    blank = await view(bob)
    await ada.strategies.create("cross", document(), "h", at(0))
    await ada.sessions.create(session("ada", "open"))
    await finish(ada, result("done"))
    await ada.answers.keep("key", "POST /route", ANSWER, at(0))
    await ada.watchlists.save(watchlist("Cross-listed"))
    before, files = await view(ada), sorted(tmp_path.glob("sessions/*"))
    assert await view(bob) == blank, "Bob sees of Ada's what he saw when there was nothing"
    try:
        got = await TRIES[call](bob)
    except IntegrityError:
        got = None  # an id that is taken is refused, whoever has it
    assert "ada" not in repr(got)
    assert "Cross" not in repr(got)
    assert await view(ada) == before
    assert sorted(tmp_path.glob("sessions/*")) == files


def test_rows_are_reached_through_their_owner_only() -> None:
    """The modules of a desk hand tables to `Owned` and `Write`, and name columns for a condition; they never select or change one."""
    modules = [Path(str(package.__path__[0])) / f"{part}.py" for part in PARTS]
    for module in modules:
        tree = ast.parse(module.read_text())
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert not imported & {"insert", "update", "delete", "text"}, module.name
        chosen = [
            ast.unparse(argument)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "select"
            for argument in node.args
        ]
        assert not [argument for argument in chosen if argument.startswith("tables.")], module.name
