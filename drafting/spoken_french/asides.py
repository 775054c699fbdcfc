"""What is not part of the document: notes to the secretary, stock texts asked for, the end.

« message pour la secrétaire … fin de note » is cut out and written on its own, with the same passes
as the document; a note nobody closes runs to the end of its paragraph and says so in a finding. The
kind of document said first (« courrier pour… ») stays in the text: it is also its opening.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from dictation.evidence import Finding, Severity
from dictation.transcript import Span
from drafting.spoken_french.layout import join
from drafting.spoken_french.phrases import Key, Phrases, alternatives, keys_of, read_table, word_set
from drafting.spoken_french.token import Aside, Kind, State, Token

#: passes that take words out of the document
_TAKE_OUT = frozenset((__name__, "drafting.spoken_french.orders"))
_ROLES = word_set("secretary_open secretary_close end snippet document")
#: words before « message pour la secrétaire » that make it a plain phrase
_NOT_AN_ORDER = word_set("le un ce du son mon au laisse laissé laisser recu reçu")
#: longest name of a stock text
_SNIPPET_WORDS = 8


@dataclass(frozen=True, slots=True)
class _Row:
    role: str
    detail: str


@cache
def _table() -> Phrases[_Row]:
    items = []
    for row in read_table("asides.tsv", ("spoken", "role", "detail")):
        if row["role"] not in _ROLES:
            raise ValueError(f"asides.tsv: {row}")
        items += [(form, _Row(row["role"], row["detail"])) for form in alternatives(row["spoken"])]
    return Phrases(items)


def run(state: State) -> State:
    """Asides taken out."""
    tokens, keys = state.tokens, keys_of(state.tokens)
    out: list[Token] = []
    asides: list[Aside] = list(state.asides)
    findings: list[Finding] = list(state.findings)
    i = 0
    while i < len(tokens):
        hit = _table().at(keys, i) if tokens[i].kind is Kind.WORD else None
        if hit is None or (out and out[-1].text.lower() in _NOT_AN_ORDER):
            out.append(tokens[i])
            i += 1
            continue
        row, length = hit
        after = i + length
        if row.role == "end" and _at_rest(tokens, keys, after):
            asides.append(Aside("end", join(tokens[i:after]), _span(tokens, i, after)))
            i = _skip_marks(tokens, after)
            continue
        if row.role == "secretary_open":
            end, resume, closed = _note_end(tokens, keys, after)
            inner = _skip_marks(tokens, after)
            inner = _skip_colon(keys, inner)
            if inner < end:
                note, more = write_apart(state, tokens[inner:end])
                asides.append(Aside("secretary", note, _span(tokens, i, max(resume, i + 1))))
                findings += more
                if not closed:
                    findings.append(_unclosed(_span(tokens, i, resume)))
            i = _skip_marks(tokens, resume)
            continue
        if row.role == "snippet":
            end = _snippet_end(tokens, keys, after)
            if end > after or row.detail:
                name = join(tokens[after:end]) or row.detail
                asides.append(Aside("snippet", name, _span(tokens, i, end)))
                i = _skip_marks(tokens, end)
                continue
        if row.role == "document" and len(out) < 8 and _opening(out):
            asides.append(Aside("document", row.detail, _span(tokens, i, after)))
        out += tokens[i:after]
        i = after
    return replace(state, tokens=tuple(out), asides=tuple(asides), findings=tuple(findings))


def _opening(out: Sequence[Token]) -> bool:
    """True at the very start, or after words like « je voudrais un »."""
    words = [t.text.lower() for t in out if t.kind is Kind.WORD]
    return not words or (
        len(words) <= 5 and words[0] in ("nouveau", "nouvelle", "alors", "bonjour", "dictée", "donc", "un", "une")
    )


def _span(tokens: Sequence[Token], first: int, last: int) -> Span:
    return Span(tokens[first].span.first, max(t.span.last for t in tokens[first:last]))


def _skip_marks(tokens: Sequence[Token], i: int) -> int:
    while i < len(tokens) and tokens[i].kind is Kind.PUNCT and tokens[i].text in ".,;:":
        i += 1
    return i


def _skip_colon(keys: Sequence[Key], i: int) -> int:
    if keys[i : i + 2] == [("deux",), ("points",)]:
        return i + 2
    return i + 1 if keys[i : i + 1] == [("virgule",)] else i


def _at_rest(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> bool:
    """True when nothing else follows in this breath: the end, a mark, or a break."""
    return (
        i >= len(tokens)
        or tokens[i].kind is Kind.PUNCT
        or keys[i] in (("point",), ("nouveau",))
        or keys[i : i + 3] == [("a",), ("la",), ("ligne",)]
    )


def _note_end(tokens: Sequence[Token], keys: Sequence[Key], start: int) -> tuple[int, int, bool]:
    """End of the note's words, where the document goes on, and whether the note was closed."""
    paragraph = None
    for i in range(start, len(tokens)):
        hit = _table().at(keys, i)
        if hit is not None and hit[0].role == "secretary_close":
            return i, i + hit[1], True
        if hit is not None and hit[0].role == "end" and _at_rest(tokens, keys, i + hit[1]):
            return (i, i, False) if paragraph is None else (paragraph, paragraph, False)
        if paragraph is None and keys[i : i + 2] in ([("nouveau",), ("paragraphe",)], [("paragraphe",), ("suivant",)]):
            paragraph = i
    if paragraph is not None:
        return paragraph, paragraph, False
    return len(tokens), len(tokens), False


def _snippet_end(tokens: Sequence[Token], keys: Sequence[Key], start: int) -> int:
    for i in range(start, min(len(tokens), start + _SNIPPET_WORDS)):
        if (
            tokens[i].kind is not Kind.WORD
            or keys[i] in (("point",), ("virgule",), ("nouveau",))
            or keys[i : i + 3] == [("a",), ("la",), ("ligne",)]
        ):
            return i
    return min(len(tokens), start + _SNIPPET_WORDS)


def write_apart(state: State, tokens: Sequence[Token]) -> tuple[str, tuple[Finding, ...]]:
    """Words taken out of the document in written French, by every pass that takes nothing out."""
    from drafting.spoken_french import PASSES

    inner = State(words=state.words, tokens=tuple(tokens), today=state.today, lexicon=state.lexicon)
    for each in PASSES:
        if each.__name__ not in _TAKE_OUT:
            inner = each.run(inner)
    inside = _span(tokens, 0, len(tokens))
    # private numbers are looked for in the raw words: the document's own pass reports them once
    kept = [f for f in inner.findings if f.span is not None and inside.contains(f.span) and "privacy" not in f.code]
    return join(inner.tokens).strip(" ,;:"), tuple(kept)


def _unclosed(span: Span) -> Finding:
    return Finding(
        "aside.unclosed",
        Severity.CHECK,
        "Le message pour la secrétaire n'a pas été fermé par « fin de note » : vérifiez où il s'arrête.",
        span,
    )
