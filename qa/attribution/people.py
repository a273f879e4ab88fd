"""The people that an article names, with their offices: "Interim Police Chief Kenny Howell"."""

import bisect
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

_UPPER = "".join(chr(code) for code in range(0x250) if chr(code).isupper())
_SHORT = (
    "Gov|Sen|Rep|Reps|Sens|Dr|Mr|Mrs|Ms|Lt|Col|Gen|Sgt|Capt|Rev|Hon|St|Jr|Sr|Prof|Supt|Cmdr|Adm|Maj|"
    "Det|Atty|Brig|Cpl|Pfc|Messrs|Cllr"
)
# One capitalised word, without a possessive ending: "O’Brien", "U.S.", "Gov.", "P."
CAPITALISED = (
    rf"(?:(?:{_SHORT})\.|(?:[{_UPPER}]\.)+|[{_UPPER}]\w{{0,40}}(?:[’'-](?!s\b)\w{{1,40}}){{0,4}})"
)
_PARTICLE = r"(?:(?:de|van|von|bin|ibn|al|el|la|le|der|den|di|da|du|dos|of|of the|for|&)[ \xa0])"
# Capitalised words that may be a name and its office.
NAMES = rf"{CAPITALISED}(?:[ \xa0]{_PARTICLE}?{CAPITALISED}){{0,9}}"

_ROLES = """
    president mayor governor gov senator sen representative rep reps congressman congresswoman chief
    judge justice attorney secretary minister director officer commissioner superintendent sheriff
    deputy captain capt lieutenant lt sergeant sgt colonel col general gen detective det inspector
    coroner chairman chairwoman chair chairperson speaker leader whip councilman councilwoman
    councilor councillor alderman ambassador envoy commander cmdr admiral adm major maj brigadier
    pastor rev reverend bishop archbishop cardinal pope rabbi imam father sister king queen prince
    princess duke lord lady sir dame dr doctor prof professor dean principal teacher coach manager
    ceo cfo coo cto founder co-founder cofounder owner head editor author writer columnist reporter
    correspondent journalist critic historian economist analyst strategist scientist researcher
    meteorologist forecaster epidemiologist biologist physician surgeon nurse psychologist
    spokesman spokeswoman spokesperson adviser advisor aide lawyer counsel prosecutor defender
    treasurer comptroller clerk administrator coordinator organizer activist advocate fellow expert
    specialist engineer investigator agent marshal trooper firefighter resident neighbor neighbour
    witness survivor customer member co-owner partner executive premier chancellor undersecretary
    whistleblower actor actress singer rapper comedian host anchor producer director-general
    pilot astronaut mr mrs ms
"""
_ORGANISATIONS = """
    department university college school institute center centre association office company council
    service agency party group times post news church court committee commission bureau board house
    union league club bank fund foundation society administration journal guardian observer force
    network corporation corp inc ministry hospital alliance federation coalition states united
    productions street avenue circuit endowment
"""
_NO_NAMES = """
    the a an in on at as but and so if when while for from by with to of after before since during
    this that these those there here it he she they we i you his her their its our my your one some
    many most all both each no not yes yet then now also still once only even what who why how where
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december today yesterday tomorrow more read watch photo
    is are was were do does did can could will would should has have had just may might let
    cnn ap afp reuters getty images nbc cbs abc npr msnbc epa like
    though although however whereas meanwhile instead because despite according asked
"""
_PARTICLES = "de van von bin ibn al el la le der den di da du dos"
_NO_OFFICES = "said says told asked than or nor into over under about against"
ROLES = frozenset(_ROLES.split())
_ORGANISATION, _NO_NAME = frozenset(_ORGANISATIONS.split()), frozenset(_NO_NAMES.split())
_NO_FIRST_NAME, _NO_OFFICE = frozenset(_PARTICLES.split()), frozenset(_NO_OFFICES.split())
_WORDS = re.compile(r"\S+")
_NAMES = re.compile(rf"(?<![\w’'-]){NAMES}")
_FIRST_WORD = re.compile(rf"{CAPITALISED}[ \xa0](?:{_PARTICLE})?")
# "finance minister ", "system spokesman ", before a name; "former " and "acting " before those.
_DESCRIBED = re.compile(r"(?:(?<=[\s(—–-])|^)((?:[a-z][\w’'-]{0,20} ){0,3}([a-z][a-z-]{1,20}) )$")
_APPOSITION = re.compile(
    r", (?P<words>[\w’'&/-]{1,30}(?: [\w’'&/-]{1,30}){0,13}?)(?=,(?!\w)|[.;:!?](?:\s|$)|[”\"—–)]|$)"
)
_NO_APPOSITION = re.compile(
    r"\b(?:was|were|is|are|has|had|have|said|says|who|which|told|will|would|according|including)\b"
)
_LONGEST_DESCRIPTION = 80  # characters


@dataclass(frozen=True, slots=True)
class Person:
    """Where an article names somebody: `text[start:end]` with the office, the name inside it."""

    start: int
    end: int
    name_start: int
    name_end: int


