"""Pass: dates. Runs before numbers, since « zéro quatre mille neuf cent… » is a month then a year.

Years left unsaid come from the consultation (in the value only); implied centuries, impossible
dates and sums that do not add up are reported as findings and never corrected.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from dictation.evidence import Finding, Severity
from dictation.transcript import Span
from drafting.spoken_french import numerals, units
from drafting.spoken_french.date_checks import check
from drafting.spoken_french.layout import NBSP
from drafting.spoken_french.scan import folded, folds, span_of
from drafting.spoken_french.token import Kind, State, Token

_DATA = tomllib.loads(resources.files(__package__).joinpath("dates.toml").read_text(encoding="utf-8"))
MONTHS: dict[str, int] = _DATA["months"]
_LEADS = frozenset(_DATA["words"]["leads"])
_BIRTH = frozenset(_DATA["words"]["birth"])
_SEPARATORS = frozenset(_DATA["words"]["separators"])
_YEAR_FOLLOWERS = frozenset(_DATA["words"]["year_followers"])
_WRITTEN = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$")
_SHORT = re.compile(r"^(0\d|[12]\d|3[01])/(0\d|1[0-2])$")
#: two-figure years up to this one are of this century when the day of the consultation is unknown
_PIVOT = 30


@dataclass(frozen=True, slots=True)
class _Day:
    """A day read at some tokens."""

    day: int
    month: int
    year: int | None
    end: int
    #: the century was not said
    implied: bool = False
    #: said as figures (« zéro quatre »), written 23/04/1968
    numeric: bool = False


def _without_comma(state: State) -> State:
    """« 12 mars, 2026 », as a recogniser cuts it, is one date."""
    tokens = state.tokens
    kept = [
        t
        for i, t in enumerate(tokens)
        if not (
            t.text == ","
            and 1 < i < len(tokens) - 1
            and folded(tokens[i - 1].text) in MONTHS
            and tokens[i - 2].text.isdigit()
            and re.match(r"^(?:19|20)\d\d$", tokens[i + 1].text)
        )
    ]
    return state if len(kept) == len(tokens) else state.with_tokens(kept)


def run(state: State) -> State:
    """Dates of ``state`` as DATE tokens, with findings about them."""
    state = _without_comma(state)
    tokens, texts, low = state.tokens, [t.text for t in state.tokens], folds(state.tokens)
    out: list[Token] = []
    findings: list[Finding] = []
    i = 0
    while i < len(tokens):
        found = _range(state, texts, low, i) or _one(state, texts, low, i, findings)
        if found is None:
            out.append(tokens[i])
            i += 1
        else:
            made, i = found
            out += made
    return check(state.with_tokens(out, *findings))


# --- single dates -------------------------------------------------------------------------------


def _one(
    state: State, texts: Sequence[str], low: Sequence[str], i: int, findings: list[Finding]
) -> tuple[list[Token], int] | None:
    tokens = state.tokens
    if tokens[i].kind is not Kind.WORD or tokens[i].value is not None:
        return None
    birth = any(word in _BIRTH for word in low[max(0, i - 4) : i])
    day = _written(texts, i) or _named(texts, low, i) or _figures(texts, low, i)
    if day is not None:
        token = _token(state, day, i, birth, findings)
        return [token], day.end
    return _month_year(state, texts, low, i, findings) or _bare_year(state, texts, low, i, findings)


def _token(state: State, day: _Day, i: int, birth: bool, findings: list[Finding]) -> Token:
    span = span_of(state.tokens[i : day.end])
    year = day.year
    if day.implied and year is not None:
        year = _century(year, state.today, birth)
        findings.append(_implied_century(day.year or 0, year, span))
    if day.numeric:
        text = f"{day.day:02d}/{day.month:02d}" + (f"/{year}" if year is not None else "")
    else:
        name = next(n for n in state.tokens[i : day.end] if MONTHS.get(folded(n.text)) == day.month)
        text = f"{'1er' if day.day == 1 else day.day}{NBSP}{name.text.lower()}" + (f" {year}" if year else "")
    return Token(text, span, Kind.DATE, value=_value(day.day, day.month, year, state, span, findings))


def _value(day: int, month: int, year: int | None, state: State, span: Span, findings: list[Finding]) -> dt.date | str:
    known = year if year is not None else (state.today.year if state.today else None)
    longest = calendar.monthrange(known or 2024, month)[1]
    if day > longest:
        findings.append(
            Finding(
                "date.impossible",
                Severity.CHECK,
                f"Le {day:02d}/{month:02d}{f'/{known}' if known else ''} n'existe pas. Vérifiez la date dictée.",
                span,
            )
        )
        return f"{known or '-'}-{month:02d}-{day:02d}"
    return dt.date(known, month, day) if known else f"--{month:02d}-{day:02d}"


def _century(two: int, today: dt.date | None, birth: bool) -> int:
    pivot = today.year % 100 if today else _PIVOT
    return (2000 if two <= pivot + (0 if birth else 1) else 1900) + two


def _written(texts: Sequence[str], i: int) -> _Day | None:
    """« 23/04/1968 », « 23.4.68 », « 09/06 » as recognisers write them."""
    match = _WRITTEN.match(texts[i])
    if match:
        day, month, year = int(match[1]), int(match[3]), int(match[4])
        # « Apgar 7/9/10 » is no date
        short = len(match[4]) == 2
        led = i > 0 and texts[i - 1].lower() in ("le", "du", "au", "né", "née", "naissance")
        if short and not led and len(match[1] + match[3]) < 4:
            return None
        if 1 <= day <= 31 and 1 <= month <= 12 and (short or 1900 <= year <= 2099):
            return _Day(day, month, year, i + 1, implied=len(match[4]) == 2, numeric=True)
    match = _SHORT.match(texts[i])
    if match and i and texts[i - 1].lower() in ("le", "du", "au"):
        return _Day(int(match[1]), int(match[2]), None, i + 1, numeric=True)
    return None


def _day_number(texts: Sequence[str], low: Sequence[str], i: int) -> tuple[int, int] | None:
    if i >= len(low):
        return None
    if low[i] in ("premier", "1er"):
        return 1, i + 1
    if re.match(r"^\d{1,2}$", texts[i]):
        return (int(texts[i]), i + 1) if 1 <= int(texts[i]) <= 31 else None
    if low[i] == "zero" and i + 1 < len(low):
        found = _unit_digit(texts, low, i + 1)
        return found
    for value, end in numerals.readings(texts, i):
        if 1 <= value <= 31 and low[i] not in ("un", "une"):
            return value, end
    return None


def _unit_digit(texts: Sequence[str], low: Sequence[str], i: int) -> tuple[int, int] | None:
    for value, end in numerals.readings(texts, i):
        if 1 <= value <= 9 and end == i + 1:
            return value, end
    return None


def _year(texts: Sequence[str], low: Sequence[str], i: int, *, short: bool) -> tuple[int, int, bool] | None:
    """Year at ``i``: value, index after it, whether its century was left unsaid."""
    if i >= len(texts):
        return None
    if re.match(r"^(19|20)\d\d$", texts[i]):
        return int(texts[i]), i + 1, False
    for value, end in numerals.readings(texts, i):
        if 1900 <= value <= 2099 and not texts[i].isdigit():
            return value, end, False
    if short:
        pair = _pair(texts, low, i)
        if pair is not None and not _counts(low, pair[1]):
            return pair[0], pair[1], True
    return None


def _pair(texts: Sequence[str], low: Sequence[str], i: int) -> tuple[int, int] | None:
    if re.match(r"^\d\d$", texts[i]):
        return int(texts[i]), i + 1
    if low[i] == "zero":
        return _unit_digit(texts, low, i + 1)
    found = numerals.readings(texts, i)
    return found[0] if found and 10 <= found[0][0] <= 99 else None


def _counts(low: Sequence[str], i: int) -> bool:
    """True when what stands at ``i`` makes the number before it a quantity."""
    if i >= len(low):
        return False
    return low[i] in units.TIME_WORDS or units.unit_at(low, i) is not None or numerals.is_number_word(low[i])


def _named(texts: Sequence[str], low: Sequence[str], i: int) -> _Day | None:
    """« premier avril deux mille vingt-six », « 6 mars »."""
    found = _day_number(texts, low, i)
    if found is None or found[1] >= len(low) or low[found[1]] not in MONTHS:
        return None
    day, at = found
    month, at = MONTHS[low[at]], at + 1
    year = _year(texts, low, at, short=True)
    if year is None or (year[2] and not (year[0] >= 20 and _plain(low, year[1]))):
        return _Day(day, month, None, at)
    return _Day(day, month, year[0], year[1], implied=year[2])


def _plain(low: Sequence[str], i: int) -> bool:
    return i >= len(low) or not low[i][0].isalnum() or low[i] in _YEAR_FOLLOWERS


def _figures(texts: Sequence[str], low: Sequence[str], i: int) -> _Day | None:
    """« vingt-trois zéro quatre mille neuf cent soixante-huit »."""
    lead = i > 0 and low[i - 1] in _LEADS
    found = _day_number(texts, low, i)
    if found is None or (low[i] in ("premier", "1er") and not lead):
        return None
    day, at = found
    at = _skip(low, at)
    if at >= len(low):
        return None
    zero = low[at] == "zero" or bool(re.match(r"^0[1-9]$", texts[at]))
    short = lead and (zero or low[i] == "zero" or low[i - 1] in _BIRTH or low[i - 2 : i - 1] in (["ne"], ["nee"]))
    months = _months(texts, low, at)
    for month, after in months:
        after = _skip(low, after)
        year = _year(texts, low, after, short=short)
        if year is not None and (zero or lead) and not (year[2] and _more_pairs(texts, low, year[1])):
            return _Day(day, month, year[0], year[1], implied=year[2], numeric=True)
    return None


def _months(texts: Sequence[str], low: Sequence[str], i: int) -> list[tuple[int, int]]:
    if low[i] == "zero":
        found = _unit_digit(texts, low, i + 1)
        return [found] if found else []
    if re.match(r"^(0?[1-9]|1[0-2])$", texts[i]):
        return [(int(texts[i]), i + 1)]
    return [(value, end) for value, end in numerals.readings(texts, i) if 1 <= value <= 12]


def _skip(low: Sequence[str], i: int) -> int:
    return i + 1 if i < len(low) and low[i] in _SEPARATORS else i


def _more_pairs(texts: Sequence[str], low: Sequence[str], i: int) -> bool:
    return i < len(low) and _pair(texts, low, i) is not None


#: a month after one of these may carry a two-figure year
_MONTH_LEADS = frozenset(("en", "depuis", "fin", "debut", "mi", "de", "courant"))


def _implied_century(said: int, written: int, span: Span) -> Finding:
    message = f"Le siècle n'a pas été dicté : l'année « {said:02d} » est écrite {written}. Vérifiez."
    return Finding("date.century", Severity.CHECK, message, span)


def _month_year(
    state: State, texts: Sequence[str], low: Sequence[str], i: int, findings: list[Finding]
) -> tuple[list[Token], int] | None:
    if low[i] not in MONTHS:
        return None
    led = i > 0 and low[i - 1] in _MONTH_LEADS
    year = _year(texts, low, i + 1, short=led)
    if year is None or (year[2] and (year[0] < 20 or not _plain(low, year[1]))):
        return None
    value, end, implied = year
    if implied:
        value = _century(value, state.today, False)
        findings.append(_implied_century(year[0], value, span_of(state.tokens[i:end])))
    text = f"{state.tokens[i].text.lower()}{NBSP}{value}"
    token = Token(text, span_of(state.tokens[i:end]), Kind.DATE, value=f"{value}-{MONTHS[low[i]]:02d}")
    return [token], end


def _bare_year(
    state: State, texts: Sequence[str], low: Sequence[str], i: int, findings: list[Finding]
) -> tuple[list[Token], int] | None:
    """« en quatre-vingt-douze »: the century is implied and flagged."""
    if not i or low[i - 1] != "en" or not low[i][0].isalpha():
        return None
    found = numerals.readings(texts, i)
    if not found or not 40 <= found[0][0] <= 99 or not _plain(low, found[0][1]):
        return None
    two, end = found[0]
    year = _century(two, state.today, False)
    span = span_of(state.tokens[i:end])
    findings.append(_implied_century(two, year, span))
    return [Token(str(year), span, Kind.DATE, origin="rule", value=str(year))], end


# --- ranges -------------------------------------------------------------------------------------


def _range(state: State, texts: Sequence[str], low: Sequence[str], i: int) -> tuple[list[Token], int] | None:
    """« du neuf au seize juin » is « du 09/06 au 16/06 »."""
    if low[i] != "du":
        return None
    first = _day_number(texts, low, i + 1)
    if first is None:
        return None
    start, at = first
    month = year = None
    if at < len(low) and low[at] in MONTHS:
        month, at = MONTHS[low[at]], at + 1
        said = _year(texts, low, at, short=False)
        if said is not None:
            year, at = said[0], said[1]
    if at >= len(low) or low[at] != "au":
        return None
    au = at
    second = _named(texts, low, at + 1)
    if second is None or second.implied:
        return None
    findings: list[Finding] = []
    month = month or second.month
    left_year = year or second.year
    left_span, right_span = span_of(state.tokens[i + 1 : au]), span_of(state.tokens[au + 1 : second.end])
    left = Token(
        f"{start:02d}/{month:02d}" + (f"/{year}" if year else ""),
        left_span,
        Kind.DATE,
        value=_value(start, month, left_year, state, left_span, findings),
    )
    right = Token(
        f"{second.day:02d}/{second.month:02d}" + (f"/{second.year}" if second.year else ""),
        right_span,
        Kind.DATE,
        value=_value(second.day, second.month, second.year, state, right_span, findings),
    )
    return [state.tokens[i], left, state.tokens[au], right], second.end
