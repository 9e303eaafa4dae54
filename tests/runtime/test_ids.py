"""Ids sort by when they were made, differ, and are plain."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from assay.runtime.ids import new_id

AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_ids_sort_by_when_they_were_made() -> None:
    made = [new_id(AT + timedelta(milliseconds=number)) for number in range(0, 10_000, 7)]
    assert made == sorted(made)


def test_ten_thousand_of_one_millisecond_differ_and_are_plain() -> None:
    made = {new_id(AT) for _ in range(10_000)}
    assert len(made) == 10_000
    assert all(re.fullmatch(r"[0-9a-z]{22}", each) for each in made)
