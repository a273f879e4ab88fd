"""Whether a sentence speaks of the past or of the future where it names a time.

A newspaper writes "Thursday" for the one before and for the one to come; the verb tells which.
There is no parser here: clauses are cut at their signs and joining words, and the verb nearest
before the expression, else after it, decides. What is not plain is None.
"""

import re

PAST, FUTURE = -1, 1

_FALLEN = """
    ate became began bought broke brought built burst came caught chose cost cut drew drove fell
    felt fled flew fought found froze gave got grew had heard held hit hurt kept killed knew laid
    led left lost made met paid pleaded pled put quit ran rang read rode rose said sang sank sat
    saw sent shook shot showed shut slept sold sought spent spoke stabbed stole stood struck swept
    swore taught thought threw told took tore went were was woke won wore wrote did
"""
_NO_VERBS = r"(?:need|speed|indeed|hundred|exceed|proceed|succeed|feed|seed|breed|embed|sacred)\b"
_PAST = rf"(?:{'|'.join(_FALLEN.split())}|(?!{_NO_VERBS})[a-z]{{2,}}ed)"
_PLANNED = r"(?:(?:going|set|expected|scheduled|slated|due|planned|supposed|about)(?: to)?|to)"
# What follows "will", so that "arraigned" of "will be arraigned" is no past.
_REST = r"(?:\s+(?:not|also|then|likely))*(?:\s+(?:be|have|get)(?:\s+been)?(?:\s+\w+ly)?\s+\w+)?"
_ADVERB = r"\s+(?:\w+ly\s+)?"
_GROUP = re.compile(
    rf"(?P<doubt>\b(?:was|were|been|had){_ADVERB}{_PLANNED}\b"
    r"|\b(?:planned|hoped|intended|wanted|promised|vowed|agreed|decided|refused) to\b"
    rf"|\b(?:would|could|might|may|should|must|can|cannot)\b{_REST})"
    rf"|(?P<future>(?:\b(?:will|won['’]t|shall)\b|['’]ll\b|\b(?:is|are|am|be){_ADVERB}{_PLANNED}\b"
    r"|\b(?:plans?|hopes?|expects?|intends?|planning|hoping) to\b"
    rf"|\b(?:expected|scheduled|slated|due|set) (?:to|for|on|in)\b){_REST})"
    rf"|(?P<present>\b(?:is|are|am|be|being)\b(?:{_ADVERB}[a-z]+ed\b)?|\bto [a-z]+\b)"
    rf"|(?P<past>\b{_PAST}\b)"
)
_REPORTED = (  # "said the school opens Thursday" is two clauses, "said on Thursday" is one
    r"(?<=\bsaid)\s+(?!(?:on|in|at|during|after|before|by|to|late|early|last|this|yesterday|today"
    r"|tonight)\b|[A-Z][a-z]+(?:day\b|[.]))"
)
_BREAK = re.compile(
    r"[;:—()“”\"]|,(?!\d)|\s[–-]\s|\b(?:that|and|but|or|which|who|whom|whose|when|where|while|"
    rf"because|although|if|unless)\b|{_REPORTED}"
)
_ADVERBIAL = re.compile(r"(?:\s|\b(?:on|in|as|of|by|since|late|early|back|just|only)\b)*", re.I)
_TIME = re.compile(
    r"\b(?:[A-Z][a-z]+day|yesterday|today|tonight|tomorrow|(?:last|this|next) \w+|ago|\d{4}|"
    r"January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_FARTHEST = 6  # words between an expression and the verb after it
_TOLD = 2  # words between "told" and the time it was told: more are what was told


def tense(sentence: str, start: int, end: int) -> int | None:
    """PAST or FUTURE for the time expression `sentence[start:end]`; None where it is not plain."""
    breaks = [found.end() for found in _BREAK.finditer(sentence) if found.end() <= start]
    begin = breaks[-1] if breaks else 0
    after = _BREAK.search(sentence, end)
    stop = after.start() if after else len(sentence)
    before = list(_GROUP.finditer(sentence, begin, start))
    if before:
        last = before[-1]
        between = sentence[last.end() : start]
        too_far = last.group() == "told" and len(between.split()) > _TOLD
        return None if too_far or _TIME.search(between) else _means(last)
    if follows := _GROUP.search(sentence, end, stop):
        near = len(sentence[end : follows.start()].split()) <= _FARTHEST
        return _means(follows) if near else None
    alone = _ADVERBIAL.fullmatch(sentence, begin, start) and not sentence[end:stop].strip(" .")
    if alone and after and after.group().strip() == ",":
        next_break = _BREAK.search(sentence, after.end())
        until = next_break.start() if next_break else len(sentence)
        if follows := _GROUP.search(sentence, after.end(), until):
            return _means(follows)
    return None


def _means(group: re.Match[str]) -> int | None:
    if group["future"]:
        return FUTURE
    return PAST if group["past"] else None
