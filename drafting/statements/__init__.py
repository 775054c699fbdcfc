"""Written tokens to numbered statements: one sentence each, with what it asserts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dictation.evidence import Statement
from dictation.transcript import Word
from drafting.spoken_french.layout import join
from drafting.spoken_french.token import Token, Written
from drafting.statements.polarity import judge
from drafting.statements.sentence import Sentence, sentences_of

__all__ = ["split"]


def split(written: Written, words: Sequence[Word]) -> tuple[Statement, ...]:
    """Statements "S1", "S2"… of a dictation, in order.

    A statement is one sentence and never crosses a break; a title dictated before it (« Motif,
    deux points ») becomes its ``heading`` and leaves its text. ``words`` are the raw words the
    spans count; every span lies inside them. Pure, thread-safe, linear.
    """
    out: list[Statement] = []
    for sentence in sentences_of(written.tokens):
        verdict = judge(sentence.tokens)
        span = sentence.tokens[0].span
        for token in sentence.tokens:
            span = span.join(token.span)
        if span.last > len(words):
            raise IndexError(f"span {span} leaves a dictation of {len(words)} words")
        out.append(
            Statement(
                id=f"S{len(out) + 1}",
                text=_text(sentence),
                span=span,
                polarity=verdict.polarity,
                modality=verdict.modality,
                mentions=verdict.mentions,
                heading=sentence.heading,
                paragraph=sentence.paragraph,
            )
        )
    return tuple(out)


#: « Cher confrère, » keeps its comma: it stands on a line of its own
_SALUTATION = re.compile(r"(?:mon |ma |mes )?ch(?:er|ère)s?\b|madame|monsieur|bon(?:jour|soir)", re.IGNORECASE)


def _text(sentence: Sentence) -> str:
    tokens: list[Token] = list(sentence.tokens)
    text = join(tokens)
    if text[:1].islower() and not any(c.isupper() for c in tokens[0].text.split()[0][1:]):
        text = text[0].upper() + text[1:]
    if text[-1:] == "," and _SALUTATION.match(text):
        return text
    if text[-1:] in ",;":
        text = text[:-1].rstrip("\u00a0\u202f ")
    return text if text[-1:] in ".?!…:" else text + "."
