"""Bytes in, characters out."""

import codecs
import re

import charset_normalizer

from pullquote.index.errors import ArticleError

# What English and other western European text has beyond ASCII.
_WESTERN = re.compile(
    r"[\x00-\x7f‘’“”‚„–—…•·«»£€©®™°½¼¾§\xa0áàâäåæçéèêëíîïñóôöøœúùûüßÁÀÄÅÇÉÈÑÓÖØÚÜ]*"
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32's mark begins with that of UTF-16, so it comes first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(data: bytes, declared: str = "utf-8") -> str:
    """The text of the bytes, line ends as they are, without a byte order mark.

    Tried in turn: what the mark says, UTF-8, the declared encoding, Windows-1252 where it gives
    nothing but western letters and quotation marks, and the best guess of charset-normalizer,
    which takes short English texts for Hungarian or Korean. Raises ArticleError where none fits.
    """
    marked = [encoding for mark, encoding in _BOMS if data.startswith(mark)]
    if not marked and b"\0" in data:
        raise ArticleError("It is not a text (it has NUL bytes); save it as UTF-8 text.")
    for encoding in (*marked[:1], "utf-8", declared):
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    western = data.decode("cp1252", "replace")
    if _WESTERN.fullmatch(western):
        return western
    guess = charset_normalizer.from_bytes(data).best()
    try:
        return data.decode(guess.encoding if guess else "ascii")
    except UnicodeError as error:
        reason = "Its characters cannot be decoded; save it as UTF-8 text."
        raise ArticleError(reason) from error
