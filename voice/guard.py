"""What a recogniser invents and how it is caught: loops, subtitle phrases, words with no speech under them.

Pure functions on words, probabilities and a speech mask; nothing here knows the engine.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import resources

import numpy as np

from dictation.lexicon import fold
from dictation.transcript import Word

#: above this, the text repeats itself (Whisper's own threshold)
LOOP_COMPRESSION = 2.4
#: a decode under this mean log-probability is not trusted as context for the next one
POOR_LOGPROB = -0.9
#: no speech at all when the model says so and is unsure of its text
NO_SPEECH = 0.6
#: a word needs this much speech probability somewhere under it
SPEECH_UNDER_WORD = 0.3
#: seconds around a word in which speech counts as being under it (word times are good to 0.2 s)
AROUND_S = 0.12
MASK_STEP_S = 512 / 16_000
#: this much speech without a word is looked at again
LEFT_OVER_S = 1.5
#: a word really said is not shorter; in a loop the aligner has no sound left for most of them
SHORTEST_S = 0.1


def compression(text: str) -> float:
    """Bytes over zlib bytes; 1.0 for an empty text."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 1.0


@lru_cache(maxsize=1)
def subtitle_phrases() -> frozenset[str]:
    """Folded phrases of ``subtitles.txt``: what Whisper writes over silence, learnt from subtitles."""
    text = resources.files("voice").joinpath("subtitles.txt").read_text("utf-8")
    phrases = frozenset(fold(line) for line in text.splitlines() if line.strip() and not line.startswith("#"))
    if not phrases:
        raise ValueError("voice/subtitles.txt is empty")
    return phrases


def without_subtitles(words: Sequence[Word]) -> tuple[Word, ...]:
    """Drops known subtitle phrases that stand as a sentence of their own.

    Inside a sentence the same words may well be dictated (« merci d'avoir regardé ses radiographies »).
    """
    keep: list[Word] = []
    for sentence in _sentences(words):
        key = " ".join(k for k in (fold(w.text) for w in sentence) if k)
        if key not in subtitle_phrases():
            keep += sentence
    return tuple(keep)


def _sentences(words: Sequence[Word]) -> list[list[Word]]:
    """Cut after each word that ends with . ! ? or …; a lone mark belongs to the sentence before it."""
    out: list[list[Word]] = []
    ended = True
    for word in words:
        if ended and (fold(word.text) or not out):
            out.append([])
        out[-1].append(word)
        ended = word.text[-1:] in ".!?…"
    return out


def without_loops(words: Sequence[Word], *, longest: int = 8) -> tuple[Word, ...]:
    """Collapses a group of 1 to ``longest`` words that comes back again and again to one.

    What was really said stays: twice (« nous nous »), three times when each word has the time it takes to say it
    (« un comprimé, un comprimé, un comprimé »), and figures (« zéro zéro zéro »).
    """
    out: list[Word] = []
    keys: list[str] = []
    at = 0
    folded = [fold(w.text) for w in words]
    while at < len(words):
        for size in range(1, longest + 1):
            group = folded[at : at + size]
            times = 1
            while folded[at + times * size : at + (times + 1) * size] == group and len(group) == size:
                times += 1
            said = times == 3 and all(w.end_s - w.start_s >= SHORTEST_S for w in words[at : at + 3 * size])
            if times >= 3 and not said and any(group) and not (size == 1 and _is_figure(group[0])):
                out += words[at : at + size]
                keys += group
                at += times * size
                break
        else:
            out.append(words[at])
            keys.append(folded[at])
            at += 1
    return tuple(out)


_THOUSANDS = re.compile(r"(?<![\d,.])([1-9]\d{0,2})((?:[.,]\d{3})*[.,]\d00)(?![\d,.]\d)")


def with_thousands(words: Sequence[Word]) -> tuple[Word, ...]:
    """« 4,000 unités » is « 4000 unités »: the decoder's commas between thousands are no decimal comma.

    Only where the last three figures end in two zeros: nobody dictates such a decimal, « 1,125 » stays.
    """
    return tuple(
        replace(word, text=_THOUSANDS.sub(lambda m: m[1] + re.sub(r"[.,]", "", m[2]), word.text))
        if "00" in word.text
        else word
        for word in words
    )


def _is_figure(key: str) -> bool:
    return key.isdigit() or key in {"zero", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"}


def without_silence(words: Sequence[Word], mask: np.ndarray, *, start_s: float) -> tuple[Word, ...]:
    """Drops words that no speech lies under.

    ``mask`` is the speech probability per 32 ms of the utterance that starts at ``start_s``.
    """
    return tuple(w for w in words if speech_under(w, mask, start_s=start_s) >= SPEECH_UNDER_WORD)


def speech_under(word: Word, mask: np.ndarray, *, start_s: float) -> float:
    """Highest speech probability under ``word`` and 0.12 s around it; 0.0 outside the mask."""
    first = int((word.start_s - start_s - AROUND_S) / MASK_STEP_S)
    last = int((word.end_s - start_s + AROUND_S) / MASK_STEP_S) + 1
    under = mask[max(0, first) : max(0, last)]
    return float(under.max()) if len(under) else 0.0


def fit_to_speech(words: Sequence[Word], mask: np.ndarray, *, start_s: float) -> tuple[Word, ...]:
    """Pulls word edges out of silence: a decoder lets a word start in the pause before it.

    Order and count of words are kept; an edge moves only when 96 ms or more of silence lie inside the word.
    """
    speech = mask >= SPEECH_UNDER_WORD
    out: list[Word] = []
    for word in words:
        first = max(0, int((word.start_s - start_s) / MASK_STEP_S))
        last = min(len(speech), int(np.ceil((word.end_s - start_s) / MASK_STEP_S)))
        inside = np.flatnonzero(speech[first:last])
        start, end = word.start_s, word.end_s
        if len(inside):
            if inside[0] >= 3:
                start = max(start, start_s + (first + int(inside[0])) * MASK_STEP_S - MASK_STEP_S)
            if last - first - 1 - inside[-1] >= 3:
                end = min(end, start_s + (first + int(inside[-1]) + 2) * MASK_STEP_S)
        out.append(replace(word, start_s=start, end_s=max(start, end)))
    return tuple(out)


def unheard(words: Sequence[Word], mask: np.ndarray, *, start_s: float) -> tuple[float, float] | None:
    """The longest stretch of speech that no word was made of, when it lasts ``LEFT_OVER_S`` or more.

    A decoder skips what sounds like what it has just written: a sentence said twice comes out once.
    """
    end_s = start_s + len(mask) * MASK_STEP_S
    edges = [start_s, *(t for w in words for t in (w.start_s, w.end_s)), end_s]
    best: tuple[float, float] | None = None
    most = LEFT_OVER_S
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        inside = mask[max(0, int((a - start_s) / MASK_STEP_S)) : max(0, int((b - start_s) / MASK_STEP_S))]
        spoken = float((inside >= 0.5).sum()) * MASK_STEP_S
        if spoken >= most:
            best, most = (a, b), spoken
    return best


def is_silence(avg_logprob: float, no_speech: float) -> bool:
    """Whether the decoder itself says that nobody speaks."""
    return no_speech > NO_SPEECH and avg_logprob < -0.7


def is_poor(avg_logprob: float, compression_ratio: float) -> bool:
    """Whether a text is too doubtful to be given as context: errors would snowball."""
    return avg_logprob < POOR_LOGPROB or compression_ratio > LOOP_COMPRESSION
