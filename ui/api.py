"""The HTTP interface for programs: the JSON of the command line, under /api of the chat."""

from importlib.metadata import version
from typing import Annotated, Any

from fastapi import Depends, Path, Query
from fastapi.responses import JSONResponse

from pullquote.ui.accounts import Accounts
from pullquote.ui.guard import key_holder
from pullquote.ui.json_format import json_text
from pullquote.ui.limits import LARGEST_BODY, LimitedBody, Queue
from pullquote.ui.problems import ProblemApi, problem_responses
from pullquote.ui.requests import ArticleId, AskRequest, SearchRequest
from pullquote.ui.schemas import AnswerBody, ArticleBody, HitBody
from pullquote.ui.service import Service

ABOUT = (
    "Answers are quotes, word for word, from the articles: `article.text[start:end] == quote`, "
    "counted in characters (Unicode code points)."
)


class ExactJson(JSONResponse):
    """JSON in the very bytes that the command line prints."""

    def render(self, content: Any) -> bytes:
        """The text in UTF-8."""
        return json_text(content).encode()


def api_of(
    service: Service,
    queue: Queue | None = None,
    accounts: Accounts | None = None,
    root_path: str = "",
) -> ProblemApi:
    """The application that `web_app` mounts; its OpenAPI document is /api/openapi.json.

    Args:
        service: answers.
        queue: where questions wait, which may be the chat's too; one of its own if none is given.
        accounts: whose keys are asked for; anybody may ask if there are none.
        root_path: where a proxy puts the chat, such as "/news".
    """
    queue = queue or Queue()
    # Of all routes, and so in the document of each.
    guarded: dict[str, Any] = {"dependencies": [Depends(key_holder(accounts))]} if accounts else {}
    refused = (401,) if accounts else ()
    app = ProblemApi(
        title="Pullquote",
        description=ABOUT,
        version=version("pullquote"),
        servers=[{"url": f"{root_path}/api"}],
        root_path_in_servers=False,
        default_response_class=ExactJson,
        # These pages load their scripts from the network.
        docs_url=None,
        redoc_url=None,
        **guarded,
    )
    app.add_middleware(LimitedBody, at_most=LARGEST_BODY)

    @app.post(
        "/ask",
        response_model=AnswerBody,
        responses=problem_responses(400, *refused, 413, 422, 503),
    )
    async def ask(request: AskRequest) -> ExactJson:
        """Answer a question with quotes, or abstain: `answer` is null then."""
        return ExactJson(await queue.run(service.ask, **request.model_dump()))

    @app.get(
        "/search", response_model=list[HitBody], responses=problem_responses(*refused, 422, 503)
    )
    async def search(request: Annotated[SearchRequest, Query()]) -> ExactJson:
        """Find passages without reading them, best first."""
        return ExactJson(await queue.run(service.search, **request.model_dump()))

    @app.get(
        "/articles/{id:path}",
        response_model=ArticleBody,
        responses=problem_responses(*refused, 404, 422),
    )
    def read_article(id: Annotated[ArticleId, Path()]) -> ExactJson:  # noqa: A002
        """The whole article of an id, in whose text offsets count."""
        return ExactJson(service.read_article(id))

    return app
