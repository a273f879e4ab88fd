"""The words of which cues are made: verbs of saying, when and where, and who may say something."""

import re

from pullquote.qa.attribution.people import NAMES

_PLAIN = "said|says|think(?! tank)|thinks|believe|believes|hope|hopes|hoped"
# Of a clause only where one follows: "reported 18 homicides" says nothing of anybody.
_CLAUSE = (
    "say|added|adds|tell|told|claim|claims|claimed|argue|argues|argued|warn|warns|warned|"
    "note|notes|noted|explain|explains|explained|insist|insists|insisted|states(?= that)|"
    "stated|announced|acknowledged|acknowledges|admitted|admits|predict|predicts|predicted|"
    "suggest|suggests|suggested|estimates|estimated|report|reported|reports|testified|"
    "recalled|recalls|promised|vowed|pledged|concluded|concludes|confirmed|confirms|denied|"
    "denies|declared|declares|replied|responded|joked|jokes|agreed|maintained|maintains|"
    "reiterated|stressed|emphasized|contended|contends|alleged|alleges|asserted|asserts|"
    "complained|cautioned|cautions|observed|remarked|indicated|wrote|writes|tweeted|posted|"
    "signaled|signalled|thought|feared|fears|quipped|teased|mused|boasted|countered|lamented|"
    "conceded|concedes"
)
_QUOTES = "continued|continues|asked|asks|intoned|reads|shouted|chanted|exclaimed|sang|tells"
_FINDS = "found|find|finds|show|shows|showed|revealed|reveals|concluded"
_LABELS = (
    "described|describes|called|calls|calling|dubbed|branded|praised|denounced|hailed|thanking"
)
_PARTICIPLE = (
    "saying|adding|noting|arguing|warning|claiming|explaining|insisting|stating|suggesting|"
    "acknowledging|predicting|maintaining|telling reporters|writing"
)
VERB = re.compile(
    rf"(?<![\w’'-])(?:(?P<plain>{_PLAIN})|(?P<clause>{_CLAUSE})|(?P<finds>{_FINDS})|"
    rf"(?P<quotes>{_QUOTES})|(?P<labels>{_LABELS})|(?P<participle>{_PARTICIPLE})|"
    r"(?P<according>[Aa]ccording to))(?![\w’'-])"
)
# “…,” said Howell.
_BEFORE_NAMES = """
    said says added adds wrote writes reported reports noted notes explained explains argued argues
    warned tweeted recalled recalls joked continued claimed insisted quipped observed remarked
    replied declared agreed concluded asked asks intoned exclaimed
"""
INVERTIBLE = frozenset(_BEFORE_NAMES.split())
TOLD_VERBS = frozenset(["told", "tells", "tell", "cautioned", "warned", "warns", "assured"])
# Not said, or said of somebody: "would not say", "is said to".
UNSAID = re.compile(
    r"(?:\b(?:to|not|never|is|are|was|were|be|been|being|could|can|should|might|may|must|will|would|"
    r"that|it|let|having|to have|who do you)|n[’']t)\s+$",
    re.I,
)
PLURAL = re.compile(
    r"(?:\.|\d|\b(?:other|these|those|the|some|many|several|all|most|few|red|blue|of))\s+$"
)

