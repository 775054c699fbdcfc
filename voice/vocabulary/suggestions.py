"""Names that sound like one word, for people to choose from."""

from __future__ import annotations

from dictation.lexicon import Lexicon, Term
from voice.vocabulary.index import SoundIndex
from voice.vocabulary.phonetics import distance, phonemes, pronunciations


def suggest(lexicon: Lexicon, word: str, *, limit: int = 8) -> tuple[tuple[str, float], ...]:
    """(name, distance) of the names of ``lexicon`` that sound like the whole of ``word``, nearest first.

    Distance is 0 for the same sounds, above 0.4 for unrelated ones; nothing further than 0.45 is given.
    """
    sounds = phonemes(word)
    near = {m.term for m in SoundIndex(lexicon, shortest=2).search(sounds, limit=10 * limit, within=0.5)}
    ranked = sorted((_whole(sounds, term), term.text) for term in near)
    return tuple((text, round(far, 3)) for far, text in ranked[:limit] if far <= 0.45)


def _whole(sounds: str, term: Term) -> float:
    forms = [p for name in (term.text, *term.spoken) for p in pronunciations(name)]
    return min(distance(sounds, form) for form in forms)
