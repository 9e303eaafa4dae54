"""Strategies: versions that never change, and what came of them counted anew each time."""

from __future__ import annotations

import pytest
from tests.adapters.store.records import at, document, finish, result

from assay.adapters.store.opened import SqlStore
from assay.runtime.ports import StaleError
from assay.runtime.records import StrategyRecord, VersionRecord

pytestmark = pytest.mark.anyio


async def test_a_strategy_begins_with_version_1_and_tells_what_its_document_tells(store: SqlStore) -> None:
    strategies = store.desk("ada").strategies
    made = await strategies.create("cross", document(), "h1", at(0), template="sma_cross")
    assert made == StrategyRecord(
        "cross", "Cross", "About Cross.", "sma_cross", 1, None, document(), "h1", at(0), at(0), runs=0, wins=0, best=None, last_result=None
    )
    assert await strategies.get("cross") == made
    assert await strategies.version("cross", 1) == VersionRecord("cross", 1, document(), "h1", "", at(0))


async def test_saving_adds_a_version_and_keeps_the_old_ones(store: SqlStore) -> None:
    strategies = store.desk("ada").strategies
    await strategies.create("cross", document(), "h1", at(0))
    saved = await strategies.save("cross", document("Crossing"), "h2", at(1), note="renamed", after=1)
    assert saved is not None
    assert (saved.version, saved.name, saved.hash, saved.created_at, saved.updated_at) == (2, "Crossing", "h2", at(0), at(1))
    assert (await strategies.versions("cross", 10, None)).items == (
        VersionRecord("cross", 2, document("Crossing"), "h2", "renamed", at(1)),
        VersionRecord("cross", 1, document(), "h1", "", at(0)),
    )


async def test_saving_what_is_there_makes_no_version(store: SqlStore) -> None:
    strategies = store.desk("ada").strategies
    made = await strategies.create("cross", document(), "h1", at(0))
    assert await strategies.save("cross", dict(reversed(document().items())), "h1", at(1)) == made
    other = await strategies.save("cross", document(parameters={"fast": 10.0, "slow": 30.5}), "h1", at(2))
    assert other is not None
    assert other.version == 2, "10 and 10.0 are two documents"


async def test_saving_over_what_somebody_else_saved_is_refused(store: SqlStore) -> None:
    strategies = store.desk("ada").strategies
    await strategies.create("cross", document(), "h1", at(0))
    await strategies.save("cross", document("Second"), "h2", at(1))
    with pytest.raises(StaleError) as refused:
        await strategies.save("cross", document("Third"), "h3", at(2), after=1)
    assert refused.value.newest == 2
    assert (await strategies.versions("cross", 10, None)).total == 2


async def test_a_version_is_in_force_until_another_one_is(store: SqlStore) -> None:
    strategies = store.desk("ada").strategies
    await strategies.create("cross", document(), "h1", at(0))
    deployed = await strategies.deploy("cross", 1)
    saved = await strategies.save("cross", document("Second"), "h2", at(1))
    assert (deployed and deployed.in_force, saved and (saved.version, saved.in_force)) == (1, (2, 1))
    withdrawn = await strategies.deploy("cross", None)
    assert withdrawn
    assert withdrawn.in_force is None


async def test_only_versions_that_are_there_come_into_force_and_only_ones_own(store: SqlStore) -> None:
    strategies = store.desk("ada").strategies
    await strategies.create("cross", document(), "h1", at(0))
    assert await strategies.deploy("cross", 2) is None
    assert await store.desk("bob").strategies.deploy("cross", 1) is None
    assert await strategies.deploy("nope", None) is None
    found = await strategies.get("cross")
    assert found
    assert found.in_force is None


async def test_nothing_is_saved_to_what_is_not_there(store: SqlStore) -> None:
    strategies = store.desk("ada").strategies
    assert await strategies.save("cross", document(), "h1", at(0)) is None
    assert await strategies.get("cross") is None
    assert not await strategies.delete("cross")


async def test_runs_wins_best_and_the_last_result_are_those_of_its_results(store: SqlStore) -> None:
    desk = store.desk("ada")
    await desk.strategies.create("cross", document(), "h1", at(0))
    await desk.strategies.create("other", document("Other"), "h1", at(0))
    for number, total_return in enumerate([0.2, -0.1, 0.0, 0.5, None]):
        await finish(desk, result(f"s{number}", {"total_return": total_return}, ended_at=at(number)))
    await finish(desk, result("s9", strategy_id="other", ended_at=at(90)))
    told = await desk.strategies.get("cross")
    assert told is not None
    assert (told.runs, told.wins, told.best) == (5, 2, 0.5)
    assert told.last_result == await desk.results.get("s4")
    await desk.sessions.delete("s3")
    told = await desk.strategies.get("cross")
    assert told is not None
    assert (told.runs, told.wins, told.best) == (4, 1, 0.2)


async def test_sessions_and_results_outlive_their_strategy(store: SqlStore) -> None:
    desk = store.desk("ada")
    await desk.strategies.create("cross", document(), "h1", at(0))
    await finish(desk, result())
    assert await desk.strategies.delete("cross")
    assert await desk.strategies.get("cross") is None
    assert await desk.strategies.version("cross", 1) is None
    assert await desk.results.get("s1") == result()
    assert (await desk.sessions.page(None, None, 10, None)).total == 1


async def test_the_list_is_sorted_and_sought_without_minding_case(store: SqlStore) -> None:
    strategies = store.desk("ada").strategies
    for number, name in enumerate(["beta", "Alpha", "ÄRGER 100%", "under_score"]):
        await strategies.create(f"id{number}", document(name), "h", at(10 - number))

    async def names(search: str | None, sort: str) -> list[str]:
        return [each.name for each in (await strategies.page(search, sort, 10, None)).items]

    assert await names(None, "name") == ["Alpha", "beta", "under_score", "ÄRGER 100%"]
    assert await names(None, "-created_at") == ["beta", "Alpha", "ÄRGER 100%", "under_score"]
    assert await names(None, "updated_at") == ["under_score", "ÄRGER 100%", "Alpha", "beta"]
    assert await names("ärger", "name") == await names("%", "name") == ["ÄRGER 100%"]
    assert await names("_", "name") == ["under_score"]
    assert await names("about ALPHA", "name") == ["Alpha"]
    assert await names("id3", "name") == ["under_score"]
    assert await names("\\", "name") == []


async def test_a_document_comes_back_as_it_was_down_to_the_last_digit(store: SqlStore) -> None:
    odd = document(
        numbers=[0.1 + 0.2, 1e-320, -0.0, 2**80, True, None], text="\u0000 'quoted\" \U0001f600 <script>", nested={"b": 1, "a": []}
    )
    strategies = store.desk("ada").strategies
    await strategies.create("cross", odd, "h", at(0))
    read = await strategies.get("cross")
    assert read is not None
    assert repr(read.document) == repr(odd)
