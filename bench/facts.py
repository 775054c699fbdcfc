"""Facts found and traps fired: a document against a gold dictation.

A gold is a folder entry ``NAME.txt`` (the words as spoken) and ``NAME.json`` (schema
``dictee-fr-gold/1``): ``doit_contenir`` are regular expressions the document must match, ``ne_doit_pas``
those it must not. Matching ignores case and the kind of space and apostrophe.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SPACES = re.compile("[ \u00a0\u202f\u2009]+")


@dataclass(frozen=True, slots=True)
class Trap:
    """Something the document must not say."""

    id: str
    kind: str
    what: str
    pattern: str
    #: a text that would fire it
    example: str


@dataclass(frozen=True, slots=True)
class Gold:
    """One dictation and what is expected of its document."""

    name: str
    form_id: str
    #: words as spoken
    text: str
    #: what the application knows: ``{"date_consultation": "2026-03-12"}``
    context: Mapping[str, Any]
    facts: tuple[str, ...]
    traps: tuple[Trap, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Result of one document."""

    name: str
    facts: int
    missing: tuple[str, ...]
    traps: int
    fired: tuple[Trap, ...]

    @property
    def found(self) -> int:
        """Facts found."""
        return self.facts - len(self.missing)


def plain(text: str) -> str:
    """Single plain spaces and straight apostrophes; line ends kept."""
    return _SPACES.sub(" ", text).replace("’", "'")


def load(folder: Path) -> tuple[Gold, ...]:
    """Every gold of ``folder``, by name; raises ``KeyError`` or ``ValueError`` when one is malformed."""
    golds = []
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        golds.append(
            Gold(
                name=path.stem,
                form_id=data["doc_type"],
                text=path.with_suffix(".txt").read_text(encoding="utf-8"),
                context={"date_consultation": data["contexte_app"]["date_consultation"]},
                facts=tuple(data["doit_contenir"]),
                traps=tuple(
                    Trap(t["id"], t["type"], t["piege"], t["regex"], t.get("exemple_fautif", ""))
                    for t in data["ne_doit_pas"]
                ),
            )
        )
    return tuple(golds)


def score(gold: Gold, document: str) -> Score:
    """Facts and traps of one rendered document."""
    text = plain(document)
    missing = tuple(f for f in gold.facts if not re.search(f, text, re.IGNORECASE))
    fired = tuple(t for t in gold.traps if re.search(t.pattern, text, re.IGNORECASE))
    return Score(gold.name, len(gold.facts), missing, len(gold.traps), fired)


def score_all(golds: Iterable[Gold], document: Callable[[Gold], str]) -> tuple[Score, ...]:
    """Scores every gold with the document ``document`` makes of it."""
    return tuple(score(gold, document(gold)) for gold in golds)


def table(scores: Iterable[Score]) -> str:
    """Printable table, one line a document, with the total."""
    rows = list(scores)
    lines = [f"{s.name:<44} {s.found:>3}/{s.facts:<3} pièges {len(s.fired)}/{s.traps}" for s in rows]
    facts, found = sum(s.facts for s in rows), sum(s.found for s in rows)
    share = 100 * found / facts if facts else 0.0
    fired, traps = sum(len(s.fired) for s in rows), sum(s.traps for s in rows)
    lines.append(f"{'TOTAL':<44} {found:>3}/{facts:<3} ({share:.1f} %) pièges {fired}/{traps}")
    return "\n".join(lines)
