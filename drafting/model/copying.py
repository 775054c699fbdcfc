"""Copying: a grammar that admits only runs of words of given sentences.

What a model answers under :func:`copy_grammar` is a span by construction; :func:`locate` says which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from drafting.model.prompts import plain

#: what the model writes when nothing answers
NOTHING = "néant"
#: GBNF for the end of an answer: models end a line with one token or with a blank line
END = '"\\n" "\\n"?'
_WORD = re.compile(r"\S+")
_EDGE = ".,;:!?…"


@dataclass(frozen=True, slots=True)
class Source:
    """A run of words of one statement that may be copied."""

    statement_id: str
    words: tuple[str, ...]
    #: place of the first word among the statement's words
    first: int


@dataclass(frozen=True, slots=True)
class Copy:
    """Words ``first`` (included) to ``last`` (excluded) of a statement's text split at white space."""

    statement_id: str
    first: int
    last: int
    text: str


def source(statement_id: str, text: str) -> Source:
    """The whole of a statement, as words."""
    return Source(statement_id, tuple(_WORD.findall(plain(text))), 0)


def characters(text: str, copy: Copy) -> tuple[int, int]:
    """Where ``copy`` starts and ends in the statement's own ``text``, in characters, half-open."""
    found = [m.span() for m in _WORD.finditer(text.translate({0xA0: " ", 0x202F: " "}))]
    return found[copy.first][0], found[copy.last - 1][1]


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def copy_grammar(sources: Sequence[Source], *, optional: bool = True) -> str:
    """GBNF: one run of consecutive words of one source, or :data:`NOTHING`; then the end of the line."""
    starts: list[str] = [_literal(NOTHING)] if optional or not sources else []
    rules: list[str] = []
    for number, one in enumerate(sources):
        for place, word in enumerate(one.words):
            name = f"s{number}w{place}"
            starts.append(name)
            core = word.rstrip(_EDGE) or word
            rest = [_literal(word[len(core) :])] if len(core) < len(word) else []
            if place + 1 < len(one.words):
                rest += ['" "', f"s{number}w{place + 1}"]
            rules.append(f"{name} ::= {_literal(core)}" + (f" ({' '.join(rest)})?" if rest else ""))
    return "\n".join([f'root ::= " " ({" | ".join(starts)}) {END}', *rules])


def locate(answer: str, sources: Sequence[Source]) -> Copy | None:
    """The run an answer copies; ``None`` for nothing, or for words that are in no source."""
    words = tuple(answer.split())
    bare = answer.strip().rstrip(_EDGE).split()
    if not words or answer.strip() == NOTHING:
        return None
    for one in sources:
        for at in range(len(one.words) - len(words) + 1):
            run = one.words[at : at + len(words)]
            if run == words or " ".join(run).rstrip(_EDGE).split() == bare:
                return Copy(one.statement_id, one.first + at, one.first + at + len(words), " ".join(words).strip(_EDGE))
    return None


def without(sources: Sequence[Source], copy: Copy) -> tuple[Source, ...]:
    """The sources once ``copy`` is taken out: each run of words may be copied once."""
    out: list[Source] = []
    for one in sources:
        start, end = copy.first - one.first, copy.last - one.first
        if one.statement_id != copy.statement_id or end <= 0 or start >= len(one.words):
            out.append(one)
            continue
        out += [
            Source(one.statement_id, words, first)
            for words, first in ((one.words[: max(start, 0)], one.first), (one.words[end:], copy.last))
            if words
        ]
    return tuple(out)
