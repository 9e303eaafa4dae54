"""What Python writes is what the OpenAPI document says, and what the web's tests read is what Python writes today."""

from __future__ import annotations

import json
from typing import Any, Final

import jsonschema
import pytest
from tests.contract.fixtures import EVERY_EVENT, FOLDER, fixtures, text

from assay.api.app import create
from assay.core.domain.events import EVENTS

FIXTURES: Final = fixtures()


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    return dict(create(None).openapi())


@pytest.mark.parametrize("name", FIXTURES)
def test_what_python_wrote_fits_what_is_published(schemas: dict[str, Any], name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": schemas["components"]}
    jsonschema.Draft202012Validator(schema).validate(json.loads((FOLDER / f"{name}.json").read_text()))


@pytest.mark.parametrize("name", FIXTURES)
def test_a_fixture_is_current(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text() == text(FIXTURES[name]), "run python -m tests.contract.fixtures"


def test_no_fixture_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FIXTURES)


def test_every_event_is_among_them() -> None:
    assert {type(event) for event in EVERY_EVENT} == set(EVENTS)
