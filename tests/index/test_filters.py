"""Which passages fit a filter, against asking each article."""

from contextlib import closing
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pullquote.index.catalog import Catalog
from pullquote.index.filters import Filters
from pullquote.index.types import Article

DAYS = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 5))
SOURCES = st.none() | st.sampled_from(["The Lamp", "THE LAMP", "El País", "EL PAÍS", "", "Straße"])


@given(
    facts=st.lists(st.tuples(DAYS, SOURCES, st.integers(0, 3)), max_size=8),
    since=DAYS,
    until=DAYS,
    sources=st.none() | st.lists(SOURCES.filter(bool) | st.just("strasse"), max_size=3),
    articles=st.none() | st.lists(st.integers(0, 9).map(str)),
)
@settings(max_examples=60)
def test_a_passage_fits_where_its_article_does(
    facts: list[tuple[date | None, str | None, int]],
    since: date | None,
    until: date | None,
    sources: list[str] | None,
    articles: list[str] | None,
) -> None:
    expected = []
    with closing(Catalog.create(Path(":memory:"))) as catalog:
        # Not in the order of their ids.
        for number, (day, name, passages) in enumerate(facts):
            article = Article(f"{9 - number}", "", "text", name, day, None, "a.txt", "")
            stored = catalog.add(article, [(0, 4)] * passages)
            fits = articles is None or article.id in articles
            if sources is not None:
                wanted = [source.casefold() for source in sources]
                fits &= name is not None and name.casefold() in wanted
            if since or until:
                fits &= bool(day and (since or date.min) <= day <= (until or date.max))
            expected += [(passage.id, fits) for passage in stored]
        allowed = Filters(catalog).passages(since, until, sources, articles)
    if not (since or until) and sources is None and articles is None:
        assert allowed is None
        return
    assert allowed is not None
    assert list(enumerate(allowed.tolist(), start=1)) == expected
