"""The report is one safe, complete, self-contained page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.core.results.scripted import decisions, fills, result

from assay.adapters.render import report
from assay.adapters.render.candles import FIRST_TRADES, LAST_TRADES, marked_trades
from assay.adapters.render.labels import GROUPS, PEERS, RISK, peer
from assay.adapters.render.report import render, write_report
from assay.core.market.bars import Floats
from assay.core.results.columns import Fills
from assay.core.results.peers import peer_metrics
from assay.core.results.result import Result

VOID = {"meta", "rect", "path", "br", "input", "link"}
HOSTILE = "</title><script>alert('\"&')</script><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """What a reader of the page would build: elements balanced, scripts, texts, attributes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.scripts: dict[str, str] = {}
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID or (tag == "rect" and not self.get_starttag_text().endswith("/>")):  # type: ignore[union-attr]
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            attributes = self.seen[-1][1]
            self.scripts[attributes.get("id", f"script {len(self.scripts)}")] = data
        else:
            self.texts.append(data)

    def rows(self, card: str) -> int:
        return sum(1 for tag, attributes in self.seen if tag == "tr" and f"data-{card}" in attributes)


def walk(bars: int, trades: int, *, seed: int = 7, timeframe: str = "1h", strategy: str = "random walk") -> Result:
    """A long session made of chance: prices in cents, trades evenly spread."""
    chance = np.random.default_rng(seed)
    closes = np.round(40_000.0 * np.exp(np.cumsum(chance.normal(0.0, 0.005, bars))), 2)
    at = np.linspace(1, bars - 1, 2 * trades).astype(np.int64)
    side = np.where(np.arange(2 * trades) % 2 == 0, 0.1, -0.1)
    price = closes[at]
    done = Fills(at, np.zeros_like(at), side, price, 0.001 * 0.1 * price, np.where(side > 0, 1, 3), np.zeros(2 * trades, dtype=np.bool_))
    equity: Floats = 10_000.0 + np.cumsum(chance.normal(0.0, 10.0, bars))
    decided = decisions(*((int(k), 0, n % 2, float(n % 2 == 0)) for n, k in enumerate(at[:80])))
    return result(closes, done, equity, timeframe=timeframe, decided=decided, strategy=strategy)


@pytest.fixture(scope="module")
def two_years() -> str:
    return render(walk(17_520, 650))


def test_nothing_is_requested_from_anywhere(two_years: str) -> None:
    assert not re.search(r"https?:|@import|url\(", two_years)
    for tag, attributes in Page(two_years).seen:
        assert tag not in {"link", "img", "iframe", "object", "base", "form"}
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith("#")
        assert not [name for name in attributes if name.startswith("on")]


def test_only_the_scripts_hashed_in_the_head_may_run(two_years: str) -> None:
    page = Page(two_years)
    [policy] = [a["content"] for tag, a in page.seen if a.get("http-equiv") == "Content-Security-Policy"]
    code = [text for key, text in page.scripts.items() if key.startswith("script ")]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in code]
    assert len(code) == len(report.SCRIPTS)
    assert f"default-src 'none'; script-src {' '.join(hashes)};" in policy
    assert not re.search(r"innerHTML|eval\(|document\.write|fetch\(|XMLHttp", "".join(code))


def test_two_years_of_hours_fit_in_a_megabyte_and_a_half(two_years: str) -> None:
    assert len(two_years.encode()) < 1_500_000


def test_ids_are_unique_and_what_refers_to_one_finds_it(two_years: str) -> None:
    seen = Page(two_years).seen
    ids = Counter(attributes["id"] for _, attributes in seen if "id" in attributes)
    assert {key for key, times in ids.items() if times > 1} == set()
    named = {key for _, a in seen for name in ("aria-labelledby", "aria-describedby") for key in a.get(name, "").split()}
    assert named <= ids.keys()


def test_images_tables_and_scrolling_regions_have_names(two_years: str) -> None:
    seen = Page(two_years).seen
    assert all("aria-labelledby" in a for tag, a in seen if tag == "svg")
    assert Counter(tag for tag, _ in seen)["caption"] == Counter(tag for tag, _ in seen)["table"]
    assert all(a.get("aria-label") and a.get("tabindex") == "0" for _, a in seen if a.get("class") in {"scroll", "log"})


