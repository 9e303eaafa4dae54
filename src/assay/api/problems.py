"""Whatever goes wrong is answered as `application/problem+json`: a stable code, a sentence, places where there are some, never a stack."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from assay.api.wire.message import ProblemBody, ProblemItem
from assay.core.domain.errors import (
    AccountError,
    ClockSkewError,
    DataError,
    EmptyAnswerError,
    LocatedError,
    MalformedAnswerError,
    Problem,
    RateLimitedError,
    StrategyError,
    UnknownInstrumentError,
    UnreachableError,
    VenueError,
)
from assay.core.domain.errors import RefusedError as VenueRefusedError
from assay.runtime.ports import CursorError, StaleError, UnavailableError

MEDIA_TYPE: Final = "application/problem+json"
MOST: Final = 100
"""Problems that one answer lists; whoever has more mends these first."""

TOLD: Final = "told"
"""Marks a request whose failure has been logged and answered."""

_TYPES: Final = {StrategyError: "invalid_strategy", DataError: "invalid_data", AccountError: "invalid_account"}
_STATUS_TYPES: Final = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_VENUES: Final[Mapping[type[VenueError], int]] = {
    UnknownInstrumentError: 404,
    EmptyAnswerError: 502,
    MalformedAnswerError: 502,
    VenueRefusedError: 502,
    UnreachableError: 503,
    RateLimitedError: 503,
    ClockSkewError: 503,
}
"""What a venue's failure is over HTTP; its code is the problem's type. 503 is worth another try, 502 is not."""
_log = structlog.get_logger()


class RefusedError(Exception):
    """What a route answers where it does not do what was asked."""

    def __init__(self, status: int, code: str, detail: str, errors: Sequence[Problem] = ()) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.errors = status, code, detail, tuple(errors)


def not_found(what: str, name: object) -> RefusedError:
    """Also for what is another's: whether it exists is nobody else's business."""
    return RefusedError(404, "not_found", f"there is no {what} {str(name)[:80]!r}")


def invalid(path: str, code: str, message: str) -> RefusedError:
    """One thing wrong with what was asked, and where."""
    return RefusedError(422, "invalid", message, [Problem(path, code, message)])


def install(app: FastAPI) -> None:
    """Every way to fail has its answer."""
    handlers: dict[type[Exception], Callable[[Request, Any], Awaitable[Response]]] = {
        RefusedError: _refused,
        LocatedError: _located,
        RequestValidationError: _malformed,
        VenueError: _venue,
        StaleError: _stale,
        CursorError: _cursor,
        UnavailableError: _unavailable,
        HTTPException: _http,
        Exception: _failed,
    }
    for error, handler in handlers.items():
        app.add_exception_handler(error, handler)


def items(problems: Iterable[Problem]) -> list[ProblemItem]:
    """Located problems as they go over the wire."""
    return [ProblemItem(path=problem.path, code=problem.code, message=problem.message) for problem in problems][:MOST]


def located(error: LocatedError) -> list[ProblemItem]:
    """An account's problems are located in `account`; a document's and a file's are located in them already."""
    if isinstance(error, AccountError):
        return items(Problem(f"account.{problem.path}", problem.code, problem.message) for problem in error.errors)
    return items(error.errors)


def answer(
    status: int, code: str, detail: str, *, trace_id: str, errors: Sequence[ProblemItem] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """A problem as a response."""
    title = HTTPStatus(status).phrase
    body = ProblemBody(type=code, title=title, status=status, detail=detail, errors=list(errors), trace_id=trace_id)
    return Response(body.model_dump_json(), status, media_type=MEDIA_TYPE, headers=headers)


def trace_id(request: Request) -> str:
    """Named in the answer, its header and the log."""
    return str(request.scope.get("state", {}).get("trace_id", ""))


async def _refused(request: Request, error: RefusedError) -> Response:
    return answer(error.status, error.code, error.detail, trace_id=trace_id(request), errors=items(error.errors))


async def _located(request: Request, error: LocatedError) -> Response:
    code = next((code for kind, code in _TYPES.items() if isinstance(error, kind)), "invalid")
    return answer(422, code, str(error.errors[0]), trace_id=trace_id(request), errors=located(error))


async def _venue(request: Request, error: VenueError) -> Response:
    headers = {"Retry-After": str(math.ceil(error.seconds))} if isinstance(error, RateLimitedError) else None
    return answer(_VENUES.get(type(error), 502), error.code, str(error), trace_id=trace_id(request), headers=headers)


async def _malformed(request: Request, error: RequestValidationError) -> Response:
    errors = [ProblemItem(path=_path(each["loc"]), code=_code(each), message=str(each["msg"])) for each in error.errors()[:MOST]]
    first = errors[0]
    detail = f"{first.path}: {first.message}" if first.path else first.message
    return answer(422, "invalid", detail, trace_id=trace_id(request), errors=errors)


async def _stale(request: Request, error: StaleError) -> Response:
    detail = f"version {error.newest} was saved in between; look at it before you save again"
    return answer(409, "stale", detail, trace_id=trace_id(request))


async def _cursor(request: Request, _: CursorError) -> Response:
    return answer(400, "cursor", "this cursor comes from no page of this list; start again without one", trace_id=trace_id(request))


async def _unavailable(request: Request, error: UnavailableError) -> Response:
    await _log.aerror("the database does not answer", trace_id=trace_id(request), exc_info=error)
    headers = {"Retry-After": "1"}
    return answer(503, "unavailable", "the database does not answer; try again", trace_id=trace_id(request), headers=headers)


async def _http(request: Request, error: HTTPException) -> Response:
    code = _STATUS_TYPES.get(error.status_code, "malformed" if error.status_code == 400 else "refused")
    return answer(error.status_code, code, str(error.detail), trace_id=trace_id(request), headers=error.headers)


async def _failed(request: Request, error: Exception) -> Response:
    """Our own mistake: the log has the stack, the answer only the number to find it by."""
    request.scope["state"][TOLD] = True
    await _log.aerror("a request failed", trace_id=trace_id(request), path=request.url.path, exc_info=error)
    return answer(500, "internal", "something went wrong here, and it is not your fault", trace_id=trace_id(request))


def _code(error: Mapping[str, Any]) -> str:
    return {"extra_forbidden": "unknown_field", "missing": "missing", "json_invalid": "json"}.get(error["type"], str(error["type"]))


def _path(places: Sequence[str | int]) -> str:
    """`("body", "rules", 2, "id")` is `rules[2].id`: whether it came in the body or in the query, a client knows."""
    path = ""
    for place in places[1:] if len(places) > 1 and places[0] in ("body", "query", "path", "header") else places:
        path += f"[{place}]" if isinstance(place, int) else f".{place}" if path else place
    return path
