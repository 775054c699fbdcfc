"""Pass: letters with their figure: vertebrae (L5-S1), days (J7), leads (V1), TNM.

A dorsal level is kept as dictated and its international name added in brackets: « D12 (T12) ».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from drafting.spoken_french import forms, units
from drafting.spoken_french.figures import is_figure
from drafting.spoken_french.scan import folded, folds, rows, span_of
from drafting.spoken_french.token import Kind, State, Token

_LETTERS = {row["letter"]: (int(row["low"]), int(row["high"]), row["kind"]) for row in rows("letter_figures.tsv")}
#: after one of these a letter is a name of its own (« vitamine D », « hépatite C », « groupe B »)
_OWN = frozenset(
    "vitamine vitamines hepatite groupe type classe score child weber facteur proteine stade grade".split()
)
_JOINS = frozenset(("-", "–", "tiret", "/"))
_LEVEL = re.compile(r"^([CDTLS])(\d{1,2})$")
_TUMOUR = frozenset("T pT PT cT CT ypT rT uT".split())
_SUFFIX = frozenset(("a", "b", "c", "is", "mi"))


def run(state: State) -> State:
    """Letter and figure pairs of ``state`` joined."""
    tokens, low = state.tokens, folds(state.tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        found = (
            _tumour(tokens, low, i)
            or _graded(tokens, low, i, out)
            or _levels(tokens, low, i, out)
            or _pair(tokens, low, i, out)
        )
        if found is None:
            out.append(tokens[i])
            i += 1
        else:
            made, i = found
            out += made
    return state.with_tokens(out)


Made = tuple[list[Token], int]


def _level(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[str, int, int] | None:
    """Letter, figure and next index of a vertebral level at ``i``."""
    if i >= len(tokens):
        return None
    written = _LEVEL.match(tokens[i].text.upper() if len(tokens[i].text) <= 3 else "")
    if written:
        letter, figure, end = written[1], int(written[2]), i + 1
    elif i + 1 < len(tokens) and len(tokens[i].text) == 1 and is_figure(tokens[i + 1]):
        letter = tokens[i].text.upper()
        value = tokens[i + 1].value
        if letter not in "CDTLS" or not isinstance(value, Decimal) or value != value.to_integral_value():
            return None
        figure, end = int(value), i + 2
    else:
        return None
    _, high, _ = _LETTERS[letter]
    return (letter, figure, end) if 1 <= figure <= high else None


def _levels(tokens: Sequence[Token], low: Sequence[str], i: int, out: Sequence[Token]) -> Made | None:
    if tokens[i].kind not in (Kind.WORD, Kind.ACRONYM) or _owned(out):
        return None
    first = _level(tokens, low, i)
    if first is None or tokens[i].text.endswith("'"):
        return None
    levels, end = [first], first[2]
    while True:
        at = end + 1 if end < len(tokens) and tokens[end].text in _JOINS else end
        more = _level(tokens, low, at)
        if more is None or (more[0] != levels[-1][0] and (levels[-1][0], more[0]) not in _NEXT):
            break
        levels.append(more)
        end = more[2]
    spoken = end > i + len(levels)
    small = tokens[i].text[:1].islower() and (not spoken or first[0] not in _HEARD_SMALL or _amount_ahead(low, end))
    if len(levels) == 1 and (small or (not spoken and first[0] != "D") or _counts(low, end)):
        return None
    text = "-".join(f"{letter}{figure}" for letter, figure, _ in levels)
    source = tokens[i:end]
    made = [Token(text, span_of(source), Kind.ACRONYM, glued=tokens[i].glued)]
    if all(letter == "D" for letter, _, _ in levels) and (end >= len(tokens) or tokens[end].text != "("):
        other = "-".join(f"T{figure}" for _, figure, _ in levels)
        made.append(Token(f"({other})", span_of(source), Kind.ACRONYM, "rule"))
    return made, end


#: letters that are no French word: written small by a recogniser they still name a level
_HEARD_SMALL = frozenset("CDLST")


def _amount_ahead(low: Sequence[str], i: int) -> bool:
    """True when another figure follows: a small letter and two figures are too little to go by."""
    return i < len(low) and low[i][:1].isdigit()


_NEXT = frozenset((("C", "D"), ("C", "T"), ("D", "L"), ("T", "L"), ("L", "S")))


def _owned(out: Sequence[Token]) -> bool:
    return bool(out) and folded(out[-1].text) in _OWN


def _counts(low: Sequence[str], i: int) -> bool:
    return i < len(low) and (
        low[i] in units.TIME_WORDS
        or low[i] == "fois"
        or forms.form_at(low, i) is not None
        or units.unit_at(low, i) is not None
    )


#: small letters that are read with their figure (« j sept »): none of them is a word
_SMALL = frozenset("jhvf")


def _pair(tokens: Sequence[Token], low: Sequence[str], i: int, out: Sequence[Token]) -> Made | None:
    """« J sept », « H quarante-huit », « V un », « F deux »."""
    letter = tokens[i].text if tokens[i].text not in _SMALL else tokens[i].text.upper()
    if len(letter) != 1 or letter not in _LETTERS or i + 1 >= len(tokens) or not is_figure(tokens[i + 1]):
        return None
    value = tokens[i + 1].value
    bottom, top, _ = _LETTERS[letter]
    if letter == "T" and value in (13, 18, 21):
        top = 21  # trisomies
    if not isinstance(value, Decimal) or value != value.to_integral_value() or not bottom <= value <= top:
        return None
    vitamin = bool(out) and folded(out[-1].text) in ("vitamine", "vitamines") and letter in "BDK"
    if (_owned(out) and not (vitamin and value < 13)) or _counts(low, i + 2) or tokens[i].kind is not Kind.WORD:
        return None
    return [Token(f"{letter}{int(value)}", span_of(tokens[i : i + 2]), Kind.ACRONYM, glued=tokens[i].glued)], i + 2


def _graded(tokens: Sequence[Token], low: Sequence[str], i: int, out: Sequence[Token]) -> Made | None:
    """« A un F deux » is A1F2 (Metavir), « Child A cinq » Child A5."""
    if i + 1 >= len(tokens) or not is_figure(tokens[i + 1]) or tokens[i].kind is not Kind.WORD:
        return None
    letter, figure = tokens[i].text, str(tokens[i + 1].value)
    if letter == "A" and i + 3 < len(tokens) and tokens[i + 2].text == "F" and is_figure(tokens[i + 3]):
        text = f"A{figure}F{tokens[i + 3].value}"
        return [Token(text, span_of(tokens[i : i + 4]), Kind.ACRONYM)], i + 4
    if letter in "ABC" and len(letter) == 1 and out and folded(out[-1].text) in ("child", "child pugh"):
        return [Token(letter + figure, span_of(tokens[i : i + 2]), Kind.ACRONYM)], i + 2
    return None


def _tumour(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    """« p T deux N zéro M zéro » is pT2N0M0."""
    prefix, at = "", i
    if tokens[i].text in ("p", "c", "P", "C") and i + 1 < len(tokens) and tokens[i + 1].text == "T":
        prefix, at = tokens[i].text.lower(), i + 1
    if tokens[at].text not in _TUMOUR:
        return None
    head = tokens[at].text
    text = prefix + (head if len(head) == 1 else head[:-1].lower() + "T")
    parts, joined, staged = 0, False, False
    for letter in ("T", "N", "M"):
        if letter != "T":
            if (
                at < len(tokens)
                and tokens[at].text in ("p", "P", "c")
                and at + 1 < len(tokens)
                and tokens[at + 1].text == letter
            ):
                text, at = text + tokens[at].text.lower(), at + 1
            if at >= len(tokens) or not (tokens[at].text in (letter, f"p{letter}") or joined):
                break
            text += letter if joined else tokens[at].text
            joined = False
        at += 1
        if at < len(tokens) and is_figure(tokens[at]):
            text += str(tokens[at].value)
        elif at < len(tokens) and low[at] in ("x", "is"):
            text += low[at]
        else:
            return None
        at += 1
        parts += 1
        if letter == "T" and at < len(tokens) and tokens[at].text.upper() in ("AN", "BN", "CN"):
            text, at, joined = text + tokens[at].text[0].lower(), at, True
        if at < len(tokens) and low[at] in _SUFFIX and tokens[at].kind is Kind.WORD and tokens[at].text != "à":
            text, at = text + low[at], at + 1
            ends = at >= len(tokens) or tokens[at].kind in (Kind.PUNCT, Kind.BREAK)
            staged = ends and re.fullmatch(r"T[1-4][ab]", text) is not None  # « T deux a, »; « T 37 c » is none
    if parts < (1 if staged or (text[:1] in "pcuy" and text[:1].islower()) else 2):
        return None
    return [Token(text, span_of(tokens[i:at]), Kind.ACRONYM)], at
