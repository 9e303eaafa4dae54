"""A series may be of coarser bars that the deciding ones fill without a rest."""

from __future__ import annotations

from assay.core.domain.errors import Problem
from assay.core.domain.timeframe import NAMES, Timeframe
from assay.core.strategy.document import Document
from assay.core.strategy.json_text import key_path


def check_timeframes(document: Document, problems: list[Problem]) -> None:
    """Note every series whose timeframe is no whole multiple of the deciding one."""
    if not document.timeframe:
        return
    deciding = Timeframe.parse(document.timeframe)
    for name, series in document.series:
        if series.timeframe is not None and not deciding.fills(Timeframe.parse(series.timeframe)):
            coarser = [each for each in NAMES if each != deciding.name and deciding.fills(Timeframe.parse(each))]
            message = f"bars of {series.timeframe} are no whole number of the deciding bars of {deciding}"
            hint = f"there are {', '.join(coarser)}" if coarser else "there are none"
            problems.append(Problem(key_path("series", name) + ".timeframe", "timeframe", f"{message}; {hint}"))
