"""Drug names among the tokens: the caller's lexicon first, then a short built-in list, then endings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources

from dictation.lexicon import Lexicon, Term
from drafting.spoken_french.scan import Phrases, folded, rows

_STRENGTH = re.compile(
    r"(\d+(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d+)?)\s*(mg|g|µg|mcg|microgrammes?|UI|unités|mL|ml|%)?", re.I
)
_UNIT_NAMES = {"mcg": "µg", "microgramme": "µg", "microgrammes": "µg", "unités": "UI", "ml": "mL", "ui": "UI"}
#: written between a name and its strength
_QUALIFIERS: Phrases[str] = Phrases(
    (q, q)
    for q in "lp|l p|lm|l m|xr|mr|retard|faible|fort|spécial|orodispersible|adulte|adultes|enfant|enfants|nourrisson|"
    "nourrissons|diskus|turbuhaler|turbohaler|nexthaler|respimat|solostar|flexpen|kwikpen|nourrissons|odt|oro|"
    "solution|buvable|sirop|injectable|sous-cutané|gel|crème|pommade|collyre|effervescent|gé".split("|")
)


@dataclass(frozen=True, slots=True)
class DrugName:
    """A drug name and what may be understood after it."""

    text: str
    #: unit of a bare figure, or "" when none is certain
    unit: str
    #: form of a bare count, or ""
    form: str
    #: double strengths as written, « 49/51 »
    pairs: tuple[tuple[str, ...], ...]
    #: marketed strengths with their unit, when a lexicon knows them
    strengths: tuple[tuple[Decimal, str], ...] = ()

    def unit_of(self, value: Decimal) -> str:
        """Unit understood for a bare ``value``, or ""."""
        exact = {unit for number, unit in self.strengths if number == value and unit}
        if len(exact) == 1:
            return exact.pop()
        if self.strengths and not self.unit:
            every = {unit for _, unit in self.strengths if unit}
            return every.pop() if len(every) == 1 else ""
        return self.unit


def _pairs(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(pair.split("/")) for pair in text.split())


_BUILT_IN: Phrases[DrugName] = Phrases(
    (row["name"], DrugName(row["name"], row["unit"], row["form"], _pairs(row["pairs"]))) for row in rows("drugs.tsv")
)
_ENDINGS = tuple(
    line.strip()
    for line in resources.files(__package__).joinpath("drug_endings.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
)


def drug_at(texts: Sequence[str], low: Sequence[str], i: int, lexicon: Lexicon | None) -> tuple[DrugName, int] | None:
    """Drug name at ``texts[i]``, its qualifiers included (« LP »), and the index after them."""
    if not texts[i][:1].isalpha():
        return None
    found = _find(texts, low, i, lexicon)
    if found is None:
        return None
    drug, end = found
    while (more := _QUALIFIERS.at(low, end)) is not None:
        end = more[1]
    return drug, end


def is_known(texts: Sequence[str], low: Sequence[str], i: int, lexicon: Lexicon | None) -> bool:
    """True when a list names the drug at ``texts[i]``; an ending or a capital letter alone does not."""
    if _BUILT_IN.at(low, i) is not None:
        return True
    hit = lexicon.longest_at(texts[i : i + 6], 0) if lexicon is not None and len(low[i]) >= _SHORTEST else None
    return hit is not None and hit[0].kind in ("drug", "substance")


#: shorter words (« A », « or », « son ») are no drug names, whatever a list of brands holds
_SHORTEST = 4


def _find(texts: Sequence[str], low: Sequence[str], i: int, lexicon: Lexicon | None) -> tuple[DrugName, int] | None:
    built_in = _BUILT_IN.at(low, i)
    if lexicon is not None:
        hit = lexicon.longest_at(texts[i : i + 6], 0) if len(low[i]) >= _SHORTEST else None
        if hit is not None and hit[0].kind in ("drug", "substance") and (built_in is None or hit[1] >= built_in[1] - i):
            return _of_term(hit[0], built_in[0] if built_in else None), i + hit[1]
    if built_in is not None:
        return built_in
    word = low[i]
    if len(word) >= 7 and " " not in word and word.endswith(_ENDINGS):
        return DrugName(texts[i], "", "", ()), i + 1
    if texts[i][:1].isupper() and texts[i][1:].islower() and len(word) >= 5 and word not in _NOT_BRANDS:
        return DrugName(texts[i], "", "", ()), i + 1
    return None


#: capitalised words that are no brand
_NOT_BRANDS = frozenset(
    "monsieur madame docteur professeur patient patiente consultation examen tension poids taille score glasgow chers "
    "merci conclusion motif traitement contexte prescription ordonnance antecedents enfant lundi mardi mercredi jeudi "
    "vendredi samedi dimanche janvier fevrier avril juillet septembre octobre novembre decembre saturation temperature "
    "frequence lesion nodule fracture douleur depuis apres avant pendant environ presence absence reste arret apgar "
    "killip bishop gleason rankin epworth garden gustilo fontaine leriche mallampati child forrest clark breslow "
    "schober lasegue parkinson horton crohn basedow hamilton braden norton parinaud biopsie scanner radio chaque "
    "encore toujours jusque entre quatre trois douze vingt trente cinquante soixante quarante".split()
)


def _of_term(term: Term, known: DrugName | None) -> DrugName:
    strengths: list[tuple[Decimal, str]] = []
    for text in term.strengths:
        for number, unit in _STRENGTH.findall(text):
            figures = re.sub(r"[ \u00a0\u202f]", "", number).replace(",", ".")
            unit = unit.lower()
            strengths.append((Decimal(figures), _UNIT_NAMES.get(unit, unit)))
    return DrugName(
        term.text,
        known.unit if known else "",
        known.form if known else "",
        known.pairs if known else (),
        tuple(strengths),
    )


def is_weekly(text: str) -> bool:
    """True for methotrexate under any of its names: a weekly drug whose daily reading kills."""
    return folded(text) in ("methotrexate", "novatrex", "imeth", "metoject", "nordimet", "ledertrexate", "prexate")
