"""« soixante-six » or « soixante-seize »? The numbers whose tens French counts by twenties, asked again in letters.

The recogniser writes figures, and a figure says little about how it sounds: 66 and 76 are one token each. Written out,
the same two numbers differ by what was heard (« six », « seize »), and the sound tells them apart far better: on the
numbers of two synthetic voices, a wrong one loses by 13 nats and more in letters where it wins by one in figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dictation.evidence import Finding, Severity
from dictation.number_words import spell_number
from dictation.sound import Utterance
from dictation.transcript import Span, Word
from voice.seams import Decoder
from voice.vocabulary.rewriting import total

#: a run of figures; two or three digits ending in 60 to 99 have a twin ten further or nearer
_RUN = re.compile(r"\d+")
_NUMBER = re.compile(r"\d{1,4}(?:[,/.]\d{1,3})*")
#: a number heard this surely is not asked again
SURE = 0.92
#: the twin is written when it gains this much in letters, and loses no more than this in figures. A right number
#: of a poor synthetic voice once lost by more than 4, wrong ones lose by 12 to 16
GAIN, LOSS = 10.0, 3.0
#: it is asked about when it comes this near in both
NEAR = 3.0
CONFIDENCE = 0.5
#: numbers asked again in one utterance, the least sure first
MOST = 4


def revise_tens(
    utterance: Utterance, words: Sequence[Word], decoder: Decoder, previous: str
) -> tuple[list[Word], list[Finding]]:
    """``words`` with the twin of a number where the sound says so, kept as heard and less sure; never silently.

    Returns the words (their count is the same) and a finding for each number changed or too near its twin.
    """
    out = list(words)
    findings: list[Finding] = []
    twins = [(word.confidence, n, rival) for n, word in enumerate(words) if (rival := twin(word.text)) is not None]
    for confidence, n, rival in sorted(twins)[:MOST]:
        if confidence >= SURE:
            continue
        letters = _score(utterance, words, n, in_letters(rival), decoder, previous) - _score(
            utterance, words, n, in_letters(words[n].text), decoder, previous
        )
        if letters < -NEAR:
            continue
        figures = _score(utterance, words, n, rival, decoder, previous) - _score(
            utterance, words, n, words[n].text, decoder, previous
        )
        if figures < -LOSS:
            continue
        heard = words[n].text
        if letters >= GAIN:
            out[n] = replace(words[n], text=rival, confidence=min(confidence, CONFIDENCE), heard=heard)
            findings.append(_ask(n, rival, heard))
        else:
            out[n] = replace(words[n], confidence=min(confidence, CONFIDENCE))
            findings.append(_ask(n, heard, rival))
    return out, findings


def twin(text: str) -> str | None:
    """``text`` with its last such number ten further or nearer: « 96, » is « 86, », « 67,5 » is « 77,5 »."""
    number = _NUMBER.search(text)
    if number is None or _RUN.search(text[number.end() :]):
        return None
    for run in reversed(list(_RUN.finditer(text, number.start(), number.end()))):
        digits, start = run[0], run.start()
        fraction = start > number.start() and text[start - 1] in ",."
        if not 2 <= len(digits) <= (2 if fraction else 3) or digits[0] == "0":
            continue
        tens = int(digits) % 100 // 10
        if tens >= 6:
            other = int(digits) + (10 if tens % 2 == 0 else -10)
            return text[:start] + str(other) + text[run.end() :]
    return None


def in_letters(text: str) -> str:
    """« 67,5 kg » as it is said: « soixante-sept virgule cinq kg »."""

    def said(match: re.Match[str]) -> str:
        marks = {",": " virgule ", ".": " virgule ", "/": " sur "}
        parts = re.split(r"([,./])", match[0])
        return "".join(marks.get(part) or "-".join(spell_number(part)) for part in parts if part) + " "

    return _NUMBER.sub(said, text).replace(" ,", ",").replace(" .", ".").strip()


def _score(utterance: Utterance, words: Sequence[Word], n: int, text: str, decoder: Decoder, previous: str) -> float:
    texts = [w.text for w in words]
    return total(decoder, utterance, " ".join([*texts[:n], text, *texts[n + 1 :]]), (), previous)


def _ask(n: int, written: str, other: str) -> Finding:
    names = tuple(t.strip(" ,.;:") for t in (written, other))
    message = f"À réécouter\u00a0: «\u00a0{names[0]}\u00a0» ou «\u00a0{names[1]}\u00a0»\u00a0?"
    return Finding("word.doubtful", Severity.CHECK, message, Span(n, n + 1), candidates=names)
