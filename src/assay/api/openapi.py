"""The OpenAPI document: what the routes say, and what holds for all of them."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from assay.api.idempotency import HEADER
from assay.api.problems import MEDIA_TYPE
from assay.api.wire.message import ProblemBody, ProblemItem

PROBLEM: Final = {"$ref": "#/components/schemas/ProblemBody"}
KEY: Final = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "The same key takes effect once, and gets the same answer for a day.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
}


def document(app: FastAPI) -> dict[str, Any]:
    """Made once, when it is first asked for."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, webhooks=app.webhooks.routes,
            separate_input_output_schemas=False,
        )  # fmt: skip
        _describe_problems(made)
        for path in made["paths"].values():
            for method in ("post", "put"):
                if method in path:
                    path[method].setdefault("parameters", []).append(KEY)
        app.openapi_schema = made
    return app.openapi_schema


def _describe_problems(made: dict[str, Any]) -> None:
    """Whatever is not described otherwise is a problem."""
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for model in (ProblemBody, ProblemItem):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    made["components"]["schemas"] = dict(sorted(schemas.items()))
    for webhook in made.get("webhooks", {}).values():
        for message in webhook.values():
            message["responses"].pop("422", None)
    for path in made["paths"].values():
        for operation in path.values():
            responses = operation["responses"]
            responses.pop("422", None)
            responses["default"] = {"description": "A problem.", "content": {MEDIA_TYPE: {"schema": PROBLEM}}}
