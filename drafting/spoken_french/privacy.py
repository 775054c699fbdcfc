"""Private numbers dictated aloud: a social-security number is masked, a phone number is pointed at.

The NIR (13 figures, 15 with its key; arrêté du 27 mai 2021, référentiel INS) is replaced by a visible
mask; a phone number stays in the running text. Neither may fill a field: readers skip the spans of
these findings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from dictation.evidence import Finding, Severity
from dictation.transcript import Span, Word
from drafting.spoken_french import numerals
from drafting.spoken_french.phrases import Phrases, alternatives, fold_words, read_table
from drafting.spoken_french.token import Kind, State, Token

MASK = "[NIR dicté, non retenu]"
#: sex, year, month (01-12, or the codes for unknown months), department, commune, order, key
_NIR = re.compile(r"^[12378]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[ab])\d{3}\d{3}(?:\d{2})?$")
_PHONE = re.compile(r"^(?:0|33)[1-9]\d{8}$")
_LETTERS = frozenset("ab")


@cache
def _cues() -> Phrases[str]:
    rows = read_table("privacy.tsv", ("words", "kind"))
    if any(row["kind"] not in ("nir", "phone") for row in rows):
        raise ValueError("privacy.tsv: unknown kind")
    return Phrases((form, row["kind"]) for row in rows for form in alternatives(row["words"]))


def run(state: State) -> State:
    """NIR masked, findings added."""
    nirs: list[Span] = []
    findings: list[Finding] = []
    for span, kind in private_spans(state.words):
        if kind == "nir":
            nirs.append(span)
            findings.append(
                Finding(
                    "privacy.nir",
                    Severity.CHECK,
                    "Un numéro de sécurité sociale a été dicté : il n'est pas repris dans le document.",
                    span,
                )
            )
        else:
            findings.append(
                Finding(
                    "privacy.phone",
                    Severity.CHECK,
                    "Un numéro de téléphone a été dicté : il ne remplit aucun champ. Gardez-le s'il est utile.",
                    span,
                )
            )
    return state.with_tokens(_masked(state.tokens, nirs), *findings)


def private_spans(words: Sequence[Word]) -> list[tuple[Span, str]]:
    """Spans of dictated NIR and phone numbers, in order, on the raw words."""
    texts = [re.sub(r"[.,;:]+$", "", w.text) for w in words]
    keys = [fold_words(t) for t in texts]
    out: list[tuple[Span, str]] = []
    announced, until = "", -1
    i = 0
    while i < len(texts):
        hit = _cues().at(keys, i)
        if hit is not None:
            announced, until = hit[0], i + hit[1] + 6
        digits, end = _figures(texts, i)
        if end == i:
            i += 1
            continue
        kind = _kind(digits, announced if i <= until else "")
        if kind:
            out.append((Span(i, end), kind))
        i = end
    return out


def _figures(texts: Sequence[str], i: int) -> tuple[str, int]:
    """Figures said one group after the other from ``i`` on, as one string."""
    digits, at = "", i
    while at < len(texts) and len(digits) < 40:
        text = texts[at]
        plain = re.sub(r"[\s.\u00a0\u202f-]", "", text)
        if re.fullmatch(r"\+?\d+[ABab]?\d*", plain):
            digits, at = digits + plain.lstrip("+").lower(), at + 1
            continue
        if len(plain) == 1 and plain.lower() in _LETTERS and digits.endswith("2") and len(digits) == 6:
            digits, at = digits + plain.lower(), at + 1
            continue
        if plain.lower() in ("clé", "clef", "cle") and len(digits) == 13:
            at += 1
            continue
        group = numerals.cardinal(texts, at) if numerals.is_number_word(text) else None
        if group is None or group[0] > 9999:
            break
        if group[0] > 999:
            group = next(((v, e) for v, e in numerals.readings(texts, at) if v <= 999), None)
            if group is None:
                break
        digits, at = digits + str(group[0]), group[1]
    return digits, at


def _kind(digits: str, announced: str) -> str:
    if announced == "nir" and len(digits) >= 7:
        return "nir"
    if _PHONE.match(digits):
        return "phone"
    if announced == "phone" and 8 <= len(digits) <= 13:
        return "phone"
    return "nir" if len(digits) in (13, 15) and _NIR.match(digits) else ""


def _masked(tokens: Sequence[Token], spans: Sequence[Span]) -> list[Token]:
    if not spans:
        return list(tokens)
    out: list[Token] = []
    done: set[Span] = set()
    for token in tokens:
        span = next((s for s in spans if s.overlaps(token.span)), None)
        if span is None or (token.kind is Kind.PUNCT and token.text):
            out.append(token)
        elif span not in done:
            done.add(span)
            out.append(Token(MASK, span, Kind.WORD, value="private"))
    return out
