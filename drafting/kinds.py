"""Which documents a dictation names, and which of its statements each one takes.

One dictation may yield several documents: a report, the prescription it announces, a sick-leave
preparation. The kind named in the opening owns every statement; another *form* takes only its own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dictation.evidence import Modality, Polarity
from dictation.form import Form, Genre
from dictation.values import Drug, DrugStatus
from drafting.passage import Passage
from drafting.readers import Reading

#: statements in which a document may name itself
_OPENING = 2
_LETTER = re.compile(
    r"\b(?:ch[eè]re?s? (?:confrère|consœur|ami|amie|collègue|docteur|maître)|monsieur et cher)", re.IGNORECASE
)
_CLINICAL = frozenset({"motif", "antecedents", "histoire", "examen", "conclusion", "examens_complementaires"})


@dataclass(frozen=True, slots=True)
class Kind:
    """How one document is named and asked for."""

    id: str
    opening: tuple[re.Pattern[str], ...]
    asks: tuple[re.Pattern[str], ...]
    own: tuple[re.Pattern[str], ...]
    drugs: bool = False


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind known; raises ``KeyError`` or ``re.error`` when the data file is broken."""
    data = tomllib.loads((resources.files("drafting") / "kinds.toml").read_text(encoding="utf-8"))

    def patterns(row: dict[str, list[str]], key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(p, re.IGNORECASE) for p in row[key])

    return tuple(
        Kind(row["id"], patterns(row, "opening"), patterns(row, "asks"), patterns(row, "own"), row.get("drugs", False))
        for row in data["kind"]
    )


def _first(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Statements that may name the document; « Cher confrère, » is none of them."""
    return tuple(p for p in passages[: _OPENING + 1] if not p.text.endswith(","))[:_OPENING]


def named(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Ids of the kinds the opening names, earliest first; a more precise name hides a vaguer one at the same place."""
    found: list[tuple[int, int, int, str]] = []
    for place, passage in enumerate(_first(passages)):
        for kind in kinds():
            for pattern in kind.opening:
                for text in dict.fromkeys((passage.text, passage.statement.heading or "")):
                    match = pattern.search(text)
                    if match:
                        found.append((place, match.start(), -match.end(), kind.id))
    return tuple(dict.fromkeys(kind for _, _, _, kind in sorted(found)))


def owns_all(form: Form, passages: Sequence[Passage], aside_kinds: Sequence[str] = ()) -> bool:
    """True when the whole dictation is meant for ``form``."""
    if form.genre not in (Genre.FORM, Genre.FORM_NARRATIVE):
        return True
    if form.id not in {k.id for k in kinds()}:
        return True
    opening = named(passages)
    if form.id in opening:
        return True
    spoken = " ".join(p.text.lower() for p in _first(passages))
    if any(name.lower() in spoken for name in form.spoken):
        return True
    if opening or any(_LETTER.search(p.text) for p in passages[:3]):
        return False
    roles = {p.role for p in passages} & _CLINICAL
    return not ("examen" in roles and len(roles) >= 3 and len(passages) >= 8)


def own_passages(form: Form, passages: Sequence[Passage], readings: Sequence[Reading]) -> tuple[Passage, ...]:
    """The statements ``form`` takes out of a dictation meant for another document."""
    kind = next((k for k in kinds() if k.id == form.id), None)
    if kind is None:
        return tuple(passages)
    dosed = _prescribing(readings) if kind.drugs else frozenset()
    return tuple(
        p for p in passages
        if p.id in dosed or (any(o.search(p.text) for o in kind.own) and p.statement.modality is not Modality.FAMILY)
    )  # fmt: skip


def proposals(form: Form, passages: Sequence[Passage], readings: Sequence[Reading]) -> tuple[str, ...]:
    """Other documents the dictation asks for, in the order they are asked for."""
    found: list[tuple[int, str]] = []
    dosed = _prescribing(readings)
    for place, passage in enumerate(passages):
        statement = passage.statement
        if statement.modality in (Modality.FAMILY, Modality.PAST):
            continue
        for kind in kinds():
            if kind.id == form.id:
                continue
            asked = any(a.search(passage.text) for a in kind.asks) and statement.polarity is not Polarity.NEGATED
            later = passage.role in (None, "conduite", "conclusion", "administratif", "politesse", "motif")
            if (asked and later) or (kind.drugs and passage.id in dosed):
                found.append((place, kind.id))
    said = named(passages)
    opening = [] if form.id in said else [k for k in said if place_of(passages, k) == 0]
    return tuple(dict.fromkeys([*opening[:1], *(kind for _, kind in sorted(found))]))


def place_of(passages: Sequence[Passage], kind_id: str) -> int:
    """Number of the statement whose opening names the kind; -1 when none does."""
    kind = next(k for k in kinds() if k.id == kind_id)
    return next((n for n, p in enumerate(_first(passages)) if any(o.search(p.text) for o in kind.opening)), -1)


def _prescribing(readings: Sequence[Reading]) -> frozenset[str]:
    active = (DrugStatus.STARTED, DrugStatus.CHANGED)
    return frozenset(r.statement_id for r in readings if isinstance(r.value, Drug) and r.value.status in active)
