"""What identifies in words as spoken: dates, telephone numbers and long numbers said in letters, very old ages.

A transcript is copied as it was heard, so that a fault can be found again; a date said in letters beside the same date
moved in the text would give the shift away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from templates.anonymise.spans import Found
from templates.french import MONTHS

_UNITS = (
    "zéro un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts "
    "trente quarante cinquante soixante septante huitante octante nonante cent cents mille"
).split()
_NUMBER = rf"(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
_JOIN = r"(?:[ \u00a0-]+(?:et[ \u00a0-]+)?)"
#: a number in letters, of any length
_RUN = rf"{_NUMBER}(?:{_JOIN}{_NUMBER})*"
_MONTH = "|".join(MONTHS)
_DATE = re.compile(
    rf"(?<!\w)(?:(?:premier|1er|{_RUN}|\d{{1,2}})[ \u00a0]+(?:{_MONTH})(?:[ \u00a0]+(?:{_RUN}|\d{{4}}))?"
    rf"|(?:{_MONTH})[ \u00a0]+{_RUN})(?!\w)",
    re.IGNORECASE,
)
_LETTERS = re.compile(rf"(?<!\w){_NUMBER}(?!\w)|premier", re.IGNORECASE)
_LONG = re.compile(rf"(?<!\w){_NUMBER}(?:{_JOIN}{_NUMBER}){{4,}}(?!\w)", re.IGNORECASE)
_OLD = re.compile(
    r"(?<!\w)(?:quatre[ \u00a0-]vingts?[ \u00a0-](?:dix(?:[ \u00a0-](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize)"
    r"|nonante(?:[ \u00a0-]\w+)?|cent(?:[ \u00a0-](?:un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix))?)[ \u00a0]+ans(?!\w)",
    re.IGNORECASE,
)
#: numbers in a row, none of them part of a larger one, from which a row can be nothing but dictated digits
_ROW, _PHONE = 8, 5


def spoken(text: str) -> Iterator[Found]:
    """Every such stretch; dates and numbers become labels, ages « 90 ans ou plus »."""
    for match in _DATE.finditer(text):
        if _LETTERS.search(match[0]):
            yield Found(match.start(), match.end(), "date", " ".join(match[0].casefold().split()))
    for match in _LONG.finditer(text):
        said = re.findall(rf"{_NUMBER}", match[0], re.IGNORECASE)
        if len(said) >= _ROW or (said[0].casefold() == "zéro" and len(said) >= _PHONE):
            kind = "phone" if said[0].casefold() == "zéro" else "number"
            yield Found(match.start(), match.end(), kind, " ".join(match[0].casefold().split()))
    for match in _OLD.finditer(text):
        yield Found(match.start(), match.end(), "age", match[0], "90\u00a0ans ou plus")
