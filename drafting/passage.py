"""One statement as flat text with a way back from characters to raw words.

Readers match regular expressions on :attr:`Passage.text` (plain spaces, straight apostrophes) and
turn what they matched into word spans with :meth:`Passage.span`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dictation.evidence import Statement
from dictation.transcript import Span
from drafting.spoken_french.token import Kind, Token

_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'", "\n": " ", "\t": " "})
_CLOSING = frozenset(".,)…»")


def plain(text: str) -> str:
    """Same length, with plain spaces and straight apostrophes."""
    return text.translate(_PLAIN)


@dataclass(frozen=True, slots=True)
class Passage:
    """A statement, its tokens, and the section it was placed in."""

    statement: Statement
    tokens: tuple[Token, ...]
    #: tokens as one line
    text: str
    #: character offset of each token in ``text``
    starts: tuple[int, ...]
    #: key of the section, ``None`` when unclassified
    section: str | None = None
    #: canonical role (``dictation.form.ROLES``), ``None`` when unknown
    role: str | None = None
    #: raw words of the title dictated before it, ``None`` without one
    title: Span | None = None

    @property
    def id(self) -> str:
        """Identifier of the statement."""
        return self.statement.id

    def span(self, start: int, end: int) -> Span:
        """Raw words under the characters ``start`` (included) to ``end`` (excluded)."""
        found: Span | None = None
        for token, at in zip(self.tokens, self.starts, strict=True):
            if at < end and start < at + len(token.text):
                found = token.span if found is None else found.join(token.span)
        return found or self.statement.span


def passage_of(statement: Statement, tokens: Iterable[Token]) -> Passage:
    """The passage of ``statement``; ``tokens`` may hold those of the whole dictation."""
    own = tuple(t for t in tokens if t.kind is not Kind.BREAK and t.text and statement.span.contains(t.span))
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for token in own:
        text = plain(token.text)
        bare = not pieces or token.glued or text[0] in _CLOSING or pieces[-1].endswith(("'", "(", "« "))
        if not bare:
            pieces.append(" ")
            length += 1
        starts.append(length)
        pieces.append(text)
        length += len(text)
    if not own:
        return Passage(statement, (), plain(statement.text), ())
    return Passage(statement, own, "".join(pieces), tuple(starts))


def passages_of(statements: Sequence[Statement], tokens: Sequence[Token]) -> tuple[Passage, ...]:
    """One passage per statement, in order."""
    out: list[Passage] = []
    at = 0
    for statement in statements:
        while at < len(tokens) and tokens[at].span.first < statement.span.first:
            at += 1
        end = at
        while end < len(tokens) and tokens[end].span.first < statement.span.last:
            end += 1
        passage = passage_of(statement, tokens[at:end])
        before = out[-1].statement.span.last if out else 0
        if statement.heading and before < statement.span.first:
            passage = replace(passage, title=Span(before, statement.span.first))
        out.append(passage)
    return tuple(out)
