"""`pullquote ask` and `pullquote search`: one question, or as many as a file or a pipe has."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console

from pullquote.index import Retriever
from pullquote.index.errors import QuestionError
from pullquote.index.generation import checked
from pullquote.qa import Assistant, Message, Within
from pullquote.ui.batch import Asked, read_batch, read_plain
from pullquote.ui.json_format import answer_json, hits_json, print_json
from pullquote.ui.piped import STANDARD_INPUT
from pullquote.ui.terminal import print_answer, print_explanation, print_hits


def batch_of(question: str, questions: Path | None, history: Sequence[str]) -> Iterable[Asked]:
    """What is to be asked: of a file, of standard input (-), or the one question.

    Raises:
        QuestionError: there is no question.
        SourceError: the file of questions cannot be used.
    """
    if questions == STANDARD_INPUT:  # whoever writes a question there may wait for its answer
        return read_batch(questions)
    if questions is not None:  # what is wrong with them is said before the models are loaded
        return list(read_batch(questions))
    if question == str(STANDARD_INPUT):
        return read_plain(history)
    if not question.strip():
        raise QuestionError('The question is empty; ask with: pullquote ask "Who …?"')
    return [Asked(None, checked(question), [Message(earlier) for earlier in history])]


def ask_all(
    batch: Iterable[Asked],
    assistant: Assistant,
    within: Within,
    out: Console | None,
    explain: bool = False,
) -> bool:
    """Print the answer to each question, as JSON without a console; whether one was answered."""
    answered = False
    for asked in batch:
        started = time.perf_counter()
        answer = assistant.ask(asked.question, asked.history, within)
        answered = answered or answer.text is not None
        if out is None:
            print_json(answer_json(answer, time.perf_counter() - started, asked.id, explain))
        else:
            print_answer(answer, out)
            if explain and answer.explanation:
                print_explanation(answer.explanation, out)
    return answered


def search_all(
    question: str, retriever: Retriever, k: int, within: Within, out: Console | None
) -> bool:
    """Print what is found for the question, or for each line of standard input; whether any is."""
    piped = question == str(STANDARD_INPUT)
    found = False
    for each in (asked.question for asked in read_plain()) if piped else [question]:
        sources, articles = within.sources or None, within.articles or None
        hits = retriever.search(each, k, within.since, within.until, sources, articles)
        found = found or bool(hits)
        if out is None:
            print_json(hits_json(hits))
        else:
            print_hits(hits, out)
    return found
