"""A session runs on odd bars only where its order says so, and its result tells which they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.api.running import API, BTC, ended, finished, started, template

from assay.adapters.files.sample import sample
from assay.api.platform import Platform
from assay.api.render.results import odd as odd_bars
from assay.core.domain.spec import ODDITIES
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars
from assay.core.market.findings import Finding
from assay.core.market.instants import shown
from assay.runtime.records import InputRange

ODD = "test:ODD/USDT"
ROW = 10_000
COLUMNS = ("ts", "open", "high", "low", "close", "volume")


def odd() -> Bars:
    """The bundled bars, with a split that nobody adjusted for and a bad print some days after it."""
    bars = sample(BTC)
    columns = {name: getattr(bars, name).copy() for name in COLUMNS}
    for name in ("open", "high", "low", "close"):
        columns[name][ROW:] /= 4.0
    columns["volume"][ROW:] *= 4.0
    columns["low"][ROW + 100] /= 10.0
    return replace(bars, instrument=ODD, **columns)


@pytest.fixture(scope="module", autouse=True)
def stored(platform: Platform) -> None:
    platform.candles.write(odd())


def but(*codes: str) -> list[str]:
    return [code for code in ODDITIES if code not in codes]


def refused(client: TestClient, **order: Any) -> list[tuple[str, str]]:
    """Of a session that was started, and before that foreseen: where its problems are, and their codes."""
    asked = {"document": template(client), "universe": [ODD], **order}
    foreseen = client.post(f"{API}/sessions/estimate", json=asked).json()["errors"]
    session = ended(client, started(client, **asked)["id"])
    assert (session["state"], session["errors"], session["inputs"]) == ("failed", foreseen, [])
    return [(error["path"], error["code"]) for error in foreseen]


def test_what_is_not_said_is_tolerated_and_told_with_the_result(client: TestClient) -> None:
    session = finished(client, universe=[ODD])
    assert session["tolerates"] == list(ODDITIES)
    (read,) = session["inputs"]
    assert {found["code"]: found["severity"] for found in read["findings"]} == {"gaps": "warning", "split": "warning", "spike": "warning"}
    warned = client.get(f"{API}/results/{session['id']}").json()["warnings"]
    assert {"gaps", "split", "spike"} <= {each["code"] for each in warned}


def test_each_kind_is_warned_of_once_with_every_instrument_that_it_is_about() -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC)
    told = [Finding("warning", code, "bar 1", f"a {code}") for code in ("gaps", "split", "stale")]
    ranges = [InputRange(name, "1h", at, at, 1, "f" * 64, tuple(told)) for name in ("test:A", "test:B")]
    assert [(each.code, each.message) for each in odd_bars(ranges)] == [
        ("split", "test:A: a split; test:B: a split"),
        ("stale", "test:A: a stale; test:B: a stale"),
    ]


def test_what_is_not_tolerated_fails_where_it_stands_in_the_universe_before_it_runs(client: TestClient) -> None:
    assert refused(client, tolerates=but("split")) == [("universe[0]", "split")]
    assert refused(client, tolerates=but("split", "spike"), universe=[BTC, ODD]) == [("universe[1]", "split"), ("universe[1]", "spike")]
    assert refused(client, tolerates=[]) == [("universe[0]", "gaps"), ("universe[0]", "split"), ("universe[0]", "spike")]


def test_only_the_bars_that_are_decided_on_are_looked_at(client: TestClient) -> None:
    before, after = (f"{shown(odd().ts[row]).replace(' ', 'T')}:00Z" for row in (ROW - 24, ROW + 200))
    strict = but("split", "spike")
    assert [each["code"] for each in finished(client, universe=[ODD], end=before, tolerates=strict)["inputs"][0]["findings"]] == ["gaps"]
    finished(client, universe=[ODD], start=after, tolerates=strict)
    assert ("universe[0]", "split") in refused(client, start=before, tolerates=strict)


def test_what_is_tolerated_is_no_part_of_what_comes_of_it(client: TestClient) -> None:
    runs = [finished(client, universe=[ODD], tolerates=tolerated)["result"] for tolerated in (list(ODDITIES), but("stale", "leap"))]
    assert runs[0]["run_id"] == runs[1]["run_id"]


def test_an_oddity_that_there_is_not_is_located(client: TestClient) -> None:
    for code in ("holes", "high_below"):
        answer = client.post(f"{API}/sessions", json={"document": template(client), "tolerates": ["gaps", code]})
        assert answer.status_code == 422
        assert [error["path"] for error in answer.json()["errors"]] == ["tolerates[1]"]


def test_the_fingerprint_is_of_exactly_the_bars_that_were_read(client: TestClient, platform: Platform) -> None:
    """One bar more, one price another by a cent, or another end: another fingerprint, and the run another name."""
    end = "2023-06-01T00:00:00Z"
    session = finished(client, universe=[ODD], end=end)
    read = session["inputs"][0]
    within = odd().between(None, platform.clock.now().replace(year=2023, month=6, day=1, hour=0, minute=0, second=0, microsecond=0))
    assert (read["fingerprint"], read["bars"]) == (within.fingerprint, len(within))
    later = odd()
    later.close[len(within)] += 0.01
    platform.candles.write(later)
    assert finished(client, universe=[ODD], end=end)["result"]["run_id"] == session["result"]["run_id"]
    later.close[len(within) - 1] += 0.01
    platform.candles.write(later)
    changed = finished(client, universe=[ODD], end=end)
    assert changed["inputs"][0]["fingerprint"] != read["fingerprint"]
    assert changed["result"]["run_id"] != session["result"]["run_id"]
    platform.candles.write(odd())


def test_findings_come_with_their_bars_and_the_bars_around_the_gravest(client: TestClient) -> None:
    answer = client.get(f"{API}/market/quality", params={"instrument": ODD, "timeframe": "1h"}).json()
    assert answer["calendar"] == "24/7"
    found = {each["code"]: each for each in answer["findings"]}
    (step,) = found["split"]["places"]
    window = step["window"]
    assert len(window["time"]) == 81
    assert window["time"][40] == odd().ts[ROW] // 1_000_000_000
    assert window["close"][39] / window["close"][40] == pytest.approx(4.0, rel=0.1)
    holes = found["gaps"]["places"]
    assert [place["window"] is not None for place in holes] == [True] * 3 + [False] * (len(holes) - 3)
    assert [place["bars"] for place in holes] == sorted((place["bars"] for place in holes), reverse=True)


def test_a_long_stretch_is_pictured_by_its_beginning(client: TestClient, platform: Platform) -> None:
    bars = odd()[:3_000]
    for name in ("open", "high", "low", "close"):
        getattr(bars, name)[1_000:2_000] = bars.close[999]
    bars.volume[1_000:2_000] = 0.0
    platform.candles.write(replace(bars, instrument="test:QUIET", timeframe=Timeframe("1h")))
    answer = client.get(f"{API}/market/quality", params={"instrument": "test:QUIET", "timeframe": "1h"}).json()
    (place,) = next(each for each in answer["findings"] if each["code"] == "stale")["places"]
    assert (place["bars"], len(place["window"]["time"])) == (1_000, 120)
