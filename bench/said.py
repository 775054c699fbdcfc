"""What raw words may be written as: a small French number code of its own, shared with nothing of the pipeline."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_UNITS = {
    "zero": 0, "un": 1, "une": 1, "premier": 1, "premiere": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6,
    "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15,
    "seize": 16, "deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "sixieme": 6,
    "septieme": 7, "huitieme": 8, "neuvieme": 9, "dixieme": 10, "dixiemes": 10, "demi": 0, "demie": 0,
}  # fmt: skip
_TENS = {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70,
         "huitante": 80, "octante": 80, "nonante": 90}  # fmt: skip
_BIG = {"cent": 100, "cents": 100, "mille": 1000, "million": 10**6, "millions": 10**6, "milliard": 10**9}
ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
           "decembre")  # fmt: skip
SIDES = {
    "droit": "d",
    "droite": "d",
    "droits": "d",
    "droites": "d",
    "od": "d",
    "gauche": "g",
    "gauches": "g",
    "og": "g",
}
NEGATIONS = frozenset({"pas", "sans", "ni", "aucun", "aucune", "jamais", "non"})
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def fold(text: str) -> str:
    """Lower case without accents."""
    flat = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in flat if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """Folded words and numbers of a text."""
    return re.findall(r"[a-z0-9µ]+", fold(text.translate(_SUPERSCRIPTS)))


_SAME = {"vingts": "vingt", "cents": "cent", "une": "un", "premier": "un", "premiere": "un", "septante": "soixante dix",
         "huitante": "quatre vingt", "octante": "quatre vingt", "nonante": "quatre vingt dix", "second": "deux",
         "seconde": "deux"}  # fmt: skip
_SPELLED = {
    n: w for w, n in reversed([*_UNITS.items(), *_TENS.items()]) if w not in _SAME and not w.endswith(("eme", "emes"))
}


def _spelled(value: int) -> str:
    """« 77 » as « soixante dix sept », folded, without « et »; up to 999 999."""
    if value >= 1000:
        thousands = "" if value < 2000 else _spelled(value // 1000) + " "
        return f"{thousands}mille" + (f" {_spelled(value % 1000)}" if value % 1000 else "")
    if value >= 100:
        hundreds = "" if value < 200 else _spelled(value // 100) + " "
        return f"{hundreds}cent" + (f" {_spelled(value % 100)}" if value % 100 else "")
    if value in (*range(17), 20, 30, 40, 50, 60):
        return "zero" if value == 0 else _SPELLED[value]
    if value < 70:
        return f"{'dix' if value < 20 else _SPELLED[value // 10 * 10]} {_spelled(value % 10)}"
    if value < 80:
        return f"soixante {_spelled(value - 60)}"
    return "quatre vingt" + (f" {_spelled(value - 80)}" if value > 80 else "")


@lru_cache(maxsize=20_000)
def _whole(run: tuple[str, ...]) -> int | None:
    """The number a run spells as one, ``None`` when it is none or several (« treize huit »)."""
    value = _value(run)
    if value is None or len(run) == 1:
        return value
    if value >= 10**6:
        return value if any(w.startswith(("million", "milliard")) for w in run) else None
    flat = " ".join(_SAME.get(w, w) for w in run if w != "et")
    flat = re.sub(r"eme$", "", flat) if flat.endswith("eme") else flat
    return value if flat in (_spelled(value), f"un {_spelled(value)}", _spelled(value).removesuffix("e")) else None


def _values(run: Sequence[str]) -> set[str]:
    """Numbers of a run of number words read with the fewest pieces: « treize huit » gives 13 and 8, never 21.

    « quarante un comprimé » is also 40 and one: an article may follow a number.
    """
    out = _fewest(run)
    for place, word in enumerate(run):
        if word in ("un", "une") and place:
            out |= _fewest(run[:place]) | _fewest(run[place:])
    return out


def _fewest(run: Sequence[str]) -> set[str]:
    best: list[tuple[int, set[str]]] = [(0, set())]
    for last in range(1, len(run) + 1):
        ways = [
            (best[first][0] + 1, best[first][1] | {str(value)})
            for first in range(max(0, last - 12), last)
            if (value := _whole(tuple(run[first:last]))) is not None
        ]
        fewest = min((n for n, _ in ways), default=10**6)
        best.append((fewest, set().union(*(values for n, values in ways if n == fewest))))
    return best[-1][1]


def _value(run: Sequence[str]) -> int | None:
    total = current = 0
    for word in run:
        if word == "et":
            continue
        if word in _BIG:
            big = _BIG[word]
            if big == 100:
                current = max(current, 1) * 100
            else:
                total, current = total + max(current, 1) * big, 0
        elif word in ("vingt", "vingts") and current % 100 == 4:
            current += 76
        elif word in _TENS:
            current += _TENS[word]
        elif word in _UNITS:
            current += _UNITS[word]
        elif word.isdigit():
            if len(run) > 1:
                return None
            return int(word)
        else:
            return None
    return total + current


def number_word(word: str) -> bool:
    return word in _UNITS or word in _TENS or word in _BIG or word.isdigit()


def numbers_from(raw: Sequence[str]) -> set[str]:
    """Every number, as written, that the raw words may give."""
    words, stops = [], set()
    for piece in raw:
        words += words_of(piece)
        if piece[-1:] in (",", ";", ":", "."):
            stops.add(len(words))  # « cinq cents, deux comprimés » is no 502
    out: set[str] = set()
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        if number_word(words[at]):
            end = at + 1
            while (
                end < len(words)
                and end not in stops
                and (
                    number_word(words[end])
                    or (words[end] == "et" and end + 1 < len(words) and words[end + 1] in ("un", "une", "onze"))
                )
            ):
                end += 1
            runs.append((at, end))
            at = end
        else:
            at += 1
    for a, b in runs:
        values = _values(words[a:b])
        out |= values
        if _of_pressure(words, a, b):
            out |= {str(int(v) * 10) for v in values if 3 <= int(v) <= 30}
        for cut in range(a + 1, b):  # « trente-huit deux », « six huit cent cinquante »
            out |= _joined(_whole(tuple(words[a:cut])), words[cut:b])
    for left, right in itertools.pairwise(runs):
        if set(words[left[1] : right[0]]) <= _DECIMAL and right[0] - left[1] <= 2:
            for first in range(*left):
                out |= _joined(_whole(tuple(words[first : left[1]])), words[slice(*right)])
    for word in words:
        if word in MONTHS:
            month = MONTHS.index(word) + 1
            out |= {str(month), f"{month:02d}"}
        if word in ROMAN:
            out.add(ROMAN[word])
        out |= set(re.findall(r"\d+", word))
    out |= {
        re.sub(r"\D", "", m) for m in re.findall(r"\b\d{1,3}(?: \d{3})+\b", " ".join(raw))
    }  # « 4 000 » in two words
    out |= {re.sub(r"\s", "", m) for m in re.findall(r"\d+\s*,\s*\d+", " ".join(raw))}
    for piece in raw:
        out |= {m.replace(".", ",") for m in re.findall(r"\d+(?:[.,]\d+)?", piece)}
    for place, word in enumerate(words):
        if word in ("demi", "demie", "demis"):
            before = [_values(words[a:b]) for a, b in runs if 0 <= place - b <= 3 or a <= place < b]
            out |= {f"{v},5" for values in before for v in values} | {"0,5", "1/2", "2"}
    return {bare(n) for n in out} | out


#: between a whole number and its decimals, or a unit and its hundredths
_DECIMAL = frozenset(
    "virgule point et kilo kilos kg metre metres m litre litres degre degres gramme grammes g heure heures h pour sur a".split()
)


def _of_pressure(words: Sequence[str], first: int, last: int) -> bool:
    """« treize huit », « quatorze sur huit »: tens of mmHg are said by their unit near « tension » or « T A »."""
    around = words[max(0, first - 8) : first]
    named = {"tension", "ta", "pa", "systolique", "diastolique", "bras"} & set(
        around
    ) or " t a " in f" {' '.join(around)} "
    paired = (
        "sur" in words[last : last + 1] or "sur" in words[first - 1 : first] or len(_values(words[first:last])) == 2
    )
    return bool(named or paired)


def _joined(whole: int | None, tail: Sequence[str]) -> set[str]:
    if whole is None:
        return set()
    out = set()
    zeros = 0
    while zeros < len(tail) and tail[zeros] == "zero":
        zeros += 1
    for last in range(zeros + 1, len(tail) + 1):
        part = _value(tail[zeros:last])
        if part is not None:
            out |= {f"{whole},{'0' * zeros}{part}", f"{whole},{part:02d}", f"{whole},{part:03d}"}
    return out


def bare(number: str) -> str:
    return (number.lstrip("0") or "0") if "," not in number else number.rstrip("0").rstrip(",")


_NUMBER = re.compile(
    r"(?<![A-Za-zÀ-ÿ\d])(?:\d{1,3}(?:[\u00a0\u202f]\d{3})+(?:,\d+)?(?![\u00a0\u202f]?\d)|\d+(?:,\d+)?)"
)
#: figures that belong to a unit or a name, not to a value
NOT_VALUES = re.compile(
    r"1,73[ \u00a0]m²|[mc]?m[²³23](?!\d)|\b(?:SpO2|HbA1c|PaO2|PaCO2|pO2|pCO2|O2|CO2|T[34]\b(?= libre))"
)


def numbers_in(text: str) -> list[str]:
    """Numbers of a written text, thousands joined."""
    text = re.sub(r"(\d)([⁰¹²³⁴⁵⁶⁷⁸⁹])", r"\1 puissance \2", NOT_VALUES.sub(" ", text)).translate(_SUPERSCRIPTS)
    return [re.sub(r"[ \u00a0\u202f]", "", m.group(0)) for m in _NUMBER.finditer(text)]
