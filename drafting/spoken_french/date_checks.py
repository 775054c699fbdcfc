"""Sums a dictated date allows: length of a leave, day of the week, age. Reported, never corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from dictation.evidence import Finding, Severity
from drafting.spoken_french import numerals
from drafting.spoken_french.scan import folded, folds, span_of
from drafting.spoken_french.token import Kind, State, Token

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
#: how far after a date its length or the age may stand, in tokens
_REACH = 7


def check(state: State) -> State:
    """``state`` with a comma before « soit N jours » and the findings of its sums."""
    tokens, low = list(state.tokens), folds(state.tokens)
    findings: list[Finding] = []
    out: list[Token] = []
    for i, token in enumerate(tokens):
        if low[i] == "soit" and _closes_range(tokens, low, i) and out and out[-1].kind is not Kind.PUNCT:
            out.append(Token(",", token.span, Kind.PUNCT, origin="rule", glued=True))
        out.append(token)
        if token.kind is not Kind.DATE:
            continue
        for found in (_weekday(state, tokens, low, i), _length(tokens, low, i), _age(state, tokens, low, i)):
            if found is not None:
                findings.append(found)
    return state.with_tokens(out, *findings)


def _closes_range(tokens: Sequence[Token], low: Sequence[str], i: int) -> bool:
    back = i - 1
    while back > 0 and low[back] in ("inclus", "inclusivement", ","):
        back -= 1
    return back >= 3 and tokens[back].kind is Kind.DATE and low[back - 1] == "au" and tokens[back - 2].kind is Kind.DATE


def _weekday(state: State, tokens: Sequence[Token], low: Sequence[str], i: int) -> Finding | None:
    value = tokens[i].value
    if not i or low[i - 1] not in _WEEKDAYS or not isinstance(value, dt.date):
        return None
    said, true = _WEEKDAYS.index(low[i - 1]), value.weekday()
    if said == true:
        return None
    message = f"Le {value:%d/%m/%Y} est un {_WEEKDAYS[true]}, et non un {_WEEKDAYS[said]}. Vérifiez la date."
    return Finding("date.weekday", Severity.CHECK, message, span_of(tokens[i - 1 : i + 1]))


def _length(tokens: Sequence[Token], low: Sequence[str], i: int) -> Finding | None:
    if i < 2 or low[i - 1] != "au" or tokens[i - 2].kind is not Kind.DATE:
        return None
    start, end = _as_date(tokens[i - 2].value), _as_date(tokens[i].value)
    if start is None or end is None:
        return None
    if end < start:
        if str(tokens[i].value)[:1] != "-" and isinstance(tokens[i].value, dt.date) and _has_year(tokens[i]):
            message = "La fin de la période précède son début. Vérifiez les deux dates."
            return Finding("date.order", Severity.CHECK, message, span_of(tokens[i - 2 : i + 1]))
        end = end.replace(year=end.year + 1)
    days = (end - start).days
    inclusive = "inclus" in low[i + 1 : i + 3] or "inclusivement" in low[i + 1 : i + 3]
    for at in range(i + 1, min(len(low), i + _REACH)):
        read = _count(tokens, at)
        if read is None or read[1] >= len(low) or low[read[1]] not in ("jour", "jours"):
            continue
        right = {days + 1} if inclusive else {days, days + 1}
        if read[0] in right:
            return None
        shown = days + 1
        message = (
            f"La période du {start:%d/%m} au {end:%d/%m} compte {shown} jours inclus, "
            f"mais {read[0]} sont dictés. Vérifiez."
        )
        return Finding("date.arithmetic", Severity.CHECK, message, span_of(tokens[i - 2 : read[1] + 1]))
    return None


def _has_year(token: Token) -> bool:
    return token.text.count("/") == 2


def _count(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    if tokens[i].text.isdigit():
        return int(tokens[i].text), i + 1
    found = numerals.readings([t.text for t in tokens[i : i + 6]], 0)
    return (found[0][0], i + found[0][1]) if found else None


def _as_date(value: object) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and value.startswith("--"):
        month, day = int(value[2:4]), int(value[5:7])
        return dt.date(2023, month, min(day, 28) if month == 2 else day)
    return None


def _age(state: State, tokens: Sequence[Token], low: Sequence[str], i: int) -> Finding | None:
    born = tokens[i].value
    if state.today is None or not isinstance(born, dt.date):
        return None
    if not any(folded(t.text) in ("ne", "nee", "naissance") for t in tokens[max(0, i - 3) : i]):
        return None
    for at in range(i + 1, min(len(low), i + 5)):
        read = _count(tokens, at)
        if read is None or read[1] >= len(low) or low[read[1]] != "ans":
            continue
        years = state.today.year - born.year - ((state.today.month, state.today.day) < (born.month, born.day))
        if read[0] == years:
            return None
        message = f"Né(e) le {born:%d/%m/%Y}, l'âge au {state.today:%d/%m/%Y} est {years} ans ; {read[0]} dictés."
        return Finding("date.age", Severity.CHECK, message, span_of(tokens[i : read[1] + 1]))
    return None
