"""A result as an archive that other programs read: JSON for what it is, CSV and Parquet for its tables.

Spreadsheets run what looks like a formula, and a strategy's name or an instrument's may look like one: such a cell gets an apostrophe.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import polars as pl

from assay.api.render.results import result_detail
from assay.runtime.ports import Table
from assay.runtime.records import SessionRecord

FORMULA: Final = r"^[=+\-@\t\r]"


def archive(session: SessionRecord, tables: Mapping[Table, pl.DataFrame]) -> bytes:
    """The bytes of a zip file."""
    body = BytesIO()
    with ZipFile(body, "w", ZIP_DEFLATED, compresslevel=1) as files:
        files.writestr("result.json", result_detail(session, tables).model_dump_json(indent=2))
        for name, table in tables.items():
            files.writestr(f"{name}.csv", csv(table))
            files.writestr(f"{name}.parquet", _parquet(table), compress_type=ZIP_STORED)
    return body.getvalue()


def csv(table: pl.DataFrame) -> str:
    """Instants with Z, numbers in full, and no cell that is taken for a formula."""
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    guarded = [pl.when(pl.col(name).str.contains(FORMULA)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name) for name in texts]
    return table.with_columns(guarded).write_csv(datetime_format="%Y-%m-%dT%H:%M:%S%.fZ")


def _parquet(table: pl.DataFrame) -> bytes:
    file = BytesIO()
    table.write_parquet(file, compression="zstd")
    return file.getvalue()
