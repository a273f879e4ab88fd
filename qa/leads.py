"""What stands before a passage, where a line that is not the story cuts it off.

A newsletter line between "…," said the mayor. and "It works," he said. ends one passage and begins
another, in which nobody knows who "he" is. So the reader is told what came before; it lifts no
answer out of that, which is another passage's.
"""

from pullquote.index.boilerplate import boilerplate_spans
from pullquote.index.sentences import sentence_spans

LEAD = 40  # words
LOOK_BACK = 2000  # characters


def lead_of(text: str, start: int) -> str:
    """The story's last words before the lines that are not the story and end where `start` is.

    Empty where no such line stands directly before `start`.
    """
    before = text[max(0, start - LOOK_BACK) : start]
    end = len(before)
    spans = boilerplate_spans(before)
    while spans and not before[spans[-1][1] : end].strip():
        end = spans.pop()[0]
    if end == len(before):
        return ""
    return last_words(before[spans[-1][1] if spans else 0 : end])


def last_words(text: str) -> str:
    """The last sentences of a text, about LEAD words of them and at least one sentence."""
    words, first = 0, len(text)
    for start, end in reversed(sentence_spans(text)):
        words += len(text[start:end].split())
        if words > LEAD and first < len(text):
            break
        first = start
    return text[first:].strip()
