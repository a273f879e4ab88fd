"""The names that a question asks about, and whether an article mentions them."""

import difflib
import re
import unicodedata
from functools import lru_cache

from pullquote.index.types import Article

SHORTEST = 4  # letters; shorter names ("New", "Li") are too easily part of others
ALIKE = 0.8  # of difflib's ratio: another spelling of the same name
STEM, ENDING = 4, 3  # letters: "China" and "Chinese" share the stem and differ in the ending

_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_POSSESSIVE = re.compile(r"['’]s?$")
# Capital letters that name nobody in particular, or somebody whom articles call otherwise.
_TITLES = """
    governor lieutenant president vice mayor chief senator congressman congresswoman representative
    attorney general minister prime secretary commissioner councilman councilwoman police officer
    captain sergeant detective judge justice pastor reverend bishop archbishop cardinal pope king
    queen prince princess doctor professor speaker department institute university college school
    court county city state street avenue kingdom america american americans united states
    true false
    january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    spring summer autumn fall winter christmas easter
"""
_ELSEWHERE = frozenset(_TITLES.split())


def unmentioned(question: str, article: Article) -> list[str]:
    """The names in the question that the article has nowhere, nor a form or spelling of them.

    A name is a word with a capital letter inside the question; acronyms are left out, as an article
    may spell them out, and so are titles, months and weekdays.
    """
    names = _names(question)
    if not names:
        return []
    return [name for name in names if not mentions(article, name)]


def missing_share(question: str, article: Article) -> float:
    """How many of the question's names the article has nowhere, as a share in [0, 1]."""
    names = _names(question)
    return len(unmentioned(question, article)) / len(names) if names else 0.0


def mentions(article: Article, name: str) -> bool:
    """Whether the article has a name of one word, or a form or spelling of it."""
    words, capitalised = _words(article)
    return _plain(name) in words or _alike(_plain(name), capitalised)


def _names(question: str) -> list[str]:
    names = []
    for match in list(_WORD.finditer(question))[1:]:
        opens_sentence = question[: match.start()].rstrip()[-1:] in {".", "?", "!", ":"}
        for word in _parts(match.group()):
            is_name = word[:1].isupper() and not word.isupper() and len(word) >= SHORTEST
            if is_name and not opens_sentence and word.lower() not in _ELSEWHERE:
                names.append(_plain(word))
    return names


@lru_cache(maxsize=128)
def _words(article: Article) -> tuple[frozenset[str], frozenset[str]]:
    """All words of an article, and those with a capital letter, in plain letters."""
    whole = " ".join(filter(None, (article.title, article.source, article.text)))
    words = [part for word in _WORD.findall(whole) for part in _parts(word)]
    return (
        frozenset(map(_plain, words)),
        frozenset(_plain(word) for word in words if word[:1].isupper() and len(word) > STEM),
    )


def _parts(word: str) -> list[str]:
    """The parts of a word with hyphens, each without its possessive ending."""
    return [_POSSESSIVE.sub("", part) for part in word.split("-")]


def _alike(name: str, others: frozenset[str]) -> bool:
    """Whether one of the others is another form or spelling of the name."""
    stem = name[: max(STEM, len(name) - ENDING)]
    longest = len(name) + ENDING
    if any(other.startswith(stem) and len(other) <= longest for other in others):
        return True
    return bool(difflib.get_close_matches(name, others, 1, ALIKE))


def _plain(word: str) -> str:
    """In lower case and without accents: "Céloron" → "celoron"."""
    letters = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()
