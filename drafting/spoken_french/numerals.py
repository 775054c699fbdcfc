"""The grammar of French numbers, in France, Belgium and Switzerland.

Works on *atoms*: lower-case unaccented words, hyphens already taken apart (« quatre », « vingt »).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from drafting.spoken_french.scan import folded, rows

_TABLE = {row["word"]: (int(row["value"]), row["role"]) for row in rows("numerals.tsv")}
_DIGITS = re.compile(r"^\d{1,3}$")
#: what may be written after « virgule » as decimals at most
_DECIMALS_MAX = 4
#: longest number in atoms: « neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf » and some
MAX_ATOMS = 18

Parse = tuple[int, int]


def is_number_word(text: str) -> bool:
    """True when ``text`` is a French number word, hyphenated or not, or figures (« 14 », « 14,8 »)."""
    return bool(re.match(r"^\d+([.,]\d+)?$", text)) or atoms_of(text) is not None


def atoms_of(text: str) -> tuple[str, ...] | None:
    """Number atoms of one written word (« quatre-vingt-dix » gives three), ``None`` when it is no number."""
    parts = tuple(folded(text).split(" "))
    if all(part in _TABLE or (part == "et" and 0 < n < len(parts) - 1) for n, part in enumerate(parts)):
        return parts
    return None


def _role(atoms: Sequence[str], i: int) -> str:
    return _TABLE[atoms[i]][1] if i < len(atoms) and atoms[i] in _TABLE else ""


def _value(atoms: Sequence[str], i: int) -> int:
    return _TABLE[atoms[i]][0]


def _below_100(atoms: Sequence[str], i: int) -> list[Parse]:
    role = _role(atoms, i)
    if role == "unit":
        out = [(_value(atoms, i), i + 1)]
        if atoms[i] == "quatre" and i + 1 < len(atoms) and atoms[i + 1] in ("vingt", "vingts"):
            out += _after_tens(atoms, i + 2, 80, teens=True)
        return out
    if role == "teen":
        out = [(_value(atoms, i), i + 1)]
        if atoms[i] == "dix" and _role(atoms, i + 1) == "unit" and _value(atoms, i + 1) >= 7:
            out.append((10 + _value(atoms, i + 1), i + 2))
        return out
    if role == "tens":
        return _after_tens(atoms, i + 1, _value(atoms, i), teens=_value(atoms, i) == 60)
    return []


def _after_tens(atoms: Sequence[str], i: int, tens: int, *, teens: bool) -> list[Parse]:
    out = [(tens, i)]
    at = i + 1 if i < len(atoms) and atoms[i] == "et" else i
    joined = at != i
    role = _role(atoms, at)
    one = role == "unit" and _value(atoms, at) == 1
    # « vingt et un » but « quatre-vingt-un »: « vingt un le matin » is 20, then 1
    if role == "unit" and (one if joined else not one or tens >= 80):
        out.append((tens + _value(atoms, at), at + 1))
    elif role == "teen" and teens and (not joined or _value(atoms, at) == 11):
        out += [(tens + value, end) for value, end in _below_100(atoms, at)]
    return out


def _below_1000(atoms: Sequence[str], i: int) -> list[Parse]:
    if i < len(atoms) and _DIGITS.match(atoms[i]):
        return [(int(atoms[i]), i + 1)]
    out: list[Parse] = []
    heads = [(1, i)] if _role(atoms, i) == "hundred" else _below_100(atoms, i)
    for head, end in heads:
        if end > i:
            out.append((head, end))
        # « deux cents », and « dix-neuf cent » for years; « vingt cent » does not exist
        if _role(atoms, end) == "hundred" and (end == i or 2 <= head <= 9 or 11 <= head <= 19):
            out.append((head * 100, end + 1))
            out += [(head * 100 + rest, stop) for rest, stop in _below_100(atoms, end + 1)]
    return out


def _below_million(atoms: Sequence[str], i: int) -> list[Parse]:
    out: list[Parse] = []
    heads = [(1, i)] if _role(atoms, i) == "thousand" else _below_1000(atoms, i)
    for head, end in heads:
        if end > i:
            out.append((head, end))
        if _role(atoms, end) == "thousand" and head < 1000 and (end == i or head > 1):
            out.append((head * 1000, end + 1))
            out += [(head * 1000 + rest, stop) for rest, stop in _below_1000(atoms, end + 1)]
    return out


def cardinals(atoms: Sequence[str], i: int) -> list[Parse]:
    """Every cardinal that starts at atom ``i`` as (value, index after it), longest first."""
    if _role(atoms, i) == "zero":
        return [(0, i + 1)]
    out: list[Parse] = []
    for head, end in _below_million(atoms, i):
        out.append((head, end))
        if _role(atoms, end) == "million" and head < 1000:
            scale = _value(atoms, end)
            out.append((head * scale, end + 1))
            out += [(head * scale + rest, stop) for rest, stop in _below_million(atoms, end + 1)]
    if i < len(atoms) and _DIGITS.match(atoms[i]):
        # bare figures are not number words: only « 280 mille » is read here
        out = [(value, end) for value, end in out if end > i + 1]
    return sorted(dict.fromkeys(out), key=lambda parse: -parse[1])


@dataclass(frozen=True, slots=True)
class Reading:
    """A number read at some words: exact figures and how many words it takes."""

    #: « 38 », « 0,05 »: no grouping, decimal comma
    figures: str
    #: index of the word after it
    end: int


def flatten(words: Sequence[str], i: int) -> tuple[list[str], list[int]]:
    """Atoms of the number words from ``words[i]`` on, and for each atom the index of its word."""
    atoms: list[str] = []
    owners: list[int] = []
    for n in range(i, min(len(words), i + MAX_ATOMS)):
        parts: tuple[str, ...] | None = atoms_of(words[n])
        if parts is None and words[n].lower() == "et" and atoms:
            parts = ("et",)
        if parts is None and not atoms and _DIGITS.match(words[n]):
            parts = (words[n],)
        if parts is None:
            break
        atoms += parts
        owners += [n] * len(parts)
    return atoms, owners


def readings(words: Sequence[str], i: int) -> list[tuple[int, int]]:
    """Cardinals at ``words[i]`` that end on a word boundary, as (value, index of next word), longest first."""
    if i >= len(words) or (not words[i][:1].isdigit() and atoms_of(words[i]) is None):
        return []
    atoms, owners = flatten(words, i)
    out: list[tuple[int, int]] = []
    for value, end in cardinals(atoms, 0):
        if end == len(atoms) or owners[end] != owners[end - 1]:
            out.append((value, owners[end - 1] + 1))
    return out


def cardinal(words: Sequence[str], i: int) -> tuple[int, int] | None:
    """Longest cardinal at ``words[i]``: value and index of the next word."""
    found = readings(words, i)
    return found[0] if found else None


def decimals(words: Sequence[str], i: int) -> Reading | None:
    """What stands after « virgule »: zeros then one cardinal, or figures."""
    zeros, at = "", i
    while at < len(words) and folded(words[at]) == "zero":
        zeros, at = zeros + "0", at + 1
    if at < len(words) and re.match(r"^\d{1,4}$", words[at]) and not zeros:
        return Reading(words[at], at + 1)
    for value, end in readings(words, at):
        if len(zeros) + len(str(value)) <= _DECIMALS_MAX:
            return Reading(zeros + str(value), end)
    return Reading(zeros, at) if zeros else None


#: words after « virgule un » that leave it a decimal; any other word makes « un » an article
_AFTER_ONE = frozenset(
    "a au aux en et ou par pour sur sous le la les ce avec chez contre depuis avant apres dans du de puis soit est "
    "point virgule deux points fois h".split()
)


def decimal_comma(words: Sequence[str], i: int) -> bool:
    """True when ``words[i]``, a « virgule », is the decimal sign between two numbers.

    « mMRC deux virgule une toux » and « stade deux virgule un épisode » are commas: feminine « une »
    is never a decimal, and « un » only before a unit, a preposition, a mark or the end.
    """
    if i == 0 or i + 1 >= len(words) or folded(words[i]) != "virgule":
        return False
    before, after = words[i - 1], words[i + 1]
    if not (re.match(r"^\d+$", before) or atoms_of(before)) or folded(before) == "une":
        return False
    if not (re.match(r"^\d+$", after) or atoms_of(after)) or folded(after) == "une":
        return False
    if _ends_decimal(words, i) or (i > 1 and folded(words[i - 2]) in _RANKED):
        return False
    if i > 2 and folded(words[i - 2]) == "semaine" and folded(words[i - 3]) in ("la", "en", "de"):
        return False  # « à la semaine zéro, quatre-vingts à la semaine deux »
    if _hour_label(words, i + 1):
        return False  # « à une heure un soixante-douze, deux heures un quarante et un »
    if i > 1 and folded(words[i - 2]) == "le" and (day := readings(words, i - 1)) and 1 <= day[0][0] <= 31:
        return False  # « le douze, treize sept debout »: a day of the month holds no decimals
    if folded(after) == "un" and not _measured(words, i - 1):
        from drafting.spoken_french.units import starts_unit

        following = words[i + 2] if i + 2 < len(words) else ""
        key = folded(following)
        if key == "il" and i + 3 < len(words) and folded(words[i + 3]) == "y":
            return True  # « contre quatre virgule un il y a un an »
        return not key or not key[0].isalpha() or key in _AFTER_ONE or starts_unit(key) or is_number_word(following)
    return True


#: a unit said before the decimals of its figure: « deux milligrammes virgule cinq » is 2,5 mg
_SPLIT_UNITS = frozenset(
    "milligramme milligrammes gramme grammes microgramme microgrammes kilo kilos kilogrammes litre litres centimetre "
    "centimetres millimetre millimetres metre metres degre degres mg g kg mm cm ml millilitre millilitres mg/l g/l".split()
)
#: decimals that are said after a unit even when a moment follows; other figures there count tablets
_COMMON_PARTS = frozenset("5 25 75".split())
_MOMENTS_AFTER = frozenset("matin midi soir le la au a par tous chaque en pendant et puis".split())


def unit_comma(words: Sequence[str], i: int) -> bool:
    """True when the « virgule » at ``i`` stands between a unit and the decimals of the figure before it."""
    if i < 2 or i + 1 >= len(words) or folded(words[i]) != "virgule" or folded(words[i - 1]) not in _SPLIT_UNITS:
        return False
    before = words[i - 2]
    if not (re.match(r"^\d{1,2}$", before) or atoms_of(before)) or folded(words[i + 1]) in ("un", "une"):
        return False
    part = decimals(words, i + 1)
    if part is None or len(part.figures) > 2:
        return False
    following = folded(words[part.end]) if part.end < len(words) else ""
    if not following or not following[0].isalnum() or following in ("point", "virgule"):
        return True
    return part.figures in _COMMON_PARTS and following in _MOMENTS_AFTER


#: their figure is a rank and holds no decimals: « bas de classe deux, deux paires »
_RANKED = frozenset("classe stade grade type groupe numero tableau cycle palier".split())


def _hour_label(words: Sequence[str], i: int) -> bool:
    """True when a number of hours and then a figure stand at ``i``: what follows names a time, not decimals."""
    found = readings(words, i)
    if not found or found[0][0] > 24 or found[0][1] + 1 >= len(words):
        return False
    at = found[0][1]
    return folded(words[at]) in ("heure", "heures") and bool(is_number_word(words[at + 1]) or words[at + 1].isdigit())


def _measured(words: Sequence[str], i: int) -> bool:
    """True when a measure that is read with decimals is named before the number ``words[i]``."""
    from drafting.spoken_french.labels import TABLE

    at = i - 1
    while at >= 0 and folded(words[at]) in ("a", "est", "etait", "reste"):
        at -= 1
    low = [folded(word) for word in words[max(0, at - 3) : at + 1]]
    found = (TABLE.at(low, start) for start in range(len(low)))
    return any(hit is not None and hit[1] == len(low) and hit[0].decimals for hit in found)


def _ends_decimal(words: Sequence[str], i: int) -> bool:
    """True when the number that ends at ``words[i - 1]`` already holds a decimal « virgule »."""
    for start in range(i - 1, max(-1, i - 6), -1):
        if folded(words[start]) == "virgule":
            reading = decimals(words, start + 1)
            return reading is not None and reading.end == i and decimal_comma(words, start)
        if atoms_of(words[start]) is None and not re.match(r"^\d+$", words[start]):
            return False
    return False