def test_a_strategys_name_is_text_and_never_markup() -> None:
    hostile = result(
        [100.0, 110.0, 105.0], fills("1 buy 1 @ 100 entry\n 2 sell 1 @ 105 exit"), [10_000.0, 10_010.0, 10_005.0],
        strategy=HOSTILE, instrument=f"synthetic:{HOSTILE}", decided=decisions((0, 0, 0, 1.0)),
    )  # fmt: skip
    page = Page(render(hostile))
    assert HOSTILE in page.texts
    assert len([tag for tag, _ in page.seen if tag == "script"]) == 4
    assert not [tag for tag, _ in page.seen if tag == "img"]
    assert HOSTILE in "".join(Page(render(hostile, title=HOSTILE)).texts)


def test_synthetic_data_is_called_that() -> None:
    marks = [10_000.0] * 3
    assert "Synthetic data" in render(result([100.0] * 3, fills(""), marks))
    assert "Synthetic data" not in render(result([100.0] * 3, fills(""), marks, instrument="binance:BTC/USDT"))


def candles(text: str) -> list[dict[str, Any]]:
    charts: list[dict[str, Any]] = json.loads(Page(text).scripts["candles-data"])
    return charts


def ints(text: str) -> list[int]:
    return [int(value) for value in np.frombuffer(base64.b64decode(text), dtype="<i4")]


def test_prices_travel_exactly() -> None:
    closes = [0.00012345, 0.00012346, 0.00019999, 0.0001]
    [chart] = candles(render(result(closes, fills("1 buy 1 @ 0.00012345 entry\n 3 sell 1 @ 0.0002 exit"), [10_000.0] * 4)))
    assert chart["decimals"] == 8
    assert ints(chart["close"]) == [12345, 12346, 19999, 10000]
    assert (ints(chart["trades"]["entry"]), ints(chart["trades"]["exit_price"])) == ([1], [20000])
    assert ints(chart["minutes"])[1] - ints(chart["minutes"])[0] == 1440


def test_a_price_without_end_has_as_many_decimals_as_fit() -> None:
    [chart] = candles(render(result([100.0 / 3.0, 1e5 / 7.0], fills(""), [10_000.0] * 2)))
    assert ints(chart["close"]) == [round(value * 10 ** chart["decimals"]) for value in (100.0 / 3.0, 1e5 / 7.0)]


def test_too_many_bars_are_drawn_together_and_the_page_says_so() -> None:
    text = render(walk(45_000, 40, timeframe="1m"))
    [chart] = candles(text)
    assert "each candle stands for 3 bars" in text
    assert len(ints(chart["close"])) == 15_000
    assert max(ints(chart["trades"]["exit"])) < 15_000


def test_the_first_trades_are_listed_and_all_are_marked() -> None:
    text = render(walk(5_000, 650))
    assert Page(text).rows("trade") == FIRST_TRADES
    assert "the first 500 of 650" in text
    assert ints(candles(text)[0]["trades"]["number"]) == list(range(650))


def test_of_very_many_trades_those_listed_and_the_latest_are_marked() -> None:
    places = marked_trades(40_000)
    assert len(places) == FIRST_TRADES + LAST_TRADES
    assert places[: FIRST_TRADES + 1].tolist() == [*range(FIRST_TRADES), 40_000 - LAST_TRADES]


def test_every_metric_has_a_label_and_a_place() -> None:
    session = walk(100, 3)
    assert Counter(name for group in GROUPS.values() for name in group) == Counter(session.metrics.keys())
    assert RISK.keys() == session.risk.keys()
    assert {peer(name)[1] for name in peer_metrics(session.outcome)} == set(PEERS.values())


@pytest.mark.parametrize("bars", [0, 1, 2])
def test_a_session_of_hardly_any_bars_has_a_page(bars: int) -> None:
    Page(render(result([100.0, 101.0], fills(""), [10_000.0] * bars, first=2 - bars)))


def test_a_session_without_trades_says_what_did_not_happen() -> None:
    text = render(result([100.0] * 50, fills(""), [10_000.0] * 50))
    for said in ("No trade was closed", "No rule decided anything", "Nothing was held at the end"):
        assert said in text


def test_writing_replaces_the_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "out" / "report.html"
    session = walk(50, 2)
    write_report(session, target, "first")
    write_report(session, target, "second")
    assert target.read_text() == render(session, "second")
    assert [path.name for path in target.parent.iterdir()] == ["report.html"]


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="name the file to write"):
        write_report(walk(50, 2), tmp_path)


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.html"
    target.write_text("before")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_report(walk(50, 2), target)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("report.html", "before")]
