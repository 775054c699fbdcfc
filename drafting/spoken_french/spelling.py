"""Spelled names: « Thévenot, T H E accent aigu V E N O T » -> « Thévenot », as one name.

The spelling replaces the name said just before when both look alike; otherwise it stands as a name
only after « je vous épelle », a title or a capital. Shorter or unlike runs are left to ``acronyms``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Levenshtein

from dictation.evidence import Finding, Severity
from dictation.lexicon import fold
from dictation.transcript import Span
from drafting.spoken_french.phrases import Key, Phrases, alternatives, keys_of, read_table, word_set
from drafting.spoken_french.token import Kind, State, Token

_MARKS = {"aigu": "\u0301", "grave": "\u0300", "circonflexe": "\u0302", "tréma": "\u0308", "cédille": "\u0327"}
_ROLES = word_set("letter modifier sign times marker example ignored")
_TITLES = word_set("docteur professeur monsieur madame mademoiselle mme nom prenom patronyme nomme nommee")
#: how much alike a name and its spelling must be, 0..1
_ALIKE = 0.6
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class _Spelling:
    text: str
    end: int
    letters: int


@cache
def _table() -> Phrases[tuple[str, str]]:
    items = []
    for row in read_table("spelling.tsv", ("spoken", "role", "value")):
        if row["role"] not in _ROLES:
            raise ValueError(f"spelling.tsv: {row}")
        items += [(form, (row["role"], row["value"])) for form in alternatives(row["spoken"])]
    return Phrases(items)


def run(state: State) -> State:
    """Spelled names written."""
    tokens, keys = state.tokens, keys_of(state.tokens)
    out: list[Token] = []
    findings: list[Finding] = []
    i = 0
    while i < len(tokens):
        start, marked = _after_marker(tokens, keys, i, bool(out))
        spelled = _read(tokens, keys, start) if _may_start(tokens, keys, start) else None
        if spelled is None or spelled.letters < _SHORTEST:
            out.append(tokens[i])
            i += 1
            continue
        cut = _name_start(out, spelled.text)
        if cut is None and not (marked or (_named(out) and spelled.letters >= 4)):
            out.append(tokens[i])
            i += 1
            continue
        said = [t for t in out[cut:] if t.kind is Kind.WORD and not _mark(t, ",")] if cut is not None else []
        if cut is not None:
            del out[cut:]
        elif marked:
            while out and _mark(out[-1], ","):
                out.pop()
        heard = " ".join(t.text for t in said)
        text = _cased(spelled.text, heard)
        first = said[0].span if said else tokens[i].span
        span = Span(first.first, tokens[spelled.end - 1].span.last)
        out.append(Token(text, span, Kind.NAME, value="spelled", glued=bool(said) and said[0].glued))
        if fold(heard) != fold(text):
            findings.append(Finding("name.spelled", Severity.INFO, f"Nom épelé : « {text} ».", span))
        i = spelled.end
        if len(tokens[i - 1].text) == 2 and tokens[i - 1].text.endswith("."):
            out.append(Token(".", tokens[i - 1].span, Kind.PUNCT, glued=True))
    return state.with_tokens(out, *findings)


def _after_marker(tokens: Sequence[Token], keys: Sequence[Key], i: int, inside: bool) -> tuple[int, bool]:
    """Where letters may start at ``i``: past a comma and « ça s'écrit »; and whether it was announced."""
    at = i
    while inside and at < len(tokens) and _mark(tokens[at], ",:("):
        at += 1
    hit = _table().at(keys, at) if at < len(tokens) else None
    if hit is None or hit[0][0] != "marker":
        return at, False
    at += hit[1]
    while at < len(tokens) and _mark(tokens[at], ",:"):
        at += 1
    return at, True


def _mark(token: Token, signs: str) -> bool:
    """True for one of ``signs``, or the comma still said in words: commands are read later."""
    return (token.kind is Kind.PUNCT and token.text in signs) or fold(token.text) == "virgule"


