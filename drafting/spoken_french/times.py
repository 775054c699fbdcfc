"""Pass: times of day. « à neuf heures quarante » is « à 9 h 40 »; « toutes les six heures » stays a duration."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from importlib import resources

from drafting.spoken_french import forms, numerals, units
from drafting.spoken_french.layout import NBSP
from drafting.spoken_french.scan import folds, span_of
from drafting.spoken_french.token import Kind, State, Token

_DATA = tomllib.loads(resources.files(__package__).joinpath("times.toml").read_text(encoding="utf-8"))
_HOURS = frozenset(_DATA["hours"])
_MINUTES = frozenset(_DATA["minutes"])
_BEFORE = frozenset(_DATA["before"])
_DURATION_AFTER = frozenset(_DATA["duration_after"])
_WRITTEN = re.compile(r"^([01]?\d|2[0-4])(?:h|H|:)([0-5]\d)?$")


def run(state: State) -> State:
    """Times of ``state`` as TIME tokens."""
    tokens, texts, low = state.tokens, [t.text for t in state.tokens], folds(state.tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        chained = _chained(out)
        found = _time(tokens, texts, low, i, chained) if tokens[i].kind is Kind.WORD else None
        if found is not None and chained and out[-1].kind is Kind.TIME:
            out.append(Token(",", out[-1].span, Kind.PUNCT, "rule", glued=True))
        if found is None:
            out.append(tokens[i])
            i += 1
        else:
            out.append(found[0])
            i = found[1]
    return state.with_tokens(out)


def _token(tokens: Sequence[Token], i: int, end: int, hour: int, minute: int | None) -> tuple[Token, int]:
    text = f"{hour}{NBSP}h" + (f"{NBSP}{minute:02d}" if minute is not None else "")
    value = dt.time(hour % 24, minute or 0)
    return Token(text, span_of(tokens[i:end]), Kind.TIME, value=value, glued=tokens[i].glued), end


def _chained(out: Sequence[Token]) -> bool:
    """True after another time of day: « à huit heures | douze heures et vingt heures »."""
    at = len(out) - 1
    if at > 0 and out[at].text in (",", "et", "puis", "ou"):
        at -= 1
    return at >= 0 and out[at].kind is Kind.TIME


def _time(
    tokens: Sequence[Token], texts: Sequence[str], low: Sequence[str], i: int, chained: bool = False
) -> tuple[Token, int] | None:
    written = _WRITTEN.match(texts[i])
    if written:
        if not written[2] and ":" in texts[i]:
            return None
        return _token(tokens, i, i + 1, int(written[1]), int(written[2]) if written[2] else None)
    hour = _number(texts, i)
    if hour is None or hour[0] > 24 or hour[1] >= len(low) or low[hour[1]] not in _HOURS:
        return None
    at = hour[1] + 1
    if low[at : at + 2] in (["et", "demie"], ["et", "demi"]):
        return _token(tokens, i, at + 2, hour[0], 30)
    if low[at : at + 2] == ["et", "quart"]:
        return _token(tokens, i, at + 2, hour[0], 15)
    if low[at : at + 3] == ["moins", "le", "quart"]:
        return _token(tokens, i, at + 3, (hour[0] - 1) % 24, 45)
    if low[at : at + 1] == ["moins"]:
        less = _number(texts, at + 1)
        if less is not None and less[0] in (5, 10, 15, 20, 25):
            return _token(tokens, i, less[1], (hour[0] - 1) % 24, 60 - less[0])
    minute = _minute(texts, low, at)
    if minute is not None:
        return _token(tokens, i, minute[1], hour[0], minute[0])
    before = low[i - 1] if i else ""
    after = low[at] if at < len(low) else ""
    clock = chained or before in _BEFORE or (low[hour[1]] == "h" and before != "/") or _range(texts, low, at)
    if not clock or after in _DURATION_AFTER or low[max(0, i - 2) : i] == ["a", "la"]:
        return None
    return _token(tokens, i, at, hour[0], None)


def _range(texts: Sequence[str], low: Sequence[str], i: int) -> bool:
    """True when « à onze heures » follows: « de neuf heures à onze heures » are two times of day."""
    until = _number(texts, i + 1) if low[i : i + 1] == ["a"] else None
    return until is not None and until[0] <= 24 and low[until[1] : until[1] + 1] in (["heures"], ["heure"])


def _number(texts: Sequence[str], i: int) -> tuple[int, int] | None:
    if i < len(texts) and re.match(r"^\d{1,2}$", texts[i]):
        return int(texts[i]), i + 1
    found = numerals.readings(texts, i)
    return found[0] if found else None


def _minute(texts: Sequence[str], low: Sequence[str], i: int) -> tuple[int, int] | None:
    zero = i < len(low) and low[i] == "zero"
    found = _number(texts, i + 1 if zero else i)
    if found is None or found[0] > 59 or (zero and found[0] > 9) or low[i] in ("un", "une"):
        return None
    value, end = found
    if end < len(low) and low[end] in _MINUTES:
        return value, end + 1
    if end < len(low) and (
        low[end] == "fois"
        or low[end] in units.TIME_WORDS
        or forms.form_at(low, end) is not None
        or units.unit_at(low, end) is not None
    ):
        return None
    return value, end