STUDY = re.compile(
    r"\b(?:report|study|survey|poll|data|analysis|investigation|review|trials?|committee|records|"
    r"researchers|scientists|studies|reports|audit|inquiry|panel|documents|research|census|figures)\b",
    re.I,
)
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan\\.|Feb\\.|Aug\\.|Sept\\.|Oct\\.|Nov\\.|Dec\\."
)
_TIME = (
    rf"(?:(?:on |by |late |early |earlier )*(?:{DAYS})(?:,? (?:early |late )?(?:morning|afternoon|"
    r"evening|night))?|(?:last|this|earlier this|later that|late last|earlier that) "
    r"(?:week|month|year|spring|summer|fall|autumn|winter|morning|afternoon|evening)|"
    rf"(?:(?:in|on|in early|in late) )?(?:{MONTHS})(?: \d{{1,2}})?(?:, \d{{4}})?|in \d{{4}}|today|"
    r"yesterday|again|then|later|also|recently)"
)
_PLACE = (
    r"(?:in|during|at|on|via|through|by) (?:an? |his |her |their |its |the |that )?"
    r"(?:[\w’'.-]+ ){0,5}?(?:statement|interview|release|e-?mail|letter|tweet|post|report|speech|"
    r"editorial|conference|briefing|hearing|meeting|event|rally|ruling|update|memo|note|filing|"
    r"Twitter|Facebook|Instagram|phone)s?"
    rf"(?: (?:to|with|on|for) (?:the )?(?:{NAMES}|reporters|lawmakers))?"
)
ADVERBS = re.compile(rf"(?:,? (?:{_TIME}|{_PLACE})(?![\w’'-]))+")
TOLD = re.compile(
    rf" (?:(?:the |an? )?{NAMES}(?: (?:and|&) {NAMES})?(?: reporters?)?|reporters|lawmakers|police|"
    r"investigators|viewers|journalists|officers|officials|residents|jurors|senators|supporters|"
    r"him|her|them|me|us|the (?:[\w’'-]+ ){0,2}?(?:newspaper|court|committee|council|board|crowd|"
    r"station|outlet|audience|media|press|network|agency|paper|panel|judge|jury))(?![\w’'-])"
)
TRAILING_ADVERBS = re.compile(
    rf"(?:[ ,]+(?:has|have|had|also|then|later|once|again|recently|previously|repeatedly|further|"
    rf"always|never|still|only|both|just|now|all|first|since|himself|herself|\w{{3,15}}ly|{_TIME}|"
    rf"(?:on )?(?:{DAYS})|"
    r"in (?:an?|his|her|their|its) (?:\w+ ){0,2}?(?:statement|interview)))+\s*$"
)
OPENERS = re.compile(
    r"^(?:(?:and|but|while|although|though|as|because|so|yet|when|after|before|if|since|that|with|"
    r"however|meanwhile|whereas|where|which|what|for|or|then|in turn|for instance|in addition)"
    r"(?![\w’'-])\s*)+",
    re.I,
)
PRONOUN = re.compile(r"(?:he|she|they|it)$", re.I)
ALONE = re.compile(
    r"(?:police|officials|authorities|critics|experts|scientists|researchers|residents|people|others|"
    r"some|many|prosecutors|investigators|lawyers|attorneys|opponents|supporters|neighbou?rs|"
    r"witnesses|detectives|firefighters|doctors|economists|analysts|advocates|activists|lawmakers|"
    r"sources|organizers|organisers|forecasters|meteorologists|parents|teachers|republicans|"
    r"democrats|family|relatives|friends|most|several|data|records|documents|prosecutors)(?![\w’'-])",
    re.I,
)
DETERMINER = re.compile(
    r"(?:the|an?|one|another|some|many|several|two|three|his|her|their|its|most|both|other|these|"
    r"those|few|all|every)\s",
    re.I,
)
FINITE = re.compile(
    r"(?<![\w-])(?:is|are|was|were|will|would|has|have|had|can|could|may|might|should|must|does|did|"
    r"do|what|which|came|went|said|says|told|took|made|got|gave|whether|not)(?![\w-])|n[’']t\b|[’'](?:ll|ve|re|d)\b",
    re.I,
)
CLAUSE_VERB = re.compile(rf"{FINITE.pattern}|(?<=\w)[’']s (?:a|an|the|not|been|\w+ing)\b", re.I)
PREPOSITION = re.compile(r" (?:at|in|of|from|with|for|on|near|by|who|familiar|living|close)\b")
_NO_SPEAKERS = """
    i we you the a an their his her its our my this that these those there what who which
"""
NOBODY = frozenset(_NO_SPEAKERS.split())
JOINS = re.compile(
    r"\b(?:or|nor|and|than|after|including|of|in|at|to|on|for|from|with|by|as|because|like|about)\b"
)
