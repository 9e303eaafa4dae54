"""Files that are whole or not there, whenever the power fails: written under another name, forced to the disk, renamed."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

PARTIAL: Final = ".partial"
STALE_SECONDS: Final = 900.0
"""What was begun and left for so long is nobody's work any more."""


def write_file(path: Path, write: Callable[[Path], object]) -> None:
    """`write` is given the name to write to; the file takes its place at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = _partial(path)
    try:
        write(partial)
        force(partial)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    force(path.parent)


def write_folder(path: Path, files: Mapping[str, Callable[[Path], object]]) -> None:
    """A folder of these files, in place of one that may be there."""
    partial = _partial(path)
    try:
        partial.mkdir(parents=True)
        for name, write in files.items():
            write(partial / name)
            force(partial / name)
        force(partial)
        remove_folder(path)
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    force(path.parent)


def remove_folder(path: Path) -> bool:
    """Renamed first, so that nobody meets half of it. False where there is none."""
    gone = _partial(path)
    try:
        path.rename(gone)
    except FileNotFoundError:
        return False
    shutil.rmtree(gone)
    return True


def sweep(root: Path, *patterns: str) -> None:
    """Away with what a crash left half written under names like these."""
    for pattern in patterns:
        for left in root.glob(pattern):
            if left.name.endswith(PARTIAL) and is_stale(left):
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink(missing_ok=True)


def is_stale(path: Path) -> bool:
    """Whether nothing was written there for a while; what another process is writing now is left alone."""
    try:
        return time.time() - path.stat().st_mtime > STALE_SECONDS
    except FileNotFoundError:
        return False


def force(path: Path) -> None:
    """To the disk. Windows has no way to say so of a directory."""
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if sys.platform != "win32" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}{PARTIAL}")
