"""The head of a session's journal: one hash of everything that it did, so that two runs can be told apart at a glance.

A backtest's journal is its columns. They are hashed as little-endian bytes in this order: open times of the slices, marks, then fills,
carried costs and decisions, each as `core.results.columns` lists them, slices counted from the session's first. Every table is preceded
by its name and length in a line of text, so no two sessions write the same bytes. -0.0 is written as 0.0.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.core.results.columns import Carries, Decisions, Fills
from assay.core.results.result import Result


def head(result: Result) -> str:
    """`sha256:` and the hash in hexadecimal. Equal runs have equal heads, on every machine."""
    slices = result.slices
    names = "\n".join((*slices.instruments, *result.rules))
    digest = hashlib.sha256(f"assay/head@1\n{slices.timeframe}\n{len(slices.instruments)} {len(result.rules)}\n{names}\n".encode())
    digest.update(f"slices {len(result.marks)}\n".encode())
    digest.update(_bytes(slices.ts[result.first :]))
    digest.update(_bytes(result.marks))
    for table in (result.fill_columns, result.carry_columns, result.decision_columns):
        _add(digest, table, result.first)
    return "sha256:" + digest.hexdigest()


def _add(digest: hashlib._Hash, table: Fills | Carries | Decisions, first: int) -> None:
    digest.update(f"{type(table).__name__.lower()} {len(table)}\n".encode())
    for field in fields(table):
        column = getattr(table, field.name)
        digest.update(_bytes(column - first if field.name == "slice" else column))


def _bytes(column: NDArray[Any]) -> bytes:
    if column.dtype == np.float64:
        return np.ascontiguousarray(column + 0.0, dtype="<f8").tobytes()
    return np.ascontiguousarray(column, dtype=np.uint8 if column.dtype == np.bool_ else "<i8").tobytes()
