"""Whatever the published schema lets through, and what it does not, is answered as it says: nothing is our mistake."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckContext, not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from assay.api.app import create

schema = schemathesis.openapi.from_dict(create(None).openapi())
RELAXED = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


def is_a_problem(_: CheckContext, response: Any, case: schemathesis.Case[Any]) -> None:
    """Every refusal is problem+json with a code and a trace."""
    if response.status_code >= 400 and not case.path.endswith("/health/ready"):
        assert response.headers["content-type"] == ["application/problem+json"], response.headers
        assert {"type", "title", "status", "detail", "errors", "trace_id"} == response.json().keys()


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, is_a_problem]


@schema.parametrize()
@settings(max_examples=24, deadline=None, derandomize=True, suppress_health_check=RELAXED)
def test_nothing_is_our_mistake(case: schemathesis.Case[Any], address: str) -> None:
    case.call_and_validate(base_url=address, checks=CHECKS)


@pytest.mark.laws
@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=RELAXED)
def test_nothing_is_our_mistake_in_thousands_of_cases(case: schemathesis.Case[Any], address: str) -> None:
    case.call_and_validate(base_url=address, checks=CHECKS)
