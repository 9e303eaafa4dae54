"""`assay data` fetches, imports, lists, checks and deletes what is in the home, and says what came of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.terminal import BTC, answer, assay
from tests.runtime.venue import Venue, raising

from assay import venues
from assay.adapters.store.candles import CandleFiles
from assay.core.domain.errors import RefusedError
from assay.core.domain.ranges import Span
from assay.runtime.sources import Offer

NAME = "venue:BTC/USDT"
FETCH = ("data", "fetch", NAME, "--from", "2024-01-01", "--to", "2024-01-03")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def venue(monkeypatch: pytest.MonkeyPatch) -> Venue:
    """The one venue there is."""
    venue = Venue(page=12)
    monkeypatch.setattr(venues, "offered", lambda *given: {"venue": Offer("exchange", lambda: venue)})
    return venue


def test_bars_are_fetched_once(venue: Venue, home: Path) -> None:
    assert answer(*FETCH) == {"instrument": NAME, "timeframe": "1h", "new": 48, "bars": 48}
    assert answer(*FETCH)["new"] == 0
    assert assay(*FETCH).stdout == f"{NAME} on 1h: 0 bars are new, 48 are stored\n"
    assert (len(venue.asked), venue.closed) == (4, 3)
    assert len(CandleFiles(home).read(NAME, "1h") or ()) == 48


def test_what_is_broken_off_is_gone_on_with(venue: Venue) -> None:
    venue.trouble = raising(None, None, RefusedError("venue", "not any more"))
    refused = assay(*FETCH)
    assert (refused.exit_code, refused.stderr) == (2, "venue: not any more\n")
    assert answer(*FETCH)["new"] == 36
    assert len(venue.asked) == 4


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("fetch", "BTC", "--from", "2024-01-01"), "INSTRUMENT: 'BTC' is not an instrument"),
        (("fetch", NAME, "--from", "yesterday"), "--from: 'yesterday' is no date"),
        (("fetch", NAME, "--from", "2024-01-01", "--timeframe", "7h"), "--timeframe: '7h' is not a timeframe"),
        (("fetch", NAME, "--from", "2024-01-01", "--to", "2023-01-01"), "--to: it is not after --from"),
        (("fetch", "nowhere:BTC/USDT", "--from", "2024-01-01"), "nowhere: nothing can be fetched from this venue"),
        (("delete", NAME), "INSTRUMENT: nothing is stored of venue:BTC/USDT"),
        (("check", NAME, "--timeframe", "1d"), "INSTRUMENT: nothing is stored of venue:BTC/USDT on 1d"),
        (("import", "none.csv"), "none.csv: there is no such file"),
    ],
)
def test_wrong_use_is_said_in_a_line(venue: Venue, typed: tuple[str, ...], said: str) -> None:
    refused = assay("data", *typed)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith(said)
    assert refused.stderr.count("\n") == 1


def test_a_file_is_imported_listed_checked_and_deleted() -> None:
    told = answer("data", "import", BTC, "--instrument", "mine:BTC/USDT")
    assert (told["bars"], told["new"], told["findings"][0]["code"]) == (17_527, 17_527, "gaps")
    assert assay("data", "import", BTC, "--instrument", "mine:BTC/USDT").stdout.endswith("0 are new\n")
    (row,) = answer("data", "list")
    assert (row["instrument"], row["timeframe"], row["first_at"], len(row["gaps"])) == ("mine:BTC/USDT", "1h", "2023-01-01T00:00:00Z", 5)
    assert "mine:BTC/USDT" in assay("data", "list").stdout
    (checked,) = answer("data", "check")
    assert [finding["severity"] for finding in checked["findings"]] == ["warning"]
    assert assay("data", "check", "mine:BTC/USDT", "--timeframe", "1h").exit_code == 0
    assert answer("data", "delete", "mine:BTC/USDT") == [{"instrument": "mine:BTC/USDT", "timeframe": "1h", "bars": row["bars"]}]
    assert answer("data", "list") == []
    assert assay("data", "list").stdout.startswith("nothing is stored yet")
    assert assay("data", "check").exit_code == 0


def test_a_check_that_finds_something_wrong_ends_with_one(home: Path) -> None:
    venue = Venue()
    bars = venue.between(venue.listed[0], "1h", Span(datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)))
    bars.high[3] = 1.0
    CandleFiles(home).write(bars)
    checked = assay("data", "check", "--json")
    assert checked.exit_code == 1
    assert json.loads(checked.stdout)[0]["findings"][0]["code"] == "high_below"
    assert "  error: bar 4: high 1 is below" in assay("data", "check").stdout
