"""Pairs without an answer, made from pairs that have one."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import tantivy

from pullquote.qa.training.examples import Example

# Exchanging one of these for its opposite usually turns the question into one with no answer.
_OPPOSITES = """
    first/last before/after largest/smallest highest/lowest more/less most/least north/south
    east/west increase/decrease increased/decreased won/lost early/late earliest/latest start/end
    began/ended oldest/newest maximum/minimum up/down above/below over/under inside/outside
    northern/southern eastern/western male/female men/women father/mother son/daughter old/new
    enter/leave open/close opened/closed before/since always/never buy/sell allowed/banned
    allow/forbid support/oppose supported/opposed accepted/rejected gained/lost upper/lower
    public/private common/rare easy/difficult major/minor rich/poor best/worst better/worse
    young/old long/short fast/slow strong/weak hot/cold winter/summer
"""
_OPPOSITE = {
    a: b for pair in _OPPOSITES.split() for a, b in (pair.split("/"), reversed(pair.split("/")))
}
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][\w-]+(?: (?:(?:of|the|de) )?[A-Z][\w-]+)*(?!['’\w])")
_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?![\w-]|[.,]\d)")


def swapped(examples: Sequence[Example], seed: int) -> Iterator[Example]:
    """Questions in which a name, a number or a word is exchanged, so that nothing answers them."""
    chooser = random.Random(seed)
    names, numbers = defaultdict(set), defaultdict(set)
    for example in examples:
        names[example.title].update(_NAME.findall(example.passage))
        numbers[example.title].update(_NUMBER.findall(example.passage))
    for example in examples:
        changes = list(
            _changes(example, sorted(names[example.title]), sorted(numbers[example.title]), chooser)
        )
        if changes:
            yield replace(example, question=chooser.choice(changes), answers=())


def _changes(
    example: Example, names: list[str], numbers: list[str], chooser: random.Random
) -> Iterator[str]:
    question = example.question
    for pattern, others in ((_NAME, names), (_NUMBER, numbers)):
        for match in pattern.finditer(question):
            old = match.group()
            if old not in example.passage:
                continue
            alike = [other for other in others if _alike(old, other)]
            if alike:
                yield question[: match.start()] + chooser.choice(alike) + question[match.end() :]
    for match in re.finditer(r"\w+", question):
        opposite = _OPPOSITE.get(match.group())
        if opposite and opposite not in example.passage.lower():
            yield question[: match.start()] + opposite + question[match.end() :]


def _alike(old: str, other: str) -> bool:
    """As many words, or as many digits: a year becomes a year, a full name another one."""
    if old[0].isdigit():
        return len(old) == len(other) and old != other
    return old.count(" ") == other.count(" ") and not set(old.split()) & set(other.split())


def retrieved(
    examples: Sequence[Example],
    passages: Sequence[Example],
    seed: int,
    depth: int = 12,
    each: int = 1,
) -> Iterator[Example]:
    """Questions with passages that BM25 ranks high for them and that do not hold the answer.

    `passages` may be of any question; `each` are drawn at random for one question out of the
    `depth` best.
    """
    chooser = random.Random(seed)
    index = _bm25(passages)
    searcher = index.searcher()
    for example in chooser.sample(examples, len(examples)):
        words = " ".join(re.findall(r"\w+", example.question.lower()))
        query = index.parse_query(words, ["text", "title"])
        texts = {example.passage[start:end].lower() for start, end in example.answers}
        found = (
            passages[searcher.doc(address)["number"][0]]
            for _, address in searcher.search(query, depth).hits
        )
        wrong = [it for it in found if not any(text in it.passage.lower() for text in texts)]
        for passage in chooser.sample(wrong, min(each, len(wrong))):
            yield replace(passage, question=example.question, answers=())


def strangers(examples: Sequence[Example], seed: int) -> Iterator[Example]:
    """Questions with a passage that belongs to another, of any subject."""
    chooser = random.Random(seed)
    for example in chooser.sample(examples, len(examples)):
        other = chooser.choice(examples)
        texts = {example.passage[start:end].lower() for start, end in example.answers}
        if not any(text in other.passage.lower() for text in texts):
            yield replace(other, question=example.question, answers=())


def _bm25(passages: Sequence[Example]) -> tantivy.Index:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", tokenizer_name="en_stem")
    schema.add_text_field("title", tokenizer_name="en_stem")
    schema.add_unsigned_field("number", stored=True)
    index = tantivy.Index(schema.build())
    writer = index.writer()
    for number, passage in enumerate(passages):
        writer.add_document(
            tantivy.Document(text=passage.passage, title=passage.title, number=number)
        )
    writer.commit()
    index.reload()
    return index
