"""Whatever the OpenAPI document allows or forbids, over HTTP, from a real index: schemathesis."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fakes import HashingEncoder, SubstringReader
from fakes_ui import ABOUT, ARTICLES, FakeAssistant, fake_search
from hypothesis import HealthCheck, settings

from pullquote.index import Retriever
from pullquote.index.build import build_index
from pullquote.qa import Assistant
from pullquote.qa.calibration import Calibration
from pullquote.ui.api import api_of
from pullquote.ui.app import build_app
from pullquote.ui.server import background
from pullquote.ui.service import Service

# The document is the same whatever is behind it.
document = api_of(Service(FakeAssistant(), fake_search, ARTICLES.__getitem__)).openapi()
schema = schemathesis.openapi.from_dict(document)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("real")
    (folder / "articles").mkdir()
    for article in ARTICLES.values():
        (folder / "articles" / f"{article.id}.txt").write_text(article.text, encoding="utf-8")
    build_index(folder / "articles", folder / "index", HashingEncoder())
    retriever = Retriever.open(folder / "index", HashingEncoder())
    reader = SubstringReader({"$14.2 million": 2.0, "Ines Okafor": 1.0})
    assistant = Assistant(retriever, reader, Calibration(1.0, 0.0, 0.5, 0.0))
    chat = build_app(assistant, assistant.article, lambda: ABOUT)
    with background(chat, api=api_of(Service.of(assistant, retriever))) as url:
        yield url
    retriever.close()


@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_document_is_kept(case: schemathesis.Case[Any], address: str) -> None:
    case.call_and_validate(base_url=f"{address}api")
