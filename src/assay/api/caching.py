"""Answers that a browser may keep: it asks whether they are still so, and they are sent again only where they are not."""

from __future__ import annotations

import hashlib

from fastapi import Request, Response
from pydantic import BaseModel


def kept(request: Request, answer: BaseModel) -> Response:
    """The answer under a tag that is made of it; nothing but the tag where the browser has it already."""
    body = answer.model_dump_json().encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
