"""Which correction of a doctor may teach the recogniser a word: one or a few words written instead of those heard.

Pure. Only words that the transcript holds under the section are candidates; whether the pair can be learnt at all is
asked of the vocabulary (:func:`app.vocabulary.learnable`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dictation.consultation import Patient
from dictation.lexicon import fold
from dictation.review import Review
from dictation.transcript import Span, Word

#: words of one correction, on each side
LONGEST = 3
#: likeness of letters (0..1) under which it is another word and not the same one heard wrong
LIKENESS = 0.45
_EDGES = " .,;:!?…«»()[]\"'’\u00a0\u202f-"


@dataclass(frozen=True, slots=True)
class Lesson:
    """« Toujours écrire ``wanted`` quand j'entends ``heard`` »."""

    section: str
    heard: str
    wanted: str

    @property
    def name(self) -> str:
        """How a refusal is remembered."""
        return f"mot:{fold(self.heard)}>{fold(self.wanted)}"


def lessons(review: Review, key: str, patient: Patient = Patient()) -> tuple[Lesson, ...]:
    """Words of section ``key`` that a person wrote instead of heard ones; never a figure, never the patient's name."""
    section = review.draft.section(key)
    if section is None or not section.evidence or review.latest(f"section:{key}") is None:
        return ()
    words = review.draft.transcript.words
    heard = [w for span in section.evidence for w in words[span.first : span.last]]
    names = {part for name in (patient.last_name, patient.first_name) for part in fold(name or "").split()}
    found: list[Lesson] = []
    for before, after in _replaced(section.text.split(), review.text(key).split()):
        old, new = " ".join(before).strip(_EDGES), " ".join(after).strip(_EDGES)
        if not _alike(old, new) or set(fold(new).split()) & names:
            continue
        said = _said(fold(old).split(), heard)
        if said is not None:
            found.append(Lesson(key, said, new))
    return tuple(found)


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "replace" and j - i <= LONGEST and m - k <= LONGEST:
            yield before[i:j], after[k:m]


def _alike(old: str, new: str) -> bool:
    a, b = fold(old).replace(" ", ""), fold(new).replace(" ", "")
    if len(a) < 3 or len(b) < 3 or a == b or re.search(r"\d", old + new):
        return False
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() >= LIKENESS


def _said(old: Sequence[str], heard: Sequence[Word]) -> str | None:
    """The words as they were heard, ``None`` when they do not stand there like that."""
    folded = [fold(w.text) for w in heard]
    for at in range(len(folded) - len(old) + 1):
        if folded[at : at + len(old)] == list(old):
            return " ".join(w.heard or w.text for w in heard[at : at + len(old)]).strip(_EDGES)
    return None


def word_lesson(words: Sequence[Word], span: Span, wanted: str, section: str = "") -> Lesson:
    """The lesson of a word corrected in the transcript itself."""
    said = " ".join(w.text for w in words[span.first : span.last]).strip(_EDGES)
    return Lesson(section, said, wanted.strip(_EDGES))
