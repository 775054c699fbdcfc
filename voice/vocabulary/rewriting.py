"""Another text in place of some of the words, and what the recogniser makes of it on the same sound."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from dictation.evidence import Finding
from dictation.sound import Utterance
from dictation.transcript import Span, Word
from voice.seams import Decoder
from voice.vocabulary.candidates import Candidate
from voice.vocabulary.heard import Piece


def total(decoder: Decoder, utterance: Utterance, text: str, terms: Sequence[str], previous: str) -> float:
    return sum(value for _, value in decoder.token_scores(utterance, text, terms, previous))


def totals(
    decoder: Decoder, utterance: Utterance, texts: Sequence[str], terms: Sequence[str], previous: str
) -> list[float]:
    """:func:`total` of each text, two at a time: the recogniser works on two side by side."""
    if len(texts) < 2:
        return [total(decoder, utterance, text, terms, previous) for text in texts]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda text: total(decoder, utterance, text, terms, previous), texts))


def replaced(
    words: Sequence[Word], pieces: Sequence[Piece], candidate: Candidate, confidence: float = 0.0
) -> list[Word]:
    """``words`` with the candidate in place of its pieces, punctuation and elisions around it kept.

    The new words share the time of the old ones; the first carries the whole of what was heard, the others "".
    """
    first, last = pieces[candidate.first], pieces[candidate.last - 1]
    old = words[first.word : last.word + 1]
    before, after = old[0].text[: first.first], old[-1].text[last.last :]
    name = candidate.term.text
    if old[0].text[first.first : first.first + 1].isupper() and _opens(words, first.word):
        name = name[:1].upper() + name[1:]
    texts = (before + name + after).split()
    start, end = old[0].start_s, old[-1].end_s
    size = sum(len(t) for t in texts)
    heard = " ".join(w.text for w in old)
    new: list[Word] = []
    at = 0
    for text in texts:
        begins = start + (end - start) * at / size
        at += len(text)
        new.append(Word(text, begins, start + (end - start) * at / size, confidence, "" if new else heard))
    return [*words[: first.word], *new, *words[last.word + 1 :]]


def _opens(words: Sequence[Word], at: int) -> bool:
    """A sentence begins there: what was heard with a capital keeps it."""
    return at == 0 or words[at - 1].text[-1:] in ".!?…"


def shifted(finding: Finding, at: int, by: int) -> Finding:
    """``finding`` after words were added or removed before it."""
    if not by or finding.span is None or finding.span.first <= at:
        return finding
    return replace(finding, span=Span(finding.span.first + by, finding.span.last + by))
