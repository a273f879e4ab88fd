"""Words of a question that are misspelt, by what the articles have in their place."""

import difflib
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from pullquote.index.types import Hit
from pullquote.qa.checkpoint import WEIGHTS, load_tokenizer

SHORTEST = 5  # letters; too much resembles a shorter word
ALIKE = 0.85  # of difflib's ratio: about one letter in seven differs
_WORD = re.compile(r"[^\W\d_]+")


class Speller:
    """Corrects towards the passages that were found, and only words that are in no vocabulary."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known  # in lower case

    @classmethod
    def open(cls, directory: Path = WEIGHTS) -> "Speller":
        """The speller that knows the whole words of a reader's vocabulary; raises ModelError."""
        return cls(frozenset(load_tokenizer(directory).get_vocab()))

    def corrections(self, question: str, hits: Sequence[Hit]) -> dict[str, str]:
        """The misspelt words of the question, and how the passages spell them."""
        unknown = {
            word
            for word in _WORD.findall(question)
            if len(word) >= SHORTEST and word.lower() not in self._known
        }
        if not unknown:
            return {}
        spelt = {word.lower(): word for hit in hits for word in _WORD.findall(hit.passage.text)}
        found = {}
        for word in sorted(unknown):
            lower = word.lower()
            if lower in spelt:
                continue
            # A first letter is rarely mistyped ("resentencing" is not "sentencing"), and a longer
            # or shorter form ("homicide", "homicides") is no slip.
            alike = [
                other
                for other in difflib.get_close_matches(lower, spelt, cutoff=ALIKE)
                if other[0] == lower[0] and not other.startswith(lower)
            ]
            if alike and not lower.startswith(alike[0]):
                found[word] = spelt[alike[0]]
        return found


def rewritten(question: str, corrections: dict[str, str]) -> str:
    """The question with its misspelt words replaced."""
    return _WORD.sub(lambda match: corrections.get(match.group(), match.group()), question)


def as_notice(corrections: dict[str, str]) -> str:
    """What was corrected, as a sentence."""
    read = (f"“{wrong}” was read as “{right}”" for wrong, right in corrections.items())
    return f"{', '.join(read)}."