def _may_start(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> bool:
    return i < len(tokens) and (_is_letter(tokens[i]) or keys[i] in (("deux",), ("double",)))


def _is_letter(token: Token) -> bool:
    return (
        token.kind is Kind.WORD
        and not token.glued
        and (
            (len(token.text) == 1 and token.text.isalpha() and token.text not in "àÀ")
            or (len(token.text) == 2 and token.text[1] == "." and token.text[0].isupper())
        )
    )


def _read(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> _Spelling | None:
    """Letters and signs from token ``i`` on."""
    text, letters, times, end = "", 0, 1, i
    at = i
    while at < len(tokens) and at - i < 60:
        hit = _table().at(keys, at) if tokens[at].kind is Kind.WORD else None
        role, value, length = (*hit[0], hit[1]) if hit is not None else ("", "", 1)
        if role == "" and tokens[at].kind is Kind.PUNCT and tokens[at].text in ",-":
            at += 1
            continue
        if role == "letter" or (role == "" and _is_letter(tokens[at])):
            letter = value if role == "letter" else tokens[at].text[0].upper()
            text, letters, times = text + letter * times, letters + times, 1
            at += length
            end = at
            if tokens[at - 1].text.endswith(".") and len(tokens[at - 1].text) == 2 and at < len(tokens):
                break
            continue
        if role == "modifier" and text and text[-1].isalpha():
            text = text[:-1] + unicodedata.normalize("NFC", text[-1] + _MARKS[value])
            at += length
            end = at
            continue
        if role == "times" and at + length < len(tokens) and _is_letter(tokens[at + length]):
            times = int(value)
        elif role == "sign" and text and at + length < len(tokens) and _starts_letter(tokens, keys, at + length):
            text += value if value.strip() else " "
        elif role == "example" and text and at + 1 < len(tokens) and fold(tokens[at + 1].text)[:1] == fold(text[-1]):
            length = 2
            end = at + length
        elif role != "ignored":
            break
        at += length
    return _Spelling(text.strip(" -'"), end, letters) if letters else None


def _starts_letter(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> bool:
    hit = _table().at(keys, i)
    return _is_letter(tokens[i]) or (hit is not None and hit[0][0] in ("letter", "times", "ignored"))


def _name_start(out: Sequence[Token], spelled: str) -> int | None:
    """Index in ``out`` of the name the spelling repeats, or ``None``."""
    end = len(out)
    while end and _mark(out[end - 1], ",(:"):
        end -= 1
    key = fold(spelled).replace(" ", "")
    best: tuple[float, int] | None = None
    for size in range(1, 4):
        start = end - size
        if start < 0 or any(t.kind is not Kind.WORD for t in out[start:end]):
            break
        said = fold(" ".join(t.text for t in out[start:end])).replace(" ", "")
        short = len(said) < 3 or (len(said) < 5 and not out[start].text[:1].isupper())
        if not said or short or (said[0] != key[0] and not out[start].text[:1].isupper()):
            continue
        alike = Levenshtein.normalized_similarity(said, key)
        if alike >= _ALIKE and (best is None or alike > best[0]):
            best = (alike, start)
    return None if best is None else best[1]


def _named(out: Sequence[Token]) -> bool:
    """True when a title stands just before, or a capital after one (« monsieur Paul »)."""
    words = [t for t in out[-4:] if t.kind is Kind.WORD]
    return any(set(fold(t.text).split()) & _TITLES for t in words[-2:])


def _cased(spelled: str, heard: str) -> str:
    """Capitals at the start of each part; the accents heard are kept when none was spelled."""
    if (
        heard
        and fold(heard) == fold(spelled)
        and all(not unicodedata.combining(c) for c in unicodedata.normalize("NFD", spelled))
    ):
        return " ".join(part[:1].upper() + part[1:] for part in heard.split())
    out, start = [], True
    for char in spelled:
        out.append(char.upper() if start else char.lower())
        start = not char.isalpha()
    return "".join(out)
