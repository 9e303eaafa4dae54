"""Answers by key and settings by name."""

from __future__ import annotations

import pytest
from tests.adapters.store.records import at

from assay.adapters.store.opened import SqlStore
from assay.runtime.records import Answer

pytestmark = pytest.mark.anyio
FIRST, SECOND = Answer("asked", 201, {"location": "/here"}, b"\x00made"), Answer("asked again", 200, {}, b"")


async def test_the_first_answer_to_a_key_stands(store: SqlStore) -> None:
    answers = store.desk("ada").answers
    await answers.keep("key", "POST /a", FIRST, at(0))
    await answers.keep("key", "POST /a", SECOND, at(1))
    assert await answers.get("key", "POST /a") == FIRST
    assert await answers.get("key", "POST /b") is None


async def test_an_answer_is_swept_by_the_first_that_is_written_a_day_later(store: SqlStore) -> None:
    answers = store.desk("ada").answers
    await answers.keep("key", "POST /a", FIRST, at(0))
    await answers.keep("other", "POST /a", SECOND, at(24 * 60))
    assert await answers.get("key", "POST /a") == FIRST
    await answers.keep("key", "POST /a", SECOND, at(24 * 60 + 1))
    assert await answers.get("key", "POST /a") == SECOND


async def test_config_keeps_what_was_changed_and_none_gives_the_default_back(store: SqlStore) -> None:
    await store.save_config({"log_level": "debug", "workers": 3, "tokens": ["a", {"b": 0.1}]}, at(0))
    await store.save_config({"workers": 4, "log_level": None}, at(1))
    assert await store.config() == {"workers": 4, "tokens": ["a", {"b": 0.1}]}
    await store.save_config({}, at(2))
    assert await store.config() == {"workers": 4, "tokens": ["a", {"b": 0.1}]}
