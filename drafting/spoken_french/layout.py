"""Tokens to running text with French typography: no-break spaces, line breaks, apostrophes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from drafting.spoken_french.token import Kind, Token

#: no-break space, before « : » and inside quotation marks
NBSP = "\u00a0"
#: narrow no-break space, in thousands and before ; ? !
NNBSP = "\u202f"

_TIGHT_BEFORE = frozenset(".,…)]/-")
_TIGHT_AFTER = frozenset("([/-")
_SPACED_BEFORE = {":": NBSP, ";": NNBSP, "?": NNBSP, "!": NNBSP, "»": NBSP, "%": NBSP}


def join(tokens: Iterable[Token]) -> str:
    """Text of ``tokens``."""
    out: list[str] = []
    previous: Token | None = None
    for token in tokens:
        if not token.text:
            continue
        out.append(_gap(previous, token))
        out.append(token.text)
        previous = token
    return re.sub(r"[ \u00a0\u202f]+\n", "\n", "".join(out)).strip(" ")


def _gap(previous: Token | None, token: Token) -> str:
    if previous is None or token.glued:
        return ""
    if token.kind is Kind.BREAK or previous.text.endswith(("\n", "\n- ", "\t")) or token.text.startswith("\t"):
        return ""
    if previous.text.endswith("'"):
        return ""
    if token.kind is Kind.PUNCT:
        if token.text in _TIGHT_BEFORE:
            return ""
        if token.text in _SPACED_BEFORE:
            return _SPACED_BEFORE[token.text]
    if previous.kind is Kind.PUNCT:
        if previous.text in _TIGHT_AFTER:
            return ""
        if previous.text == "«":
            return NBSP
    return " "
