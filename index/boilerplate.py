"""Lines in an article's text that are not its story: credits, captions, newsletters, labels.

The text itself stays as it is; passages leave these lines out. A line that is taken wrongly can
never be quoted, so every rule asks for a whole line of one form, and doubtful lines stay.
"""

import re
from collections.abc import Iterator

from pullquote.index.sentences import stripped

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
LONGEST_LINE = 600  # characters; a longer line is a paragraph, whatever it ends with

# "Jane Doe photo": small "photo", as in "Police Release Photo" the word belongs to a headline.
_NAMED = re.compile(
    r"(?P<names>.+?)(?:['’]s?)? (?:file |staff |courtesy )?(?:photos?|photographs?)"
)
_CREDITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:file|courtesy|staff|family|handout|submitted|contributed|stock) (?:photo|image)s?",
        r"(?:photo|photograph|image|picture)s? (?:(?:by|via)|courtesy(?: of)?) (?P<names>.+)",
        r"(?:photo|image|picture)s?(?: (?:credit|by|courtesy))?s?: ?\S.*",
        r"AP (?:photo|image)s?(?:\s?[/|,]\s?(?P<names>.+))?",
        r"(?:(?P<names>.+?)(?: ?[/|,] ?| via | for | - | – | — ))?Getty Images(?: ?[/|,].*)?",
    )
)
_SMALL_WORDS = frozenset(
    ["of", "the", "for", "by", "via", "and", "on", "de", "del", "la", "le", "van", "von", "di"]
)

# What a line says that asks the reader for something,
_CALLS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"sign up (?:\w+ )?(?:for|to get|to receive) .*\b(?:newsletters?|alerts|emails|inbox)\b.*",
        r"subscribe (?:to|for|now|today|here)\b.*",
        r"get .*\b(?:delivered|sent)(?: \w+){0,2} to (?:you|your)\b.*",
        r"(?:get|receive|have) .*\b(?:in|to) your (?:inbox|email)\b.*",
        r"copyright (?:by |[12][0-9]{3}\b).{0,120}",
    )
)
# unless it tells what somebody did.
_TELLS = re.compile(r"\b(?:said|says|was|were|had|told|has|became|laws?)\b|[“”\"]", re.IGNORECASE)

_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\W*(?:advertisement|advertising|sponsored content)\W*",
        r"\W*(?:story|article) continues (?:below|after)(?: (?:the |this )?\w+)?\W*",
        r"(?:read more|read also|see also|related) ?[:|]\s?\S.*",
        r"(?:read more|read also|see also|related (?:story|stories|articles?|coverage))\W*",
        r"share this(?: (?:article|story|post|page))?(?: (?:on|via|by) [\w ,/&]{1,40})?[.:!]?",
        r"(?:copyright )?(?:©|\(c\)) ?\S.*",
        r".*\ball rights reserved\.?",
        r".+\bcontributed (?:reporting|(?:reporting )?to this (?:report|story|article))\W*",
    )
)
_LABEL = re.compile(
    "(?:local|breaking|latest|national|world)(?: news)?|news|top stories|sports|politics|business"
    "|opinion|weather|crime|entertainment|health|education|traffic",
    re.IGNORECASE,
)


def boilerplate_spans(text: str) -> list[tuple[int, int]]:
    """Characters (start, end) of each line that is not the story, in order, never overlapping.

    White space at a line's ends is not in its span. The list is empty where all lines would be
    in it: then the rules have misread the text.
    """
    spans: list[tuple[int, int]] = []
    lines = 0
    credit, after = "", False  # the line before: the credit that it is, whether it was taken
    for start, end in _lines(text):
        line = text[start:end]
        lines += 1
        if len(line) > LONGEST_LINE:
            credit, after = "", False
            continue
        caption = bool(credit) and line.lower().endswith(credit) and len(line) > len(credit)
        is_credit = _is_credit(line.strip("()[] ."), line.startswith(("(", "[")))
        taken = is_credit or caption or _ends_with_credit(line) or _is_notice(line)
        label = _is_label(line) and (after or _LABEL.fullmatch(line) is not None)
        if taken or label:
            spans.append((start, end))
        credit, after = (line.strip("()[] .").lower() if is_credit else ""), taken
    return spans if len(spans) < lines else []


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for match in _LINE.finditer(text):
        start, end = stripped(text, *match.span())
        if start < end:
            yield start, end


def _is_credit(line: str, bracketed: bool) -> bool:
    if len(line.split()) > 15:
        return False
    if bracketed:
        line = re.sub(r"\bphoto", "photo", line, flags=re.IGNORECASE)
    named = _NAMED.fullmatch(line)
    if named and _are_names(named["names"], 4):
        return True
    for pattern in _CREDITS:
        if found := pattern.fullmatch(line):
            names = found.groupdict().get("names")
            return names is None or _are_names(names, 10)
    return False


def _are_names(words: str, most: int) -> bool:
    """Whether all words are written as in names: "Jane Doe of the River Times"."""
    parts = [part for part in re.split(r"[\s/,|&;]+", words.lstrip("©")) if part]
    return (
        0 < len(parts) <= most
        and any(part[0].isupper() or part[0] == "@" for part in parts)
        and all(part[0].isupper() or part[0] == "@" or part in _SMALL_WORDS for part in parts)
        and not words.endswith((".", "!", "?"))
    )


def _ends_with_credit(line: str) -> bool:
    """Whether the line is a caption: its last words are a credit in brackets."""
    last = re.search(r"[(\[]([^()\[\]]{4,100})[)\]]\s*\.?$", line)
    return last is not None and _is_credit(last[1].strip(" ."), bracketed=True)


def _is_notice(line: str) -> bool:
    if len(line.split()) > 45:
        return False
    calls = not _TELLS.search(line) and any(form.fullmatch(line) for form in _CALLS)
    return calls or any(form.fullmatch(line) for form in _FORMS)


def _is_label(line: str) -> bool:
    words = line.split()
    return len(words) <= 2 and all(word.isalpha() and word[0].isupper() for word in words)
