"""Haystack's filters as those of a search: days, a source, articles."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypedDict

from pullquote.index.errors import PullquoteError

_DAYS = {">=", ">", "<=", "<", "=="}


class FilterError(PullquoteError):
    """The filters ask for something that a search cannot narrow down."""


class SearchFilters(TypedDict, total=False):
    """Keyword arguments of `Retriever.search`."""

    since: date
    until: date
    source: list[str]
    article: list[str]


def search_filters(filters: dict[str, Any] | None) -> SearchFilters:
    """The filters of a search.

    Args:
        filters: a comparison of meta.published with a day, of meta.source or
            meta.article_id with a name (==) or several (in); or several of them joined by AND.

    Raises:
        FilterError: they ask for something else.
    """
    found = SearchFilters()
    for field, operator, value in _conditions(filters):
        if field == "published" and operator in _DAYS:
            _narrow_days(found, operator, _day(value))
        elif field == "source" and (names := _names(operator, value)) is not None:
            found["source"] = _in_both(found.get("source"), names, str.casefold)
        elif field == "article_id" and (names := _names(operator, value)) is not None:
            found["article"] = _in_both(found.get("article"), names, str)
        else:
            raise _unknown(f"{field} {operator} {value!r}")
    return found


def _conditions(filters: Any) -> list[tuple[str, str, Any]]:
    if not filters:
        return []
    if not isinstance(filters, dict):
        raise _unknown(repr(filters))
    if filters.get("operator") == "AND":
        return [each for inner in filters.get("conditions", ()) for each in _conditions(inner)]
    try:
        field, operator, value = filters["field"], filters["operator"], filters["value"]
    except KeyError as error:
        raise _unknown(str(filters.get("operator", filters))) from error
    return [(str(field).removeprefix("meta."), operator, value)]


def _names(operator: str, value: Any) -> list[str] | None:
    if operator == "==" and isinstance(value, str):
        return [value]
    if operator == "in" and isinstance(value, list | tuple | set):
        return [str(one) for one in value]
    return None


def _in_both(known: list[str] | None, names: list[str], alike: Callable[[str], str]) -> list[str]:
    if known is None:
        return names
    fitting = {alike(name) for name in names}
    return [name for name in known if alike(name) in fitting]


def _narrow_days(found: SearchFilters, operator: str, day: date) -> None:
    if operator in (">=", ">", "=="):
        first = day + timedelta(days=operator == ">")
        found["since"] = max(found.get("since", first), first)
    if operator in ("<=", "<", "=="):
        last = day - timedelta(days=operator == "<")
        found["until"] = min(found.get("until", last), last)


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise _unknown(f"published {value!r}") from error


def _unknown(what: str) -> FilterError:
    return FilterError(
        f"A search cannot be narrowed to {what}; use meta.published (==, <, <=, >, >=), "
        "meta.source or meta.article_id (==, in), joined by AND."
    )