class People:
    """Everybody that a text names with two words or more, or with an office."""

    def __init__(self, text: str) -> None:
        self._text = text
        # For each last name: the first names, where each stands, and the fullest place of each.
        self._first: dict[str, list[str]] = defaultdict(list)
        self._starts: dict[str, list[int]] = defaultdict(list)
        self._shared: set[str] = set()  # last names of several persons
        self._fullest: dict[tuple[str, str], Person] = {}
        self._with_office: dict[str, list[Person]] = defaultdict(list)
        self._office_starts: dict[str, list[int]] = defaultdict(list)
        self._seen: Counter[str] = Counter()  # last names, with or without the first
        for match in _NAMES.finditer(text):
            person = person_at(text, *match.span())
            if person:
                self._seen[self._surname(person)] += 1
            if person and (" " in text[person.name_start : person.name_end] or _has_office(person)):
                surname, first = self._surname(person), self._first_name(person)
                if first:
                    self._first[surname].append(first)
                    if first != self._first[surname][0]:
                        self._shared.add(surname)
                    self._starts[surname].append(person.start)
                    known = self._fullest.setdefault((surname, first), person)
                    if _has_office(person) and not _has_office(known):
                        self._fullest[surname, first] = person
                office = text[person.start : person.name_start].lower()
                for word in re.findall(r"[a-z-]+", office):
                    if word in ROLES:
                        self._with_office[word].append(person)
                        self._office_starts[word].append(person.start)

    def fullest(self, person: Person) -> Person:
        """The first place that names this person in full, with the office if one does.

        Where several persons of the article share the last name, it is the one named last before
        `person`.
        """
        surname, first = self._surname(person), self._first_name(person)
        if not first:
            before = bisect.bisect_left(self._starts.get(surname, ()), person.start)
            firsts = self._first.get(surname, ())
            if not firsts:
                return person
            first = firsts[max(0, before - 1)]
            if not before and surname in self._shared:
                return person
        return self._fullest.get((surname, first), person)

    def is_known(self, person: Person) -> bool:
        """Whether it is surely a person: with an office, or named again."""
        return _has_office(person) or self._seen[self._surname(person)] > 1

    def in_office(self, office: str, before: int) -> Person | None:
        """The person of that office ("mayor") whom the article names last before that place."""
        people = self._with_office.get(office, [])
        at = bisect.bisect_left(self._office_starts.get(office, ()), before)
        return self.fullest(people[at - 1]) if at else None

    def _surname(self, person: Person) -> str:
        words = self._text[person.name_start : person.name_end].lower().split()
        while len(words) > 1 and words[-1].strip(".") in ("jr", "sr", "ii", "iii", "md"):
            words.pop()
        return words[-1]

    def _first_name(self, person: Person) -> str:
        words = self._text[person.name_start : person.name_end].lower().split()[:-1]
        return next((word for word in words if word not in _NO_FIRST_NAME), "")


def names_nobody(word: str) -> bool:
    """Whether a capitalised word names nothing: it begins a sentence, or is a weekday."""
    return re.sub(r"[’'](?:s|re|ve|ll|d)$", "", _plain(word)) in _NO_NAME


def person_at(text: str, start: int, end: int) -> Person | None:
    """The person whom the capitalised words name, with the office before and behind them.

    None where they name an organisation or begin a sentence and name nothing.
    """
    while (first := _FIRST_WORD.match(text, start, end)) and _plain(first.group()) in _NO_NAME:
        start = first.end()
    words = [match.span() for match in _WORDS.finditer(text, start, end)]
    plain = [_plain(text[a:b]) for a, b in words]
    if not words or plain[-1] in _NO_NAME:
        return None
    for index in range(2, len(words)):
        if plain[index] in ("of", "for") and not set(plain[:index]) & (ROLES | _ORGANISATION):
            # "Christoph Heubner of the Auschwitz Committee"
            return Person(start, end, start, words[index - 1][1])
    roles = [index for index, word in enumerate(plain[:-1]) if word in ROLES]
    name = words[roles[-1] + 1 if roles else 0 :]
    if roles and {"for", "of"} & set(plain[roles[-1] :]):
        name = name[-2:]  # Assistant Secretary for Financial Institutions Graham Steele
    if plain[-1] in ROLES or plain[-1] in _ORGANISATION or len(name) > 4:
        return None
    if not roles and any(word in _ORGANISATION for word in plain):
        return None
    name_start = name[0][0]
    if not roles:
        start = _description_start(text, start)
    end = _apposition_end(text, end)
    return Person(start, end, name_start, words[-1][1])


def _has_office(person: Person) -> bool:
    return person.start < person.name_start or person.name_end < person.end


def _description_start(text: str, start: int) -> int:
    """Where "former finance minister" begins before a name; else where the name does."""
    before = text[max(0, start - _LONGEST_DESCRIPTION) : start]
    found = _DESCRIBED.search(before)
    if not found or found[2] not in ROLES:
        return start
    words = found[1].split()
    kept = len(words) - 1
    while kept and words[kept - 1] not in _NO_NAME and words[kept - 1] not in _NO_OFFICE:
        kept -= 1
    return start - len(" ".join(words[kept:])) - 1


def _apposition_end(text: str, end: int) -> int:
    """Where ", head of the county's chapter" ends that stands behind a name; else where it does."""
    found = _APPOSITION.match(text, end, end + 2 * _LONGEST_DESCRIPTION)
    if not found or _NO_APPOSITION.search(found["words"]):
        return end
    # In capitals it is somebody else's office, in a list of people.
    words = {word for word in found["words"].split() if word.islower() or word in ("CEO", "CFO")}
    return found.end() if {word.lower() for word in words} & ROLES else end


def _plain(word: str) -> str:
    return word.strip(" \xa0.,").lower()
