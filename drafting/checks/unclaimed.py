"""Nothing omitted: raw words that carry a figure or a drug and reached no statement are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dictation.evidence import Finding, Severity, Statement
from dictation.lexicon import Lexicon
from dictation.transcript import Span, Transcript
from drafting.readers.drugs import names_in
from drafting.spoken_french.token import Written

_NUMBER_WORDS = frozenset(
    [
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
        "treize",
        "quatorze",
        "quinze",
        "seize",
        "vingt",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "septante",
        "huitante",
        "octante",
        "nonante",
        "cent",
        "cents",
        "mille",
        "demi",
    ]
)


_COMMANDS = re.compile(
    r"\b(?:deux points|2 points|point[- ]virgule|virgule|point|à la ligne|nouveau paragraphe|numéro un|numéro deux)\b",
    re.IGNORECASE,
)


def omissions(
    transcript: Transcript, written: Written, statements: Sequence[Statement], lexicon: Lexicon
) -> Iterator[Finding]:
    """A finding per run of unclaimed words that holds a number or a drug; repairs and asides explain theirs."""
    count = len(transcript.words)
    claimed = bytearray(count)
    inside = bytearray(count)
    for statement in statements:
        for i in range(statement.span.first, statement.span.last):
            inside[i] = 1
    for token in written.tokens:
        if token.text:
            claimed[token.span.first : token.span.last] = b"\1" * len(token.span)
    settled = bytearray(1 if claimed[i] and inside[i] else 0 for i in range(count))
    for span in [a.span for a in written.asides] + [f.span for f in written.findings if f.span]:
        last = min(span.last, count)
        settled[span.first : last] = b"\1" * (last - span.first)
    at = 0
    while at < count:
        if settled[at]:
            at += 1
            continue
        end = at
        while end < count and not settled[end]:
            end += 1
        run = " ".join(w.text for w in transcript.words[at:end])
        if _matters(run, lexicon):
            yield Finding(
                "omission.words",
                Severity.CHECK,
                f"Dicté mais absent du document\u00a0: «\u00a0{run}\u00a0».",
                Span(at, end),
            )
        at = end


def _matters(run: str, lexicon: Lexicon) -> bool:
    run = _COMMANDS.sub(" ", run)
    words = run.lower().replace("-", " ").split()
    if any(w.strip(".,;:") in _NUMBER_WORDS or any(c.isdigit() for c in w) for w in words):
        return True
    return any(n.known for n in names_in(run, lexicon))
