"""The charts of a report that are drawn once: equity with its drawdown, and how trades' returns are spread."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import pairwise
from typing import Any, Final

import numpy as np

from assay.adapters.render import svg
from assay.adapters.render.figures import count, instant, money, percent
from assay.core.market.bars import Floats, Ints
from assay.core.results.result import Result

READOUTS: Final = 400
BINS: Final = 27
EDGE: Final = 2.5
APART: Final = 7.0


def equity_chart(result: Result) -> str:
    """Return against buy and hold above, drawdown below, on one time axis."""
    ts, cash = result.outcome.closed, result.account.cash
    ours, held = result.marks / cash - 1.0, result.buy_and_hold / cash - 1.0
    falls = -result.outcome.falls
    x, scale, depth = svg.across(ts), svg.around(ours, held, np.zeros(1)), svg.around(falls, np.zeros(1), room=0.08)
    upright = [svg.upright(place) for place, _ in svg.dates(int(ts[0]), int(ts[-1]))]
    period = f"from {instant(int(ts[0]))} to {instant(int(ts[-1]))} UTC"
    top = svg.drawing(
        [
            *upright,
            *(svg.level(scale, value) for value in svg.steps(scale)),
            svg.level(scale, 0.0, "zero"),
            svg.area(x, ours, scale, "ours", 0.0),
            svg.line(x, held, scale, "hold"),
            svg.line(x, ours, scale, "ours"),
        ],
        "equity",
        "Return against buy and hold",
        f"{period}: the strategy returned {percent(float(ours[-1]), signed=True)}, "
        f"buying and holding {percent(float(held[-1]), signed=True)}.",
    )
    low = svg.drawing(
        [
            *upright,
            *(svg.level(depth, value) for value in svg.steps(depth, 2)),
            svg.area(x, falls, depth, "fall", 0.0),
            svg.line(x, falls, depth, "fall"),
        ],
        "drawdown",
        "Drawdown",
        f"{period}: the deepest fall from a peak was {percent(float(falls.min()))}.",
    )
    tags = _tags(scale, {"hold": float(held[-1]), "ours": float(ours[-1])})
    return (
        f'<div class="curve" tabindex="0" role="group" aria-label="Equity and drawdown; arrow keys read values">'
        f'<div class="plot tall">{top}{_levels(scale)}{tags}</div>'
        f'<div class="plot low">{low}{_levels(depth, 2)}{_tags(depth, {"fall": float(falls[-1])})}</div>'
        f'<div class="cross" hidden></div>{_days(ts)}</div>'
    )


def readouts(result: Result) -> dict[str, Any]:
    """What the crosshair of the equity chart says, written out at some hundred places."""
    ts = result.outcome.closed
    places = np.unique(np.linspace(0, len(ts) - 1, READOUTS).astype(np.int64))
    falls = result.outcome.falls[places]
    return {
        "x": [round(share / 10.0, 2) for share in svg.across(ts)[places].tolist()],
        "at": [instant(int(at)) for at in ts[places]],
        "equity": [money(value) for value in result.marks[places].tolist()],
        "hold": [money(value) for value in result.buy_and_hold[places].tolist()],
        "drawdown": [percent(-value) for value in falls.tolist()],
    }


def returns_chart(returns: Floats) -> str:
    """How often a trade returned how much; no column holds both gains and losses."""
    edges = _edges(returns)
    heights, _ = np.histogram(np.clip(returns, edges[0], edges[-1]), bins=edges)
    columns = list(pairwise(edges.tolist()))
    tones = ["down" if low + high < 0.0 else "up" for low, high in columns]
    words = [
        f"{count(height)} trades, {percent(low, 1)} to {percent(high, 1)}" for height, (low, high) in zip(heights, columns, strict=True)
    ]
    beyond = int(np.count_nonzero((returns < edges[0]) | (returns > edges[-1])))
    span = float(edges[-1] - edges[0])
    marks = svg.steps(svg.Scale(float(edges[0]), float(edges[-1])), 5)
    axis = "".join(f'<span style="left:{(mark - float(edges[0])) / span * 100.0:.2f}%">{_short(mark)}</span>' for mark in marks)
    ends = f"between {percent(float(returns.min()))} and {percent(float(returns.max()))}"
    said = f"{count(len(returns))} trades {ends}; the tallest column holds {heights.max()}."
    note = f'<p class="note">{count(beyond)} beyond the ends are counted in the outer columns.</p>' if beyond else ""
    image = svg.drawing([svg.bars(heights.tolist(), tones, words)], "spread", "Returns of trades", said)
    return f'<div class="plot spread">{image}</div><div class="days" aria-hidden="true">{axis}</div>{note}'


def _edges(returns: Floats) -> Floats:
    """Equal columns around 0, wide enough for all but the last hundredth at each end."""
    low, high = (float(value) for value in np.percentile(returns, [1.0, 99.0]))
    low, high = min(low, 0.0), max(high, 0.0)
    width = ((high - low) or 0.01) / (BINS - 1)
    below, above = int(np.ceil(-low / width)), int(np.ceil(high / width))
    return np.arange(-max(below, 1), max(above, 1) + 1, dtype=np.float64) * width


def _levels(scale: svg.Scale, most: int = svg.LEVELS) -> str:
    """Labels, but none so near an edge that it would be cut."""
    shares = ((scale.share(value), value) for value in svg.steps(scale, most))
    return "".join(
        f'<span class="level" aria-hidden="true" style="top:{share:.2f}%">{_short(value)}</span>'
        for share, value in shares
        if EDGE < share < 100.0 - EDGE
    )


def _tags(scale: svg.Scale, ends: Mapping[str, float]) -> str:
    """Where lines end, in words; two that would cover one another are moved apart."""
    placed: dict[str, float] = {}
    for name, value in sorted(ends.items(), key=lambda item: -item[1]):
        placed[name] = max(scale.share(value), max(placed.values(), default=-APART) + APART)
    return "".join(
        f'<span class="tag {name}" aria-hidden="true" style="top:{share:.2f}%">{_short(ends[name], 1)}</span>'
        for name, share in placed.items()
    )


def _days(ts: Ints) -> str:
    labels = (f'<span style="left:{place:.2f}%">{escape(text)}</span>' for place, text in svg.dates(int(ts[0]), int(ts[-1])))
    return f'<div class="days" aria-hidden="true">{"".join(labels)}</div>'


def _short(fraction: float, digits: int | None = None) -> str:
    """An axis label: as few decimals as tell it."""
    if digits is None:
        digits = next((d for d in range(4) if abs(round(fraction * 100.0, d) - fraction * 100.0) < 1e-9), 4)
    return percent(fraction, digits)
