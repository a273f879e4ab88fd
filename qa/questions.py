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
_COUNT = r"two|three|four|five|six|seven|eight|nine|ten|\d+"
_SINGLE = r"is|was|are|were|has|do|does|did|will|can|would|number|amount|share|kind|type|sort"
# "Which federal agencies joined …": a plural, and behind it what shows that it is no verb.
_PLURAL = re.compile(
    rf"\b(?:which|what) (?:(?:{_COUNT}) [a-z]|(?:(?!(?:{_SINGLE})\b)[\w-]+ ){{0,3}}?"
    rf"(?!(?:{_SINGLE}|news|this|always)\b)"
    r"(?:[a-z]{2,}[^\Wsiu]s|people|men|women|children|personnel) "
    r"(?:and|of|are|were|is|was|do|did|have|had|has|will|can|could|would|should|take|\w+ed)\b)"
    rf"|\b(?:name|list) (?:the )?(?:{_COUNT}) ",
    re.I,
)
_YES_OR_NO = re.compile(
    r"^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)(?:n['’]t)?\s"
    r"(?!.*\bor\b)",
    re.I | re.S,
)


def asks_for_sentences(question: str) -> bool:
    """Whether only a whole sentence can answer.

    Reasons, ways, lists, what somebody said, and what is to be settled with yes or no: that is
    left to the reader of the sentence. A choice ("… or …") is answered by what is chosen.
    """
    forms = (_REASON, _HOW, _LIST, _SAID)
    return any(form.search(question) for form in forms) or asks_yes_or_no(question)


def asks_yes_or_no(question: str) -> bool:
    """Whether yes or no would be an answer: "Were the two shootings connected?"."""
    return bool(_YES_OR_NO.search(question))


def asks_for_several(question: str) -> bool:
    """Whether it asks for a list: "Which agencies …", "What are the goals …", "Name three …"."""
    return bool(_LIST.search(question) or _PLURAL.search(question))
