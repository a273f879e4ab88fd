"""Whether "he" or "she" can be said of somebody, by title, office or first name."""

import re

from pullquote.qa.types import Speaker

_HIS_TITLES = """
    mr sir king prince duke lord father brother pope cardinal rabbi imam congressman councilman
    spokesman chairman actor businessman sportsman
"""
_HER_TITLES = """
    mrs ms miss queen princess duchess dame mother sister congresswoman councilwoman spokeswoman
    chairwoman actress businesswoman sportswoman
"""
_HIS_NAMES = """
    aaron adam alan albert alexander andrew anthony antonio arthur benjamin ben bernie bill
    billy bob bobby boris brad bradley brandon brian bruce bryan carl carlos chad charles charlie
    christopher craig daniel dan dave david dennis derek dick don donald doug douglas dwight edward
    elijah elon emmanuel eric ethan eugene evan fernando francis francisco frank fred gary george
    gerald giorgio glenn gordon greg gregory harold harry harvey henry howard hugo ian isaac ivan
    jack jacob jair jake james jason jeff jeffrey jeremy jerome jerry jesse jim jimmy joe joel john
    johnny jonathan jorge jose joseph josh joshua juan julian justin karl keith ken kenneth kevin
    kyle larry lawrence leonard louis lucas luis luke manuel marc marcus mario mark martin matt
    matthew max michael miguel mike mitch mohammed nathan neil nicholas nick noah oscar patrick paul
    pedro peter phil philip pierre rafael ralph randy ray raymond ricardo richard rick rob robert
    rodney roger roland ron ronald roy russell ryan salvador sam samuel scott sean sergei seth
    shawn simon stephen steve steven stuart ted theodore thomas tim timothy todd tom tommy
    tony travis trevor tyler victor vincent vladimir volodymyr walter warren wayne william xi
    zachary
"""
_HER_NAMES = """
    abigail alexandra alexandria alice alicia alison allison amanda amber amy andrea angela angelina
    anita ann anna anne annie ashley barbara beth betty beverly brenda britney brittany carmen carol
    caroline carolyn catherine charlotte cheryl christina christine cindy claire claudia colleen
    crystal cynthia danielle deborah debra deirdre denise diana diane donna dorothy elaine eleanor
    elena elizabeth ellen emily emma erica erin esther eva evelyn fiona florence gabriela gina
    gloria grace greta hannah heather heidi helen hillary holly ingrid irene isabel ivanka
    jacqueline jane janet janice jeanne jenna jennifer jenny jessica jill joan joanna jodi
    josephine joyce judith judy julia julie karen kate katherine kathleen kathryn kathy katie kayla
    kimberly kristen kristin laura lauren leah lena liliana linda lisa liz lori louise
    lucia lucy lynn madeline margaret maria marie marilyn marina marjorie martha mary maya megan
    melania melanie melinda melissa meredith michelle molly monica nancy naomi natalie nicole nikki
    nina nora olga olivia pamela patricia paula peggy rachel rebecca regina renee rita roberta
    rosa rose ruth sally samantha sandra sarah sara serena sharon sheila shirley simone sofia
    sonia sophia stacey stella stephanie sue susan suzanne sylvia tamara tanya tara teresa theresa
    tiffany tina tracy ursula valerie vanessa veronica victoria virginia vivian wendy yvonne
"""
_TITLES = {
    **dict.fromkeys(_HIS_TITLES.split(), "he"),
    **dict.fromkeys(_HER_TITLES.split(), "she"),
}
_NAMES = {**dict.fromkeys(_HIS_NAMES.split(), "he"), **dict.fromkeys(_HER_NAMES.split(), "she")}
_WORD = re.compile(r"[^\W\d_]+")


def pronoun_of(speaker: Speaker) -> str | None:
    """ "he" or "she", where a title, the office or the first name tells; else None."""
    titles = {_TITLES[word] for word in _WORD.findall(speaker.text.lower()) if word in _TITLES}
    if titles:
        return titles.pop() if len(titles) == 1 else None
    first, *others = _WORD.findall(speaker.name.lower()) or [""]
    return _NAMES.get(first) if others else None
