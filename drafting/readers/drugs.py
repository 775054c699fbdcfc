"""Drugs: name, strength, schedule, duration and what happens to each, in the words dictated for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from dictation.evidence import Modality
from dictation.lexicon import Lexicon, fold
from dictation.values import Drug, DrugStatus
from drafting.passage import Passage
from drafting.readers.kin import of_a_relative
from drafting.readers.posology import after_name, from_to, to_dose
from drafting.readers.reading import NUMBER, Context, Reading, compiled, reading, table
from drafting.readers.reasons import reason_before, reason_in

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿœŒ0-9][\wÀ-ÿœ'+-]*")
_ALLERGY = compiled(
    r"\b(?:allergi\w+|intoléran\w+)\b[^.;]{0,40}$"
    r"|\b(?:réactions?|éruption|toxidermie|urticaire|œdème|choc|rash)(?: allergique| cutanée| anaphylactique| de Quincke)? (?:à l'|à la |au |aux |à |sous )$"
)
#: « un épisode en 2019 traité par X pendant 9 mois »: told of the past, no current treatment
_ONCE = compiled(r"\b(?:traitée?s?|soignée?s?|guérie?s?) (?:par|avec|sous)\b[^.;]{0,30}$")
_THEN = compiled(
    r"\b(?:en (?:(?:19|20)\d\d|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)|à l'époque|il y a \w+ (?:ans|mois)|pendant \w+ (?:jours|semaines|mois|ans)|à l'âge)\b"
)
#: « pas d'arrêt du X », « je n'ai pas mis de Y »: what is denied did not happen
_NOT_DONE = compiled(r"\b(?:pas d'|pas de |pas |sans |ni d'|ni de |aucune? |ne pas |jamais )(?:\w+ )?$")
_NEGATED = compiled(
    r"\b(?:pas|ni|sans|aucun|aucune|jamais|absence)\s+(?:de |d'|eu de |pris de |sous |du |la |le |l')*$"
    r"|\bpas (?:mis|prescrit|donné|introduit|débuté|repris|ajouté|reconduit|renouvelé) (?:de |d'|du |la |le |l')*$"
)
_DOSED = compiled(
    rf"(?P<name>(?![\d'])[A-Za-zÀ-ÿœ][\wÀ-ÿœ-]{{3,}})\s+(?:à |dosée? à )?{NUMBER}(?:\s*/\s*{NUMBER})?\s*"
    r"(?:mg|µg|microgrammes|UI|unités)(?![\w/])"
)
_NOT_A_NAME = frozenset(
    [
        "dose",
        "doses",
        "posologie",
        "prend",
        "avec",
        "pour",
        "sous",
        "jusqu",
        "comprimé",
        "comprimés",
        "gélule",
        "gélules",
        "milligrammes",
        "actuellement",
        "passe",
        "augmenté",
        "augmentée",
        "diminué",
        "diminuée",
        "environ",
        "reste",
        "depuis",
        "matin",
        "midi",
        "soir",
        "jour",
        "jours",
        "semaine",
        "mois",
        "fois",
        "total",
        "maximum",
        "contre",
        "encore",
        "plus",
        "moins",
        "puis",
        "soit",
        "chaque",
        "fait",
        "taux",
        "résultat",
        "entre",
        "avant",
        "après",
        "demi",
        "sachet",
        "ampoule",
        "bouffée",
        "injection",
        "calcium",
        "dosage",
        "albuminurie",
        "protéinurie",
        "cortisol",
        "ferritine",
        "prise",
        "prises",
    ]
)


@dataclass(frozen=True, slots=True)
class Named:
    """A drug name in a passage."""

    start: int
    end: int
    #: as written in the passage
    text: str
    known: bool


@cache
def _cues(side: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((status, compiled(cue)) for where, status, cue in table("drug_cues") if where == side)


@cache
def _never() -> frozenset[str]:
    return frozenset(row[0] for row in table("drug_ordinary") if row[1])


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(row[0] for row in table("drug_ordinary"))


@lru_cache(maxsize=8)
def _short_names(lexicon: Lexicon) -> frozenset[str]:
    """First words of brands of several words (« Trelegy » for « Trelegy Ellipta ») and parts of combinations."""
    short: set[str] = set()
    for name in lexicon.names("drug"):
        first = fold(name).split()
        if len(first) > 1 and len(first[0]) > 4:
            short.add(first[0])
    for name in lexicon.names("substance"):
        for part in re.split(r" et | en association|,", name):
            if len(fold(part)) > 6 and " " not in fold(part):
                short.add(fold(part))
    return frozenset(short - _ordinary() - _not_brands())


def _not_brands() -> frozenset[str]:
    return frozenset(row[0] for row in table("drug_first_words"))


def names_in(text: str, lexicon: Lexicon) -> tuple[Named, ...]:
    """Every drug named in ``text``, known to the lexicon or only dosed like one, in order."""
    hits = list(_WORD.finditer(text))
    words = [h.group(0).split("'")[-1] for h in hits]
    offsets = [h.end() - len(w) for h, w in zip(hits, words, strict=True)]
    found: list[Named] = []
    at = 0
    while at < len(words):
        match = lexicon.longest_at(words, at) if len(words[at]) > 2 else None
        if match and match[0].kind in ("drug", "substance"):
            start, end = offsets[at], hits[at + match[1] - 1].end()
            key = fold(text[start:end])
            if key not in _never() and (key not in _ordinary() or after_name(text[end:]).certain):
                found.append(Named(start, end, text[start:end], True))
            at += match[1]
            continue
        if fold(words[at]) in _short_names(lexicon):
            found.append(Named(offsets[at], hits[at].end(), words[at], True))
        at += 1
    for hit in _DOSED.finditer(text):
        start, end = hit.span("name")
        if fold(hit["name"]) in _NOT_A_NAME or hit["name"].lower() in _NOT_A_NAME or fold(hit["name"]) in _ordinary():
            continue
        joined = next((n for n in found if n.end + 1 == start and text[n.end] in " -/"), None)
        if joined:  # « lévodopa bensérazide »: two substances, one tablet
            found[found.index(joined)] = Named(joined.start, end, text[joined.start : end], True)
        elif not any(n.start < end and start < n.end for n in found):
            found.append(Named(start, end, hit["name"], False))
    return tuple(_without_glosses(text, sorted(found, key=lambda n: n.start)))


_GLOSSED = re.compile(r"(?P<brand>[A-ZÀ-Ý][\wÀ-ÿ-]+) \($")


def _without_glosses(text: str, found: list[Named]) -> Iterator[Named]:
    """« Clexane (énoxaparine) »: the name dictated, not the substance a convention put behind it."""
    for name in found:
        brand = _GLOSSED.search(text[: name.start]) if text[name.end : name.end + 1] == ")" else None
        if brand is None:
            if text[name.end : name.end + 2] != " (" or not any(n.start == name.end + 2 for n in found):
                yield name
            continue
        yield Named(brand.start("brand"), name.end + 1, text[brand.start("brand") : brand.end("brand")], True)


def read(passage: Passage, context: Context) -> Iterator[Reading]:
    """Drug lines of one passage. A drug denied (« pas d'aspirine »), named as an allergen or a relative's is none."""
    text = passage.text
    if (passage.statement.modality is Modality.FAMILY and passage.role != "conduite") or of_a_relative(text):
        return
    if (passage.statement.heading or "").lower().startswith("allergi"):
        return
    names = names_in(text, context.lexicon)
    previous: str | None = None
    for place, name in enumerate(names):
        begin = names[place - 1].end if place else 0
        limit = names[place + 1].start if place + 1 < len(names) else len(text)
        right = text[name.end : limit]
        left = text[: name.start]
        once = passage.role in ("antecedents", "histoire") and _ONCE.search(left)
        if once and _THEN.search(text) and not re.search(r"\bdepuis\b", right):
            continue
        if _ALLERGY.search(left) or (_NEGATED.search(left) and "refus" not in left):
            continue
        if place + 1 < len(names) and _PASSES.search(left) and _ONTO.match(right):
            status = "replace"  # « on passe du X à l'Y »
        elif previous == "replace" and _ONTO.match(text[begin : name.start]):
            status = "started"
        else:
            status = _status(left, right, begin, previous, passage.role)
        previous = status
        if status == "avoid":
            continue
        yield _line(passage, name, right, begin, status)


def _line(passage: Passage, name: Named, right: str, begin: int, status: str) -> Reading:
    posology = after_name(right)
    ranges = [(name.start, name.end)]
    dose, schedule, duration, old = posology.dose, posology.schedule, posology.duration, None
    ranges += [(name.end + a, name.end + b) for a, b in posology.ranges]
    change = from_to(right)
    if change:
        old, dose, (a, b) = change
        ranges.append((name.end + a, name.end + b))
    elif dose is None and status == "changed":
        before = to_dose(passage.text[begin : name.start])
        if before:
            dose, (a, b) = before
            ranges.append((begin + a, begin + b))
    kinds = {"replace": DrugStatus.STOPPED, "refused": DrugStatus.REFUSED, "stopped": DrugStatus.STOPPED}
    final = kinds.get(status) or DrugStatus(status)
    why = reason_in(right) or (reason_before(passage.text[: name.start]) if final is not DrugStatus.ONGOING else None)
    if why and why.after:
        ranges.append((name.end + why.start, name.end + why.end))
    elif why:
        ranges.append((why.start, why.end))
    drug = Drug(name.text, dose, schedule, duration, final, old, why.text if why else None)
    return reading(passage, "traitements", "drug", drug, *ranges)


#: « relais par Y », « remplacé par Y »: what comes instead of the drug before
_INSTEAD = compiled(
    r"\b(?:relais|remplacée?s?|substituée?s?|relayée?s?|switch\w*|puis relais|au profit|change\w*|changée?s?) ?(?:immédiat )?"
    r"(?:par|avec|vers|pour|d[eu']|oral par)\b[^.;]*$"
)
_PASSES = compiled(r"\b(?:passe|passons|passer|passage|passée?|switch\w*|change\w*) (?:du |de la |de l'|de |d')$")
_ONTO = compiled(r"^\s*(?:à l'|à la |au |aux |à |vers (?:le |la |l')?|pour (?:du |de la |de l')?)$")


def _denied(status: str, before: str) -> str:
    """What a cue says after a denial: a stop or a change that is not, a start that did not happen."""
    if status not in ("stopped", "changed", "started") or not _NOT_DONE.search(before):
        return status
    return "avoid" if status == "started" else "ongoing"


def _status(left: str, right: str, begin: int, previous: str | None, role: str | None) -> str:
    for status, cue in _cues("right"):
        if cue.search(right):
            return status
    between = left[begin:]
    if previous is not None and _INSTEAD.search(between):
        return "started"
    clause = max(left.rfind(". "), left.rfind("; "), left.rfind(" ;")) + 1
    last: tuple[int, str] | None = None
    for status, cue in _cues("left"):
        for match in cue.finditer(left, clause):
            if last is None or match.start() > last[0]:
                last = (match.start(), _denied(status, left[clause : match.start()]))
    between = left[max(begin, clause) :]
    if previous == "replace" and re.search(r"\b(?:par|avec|vers|pour|au profit d)\b", between):
        return "started"
    if last is None:
        return "started" if role == "conduite" else "ongoing"
    if last[0] < begin and previous is not None and last[1] == "replace":
        return previous if previous != "replace" else "started"
    return last[1]
