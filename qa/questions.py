"""What a question asks for."""

import re

_REASON = re.compile(r"\b(why|how come|what (?:is|was|are|were) the (?:reasons?|causes?))\b", re.I)
# "How" asks for an explanation unless a measure follows: how many, how often, how old …
_MEASURE = (
    r"many|much|long|old|often|far|big|large|high|tall|deep|wide|fast|soon|late|early|close|"
    r"likely|few|little|heavy|small|young|frequently|strong|recently|expensive|important"
)
_HOW = re.compile(rf"\bhow\b(?!\s+(?:{_MEASURE})\b)", re.I)
_LIST = re.compile(
    r"\b(list|name (?:all|the|every|each)|what all|which (?:all|of the)|"
    r"(?:what|which) (?:are|were) (?:the|some|its|his|her|their)\b"
    r"(?! (?:name|date|number|amount|percentage|size|population|age|rate|odds|headquarters)\b))",
    re.I,
)
_SAID = re.compile(
    r"\bwhat (?:did|does|do|has|have|had) .*\b(say|said|think|thought|tell|told|argue|argued|claim|"
    r"claimed|call for|respond|reply|comment|promise|promised|warn|warned|explain|explained|"
    r"remember|recall|describe|complain|urged?|hoped?|expect|expected|pledged?|predict|predicted|"
    r"believed?|feel|ask .* to do)\b",
    re.I,
)


def asks_for_sentences(question: str) -> bool:
    """Whether only a whole sentence can answer: reasons, ways, lists, and what somebody said."""
    return any(pattern.search(question) for pattern in (_REASON, _HOW, _LIST, _SAID))
