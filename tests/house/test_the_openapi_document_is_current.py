"""What the web's client is generated from is what the server says of itself."""

from __future__ import annotations

import json
from pathlib import Path

from assay.api.app import create

DOCUMENT = Path(__file__).parents[2] / "web/openapi.json"


def test_the_document_is_what_the_server_says() -> None:
    said = json.loads(json.dumps(create(None).openapi()))
    assert json.loads(DOCUMENT.read_text()) == said, "the API has changed: run `make api`"
