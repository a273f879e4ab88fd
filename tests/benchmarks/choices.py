"""What was chosen for finding passages: `python tests/benchmarks/choices.py DEV`.

DEV is a SQuAD 2.0 file; the paragraphs of each of its articles are joined into one text, as the
articles of a newspaper are longer than a passage. A question is answered by a passage that has one
of its answers whole, where the file says that it stands. Every other article's questions are for
choosing ("tune"), the others for reporting; all articles are searched.

One choice is changed at a time, from what is shipped. Longer windows hold more and take longer to
read, so beside the first 1, 5 and 20 passages the first 1,200 words are counted, which is about
what is read. In "names misspelt" a letter of the longest name of each question is doubled, dropped
or changed; only questions with such a name are asked there.

Prints a table; --json prints JSON.
"""

import gzip
import json
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Annotated

import numpy as np
import tantivy
import typer
from numpy.typing import NDArray

from pullquote.index import MiniLMEncoder, lexical
from pullquote.index.generation import DEPTH, RRF_CONSTANT
from pullquote.index.lexical import LexicalIndex
from pullquote.index.passages import OVERLAP, WORDS, header_of, passage_spans
from pullquote.index.types import Article, Passage

READ = 1200  # words
NAME = re.compile(r"(?<!^)\b[A-Z][a-z]{5,}\b")  # not at the beginning of a question


@dataclass(frozen=True, slots=True)
class Choice:
    """How passages are made and found."""

    words: int = WORDS
    overlap: int = OVERLAP
    header: bool = True
    by_words: float = 1.0
    by_vectors: float = 1.0
    constant: int = RRF_CONSTANT
    stems: bool = True
    misspelt: bool = True  # whether misspelt words are looked for
    most: int | None = None  # passages of an article, before all others come


