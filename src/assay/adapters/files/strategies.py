"""Strategy documents come from files, or from the templates inside the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from assay.core.domain.errors import Problem, StrategyError
from assay.core.strategy.bounds import BYTES
from assay.core.strategy.document import Document
from assay.core.strategy.node import unknown
from assay.core.strategy.parse import parse

_TEMPLATES: Final = files("assay.core.strategy") / "templates"


def load(path: str | Path) -> Document:
    """Read a document from a file. Raises StrategyError, also where there is no file to read."""
    return parse(source_of(path))


def source_of(path: str | Path) -> bytes:
    """A file's bytes, for whoever reads JSON. Raises StrategyError where there is no file to read."""
    try:
        with Path(path).open("rb") as file:
            # One byte more than allowed is enough to know that it is too long.
            return file.read(BYTES + 1)
    except FileNotFoundError:
        raise _unreadable(path, "there is no such file") from None
    except IsADirectoryError:
        raise _unreadable(path, "that is a folder; name the file in it") from None
    except OSError as error:
        raise _unreadable(path, f"it cannot be read: {error.strerror}") from None
    except ValueError:
        raise _unreadable(path, "that is no name of a file") from None


def template(name: str) -> Document:
    """One of `templates()`. Raises StrategyError for any other name."""
    if name not in templates():
        raise StrategyError([Problem("", "unknown", unknown(name, templates(), "template"))])
    return parse(template_text(name))


def template_text(name: str) -> str:
    """A template as it is written, to start a document of one's own from."""
    return (_TEMPLATES / f"{name}.json").read_text("utf-8")


def templates() -> tuple[str, ...]:
    """Names of all templates, sorted."""
    return tuple(sorted(entry.name.removesuffix(".json") for entry in _TEMPLATES.iterdir() if entry.name.endswith(".json")))


def _unreadable(path: str | Path, message: str) -> StrategyError:
    return StrategyError([Problem(str(path), "file", message)])
