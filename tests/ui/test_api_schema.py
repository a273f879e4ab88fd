"""Whatever the OpenAPI document allows or forbids, over HTTP, from a real index: schemathesis."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import schemathesis
from fakes import HashingEncoder, SubstringReader
from fakes_ui import ABOUT, ARTICLES, FakeAssistant, fake_search
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection

from pullquote.index import Retriever
from pullquote.index.build import build_index
from pullquote.qa import Assistant
from pullquote.qa.calibration import Calibration
from pullquote.ui.accounts import Accounts, add_key
from pullquote.ui.api import api_of
from pullquote.ui.app import build_app
from pullquote.ui.server import background
from pullquote.ui.service import Service

# The document is the same whatever is behind it.
fakes = Service(FakeAssistant(), fake_search, ARTICLES.__getitem__)
schema = schemathesis.openapi.from_dict(api_of(fakes).openapi())
with TemporaryDirectory() as somewhere:
    key = add_key(Path(somewhere) / "accounts", "bot")
    accounts = Accounts(Path(somewhere) / "accounts")
guarded_schema = schemathesis.openapi.from_dict(api_of(fakes, accounts=accounts).openapi())


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


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    chat = build_app(FakeAssistant(), ARTICLES.__getitem__, lambda: ABOUT)
    with background(chat, api=api_of(fakes, accounts=accounts)) as url:
        yield url


@guarded_schema.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_document_is_kept_with_keys(case: schemathesis.Case[Any], guarded: str) -> None:
    # It also asks without the key and with a wrong one. A request that is wrong for the lack of the
    # key is given one here; what else is wrong with requests is tried above.
    case.call_and_validate(
        base_url=f"{guarded}api",
        headers={"Authorization": f"Bearer {key}"},
        excluded_checks=[negative_data_rejection],
    )
