"""The retriever in other people's tools: the passages of a search, with exact places."""

import asyncio
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEncoder
from haystack import Pipeline
from langchain_core.documents import Document as LangChainDocument
from llama_index.core.schema import NodeWithScore, TextNode

from pullquote.index import Hit, Retriever, build_index
from pullquote.index.integrations import haystack, langchain, llama_index
from pullquote.index.integrations.haystack_filters import FilterError, search_filters

QUESTION = "Why did the bridge over the Lea close?"
IN_2021: dict[str, Any] = {"since": date(2021, 1, 1), "until": date(2021, 12, 31)}


@pytest.fixture
def retriever(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Retriever:
    build_index(articles, tmp_path / "index", HashingEncoder())
    opened = Retriever.open(tmp_path / "index", HashingEncoder())
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("It calls somebody."))
    return opened


def placed(retriever: Retriever, hits: list[Hit]) -> list[tuple[str, dict[str, Any]]]:
    """What an adapter must give for these hits: texts and metadata."""
    found = []
    for hit in hits:
        article, passage = hit.article, hit.passage
        assert retriever.article(article.id).text[passage.start : passage.end] == passage.text
        metadata = {
            "article_id": article.id,
            "title": article.title,
            "source": article.source,
            "published": article.published.isoformat() if article.published else None,
            "url": article.url,
            "path": article.path,
            "start": passage.start,
            "end": passage.end,
            "score": hit.score,
            "rank": hit.rank,
        }
        found.append((passage.text, metadata))
    return found


def of_langchain(documents: list[LangChainDocument]) -> list[tuple[str, dict[str, Any]]]:
    return [(each.page_content, each.metadata) for each in documents]


def of_llama_index(found: list[NodeWithScore]) -> list[tuple[str, dict[str, Any]]]:
    for each in found:
        node = each.node
        assert isinstance(node, TextNode)
        assert each.score == node.metadata["score"]
        assert node.ref_doc_id == node.metadata["article_id"]
        places = node.metadata["start"], node.metadata["end"]
        assert (node.start_char_idx, node.end_char_idx) == places
    return [(each.node.get_content(), each.node.metadata) for each in found]


@pytest.mark.parametrize("filters", [{}, IN_2021, {"source": "the ferry"}, {"article": []}])
def test_langchain(retriever: Retriever, filters: dict[str, Any]) -> None:
    expected = placed(retriever, retriever.search(QUESTION, 2, **filters))
    adapter = langchain.PullquoteRetriever(retriever=retriever, k=2, **filters)
    assert of_langchain(adapter.invoke(QUESTION)) == expected
    assert of_langchain(asyncio.run(adapter.ainvoke(QUESTION))) == expected
    chain = adapter | (lambda documents: len(documents))
    assert chain.invoke(QUESTION) == len(expected)


@pytest.mark.parametrize("filters", [{}, IN_2021, {"source": "the ferry"}, {"article": []}])
def test_llama_index(retriever: Retriever, filters: dict[str, Any]) -> None:
    expected = placed(retriever, retriever.search(QUESTION, 2, **filters))
    adapter = llama_index.PullquoteRetriever(retriever, k=2, **filters)
    assert of_llama_index(adapter.retrieve(QUESTION)) == expected
    assert of_llama_index(asyncio.run(adapter.aretrieve(QUESTION))) == expected


def test_haystack(retriever: Retriever) -> None:
    expected = placed(retriever, retriever.search(QUESTION, 2))
    adapter = haystack.PullquoteRetriever.over(retriever, top_k=2)
    for documents in (
        adapter.run(QUESTION)["documents"],
        asyncio.run(adapter.run_async(QUESTION))["documents"],
    ):
        assert [(each.content, each.meta) for each in documents] == expected
        assert [each.score for each in documents] == [meta["score"] for _, meta in expected]
    assert len({document.id for document in adapter.run(QUESTION, top_k=3)["documents"]}) == 3
    late = {"field": "meta.published", "operator": ">=", "value": "2021-01-01"}
    (document,) = adapter.run(QUESTION, filters=late)["documents"]
    assert document.meta["article_id"] == "bridge-2021.md"


def test_a_haystack_pipeline_is_stored_and_loaded() -> None:
    pipeline = Pipeline()
    filters = {"field": "meta.source", "operator": "==", "value": "The Lamp"}
    pipeline.add_component("retriever", haystack.PullquoteRetriever("index", 7, filters))
    loaded = Pipeline.loads(pipeline.dumps(), allowed_modules=["pullquote.*"]).get_component(
        "retriever"
    )
    assert isinstance(loaded, haystack.PullquoteRetriever)
    assert (loaded.directory, loaded.top_k, loaded.filters) == ("index", 7, filters)


def condition(field: str, operator: str, value: object) -> dict[str, object]:
    return {"field": field, "operator": operator, "value": value}


def both(*conditions: dict[str, object]) -> dict[str, object]:
    return {"operator": "AND", "conditions": list(conditions)}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (None, {}),
        ({}, {}),
        (condition("meta.published", ">=", "2021-01-01"), {"since": date(2021, 1, 1)}),
        (condition("published", ">", "2021-01-01T10:00:00"), {"since": date(2021, 1, 2)}),
        (condition("meta.published", "<", date(2021, 1, 1)), {"until": date(2020, 12, 31)}),
        (
            both(
                condition("meta.published", "==", "2021-05-02"),
                condition("meta.published", "<=", "2021-07-02"),
                condition("meta.source", "==", "The Lamp"),
            ),
            {"since": date(2021, 5, 2), "until": date(2021, 5, 2), "source": ["The Lamp"]},
        ),
        (condition("meta.article_id", "in", ["a", "b"]), {"article": ["a", "b"]}),
        (
            both(condition("article_id", "in", ["a", "b"]), condition("article_id", "==", "b")),
            {"article": ["b"]},
        ),
        (
            both(condition("source", "==", "The Lamp"), condition("source", "==", "The Ferry")),
            {"source": []},
        ),
    ],
)
def test_filters_of_haystack(filters: dict[str, Any] | None, expected: dict[str, Any]) -> None:
    assert search_filters(filters) == expected


@pytest.mark.parametrize(
    "filters",
    [
        {"operator": "OR", "conditions": []},
        {"operator": "NOT", "conditions": []},
        condition("meta.title", "==", "A"),
        condition("meta.published", ">", "yesterday"),
        condition("meta.source", "!=", "The Lamp"),
        condition("meta.article_id", "in", 3),
        {"field": "meta.source"},
        {"operator": "AND", "conditions": ["source"]},
    ],
)
def test_filters_that_a_search_does_not_have_are_refused(filters: dict[str, Any]) -> None:
    with pytest.raises(FilterError, match="cannot be narrowed to"):
        haystack.PullquoteRetriever("index", filters=filters)


@pytest.mark.parametrize(
    ("module", "package", "extra"),
    [
        ("pullquote.index.integrations.langchain", "langchain_core", "langchain"),
        ("pullquote.index.integrations.llama_index", "llama_index", "llama-index"),
        ("pullquote.index.integrations.haystack", "haystack", "haystack"),
        ("pullquote.qa.integrations.haystack", "haystack", "haystack"),
    ],
)
def test_a_missing_extra_names_the_command_that_installs_it(
    module: str, package: str, extra: str
) -> None:
    program = f"import sys; sys.modules[{package!r}] = None; import {module}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert "ExtraMissingError" in last
    assert last.endswith(f"install it with: pip install 'pullquote[{extra}]'")
