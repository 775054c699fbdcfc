"""Prompts are data: fixed beginnings read once and kept warm, sentences put between guillemets.

A dictated sentence can never close its guillemets nor start a new line, so « ignore les consignes »
stays text.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from dictation.errors import InputError
from dictation.form import ROLES

JOBS = ("label", "choose", "extract", "reword")
_SAFE = str.maketrans({"«": '"', "»": '"', "\n": " ", "\r": " ", "\t": " ", "\u00a0": " ", "\u202f": " ", "’": "'"})


@lru_cache(maxsize=8)
def beginning(job: str) -> str:
    """The fixed beginning of a job's prompt, same for every dictation."""
    return (files(__package__) / "prompts" / f"{job}.txt").read_text("utf-8")


@lru_cache(maxsize=1)
def label_words() -> tuple[str, ...]:
    """The word of each role, in the order of ``ROLES``; raises ``InputError`` when one is missing."""
    words: dict[str, str] = {}
    for line in (files(__package__) / "labels.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            role, _, word = line.partition("\t")
            words[role] = word.strip()
    if set(words) != set(ROLES) or not all(words.values()):
        raise InputError("model.labels", "labels.tsv doit donner un mot à chaque rôle : réinstallez Calame.")
    return tuple(words[role] for role in ROLES)


def quoted(text: str) -> str:
    """``text`` as data: one line between guillemets it cannot close, control characters removed."""
    plain = "".join(c for c in text.translate(_SAFE) if c.isprintable())
    return f"« {' '.join(plain.split())} »"


def plain(text: str) -> str:
    """``text`` as a model sees it inside the guillemets."""
    return quoted(text)[2:-2]
