"""Cut an article's text into passages: windows of whole sentences that overlap."""

from collections.abc import Iterator

from pullquote.index.sentences import sentence_spans, word_spans

WORDS = 100
OVERLAP = 30
# A "sentence" longer than this (tables, missing punctuation) is cut between words,
LONGEST_SENTENCE = 120
# and a single "word" longer than this (base64, no spaces at all) between characters.
LONGEST_WORD = 400


def passage_spans(text: str, words: int = WORDS, overlap: int = OVERLAP) -> list[tuple[int, int]]:
    """Characters (start, end) of each passage of the text.

    A passage has about `words` words, shares up to about `overlap` of them with the one before it,
    and begins and ends with a sentence. Every non-space character is in at least one passage.
    """
    pieces = list(_pieces(text))  # (start, end, number of words)
    spans: list[tuple[int, int]] = []
    first = 0
    while first < len(pieces):
        last, total = first, pieces[first][2]
        while last + 1 < len(pieces) and total + pieces[last + 1][2] <= words * 1.2 and total < words:
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


def _pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """Sentences with their number of words; over-long ones in parts."""
    for start, end in sentence_spans(text):
        words = [part for span in word_spans(text, start, end) for part in _parts(*span)]
        for i in range(0, len(words), LONGEST_SENTENCE):
            some = words[i : i + LONGEST_SENTENCE]
            yield some[0][0], some[-1][1], len(some)


def _parts(start: int, end: int) -> Iterator[tuple[int, int]]:
    for at in range(start, end, LONGEST_WORD):
        yield at, min(end, at + LONGEST_WORD)
