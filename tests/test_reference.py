"""The reference page says what the docstrings say."""

from reference import PAGE, reference

import pullquote.index
import pullquote.qa


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "run: python tests/reference.py"


def test_everything_that_programs_import_is_on_it() -> None:
    page = reference()
    for name in (*pullquote.index.__all__, *pullquote.qa.__all__):
        assert f"\n### {name}\n" in page
    for method in ("open", "search", "add", "remove", "close", "search_async"):
        assert f"#### Retriever.{method}\n" in page
    assert "- `QuestionError`: the question is empty or longer than 2,000 characters." in page
