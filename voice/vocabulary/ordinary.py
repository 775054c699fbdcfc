"""Is a word ordinary French? A list of stems and the endings that ordinary words take.

The stems come from Debian's ``wfrench`` (GPL-2 or later): accents and endings removed, so that « hémoglobine »
heard as « hemoglobine » is still ordinary. The test errs on the ordinary side: it only tells where to look.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from dictation.lexicon import fold

#: inflections of verbs, adjectives and nouns after :func:`dictation.lexicon.fold`
_INFLECTIONS = """
    assions assiez assent asses asse issions issiez issent isses isse erions eriez eraient erais erait erons erez eront
    erai eras era irions iriez iraient irais irait irons irez iront irai iras ira ames ates erent aient ions iez ais ait
    ant ante antes ants ons ez er ees ee es ent e s
"""
#: longest first
ENDINGS = tuple(sorted(_INFLECTIONS.split(), key=lambda ending: (-len(ending), ending)))
SHORTEST_STEM = 4
#: letters from which one wrong letter still tells which word was meant
SHORTEST_NEAR = 6


def stem(folded: str) -> str:
    """``folded`` without its longest inflection, when at least four letters remain."""
    for ending in ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= SHORTEST_STEM:
            return folded[: -len(ending)]
    return folded


@lru_cache(maxsize=1)
def _stems() -> frozenset[str]:
    return frozenset((files("voice.vocabulary") / "data" / "ordinary_stems.txt").read_text("utf-8").split())


def is_ordinary(word: str) -> bool:
    """True when every part of ``word`` (« l'examen », « peut-être ») is short, a number or a French word."""
    return all(
        len(part) <= 2 or part.isdigit() or part in _stems() or stem(part) in _stems() for part in fold(word).split()
    )


@lru_cache(maxsize=4096)
def is_nearly_ordinary(word: str) -> bool:
    """True when ``word`` is ordinary or one letter away from a French word of six letters or more: « toracique »."""
    if is_ordinary(word):
        return True
    key = stem(fold(word))
    if " " in key or len(key) < SHORTEST_NEAR:
        return False
    return process.extractOne(key, _stem_list(), scorer=Levenshtein.distance, score_cutoff=1) is not None


@lru_cache(maxsize=1)
def _stem_list() -> tuple[str, ...]:
    return tuple(s for s in _stems() if len(s) >= SHORTEST_NEAR - 1)
