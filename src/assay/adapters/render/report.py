"""A report is one HTML file that needs nothing else: no request leaves it, and nothing in it runs but the scripts hashed in its head.

Every text from outside (a strategy's name, an instrument, a reason) is escaped, and every figure was written here; the page only draws.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any, Final

from assay.adapters.render import charts, headline, tables
from assay.adapters.render.candles import FIRST_TRADES, LAST_TRADES, Packed, marked_trades, packed
from assay.adapters.render.figures import count
from assay.core.results.result import Result

SCRIPTS: Final = ("curve.js", "candles.js")
NO_TRADES: Final = '<p class="empty">No trade was closed in this period.</p>'
VIEWS: Final = (
    ("previous", "‹ Trade", "Previous trade"),
    ("next", "Trade ›", "Next trade"),
    ("out", "−", "Zoom out"),
    ("in", "+", "Zoom in"),
    ("all", "All", "Show the whole period"),
    ("last", "Latest", "Show the latest candles"),
)


def write_report(result: Result, path: str | Path, title: str | None = None) -> None:
    """Write the page whole or not at all: a reader never finds half of it. Raises IsADirectoryError and OSError as files do."""
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a directory; name the file to write, for example {target / 'report.html'}")
    text = render(result, title)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        file.write(text)
    try:
        os.chmod(file.name, 0o644)
        os.replace(file.name, target)
    except OSError:
        os.unlink(file.name)
        raise


def render(result: Result, title: str | None = None) -> str:
    """The page for one result, under the strategy's name unless another title is given."""
    drawn = packed(result) if len(result.marks) else []
    name = title or result.strategy
    scripts = [asset(script) for script in SCRIPTS]
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">',
        f"<title>{escape(name)} · Assay</title>\n<style>\n{asset('style.css')}</style>\n</head>\n<body>",
        '<a class="skip" href="#figures">Skip to the figures</a>',
        headline.header(result, name),
        f"<main>\n{_sections(result, drawn)}\n</main>\n{FOOTER}",
        _data("curve-data", charts.readouts(result)) + _data("candles-data", [chart.data for chart in drawn]) if drawn else "",
        *(f"<script>{script}</script>" for script in scripts),
        "</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _sections(result: Result, drawn: Sequence[Packed]) -> str:
    if not drawn:
        return '<p class="card empty" id="figures">There are no bars in this period, and so nothing to show.</p>'
    trades, decisions = result.book.trades, result.decision_columns
    legend = '<span class="key ours">Strategy</span><span class="key hold">Buy and hold</span><output id="curve-readout"></output>'
    parts = [
        headline.strip(result),
        _card("equity", "Equity", charts.equity_chart(result), legend),
        _card("spread", "Returns of trades", charts.returns_chart(trades.returns) if len(trades) else NO_TRADES),
        _card("candles", "Trades on candles", _candles(result, drawn), _tools(drawn)),
        _card("decisions", "Decisions", _decisions(result, drawn), _shown(len(decisions), tables.DECISIONS_SHOWN, "last")),
        _card("months", "Monthly returns", _scroll("Monthly returns", tables.months(result)), '<span class="note">percent</span>'),
        _card("open", "Open at the end", _open(result, drawn)),
        _card(
            "trades",
            "Trades",
            _scroll("Trades", tables.trades(result, drawn)) if len(trades) else NO_TRADES,
            _shown(len(trades), FIRST_TRADES, "first"),
        ),
        '<details class="card"><summary>All figures, and peers’ definitions of the same words</summary>'
        f'<div class="groups">{tables.every_metric(result)}</div></details>',
    ]
    return "\n".join(parts)


def _card(key: str, title: str, content: str, aside: str = "") -> str:
    return (
        f'<section class="card" id="{key}-card" aria-labelledby="{key}-head">'
        f'<div class="head"><h2 id="{key}-head">{title}</h2>{aside}</div>{content}</section>'
    )


def _scroll(name: str, content: str) -> str:
    """A region that scrolls by keyboard as well."""
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">{content}</div>'


def _shown(there: int, most: int, which: str) -> str:
    text = count(there) if there <= most else f"the {which} {count(most)} of {count(there)}"
    return f'<span class="note">{text}</span>'


def _tools(drawn: Sequence[Packed]) -> str:
    options = "".join(f'<option value="{place}">{escape(chart.instrument)}</option>' for place, chart in enumerate(drawn))
    choice = f'<select id="candles-instrument" aria-label="Instrument">{options}</select>' if len(drawn) > 1 else ""
    buttons = "".join(f'<button type="button" data-view="{view}" aria-label="{said}">{text}</button>' for view, text, said in VIEWS)
    return f'<div class="tools">{choice}{buttons}</div>'


def _candles(result: Result, drawn: Sequence[Packed]) -> str:
    notes = [
        f"{escape(chart.instrument)}: each candle stands for {count(chart.bars_a_candle)} bars."
        for chart in drawn
        if chart.bars_a_candle > 1
    ]
    if len(marked_trades(len(result.book.trades))) < len(result.book.trades):
        notes.append(f"Marked are the first {count(FIRST_TRADES)} and the last {count(LAST_TRADES)} trades.")
    return (
        '<p class="legend" id="candles-legend"></p>'
        '<canvas id="candles" tabindex="0" role="application" aria-roledescription="candle chart" '
        'aria-label="Candles with entries and exits" aria-describedby="candles-help"></canvas>'
        '<noscript><p class="empty">Candles are drawn by a script in this file, and scripts are off. All else is here.</p></noscript>'
        '<p class="note" id="candles-help">Drag or arrow keys move; wheel, pinch, + and − zoom; N and P step through trades; 0 shows all. '
        f'{" ".join(notes)}</p><p class="unseen" id="candles-said" aria-live="polite"></p>'
    )


def _decisions(result: Result, drawn: Sequence[Packed]) -> str:
    if not len(result.decision_columns):
        return '<p class="empty">No rule decided anything: no condition held.</p>'
    return f'<div class="log" tabindex="0" role="region" aria-label="Decisions">{tables.decisions(result, drawn)}</div>'


def _open(result: Result, drawn: Sequence[Packed]) -> str:
    if not len(result.book.open):
        return '<p class="empty">Nothing was held at the end.</p>'
    return _scroll("Open positions", tables.open_positions(result, drawn))


FOOTER: Final = (
    "<footer><p>Fills on bars by published rules: market orders at the next open; inside a bar the worse for us comes first. "
    "Returns are daily, open P&amp;L included; the risk-free rate is 0. A dash is what is undefined.</p>"
    "<p>Made by Assay. Past results do not promise future ones.</p></footer>"
)


def _policy(scripts: Sequence[str]) -> str:
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _data(key: str, data: Mapping[str, Any] | Sequence[Any]) -> str:
    """JSON that cannot end its own element: `<` is written as an escape."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="{key}">{text}</script>'


def asset(name: str) -> str:
    """A file that is bundled beside this one."""
    return (resources.files("assay.adapters.render") / name).read_text(encoding="utf-8")
