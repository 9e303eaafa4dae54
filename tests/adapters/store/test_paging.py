"""Pages put together are the list, once each and in order, whatever is equal or missing; and a cursor is good for its list alone."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.adapters.store.records import at, document, result, session

from assay.adapters.store import cursor, tables
from assay.adapters.store.columns import Columns
from assay.adapters.store.database import Database
from assay.adapters.store.opened import SqlStore
from assay.adapters.store.owned import Owned, Write
from assay.adapters.store.results import SqlResults, row_of
from assay.adapters.store.sessions import _row_of
from assay.runtime.ports import CursorError
from assay.runtime.records import RESULT_SORTS, ResultFilter, ResultRecord

pytestmark = pytest.mark.anyio

SORTS = [sign + name for name in RESULT_SORTS for sign in ("", "-")]
FLOATS = st.sampled_from([None, -0.0, 0.0, 0.1, 0.1 + 1e-17, -5e-324, 1e308, 0.30000000000000004, 0.3])


@st.composite
def outcomes(draw: st.DrawFn) -> ResultRecord:
    metrics: dict[str, Any] = {name: draw(FLOATS) for name in tables.SORTED_METRICS}
    metrics["trades"] = draw(st.sampled_from([None, 0, 1, 2**40]))
    name = draw(st.sampled_from(["", "a", "A", "Ä", "ß", "ss", "\U0001f600", "a\nb"]))
    return result(
        "",
        metrics,
        strategy_name=name,
        ended_at=at(draw(st.integers(0, 3))),
        bars=draw(st.sampled_from([0, 1, 2])),
        mode=draw(st.sampled_from("ab")),
    )


def in_order(records: list[ResultRecord], sort: str) -> list[str]:
    name, descending = sort.removeprefix("-"), sort.startswith("-")

    def value(record: ResultRecord) -> Any:
        if name == "strategy_name":
            return record.strategy_name.casefold()
        return record.metrics[name] if name in tables.SORTED_METRICS else getattr(record, name)

    there = [record for record in records if value(record) is not None]
    missing = [record for record in records if value(record) is None]
    there.sort(key=lambda record: (value(record), record.session_id), reverse=descending)
    missing.sort(key=lambda record: record.session_id, reverse=descending)
    return [record.session_id for record in (*there, *missing)]


COUNT = iter(range(10**9))


@pytest.mark.parametrize("sort", SORTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=5)
@given(drawn=st.lists(outcomes(), min_size=3, max_size=9), limit=st.integers(1, 4), mode=st.sampled_from([None, "a"]))
async def test_pages_put_together_are_the_list(
    rows: Database, tmp_path: Path, drawn: list[ResultRecord], sort: str, limit: int, mode: str | None
) -> None:
    example = next(COUNT)
    records = [replace(record, session_id=f"{example}-{number}") for number, record in enumerate(drawn)]
    owned = Owned(rows, f"owner {example}")

    def fill(write: Write) -> None:
        for record in records:
            write.insert(tables.sessions, _row_of(session(owned.owner, record.session_id)))
            write.insert(tables.results, row_of(record))

    await owned.write(fill)
    wanted = [record for record in records if mode is None or record.mode == mode]
    found: list[ResultRecord] = []
    following: str | None = None
    while True:
        page = await SqlResults(owned, Columns(tmp_path)).page(ResultFilter(sort=sort, mode=mode), limit, following)
        assert page.total == len(wanted)
        assert len(page.items) == limit or page.next_cursor is None, "only the last page is short"
        found += page.items
        following = page.next_cursor
        if following is None:
            break
    assert [record.session_id for record in found] == in_order(wanted, sort)
    assert sorted(found, key=lambda record: record.session_id) == sorted(wanted, key=lambda record: record.session_id)


async def test_strategies_versions_and_sessions_come_in_pages_too(store: SqlStore) -> None:
    desk = store.desk("ada")
    for number in range(5):
        await desk.strategies.create(f"id{number}", document("Same"), "h", at(0))
        await desk.sessions.create(session("ada", f"s{number}"))
        await desk.strategies.save("id0", document("Same", number=number), f"h{number}", at(0))

    async def walked(fetch: Any) -> list[Any]:
        found, following = [], None
        while True:
            page = await fetch(following)
            found += page.items
            following = page.next_cursor
            if following is None:
                return found

    for sort in ("name", "-name", "created_at", "-updated_at"):
        ids = [each.id for each in await walked(lambda after, sort=sort: desk.strategies.page(None, sort, 2, after))]
        assert ids == sorted(ids, reverse=sort[0] == "-")
        assert len(ids) == 5
    assert [each.number for each in await walked(lambda after: desk.strategies.versions("id0", 2, after))] == [6, 5, 4, 3, 2, 1]
    assert [each.id for each in await walked(lambda after: desk.sessions.page(None, None, 2, after))] == ["s4", "s3", "s2", "s1", "s0"]


def word(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


NAME = cursor._named("list")
HOSTILE = [
    "", "x", "!!!!", "é", "\x00", "=" * 9, "A" * 5_000, word(None), word({}), word([]), word([NAME]), word([NAME, 1.0]), word("[" * 5_000),
    word(["other list", 1.0, "s1"]), word([NAME, 1.0, 1]), word([NAME, "1.0", "s1"]), word([NAME, True, "s1"]), word([NAME, [1.0], "s1"]),
    word([NAME, float("nan"), "s1"]), word([NAME, float("inf"), "s1"]), word([NAME, 2**63, "s1"]), word([NAME, 1.0, "\ud800"]),
    word([NAME, 1.0, "s1", "more"]), base64.urlsafe_b64encode(b"\xff\xfe").decode(), base64.urlsafe_b64encode(b"[" * 3_000).decode(),
]  # fmt: skip


@pytest.mark.parametrize("made_up", HOSTILE, ids=range(len(HOSTILE)))
def test_a_cursor_that_nobody_handed_out_is_refused(made_up: str) -> None:
    with pytest.raises(CursorError):
        cursor.decode(made_up, "list", float)


@given(st.text())
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    with pytest.raises(CursorError):
        cursor.decode(text, "list", float)


@given(value=st.none() | st.floats(allow_nan=False, allow_infinity=False), row_id=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_cursor_says_the_place_exactly(value: float | None, row_id: str) -> None:
    assert cursor.decode(cursor.encode("list", value, row_id), "list", float) == (value, row_id)


async def test_a_cursor_is_good_for_its_own_list_only(store: SqlStore) -> None:
    ada = store.desk("ada")
    for number in range(3):
        await ada.strategies.create(f"id{number}", document(), "h", at(number))
    following = (await ada.strategies.page(None, "name", 1, None)).next_cursor
    assert following is not None
    for foreign in (
        ada.strategies.page(None, "-name", 1, following),
        ada.strategies.page("Cross", "name", 1, following),
        ada.strategies.versions("id0", 1, following),
        ada.sessions.page(None, None, 1, following),
        ada.results.page(ResultFilter(sort="strategy_name"), 1, following),
        ada.strategies.page(None, "name", 1, following[:-2]),
    ):
        with pytest.raises(CursorError):
            await foreign
