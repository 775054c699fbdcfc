"""The names and clinical words shipped with Calame (``data/names.tsv``, ``data/terms.tsv``)."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from dictation.lexicon import Lexicon, Term

KINDS = frozenset({"drug", "substance", "anatomy", "term"})


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """Drugs, substances, anatomy and clinical words that are always known. Raises ``ValueError`` on a bad line."""
    return Lexicon([*_read("names.tsv"), *_read("terms.tsv")], revision="calame-1")


def shipped_drugs() -> Lexicon:
    """The drugs and substances of :func:`shipped`: recent names and accents that the packaged list lacks."""
    return Lexicon((t for t in shipped() if t.kind in ("drug", "substance")), revision=shipped().revision)


def _read(name: str) -> list[Term]:
    out = []
    text = (files("voice.vocabulary") / "data" / name).read_text("utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        kind, tab, entries = line.partition("\t")
        if kind not in KINDS or not tab:
            raise ValueError(f"{name}:{number}: kind, tab, names expected")
        for entry in entries.split(" | "):
            written, _, spoken = entry.partition(" = ")
            if not written.strip():
                raise ValueError(f"{name}:{number}: empty name")
            out.append(Term(written.strip(), kind, spoken=tuple(s.strip() for s in spoken.split(",") if s.strip())))
    return out
