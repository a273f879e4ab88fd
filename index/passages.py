"""Cut an article's text into passages: windows of whole sentences that overlap."""

from collections.abc import Iterator, Sequence

from pullquote.index.boilerplate import boilerplate_spans
from pullquote.index.sentences import sentence_spans, word_spans
from pullquote.index.types import Article

WORDS = 100
OVERLAP = 30
# A "sentence" longer than this (tables, missing punctuation) is cut between words,
LONGEST_SENTENCE = 120
# and a single "word" longer than this (base64, no spaces at all) between characters.
LONGEST_WORD = 400


def story_spans(text: str) -> list[tuple[int, int]]:
    """The passages of an article: those of its text, without the lines that are not the story."""
    return passage_spans(text, skip=boilerplate_spans(text))


def header_of(article: Article) -> str:
    """What a passage is indexed together with: title, source and date, as far as they are known.

    Vectors are kept from one build to the next: a change here needs another FORMAT.
    """
    published = (
        article.published
        and f"{article.published:%B} {article.published.day}, {article.published.year}"
    )
    return " | ".join(part for part in (article.title, article.source, published) if part)


def passage_spans(
    text: str,
    skip: Sequence[tuple[int, int]] = (),
    words: int = WORDS,
    overlap: int = OVERLAP,
) -> list[tuple[int, int]]:
    """Characters (start, end) of each passage of the text, in order.

    A passage has about `words` words, shares up to about `overlap` of them with the one before it,
    and begins and ends with a sentence. `skip` are the spans that are not part of the story: no
    passage touches one, so the text before and after it is cut as if it were two texts. Every
    non-space character outside them is in at least one passage.
    """
    spans: list[tuple[int, int]] = []
    begin = 0
    for start, end in [*sorted(skip), (len(text), len(text))]:
        if begin < start:
            spans += _windows(list(_pieces(text, begin, start)), words, overlap)
        begin = max(begin, end)
    return spans


def _windows(
    pieces: Sequence[tuple[int, int, int]], words: int, overlap: int
) -> list[tuple[int, int]]:
    """Runs of pieces (start, end, number of words) that overlap."""
    spans: list[tuple[int, int]] = []
    first = 0
    while first < len(pieces):
        last, total = first, pieces[first][2]
        while (
            last + 1 < len(pieces) and total + pieces[last + 1][2] <= words * 1.2 and total < words
        ):
            last += 1
            total += pieces[last][2]
        spans.append((pieces[first][0], pieces[last][1]))
        if last + 1 == len(pieces):
            break
        # Step back over the sentences that fit into the overlap, but always move on.
        following, shared = last + 1, 0
        while following - 1 > first and shared + pieces[following - 1][2] <= overlap:
            following -= 1
            shared += pieces[following][2]
        first = following
    return spans


def _pieces(text: str, begin: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Sentences between begin and stop, with their number of words; over-long ones in parts."""
    for first, last in sentence_spans(text[begin:stop]):
        start, end = begin + first, begin + last
        words = [part for span in word_spans(text, start, end) for part in _parts(*span)]
        for i in range(0, len(words), LONGEST_SENTENCE):
            some = words[i : i + LONGEST_SENTENCE]
            yield some[0][0], some[-1][1], len(some)


def _parts(start: int, end: int) -> Iterator[tuple[int, int]]:
    for at in range(start, end, LONGEST_WORD):
        yield at, min(end, at + LONGEST_WORD)