SHIPPED = Choice()
CHOICES: dict[str, Choice] = {
    "as shipped": SHIPPED,
    **{f"windows of {n} words": replace(SHIPPED, words=n) for n in (60, 150, 200)},
    **{f"sharing {n} words": replace(SHIPPED, overlap=n) for n in (0, 50)},
    "without title, source and date": replace(SHIPPED, header=False),
    "words alone": replace(SHIPPED, by_vectors=0.0),
    "vectors alone": replace(SHIPPED, by_words=0.0),
    "words count twice": replace(SHIPPED, by_words=2.0),
    "vectors count twice": replace(SHIPPED, by_vectors=2.0),
    "ranks fused with 60": replace(SHIPPED, constant=60),
    "without stemming": replace(SHIPPED, stems=False),
    "two of an article at most": replace(SHIPPED, most=2),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and where its answers stand."""

    text: str
    article: int
    spans: tuple[tuple[int, int], ...]


class Collection:
    """Articles cut into passages and indexed in one way."""

    def __init__(self, articles: Sequence[Article], choice: Choice, folder: Path) -> None:
        self.passages: list[tuple[int, int, int, int]] = []  # article, start, end, words
        self._words = LexicalIndex.create(folder)
        writer = self._words.writer()
        self.texts: list[str] = []
        for number, article in enumerate(articles):
            header = header_of(article) if choice.header else ""
            for start, end in passage_spans(article.text, (), choice.words, choice.overlap):
                text = article.text[start:end]
                passage = Passage(len(self.passages), article.id, start, end, text)
                writer.add(article, header, [passage])
                self.passages.append((number, start, end, len(text.split())))
                self.texts.append(f"{header}\n{text}" if header else text)
        writer.commit()

    def found(
        self, question: str, row: NDArray[np.float32], rows: NDArray[np.float32], choice: Choice
    ) -> list[int]:
        """Passages, best first; `rows` are those of all of them, (passages, dimension)."""
        scores: dict[int, float] = {}
        near = np.argsort(-(rows @ row), kind="stable")[:DEPTH].tolist()
        worded = [number for number, _ in self._words.search(question, DEPTH)]
        for weight, ranked in ((choice.by_words, worded), (choice.by_vectors, near)):
            for rank, number in enumerate(ranked if weight else (), start=1):
                scores[number] = scores.get(number, 0.0) + weight / (choice.constant + rank)
        best = sorted(scores, key=lambda number: (-scores[number], number))
        return best if choice.most is None else self._spread(best, choice.most)

    def _spread(self, best: Sequence[int], most: int) -> list[int]:
        """Those behind, of which `most` of their article came before."""
        first: list[int] = []
        behind: list[int] = []
        times: dict[int, int] = {}
        for number in best:
            article = self.passages[number][0]
            times[article] = times.get(article, 0) + 1
            (first if times[article] <= most else behind).append(number)
        return first + behind


def main(
    dev: Annotated[Path, typer.Argument()],
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 1,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Ask with each choice, and print the figures."""
    articles, questions = read(dev)
    questions = questions[::every]
    encoder = MiniLMEncoder()
    table: dict[str, dict[str, dict[str, float]]] = {}
    made: dict[tuple[int, int, bool], NDArray[np.float32]] = {}
    encoded: dict[str, NDArray[np.float32]] = {}

    def row(text: str) -> NDArray[np.float32]:
        if text not in encoded:
            encoded[text] = encoder.encode_question(text)
        return encoded[text]

    def ask(choice: Choice, asked: Sequence[Question]) -> dict[str, dict[str, float]]:
        with tempfile.TemporaryDirectory() as folder, analysed(choice):
            collection = Collection(articles, choice, Path(folder))
            cut = (choice.words, choice.overlap, choice.header)
            if cut not in made:
                made[cut] = encoder.encode_documents(collection.texts)
            halves: dict[str, list[dict[str, float]]] = {"tune": [], "report": []}
            for each in asked:
                best = collection.found(each.text, row(each.text), made[cut], choice)
                half = "report" if each.article % 2 else "tune"
                halves[half].append(figures(each, best, collection.passages))
        return {
            half: {name: round(fmean(one[name] for one in some), 4) for name in some[0]}
            | {"questions": len(some)}
            for half, some in halves.items()
        }

    for name, choice in CHOICES.items():
        table[name] = ask(choice, questions)
        _print(name, table[name], as_json)
    named = [each for each in questions if NAME.search(each.text)]
    chooser = random.Random(0)
    slipped = [replace(each, text=with_a_slip(each.text, chooser)) for each in named]
    for name, choice, asked in (
        ("names as they are", SHIPPED, named),
        ("names misspelt", SHIPPED, slipped),
        ("names misspelt, words as they are", replace(SHIPPED, misspelt=False), slipped),
    ):
        table[name] = ask(choice, asked)
        _print(name, table[name], as_json)
    if as_json:
        print(json.dumps(table, indent=1))


def figures(
    question: Question, best: Sequence[int], passages: Sequence[tuple[int, int, int, int]]
) -> dict[str, float]:
    """Whether the answer is among the first 1, 5, 20 passages and the first words."""
    words, place, at = 0, None, len(best)
    for at, number in enumerate(best):
        article, start, end, length = passages[number]
        words += length
        if article == question.article and any(
            start <= first and last <= end for first, last in question.spans
        ):
            place = at + 1
            break
    found = {f"recall@{k}": float(place is not None and place <= k) for k in (1, 5, 20)}
    return found | {"in what is read": float(place is not None and words <= READ)}


def read(dev: Path) -> tuple[list[Article], list[Question]]:
    """Its articles, each in one text, and the questions that it answers."""
    with gzip.open(dev, "rt", encoding="utf-8") as stream:
        data = json.load(stream)["data"]
    articles, questions = [], []
    for number, each in enumerate(data):
        text = ""
        for paragraph in each["paragraphs"]:
            at = len(text)
            text += paragraph["context"] + "\n\n"
            for one in paragraph["qas"]:
                spans = {
                    (at + answer["answer_start"], at + answer["answer_start"] + len(answer["text"]))
                    for answer in one["answers"]
                }
                if spans and not one.get("is_impossible"):
                    questions.append(Question(one["question"], number, tuple(sorted(spans))))
        title = each["title"].replace("_", " ")
        articles.append(Article(f"{number}", title, text, None, None, None, "a.json", ""))
    return articles, questions


def with_a_slip(question: str, chooser: random.Random) -> str:
    """The longest name with a letter doubled, dropped or changed, but not its first."""
    name = max(NAME.findall(question), key=len)
    at = chooser.randrange(2, len(name) - 1)
    middle = chooser.choice([name[at] * 2, "", chooser.choice("aeiourstln")])
    return question.replace(name, name[:at] + middle + name[at + 1 :])


@contextmanager
def analysed(choice: Choice) -> Iterator[None]:
    """Words without stems, or misspelt ones not looked for, while the block runs."""

    def plain() -> tantivy.TextAnalyzer:
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        return (
            builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold()).build()
        )

    before = lexical._analyzer, lexical.MISSPELT
    lexical._analyzer = before[0] if choice.stems else plain
    lexical.MISSPELT = before[1] if choice.misspelt else 1000
    try:
        yield
    finally:
        lexical._analyzer, lexical.MISSPELT = before


def _print(name: str, halves: dict[str, dict[str, float]], as_json: bool) -> None:
    if not as_json:
        cells = [
            f"{half}: " + " ".join(f"{figure:.3f}" for figure in list(some.values())[:4])
            for half, some in halves.items()
        ]
        print(f"{name:36}", "   ".join(cells), flush=True)


if __name__ == "__main__":
    typer.run(main)
