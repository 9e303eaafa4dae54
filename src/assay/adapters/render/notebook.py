"""A result as a notebook shows it: the head of its report, in a frame of its own, for the page around it has styles of its own."""

from __future__ import annotations

from html import escape
from typing import Final

from assay.adapters.render import charts, headline
from assay.adapters.render.report import asset
from assay.core.results.result import Result

HEIGHT: Final = 720
"""Pixels; a frame cannot ask what is in it how high it is, and nothing runs inside."""


def frame(result: Result) -> str:
    """Name, figures and equity against buy and hold."""
    shown = headline.strip(result) + charts.equity_chart(result) if len(result.marks) else ""
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f"<style>{asset('style.css')}</style></head><body>{headline.header(result, result.strategy)}<main>{shown}</main></body></html>"
    )
    return (
        f'<iframe sandbox srcdoc="{escape(page)}" title="{escape(result.strategy)}" '
        f'style="width:100%;height:{HEIGHT}px;border:0" loading="lazy"></iframe>'
    )
