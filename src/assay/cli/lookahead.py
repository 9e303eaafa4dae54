"""`assay lookahead`: whether a strategy knew what came later, tried by taking the future away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from assay.cli.problems import located_in, wrong
from assay.cli.progress import counted
from assay.cli.request import Material
from assay.cli.signature import taking

if TYPE_CHECKING:
    from assay.core.engine.lookahead import Leak, Proof
    from assay.interface import Bars, Strategy

SHOWN: Final = 20
LEAKS: Final = 1
"""The exit code where something knew the future: the check failed."""


@taking(Material)
def lookahead(
    material: Material,
    points: Annotated[int, typer.Option(metavar="NUMBER", min=1, max=100_000, help="Closes to cut and to poison the future at.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON, and nothing else.")] = False,
) -> None:
    """Cut the future off, and poison it; any earlier decision that changes knew of it. Ends with 1 where one did."""
    strategy = material.strategy()
    bars = _bars(material, strategy)
    import assay

    with located_in(material.file), counted("Looking ahead") as progress:
        proof = assay.lookahead(strategy, bars, start=material.start, end=material.end, points=points, progress=progress)
    typer.echo(told(proof, as_json=as_json))
    if not proof.honest:
        raise typer.Exit(LEAKS)


def told(proof: Proof, *, as_json: bool) -> str:
    """What was found, for people or for programs."""
    return json.dumps(_plain(proof)) if as_json else "\n".join(_lines(proof))


def _bars(material: Material, strategy: Strategy) -> dict[str, Bars]:
    """Where no file is named and none is bundled, other instruments' candles stand in: whether a rule peeks does not depend on them."""
    from assay.adapters.files.sample import sample, samples

    if material.data or all(name in samples() for name in strategy.universe):
        return material.bars(strategy)
    there = [bars for bars in map(sample, samples()) if bars.timeframe.name == strategy.timeframe][: len(strategy.universe)]
    if len(there) < len(strategy.universe):
        raise wrong("--data", f"there are not enough bundled candles of {strategy.timeframe} to stand in; name files of the universe")
    typer.echo(f"on bundled candles of {', '.join(bars.instrument for bars in there)}, which stand in for the universe", err=True)
    return {name: replace(bars, instrument=name) for name, bars in zip(strategy.universe, there, strict=True)}


def _plain(proof: Proof) -> dict[str, Any]:
    leaks = [
        {
            "how": leak.how,
            "known_until": _instant(leak.known_until),
            "instrument": leak.instrument,
            "closed_at": _instant(leak.closed_at),
            "decision": leak.decision,
            "series": list(leak.series),
        }
        for leak in proof.leaks
    ]
    return {"honest": proof.honest, "points": proof.points, "leaks": leaks}


def _lines(proof: Proof) -> Iterator[str]:
    if proof.honest:
        yield f"Nothing knew the future: it was cut off and poisoned at {proof.points:,} closes, and nothing earlier was another."
        return
    for leak in proof.leaks[:SHOWN]:
        yield _line(leak)
    yield f"{len(proof.leaks):,} leaks at {proof.points:,} closes; --json prints all"


def _line(leak: Leak) -> str:
    what = "the decision" if leak.decision else "a series"
    source = f", from {', '.join(leak.series)}" if leak.series else ""
    future = "cut off" if leak.how == "cut" else "poisoned"
    known = _instant(leak.known_until)
    return f"{leak.instrument} {_instant(leak.closed_at)}: {what} was another when what came after {known} was {future}{source}"


def _instant(at: Any) -> str:
    return str(at.isoformat()).replace("+00:00", "Z")
