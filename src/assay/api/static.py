"""The web as files: what was compressed when it was built is sent so, what has its hash in its name is kept for ever.

Any other path is the web's own to read, so it gets `index.html`, which is never kept: an old one names chunks that are gone.
"""

from __future__ import annotations

import os
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK: Final = "no-cache"
"""Kept, but asked about before it is used again."""


class Web(StaticFiles):
    """A built single-page application."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, "the web is read, not written")
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or path.startswith("_app/"):
                raise
        return await super().get_response("index.html", scope)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        asked = Headers(scope=scope)
        path, encoding = _encoded(str(full_path), asked.get("accept-encoding", ""))
        headers = {"Cache-Control": FOR_EVER if "/_app/immutable/" in str(full_path) else ASK, "Vary": "Accept-Encoding"}
        if encoding:
            headers["Content-Encoding"] = encoding
            stat_result = os.stat(path)
        media_type = FileResponse(full_path).media_type
        response = FileResponse(path, status_code, headers, media_type, stat_result=stat_result)
        return NotModifiedResponse(response.headers) if self.is_not_modified(response.headers, asked) else response


def _encoded(path: str, accepted: str) -> tuple[str, str | None]:
    offered = {part.partition(";")[0].strip() for part in accepted.split(",") if "q=0" not in part.replace(" ", "").split(";")[1:]}
    for name, suffix in _ENCODINGS:
        if name in offered and os.path.isfile(path + suffix):
            return path + suffix, name
    return path, None
