"""Whom the words before "said" mean: a name in full, "the mayor", "he"."""

import re

from pullquote.qa.attribution.genders import pronoun_of
from pullquote.qa.attribution.people import NAMES, ROLES, People, Person, person_at
from pullquote.qa.attribution.words import PRONOUN
from pullquote.qa.types import Speaker

_NAMES = re.compile(NAMES)
_OPENS = re.compile(rf"(?:(?:The|An?) )?{NAMES}")
# "In a statement, Howell …": what stands before the subject.
_LEADS = re.compile(
    r"(?:In|On|At|After|During|Before|Since|Earlier|Later|Last|By)\b[^,.;:]{0,60}, "
)
# "Red Sox manager Alex Cora": the name behind the role is the person.
_DESCRIBED = re.compile(rf" (?:[a-z-]+ ){{0,2}}(?P<role>[a-z-]+) (?P<name>{NAMES})")
# "in this", "a device that's": a clause was taken apart.
_CUT = re.compile(
    r"^(?:in|on|at|to|for|by|as|if|but|and|when|after)\b|(?:\b(?:the|an?|and|or|of|in|to|for|with|by|at|on|"
    r"that|this|these|which|who)|\bthat[’']s)$",
    re.I,
)
_ROLE = re.compile(r"[Tt]he (?:[\w-]+ ){0,2}([a-z-]+)")
_DETERMINED = re.compile(r"(?:the|an?|his|her|their|another|one) ", re.I)
# Before a name, the name is not the head: "officials in Hartford", "Hartford’s mayor".
_DEPENDS = re.compile(
    r" (?:of|at|in|on|from|with|for|by|to|aboard|and|or|than|like) |[’']s? ", re.I
)
_ANNOUNCES = re.compile(
    r"\b(?:statement|said|wrote|writes|tweet|tweeted|letter|post|posted|message|read|added)\b", re.I
)

RECENT = 2  # persons of whom a pronoun may speak


class Naming:
    """Names the speakers of one article, and remembers of whom pronouns speak."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._people = People(text)
        self._persons: list[Speaker] = []  # he, she; the last of whom pronouns speak
        self._group: Speaker | None = None  # they, it

    def speaker(self, start: int, end: int, sentence: int) -> Speaker | None:
        """Who `text[start:end]` is, in a sentence that begins at `sentence`; None if in doubt."""
        words = self._text[start:end]
        if not PRONOUN.match(words):
            if speaker := self.named(start, end):
                self._note(speaker)
            return speaker
        if words.lower() not in ("he", "she"):
            return self._group
        self._remember(self._opening(sentence, start))
        for person in reversed(self._persons[-RECENT:]):
            if pronoun_of(person) in (None, words.lower()):
                self._remember(person)
                return person
        return None

    def subject(self, sentence: int, stop: int) -> Speaker | None:
        """The person with whom a sentence begins, of whom pronouns speak from then on."""
        speaker = self._opening(sentence, stop)
        self._remember(speaker)
        return speaker

    def announced(self, sentence: int, stop: int) -> Speaker | None:
        """Who says what stands behind a colon: "The Suns issued a statement:", "Biden:"."""
        found = _OPENS.match(self._text, sentence, stop)
        if not found:
            return None
        rest = self._text[found.end() : stop].strip()
        return self.named(*found.span()) if rest == ":" or _ANNOUNCES.search(rest) else None

    def named(self, start: int, end: int) -> Speaker | None:
        """Who `text[start:end]` is, which is not a pronoun; None where it cuts through a phrase."""
        words = self._text[start:end]
        if _CUT.search(words):
            return None
        described = Speaker(start, end, words, words)
        if role := _ROLE.fullmatch(words):
            person = self._people.in_office(role[1], start) if role[1] in ROLES else None
            return self._speaker(person) if person else described
        if _DETERMINED.match(words) and ", " in words:  # "the attorney, Lee Gelernt"
            tail = start + words.rindex(", ") + 2
            last = _NAMES.fullmatch(self._text, tail, end)
            if last and " " in last.group() and (person := person_at(self._text, tail, end)):
                return self._speaker(self._people.fullest(person))
        if re.search(r"\band\b", words):
            return described
        names = _NAMES.finditer(self._text, start, end)
        people = [(each.span(), person_at(self._text, *each.span())) for each in names]
        people = [each for each in people if each[1]]
        if not people:
            return described
        (first, last_at), person = people[0] if words[0].isupper() else people[-1]
        apposed = first == start and self._text[last_at : last_at + 1] == ","
        head = last_at == end and not _DEPENDS.search(f" {self._text[start:first]}")
        if person and (apposed or head):
            return self._speaker(self._people.fullest(person))
        return described

    def _speaker(self, person: Person) -> Speaker:
        office = self._text[person.start : person.name_start].strip()
        office = office or self._text[person.name_end : person.end].strip(" ,")
        name = self._text[person.name_start : person.name_end]
        whole = self._text[person.start : person.end]
        return Speaker(person.start, person.end, whole, name, office or None)

    def _opening(self, sentence: int, stop: int) -> Speaker | None:
        leads = _LEADS.match(self._text, sentence, stop)
        sentence = leads.end() if leads else sentence
        found = _OPENS.match(self._text, sentence, stop)
        span = found.span() if found else (sentence, sentence)
        described = _DESCRIBED.match(self._text, span[1], stop) if found else None
        if described and described["role"] in ROLES:
            span = described.span("name")
        if found and (person := person_at(self._text, *span)):
            speaker = self._speaker(self._people.fullest(person))
            if _is_one_person(speaker) and self._people.is_known(person):
                return speaker
        return None

    def _note(self, speaker: Speaker) -> None:
        if _is_one_person(speaker):
            self._remember(speaker)
        else:
            self._group = speaker

    def _remember(self, person: Speaker | None) -> None:
        if person and self._persons[-1:] != [person]:
            self._persons.append(person)


def _is_one_person(speaker: Speaker) -> bool:
    words = speaker.name.split()
    plain = [word.lower() for word in words]
    if "and" in plain:
        return False
    determined = plain[0] in ("a", "an", "one", "the", "another")
    if determined:
        return plain[-1] in ROLES
    return speaker.office is not None or (len(words) > 1 and words[0][0].isupper())
