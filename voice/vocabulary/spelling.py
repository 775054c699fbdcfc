"""What needs no ear: spoken forms that a correction taught, and the spelling of names that were heard as such."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dictation.lexicon import Lexicon, Term, fold
from dictation.transcript import Word
from voice.vocabulary.heard import cues
from voice.vocabulary.ordinary import is_ordinary

#: somebody said once that this is what it means
TAUGHT = 0.95
_EDGES = " .,;:!?…«»()\"'’"


def learnt(words: Sequence[Word], names: Lexicon) -> list[Word]:
    """``words`` with each spoken form of ``names`` replaced by its name, whole words only, longest first."""
    return _walk(words, names, _taught) if len(names) else list(words)


def respelt(words: Sequence[Word], lexicon: Lexicon) -> list[Word]:
    """``words`` with the accents and capitals of the lexicon where a brand, a person or a word of the practice was
    heard by its name: « kardegic » is « Kardégic ». The word is the same, so nothing is kept as heard."""
    return _walk(words, lexicon, _same_name)


def _walk(
    words: Sequence[Word], lexicon: Lexicon, change: Callable[[Sequence[Word], Term, str], list[Word] | None]
) -> list[Word]:
    folded = [fold(w.text) for w in words]
    out: list[Word] = []
    at = 0
    while at < len(words):
        found = lexicon.longest_at(folded, at) if folded[at] else None
        new = None
        if found is not None and not _cut(words[at : at + found[1]]):
            new = change(words[at : at + found[1]], found[0], out[-1].text if out else "")
        out += new if new is not None else words[at : at + 1]
        at += found[1] if found is not None and new is not None else 1
    return out


def _cut(words: Sequence[Word]) -> bool:
    """A mark inside: these words do not belong together."""
    return any(w.text[-1:] in ".,;:!?…" for w in words[:-1])


def _taught(old: Sequence[Word], term: Term, before: str) -> list[Word] | None:
    if fold(" ".join(w.text for w in old)) == fold(term.text):
        return None
    texts = (_before(old[0].text) + term.text + _after(old[-1].text)).split()
    start, end, size = old[0].start_s, old[-1].end_s, len(texts)
    step = (end - start) / size
    heard = " ".join(w.text for w in old)
    return [
        Word(text, start + n * step, start + (n + 1) * step, TAUGHT, "" if n else heard) for n, text in enumerate(texts)
    ]


def _same_name(old: Sequence[Word], term: Term, before: str) -> list[Word] | None:
    if fold(" ".join(w.text for w in old)) != fold(term.text):
        return None
    if term.kind not in ("drug", "person", "practice"):
        return None
    if is_ordinary(term.text) and (term.kind == "drug" or fold(before) not in cues()["title"]):
        return None  # « petit » is no doctor, but after « le docteur »
    texts = term.text.split()
    if len(texts) != len(old) or texts == [w.text.strip(_EDGES) for w in old]:
        return None
    return [
        replace(word, text=_before(word.text) + text + _after(word.text)) for word, text in zip(old, texts, strict=True)
    ]


def _before(text: str) -> str:
    return text[: len(text) - len(text.lstrip(_EDGES))]


def _after(text: str) -> str:
    return text[len(text.rstrip(_EDGES)) :]
