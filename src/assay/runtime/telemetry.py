"""The log: a line on standard error for each thing that happened, ours and the libraries'; how much is told may change any time."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import Any, Final

import structlog

_SHARED: Final[Sequence[Any]] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure(level: str) -> None:
    """Tell everything of ours from this level on, and of the libraries warnings, unless all is asked for."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=_last()))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(number if number == logging.DEBUG else max(number, logging.WARNING))
    logging.getLogger("assay").setLevel(number)


def _last() -> list[Any]:
    terminal = sys.stderr.isatty()
    rest: list[Any] = [structlog.dev.ConsoleRenderer(colors=True)] if terminal else [_traceback, structlog.processors.JSONRenderer()]
    return [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rest]


_traceback: Final = structlog.processors.format_exc_info
