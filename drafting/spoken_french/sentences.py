"""Sentences: deletions carried out, boundaries added where none was dictated, capitals.

A boundary is added only where nothing else marked one for a while, at a pause of the voice or where
a new clause plainly starts; it is a full stop with ``origin`` "rule". Text that holds no boundary
at all is a fragment (a field, a line) and stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dictation.evidence import Finding, Severity
from dictation.transcript import Span
from drafting.spoken_french.boundaries import added
from drafting.spoken_french.commands import Delete
from drafting.spoken_french.layout import join
from drafting.spoken_french.phrases import fold_words
from drafting.spoken_french.punctuation import is_mark
from drafting.spoken_french.token import Kind, State, Token

_STOPS = frozenset(".?!…")
_FIGURES = frozenset({Kind.NUMBER, Kind.QUANTITY, Kind.DATE, Kind.TIME, Kind.ACRONYM})
_LEFT_OVER: dict[tuple[str, ...], str] = {("virgule",): ",", ("tiret",): "–"}


def run(state: State) -> State:
    """Left-over signs, deletions, boundaries, capitals."""
    tokens = _left_over(state.tokens)
    tokens = added(tokens, state.words)
    tokens, findings = _delete(tokens)
    return state.with_tokens(_capitals(tokens), *findings)


def ends_sentence(token: Token) -> bool:
    """True for a full stop, question or exclamation mark, ellipsis, or a break."""
    return token.kind is Kind.BREAK or (token.kind is Kind.PUNCT and token.text in _STOPS)


def _left_over(tokens: Sequence[Token]) -> list[Token]:
    """« virgule » and « tiret » kept for the number passes and not used by them."""
    out: list[Token] = []
    for token in tokens:
        sign = _LEFT_OVER.get(fold_words(token.text)) if token.kind is Kind.WORD else None
        if sign is not None and out and (out[-1].kind in _FIGURES or out[-1].text[-1:].isdigit()):
            token = replace(token, text=sign, kind=Kind.PUNCT, glued=sign == ",")
        out.append(token)
    return out


def _delete(tokens: list[Token]) -> tuple[list[Token], list[Finding]]:
    out: list[Token] = []
    findings: list[Finding] = []
    after_order = False
    for token in tokens:
        if not isinstance(token.value, Delete):
            if after_order and is_mark(token) and (not out or is_mark(out[-1]) or out[-1].kind is Kind.BREAK):
                continue
            after_order = False
            if token.text or token.kind is not Kind.PUNCT:
                out.append(token)
            continue
        after_order = True
        cut = _cut(out, token.value.what)
        if token.value.what == "sentence" and len(out) - cut > _LONGEST_DELETED:
            cut = _within(out, cut)  # nobody said where that sentence began
            if cut == len(out):
                message = "« Efface » a été dicté, mais pas où commence ce qu'il efface : rien n'a été effacé."
                findings.append(Finding("command.unclear", Severity.CHECK, message, token.span))
                continue
        gone = out[cut:]
        del out[cut:]
        if any(t.kind not in (Kind.PUNCT, Kind.BREAK) for t in gone):
            span = Span(gone[0].span.first, max(t.span.last for t in gone))
            quote = join(gone).strip(" .,;:\n")
            findings.append(
                Finding("command.deleted", Severity.INFO, f"Effacé à la demande : « {quote} ».", span.join(token.span))
            )
    while out and out[0].kind is Kind.BREAK and not out[0].text.strip():
        out.pop(0)
    if out and out[0].kind is Kind.BREAK:
        out[0] = out[0].with_text(out[0].text.strip())
    while out and out[-1].kind is Kind.BREAK:
        out.pop()
    return out, findings


#: a sentence this long in tokens was dictated without its marks
_LONGEST_DELETED = 40


def _within(out: Sequence[Token], cut: int) -> int:
    """Where the last clause of an endless sentence begins: after its last mark; the end when it has none near."""
    for at in range(len(out) - 1, max(cut, len(out) - _LONGEST_DELETED), -1):
        if out[at - 1].kind is Kind.PUNCT and out[at - 1].text in ",;:" and len(out) - at >= _SHORTEST_DELETED:
            return at
    return len(out)


_SHORTEST_DELETED = 3


def _cut(out: list[Token], what: str) -> int:
    """Index from which ``what`` is deleted at the end of ``out``."""
    at = len(out)
    while at and out[at - 1].kind in (Kind.PUNCT, Kind.BREAK):
        at -= 1
    if what == "word":
        return max(at - 1, 0)
    while at and not (ends_sentence(out[at - 1]) if what == "sentence" else out[at - 1].text.startswith("\n\n")):
        at -= 1
    return at


def _capitals(tokens: list[Token]) -> list[Token]:
    if not any(ends_sentence(t) for t in tokens):
        return tokens
    out: list[Token] = []
    start = True
    for token in tokens:
        if start and token.kind in (Kind.WORD, Kind.ACRONYM, Kind.NAME, Kind.QUANTITY) and not _cased(token.text):
            token = token.with_text(token.text[:1].upper() + token.text[1:])
        if token.text.strip() and token.text not in ("(", "«", "–", "**", "__"):
            start = False
        if ends_sentence(token) and token.text != "…":
            start = True
        out.append(token)
    return out


def _cased(text: str) -> bool:
    """True for pH, mMRC, anti-CCP: forms whose small first letter is theirs."""
    return not text[:1].islower() or any(c.isupper() for c in text.split()[0][1:])
