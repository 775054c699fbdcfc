"""Cues: words that betray what a sentence is about, and titles that say it.

Both lists are data (``cues.tsv``, ``headings.tsv``), validated at load.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from dictation.errors import InputError
from dictation.form import ROLES
from drafting.sections.fold import fold

Array = npt.NDArray[np.float64]
INDEX = {role: number for number, role in enumerate(ROLES)}
#: what a second cue of the same role adds, beside the strongest
_MORE = 0.5
_INLINE = re.compile(r"^([^\W\d][^:.,;]{2,40}?)\s*:\s")


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of ``cues.tsv``."""

    role: str
    weight: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Title:
    """One line of ``headings.tsv``: roles in order of preference."""

    roles: tuple[str, ...]
    pattern: re.Pattern[str]


def _rows(name: str) -> list[list[str]]:
    text = (files(__package__) / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _bad(name: str, row: list[str], why: object) -> InputError:
    return InputError("sections.data", f"Ligne illisible dans {name} ({why}) : {row[:2]}. Réinstallez Calame.")


def read_cues() -> tuple[Cue, ...]:
    """``cues.tsv``; raises :class:`~dictation.errors.InputError` on an unknown role or a broken pattern."""
    out = []
    for row in _rows("cues.tsv"):
        try:
            role, weight, pattern = row
            if role not in INDEX:
                raise ValueError(role)
            out.append(Cue(role, float(weight), re.compile(pattern)))
        except (ValueError, re.error) as error:
            raise _bad("cues.tsv", row, error) from error
    return tuple(out)


def read_titles() -> tuple[Title, ...]:
    """``headings.tsv``; raises :class:`~dictation.errors.InputError` as :func:`read_cues` does."""
    out = []
    for row in _rows("headings.tsv"):
        try:
            roles, pattern = row
            names = tuple(roles.split())
            if not names or any(name not in INDEX for name in names):
                raise ValueError(roles)
            out.append(Title(names, re.compile(pattern)))
        except (ValueError, re.error) as error:
            raise _bad("headings.tsv", row, error) from error
    return tuple(out)


@lru_cache(maxsize=1)
def _cues() -> tuple[Cue, ...]:
    return read_cues()


@lru_cache(maxsize=1)
def _titles() -> tuple[Title, ...]:
    return read_titles()


def cue_scores(text: str) -> Array:
    """One score per role, same order as ``ROLES``; all zero when nothing betrays the sentence.

    The strongest cue of a role counts whole, each further one half; negative cues are subtracted.
    """
    folded = fold(text)
    scores: list[list[float]] = [[] for _ in ROLES]
    for cue in _cues():
        if cue.pattern.search(folded):
            scores[INDEX[cue.role]].append(cue.weight)
    out = np.zeros(len(ROLES))
    for number, found in enumerate(scores):
        plus = sorted((w for w in found if w > 0), reverse=True)
        out[number] = sum(plus[:1]) + _MORE * sum(plus[1:]) + sum(w for w in found if w < 0)
    return out


def title_roles(title: str) -> tuple[str, ...]:
    """Roles a dictated title may open, best first; ``()`` when the title is unknown."""
    folded = fold(title).strip(" :.,")
    return next((t.roles for t in _titles() if t.pattern.search(folded)), ())


def inline_title(text: str) -> str | None:
    """The title a sentence carries itself (« Radiographie thoracique : … »), five words at most, or ``None``."""
    found = _INLINE.match(text)
    title = found.group(1).strip() if found else ""
    return title if title and len(title.split()) <= 5 else None
