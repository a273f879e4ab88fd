"""Errors that programs can read: problem details, RFC 9457."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from pullquote.index.errors import QuestionError
from pullquote.ui.json_format import json_text
from pullquote.ui.limits import BusyError
from pullquote.ui.schemas import ProblemBody
from pullquote.ui.service import ArticleMissingError

MEDIA_TYPE = "application/problem+json"


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route says in OpenAPI of the errors that it may answer with."""
    return {
        status: {"model": ProblemBody, "description": HTTPStatus(status).phrase}
        for status in statuses
    }


class ProblemApi(FastAPI):
    """An application whose every error, whatever raised it, is a problem document."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.exception_handler(RequestValidationError)(_not_valid)
        self.exception_handler(HTTPException)(refused)
        self.exception_handler(QuestionError)(_not_a_question)
        self.exception_handler(ArticleMissingError)(_no_article)
        self.exception_handler(BusyError)(_busy)
        # The server writes what it was to its log; what was sent back must not tell.
        self.exception_handler(Exception)(_fault)

    def openapi(self) -> dict[str, Any]:
        """The document, with the media type that the problems have."""
        document = super().openapi()
        for path in document["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    content = response.get("content", {})
                    if status >= "4" and "application/json" in content:
                        content[MEDIA_TYPE] = content.pop("application/json")
        return document


def _problem(
    status: int,
    detail: str,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    # A key that was sent may hold half a surrogate pair, which nothing can encode.
    return Response(json_text(body).encode(errors="replace"), status, headers, MEDIA_TYPE)


async def _not_valid(_request: Request, error: RequestValidationError) -> Response:
    return _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "What was sent cannot be used; `errors` says why.",
        [
            {
                "where": str(one["loc"][0]),
                "pointer": "".join(f"/{_escaped(part)}" for part in one["loc"][1:]),
                "detail": str(one["msg"]),
            }
            for one in error.errors()
        ],
    )


async def refused(_request: Request, error: HTTPException) -> Response:
    """An error that a route or a router raised, as a problem document."""
    return _problem(error.status_code, error.detail, headers=error.headers)


async def _not_a_question(_request: Request, error: QuestionError) -> Response:
    return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))


async def _no_article(_request: Request, error: ArticleMissingError) -> Response:
    return _problem(HTTPStatus.NOT_FOUND, str(error))


async def _busy(_request: Request, error: BusyError) -> Response:
    return _problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers={"Retry-After": "2"})


async def _fault(_request: Request, _error: Exception) -> Response:
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; the log says what."
    )


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")  # RFC 6901
