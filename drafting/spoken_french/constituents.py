"""Parts of a sentence that one can correct: a number with its unit, a date, a word of a kind, a drug, a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dictation.lexicon import Lexicon, fold
from drafting.spoken_french import numerals
from drafting.spoken_french.phrases import Key, Phrases, alternatives, read_table, word_set
from drafting.spoken_french.token import Kind, Token


@dataclass(frozen=True, slots=True)
class Part:
    """Half-open range of tokens; ``kind`` is "number", "frequency", "date", "level", "drug", "name" or a set of ``repair_sets.tsv``."""

    kind: str
    first: int
    last: int
    #: end of the figures of a number, before its unit
    core: int = 0
    #: unit class of a number, ``""`` when it has none
    unit: str = ""


@cache
def _sets() -> Phrases[frozenset[str]]:
    table: dict[str, set[str]] = {}
    for row in read_table("repair_sets.tsv", ("set", "words")):
        for form in alternatives(row["words"]):
            table.setdefault(fold(form), set()).add(row["set"])
    return Phrases((form, frozenset(names)) for form, names in table.items())


@cache
def _units() -> Phrases[str]:
    rows = read_table("repair_units.tsv", ("class", "words"))
    return Phrases((form, row["class"]) for row in rows for form in alternatives(row["words"]) if fold(form))


@cache
def _endings() -> tuple[str, ...]:
    text = resources.files("drafting.spoken_french").joinpath("drug_endings.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


_MONTHS = word_set("janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre")
_DIGITS = re.compile(r"^[<>]?\d[\d.,/:%-]*(?:kg|mg|g|%|h)?$")
_LEVEL = re.compile(r"^[CDLST]\d{1,2}(?:[-/][CDLST]?\d{1,2})?$")
#: units with figures after them
_INNER = (
    ("gramme",),
    ("grammes",),
    ("kilo",),
    ("kilos",),
    ("metre",),
    ("metres",),
    ("litre",),
    ("litres",),
    ("heure",),
    ("heures",),
)
_LINKS = frozenset(("virgule", "sur", "et", "slash", "plus"))
_PERIODS = word_set(
    "jour jours matin matins midi midis soir soirs nuit nuits heure heures semaine semaines mois an ans"
)
#: words that belong to no part and may stand before one
FUNCTION = word_set(
    "le la les l un une des du de d au aux a en sur dans par pour chez ce cet cette son sa ses est c plutot bien donc"
    " cote vers je j il elle on docteur monsieur madame professeur environ sous avec"
)


def is_number(token: Token) -> bool:
    """True for a number word or figures."""
    return token.kind is Kind.WORD and (
        numerals.is_number_word(token.text)
        or bool(_DIGITS.match(token.text))
        or token.text.lower() in ("demi", "demie")
    )


def number_at(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> Part | None:
    """Longest number at ``i`` with its unit: « cent dix-huit sur soixante-quatorze », « cinq milligrammes »."""
    if keys[i] in (("un",), ("une",)) and keys[i + 1 : i + 2] in ([("seul",)], [("seule",)]):
        only = _units().at(keys, i + 2)
        return Part("number", i, i + 2 + only[1], core=i + 1, unit=only[0]) if only else None
    if not is_number(tokens[i]) or (keys[i] in (("un",), ("une",)) and not _figure_follows(tokens, keys, i)):
        return None
    end = i
    while end < len(tokens) and (
        is_number(tokens[end])
        or (keys[end][:1] and keys[end][0] in _LINKS and end + 1 < len(tokens) and is_number(tokens[end + 1]))
    ):
        end += 1
    if end < len(tokens) and keys[end] and keys[end][-1] in _MONTHS:
        last = end + 1
        while last < len(tokens) and is_number(tokens[last]):
            last += 1
        return Part("date", i, last, core=end)
    unit = _units().at(keys, end) or (("percent", 1) if end < len(tokens) and tokens[end].text == "%" else None)
    if unit is None:
        return Part("number", i, end, core=end)
    last = end + unit[1]
    if [k[-1:] for k in keys[last : last + 2]] in ([("et",), ("demi",)], [("et",), ("demie",)]):
        return Part("number", i, last + 2, core=last + 2, unit=unit[0])  # « un litre et demi »
    inner = last
    while inner < len(tokens) and keys[end][-1:] in _INNER and is_number(tokens[inner]):
        inner += 1
    if inner > last and (_units().at(keys, inner) or ("", 0))[0] in ("", unit[0]):
        again = _units().at(keys, inner)  # « un gramme vingt », « trois kilos deux cents grammes »
        return Part("number", i, inner + (again[1] if again else 0), core=inner, unit=unit[0])
    return Part("number", i, last, core=end, unit=unit[0])


def _frequency_at(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> Part | None:
    """« tous les deux jours », « un jour sur deux », « chaque semaine », « trois fois par jour »."""

    def number(at: int) -> int:
        while at < len(tokens) and is_number(tokens[at]):
            at += 1
        return at

    def period(at: int) -> bool:
        return at < len(keys) and keys[at][:1] != () and keys[at][-1] in _PERIODS

    if keys[i] in (("tous",), ("toutes",)) and keys[i + 1 : i + 2] == [("les",)]:
        end = number(i + 2)
        return Part("frequency", i, end + 1) if period(end) else None
    if keys[i] == ("chaque",):
        return Part("frequency", i, i + 2) if period(i + 1) else None
    end = number(i)
    if end == i or end >= len(keys):
        return None
    if period(end) and keys[end + 1 : end + 2] == [("sur",)] and (last := number(end + 2)) > end + 2:
        return Part("frequency", i, last)
    if keys[end] == ("fois",) and keys[end + 1 : end + 2] == [("par",)]:
        last = number(end + 2)
        return Part("frequency", i, last + 1) if period(last) else None
    return None


_TUMOUR = frozenset("T PT pT cT CT uT ypT yT".split())


def _tnm_at(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> Part | None:
    """« p T un c », « p T deux N un M zéro »: a stage of tumour, said letter by letter."""
    at = i + 1 if tokens[i].text in ("p", "c", "P", "yp") and i + 1 < len(tokens) else i
    if tokens[at].text not in _TUMOUR or (at == i and tokens[at].text == "T"):
        return None
    end = at + 1
    if end >= len(tokens) or not (is_number(tokens[end]) or keys[end] in (("x",), ("is",))):
        return None
    end += 1
    while end < len(tokens) and (
        (tokens[end].text in ("a", "b", "c", "d") and is_number(tokens[end - 1]))
        or (tokens[end].text in ("N", "M", "pN", "PN") and end + 1 < len(tokens) and is_number(tokens[end + 1]))
        or (is_number(tokens[end]) and tokens[end - 1].text in ("N", "M", "pN", "PN"))
    ):
        end += 1
    return Part("tnm", i, end)


def _level_at(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> Part | None:
    """« L cinq S un », « G deux P un »: letters each with its figure."""
    if _LEVEL.match(tokens[i].text):
        return Part("level", i, i + 1)
    end = i
    while (
        end + 1 < len(tokens)
        and len(tokens[end].text) == 1
        and tokens[end].text.isupper()
        and is_number(tokens[end + 1])
    ):
        end += 2
    return Part("level", i, end) if end > i else None


def _figure_follows(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> bool:
    """True when the « un » at ``i`` counts something: before a unit or another number word."""
    return i + 1 < len(tokens) and (
        _units().at(keys, i + 1) is not None or (keys[i + 1] == ("virgule",)) or is_number(tokens[i + 1])
    )


def parts_at(tokens: Sequence[Token], keys: Sequence[Key], i: int, lexicon: Lexicon | None) -> list[Part]:
    """Parts that start at ``i``, most specific first."""
    token = tokens[i]
    if token.kind not in (Kind.WORD, Kind.ACRONYM, Kind.NAME) or not token.text:
        return []
    if (stage := _tnm_at(tokens, keys, i)) is not None:
        return [stage]
    number = (_level_at(tokens, keys, i) or number_at(tokens, keys, i)) if token.kind is Kind.WORD else None
    frequency = _frequency_at(tokens, keys, i) if token.kind is Kind.WORD else None
    if number is not None:
        return [frequency, number] if frequency else [number]
    out: list[Part] = [frequency] if frequency else []
    hit = _sets().at(keys, i)
    if hit is not None:
        out += [Part(name, i, i + hit[1]) for name in sorted(hit[0])]
    if token.kind is Kind.NAME:
        out.append(Part("name", i, i + 1))
    elif token.kind is Kind.WORD and (length := _drug(tokens, keys, i, lexicon)):
        out.append(Part("drug", i, i + length))
    elif token.kind is Kind.WORD and len(token.text) > 1 and token.text[0].isupper() and i > 0 and not out:
        end = i + 1
        while end < len(tokens) and tokens[end].kind is Kind.WORD and tokens[end].text[:1].isupper() and end - i < 3:
            end += 1
        out.append(Part("name", i, end))
    return out


def _drug(tokens: Sequence[Token], keys: Sequence[Key], i: int, lexicon: Lexicon | None) -> int:
    if lexicon is not None:
        found = lexicon.longest_at([t.text for t in tokens[i : i + 5]], 0)
        if found is not None and found[0].kind in ("drug", "substance"):
            return found[1]
    word = keys[i][-1] if keys[i] else ""
    return 1 if len(word) >= 6 and word.endswith(_endings()) else 0


def same_kind(new: Part, old: Part) -> bool:
    """True when ``new`` can correct ``old``."""
    if new.kind == "number" and old.kind == "number":
        return not new.unit or not old.unit or new.unit == old.unit
    if {new.kind, old.kind} == {"drug", "name"}:
        return True
    return new.kind == old.kind or (new.kind == "date" and old.kind == "number" and not old.unit)
