"""Pass: number words and figures to NUMBER tokens with an exact machine value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from drafting.spoken_french import forms, number_forms, numerals, units
from drafting.spoken_french.figures import number
from drafting.spoken_french.scan import Phrases, folded, folds, rows, span_of
from drafting.spoken_french.token import Kind, State, Token

_FIGURES = re.compile(r"^([-−]?\d+)(?:[.,](\d+))?$")
_GROUP = re.compile(r"^(\d{3})(\D.*)?$")
_WITH_UNIT = re.compile(r"^([-−]?\d+(?:[.,]\d+)?)((?:[a-zA-Zµμ°%‰/²³].*))$")

_GUARDS: Phrases[str] = Phrases((row["phrase"], row["why"]) for row in rows("number_guards.tsv"))
#: after « les deux » these make it a figure (« tous les deux jours », « les deux derniers mois »)
_COUNTED = frozenset(
    "dernier derniers derniere dernieres prochain prochains prochaine prochaines fois premiers".split()
)
_ONE = Decimal(1)
_HALF = Decimal("0.5")


def run(state: State) -> State:
    """Numbers of ``state`` written in figures; lone « un » and « une » stay words with the value 1."""
    tokens, texts, low = state.tokens, [t.text for t in state.tokens], folds(state.tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        step = _step(tokens, texts, low, i, out)
        if step is None:
            out.append(tokens[i])
            i += 1
        else:
            made, i = step
            out += made
    return state.with_tokens(out)


def _step(
    tokens: Sequence[Token], texts: Sequence[str], low: Sequence[str], i: int, out: Sequence[Token]
) -> tuple[list[Token], int] | None:
    token = tokens[i]
    if token.kind is not Kind.WORD or token.value is not None:
        return None
    if (
        low[i] == "pour"
        and out
        and out[-1].kind is Kind.NUMBER
        and i + 1 < len(low)
        and low[i + 1] in ("cent", "mille")
    ):
        sign = "%" if low[i + 1] == "cent" else "‰"
        return [Token(sign, span_of(tokens[i : i + 2]))], i + 2
    if not (token.text[:1].isdigit() or token.text[:1] in "-−" or low[i].split(" ")[0] in _STARTS):
        return None
    if low[i] in ("cent", "cents") and low[i + 1 : i + 2] == [low[i]]:
        return [], i + 1  # a stammer; « 100 100 » would be read as one number
    if i and low[i - 1] in _TITLES and not token.text[:1].isdigit():
        return None  # « docteur Sept », « madame Mille »
    guarded = _guarded(low, i)
    if guarded is not None:
        return list(tokens[i:guarded]), guarded
    return (
        number_forms.phone(tokens, texts, low, i)
        or number_forms.postal(tokens, texts, low, i)
        or number_forms.ordinal(tokens, texts, low, i)
        or _written(tokens, texts, i)
        or _spoken(tokens, texts, low, i)
    )


_STARTS = frozenset(
    {"premier", "premiere"}
    | {row["word"] for row in rows("numerals.tsv")}
    | set(number_forms.ORDINALS)
    | {row["phrase"].split()[0] for row in rows("number_guards.tsv")}
    | {folded(row["phrase"]).split(" ")[0] for row in rows("number_guards.tsv")}
)


_TITLES = frozenset("monsieur madame mademoiselle docteur professeur maitre mr mme dr pr".split())


def _guarded(low: Sequence[str], i: int) -> int | None:
    found = _GUARDS.at(low, i)
    if found is None:
        return None
    why, end = found
    if why in ("both", "vague"):
        after = low[end] if end < len(low) else ""
        if after in _COUNTED or after in units.TIME_WORDS or numerals.is_number_word(after) or "ieme" in after:
            return None
        if (
            units.unit_at(low, end) is not None
            or forms.form_at(low, end) is not None
            or after in ("a", "sur", "virgule")
        ):
            return None
    return end


def _written(tokens: Sequence[Token], texts: Sequence[str], i: int) -> tuple[list[Token], int] | None:
    """Figures as recognisers write them."""
    match = _FIGURES.match(texts[i])
    if match:
        whole, part = match.groups()
        if numerals.readings(texts, i) and not part:
            return None  # « 280 mille »
        end, rest = i + 1, ""
        if not part and re.match(r"^[1-9]\d{0,2}$", whole):
            while end < len(texts) and (more := _GROUP.match(texts[end])) and not tokens[end].glued:
                suffix = more.group(2) or ""
                if suffix and units.unit_at([folded(suffix)], 0) is None and not suffix.startswith(","):
                    break
                whole, end, rest = whole + more.group(1), end + 1, suffix
                if suffix:
                    break
        if rest.startswith(","):
            return None
        if not part and not rest and end + 1 < len(texts) and numerals.decimal_comma(texts, end):
            reading = numerals.decimals(texts, end + 1)
            if reading is not None:
                return _halves(tokens, texts, f"{whole},{reading.figures}", i, reading.end)
        figures = f"{whole},{part}" if part else whole
        made = [number(figures, tokens[i:end])]
        if rest:
            made.append(Token(rest, tokens[end - 1].span))
            return made, end
        return _halves(tokens, texts, figures, i, end)
    compact = number_forms.compact(tokens, texts[i], i)
    if compact is not None:
        return compact, i + 1
    match = _WITH_UNIT.match(texts[i])
    if match and units.unit_at([folded(match.group(2))], 0) is not None and match.group(2) not in ("m", "M"):
        figures = match.group(1).replace(".", ",")
        return [number(figures, tokens[i : i + 1]), Token(match.group(2), tokens[i].span)], i + 1
    return None


def _spoken(
    tokens: Sequence[Token], texts: Sequence[str], low: Sequence[str], i: int
) -> tuple[list[Token], int] | None:
    """Number words, with « virgule » decimals and « et demi »."""
    found = numerals.readings(texts, i)
    if not found:
        return None
    value, end = found[0]
    if end + 1 < len(texts) and numerals.decimal_comma(texts, end):
        reading = numerals.decimals(texts, end + 1)
        if reading is not None:
            return _halves(tokens, texts, f"{value},{reading.figures}", i, reading.end)
    value, end = _before_form(low, found, end, i)
    if value == 1 and end == i + 1 and low[i] in ("un", "une"):
        if end + 1 < len(low) and low[end] == "et" and low[end + 1] in ("demi", "demie"):
            return [number("1,5", tokens[i : end + 2])], end + 2
        word = tokens[i]
        return [Token(word.text, word.span, Kind.WORD, value=_ONE, glued=word.glued)], end
    if _opens_prose(tokens, low, i, end, value):
        return list(tokens[i:end]), end
    return _halves(tokens, texts, str(value), i, end)


def _opens_prose(tokens: Sequence[Token], low: Sequence[str], i: int, end: int, value: int) -> bool:
    """True for « . Deux exacerbations »: a sentence does not open with a figure when it counts a plain noun."""
    if i == 0 or end != i + 1 or value > 16 or not _stops(tokens[i - 1]) or end >= len(low):
        return False
    after = low[end]
    return (
        len(after) > 3
        and after.isalpha()
        and after not in units.TIME_WORDS
        and after not in ("virgule", "fois", "heures", "heure", "dixiemes")
        and units.unit_at(low, end) is None
        and forms.form_at(low, end) is None
        and not numerals.is_number_word(after)
    )


def _stops(token: Token) -> bool:
    """True when a sentence opens after ``token``."""
    return token.kind is Kind.BREAK or (token.kind is Kind.PUNCT and token.text in ".?!")


def _before_form(low: Sequence[str], found: Sequence[tuple[int, int]], end: int, i: int) -> tuple[int, int]:
    """« mille un comprimé » is 1000 then 1: the last word counts the singular form after it."""
    value = found[0][0]
    last = low[end - 1]
    if end - i < 2 or " " in last:
        return found[0]
    form = forms.form_at(low, end)
    counts_one = last in ("un", "une") and (
        (form is not None and not form[0].plural)
        or (value > 100 and _scheduled(low, end))
        or (value > 24 and _up_to(low, end))
    )
    exact = low[end - 2].split(" ")[-1] in ("cents", "vingts")  # the plural closes the number: 400, then 2
    counts_one = counts_one or (exact and last == "un" and _scheduled(low, end))
    counts_few = last in _FEW and (
        (exact and (_scheduled(low, end) or forms.form_at(low, end) is not None))
        or (value > 24 and _or_more(low, end, value))
        or (form is not None and form[0].plural and form[0].few and value > 20)
        or (value > 24 and end < len(low) and low[end] == "fois")
        or (value > 100 and _scheduled(low, end))
    )
    tenths = value > 20 and end < len(low) and low[end] in ("dixieme", "dixiemes")
    if counts_one or counts_few or tenths:
        for shorter in found[1:]:
            if shorter[1] == end - 1:
                return shorter
    return found[0]


def _up_to(low: Sequence[str], i: int) -> bool:
    """True before « à deux comprimés »: the number before is the lower end of a count."""
    return (
        low[i : i + 1] in (["a"], ["ou"])
        and i + 2 < len(low)
        and numerals.is_number_word(low[i + 1])
        and forms.form_at(low, i + 2) is not None
    )


def _or_more(low: Sequence[str], i: int, value: int) -> bool:
    """True before « ou trois fois » after « … cents deux »: the last word before is the lower end of a count."""
    found = numerals.readings(low, i + 1) if low[i : i + 1] in (["ou"], ["a"]) else []
    if not found or found[0][0] > 10 or found[0][0] != value % 10 + 1:
        return False
    at = found[0][1]
    return at < len(low) and (low[at] == "fois" or forms.form_at(low, at) is not None)


def _scheduled(low: Sequence[str], i: int) -> bool:
    """True before « par jour », « matin et soir », « le midi »: the last word before is a count."""
    return low[i : i + 2] in (["par", "jour"], ["par", "semaine"], ["par", "mois"], ["au", "coucher"]) or (
        i < len(low) and (low[i] in _MOMENTS or (low[i] == "le" and i + 1 < len(low) and low[i + 1] in _MOMENTS))
    )


_MOMENTS = frozenset(("matin", "midi", "soir"))
_FEW = frozenset("deux trois quatre cinq six".split())


def _halves(tokens: Sequence[Token], texts: Sequence[str], figures: str, i: int, end: int) -> tuple[list[Token], int]:
    if "," not in figures and end + 1 < len(texts) and folded(texts[end]) == "et" and _is_half(texts[end + 1]):
        return [number(f"{figures},5", tokens[i : end + 2])], end + 2
    return [number(figures, tokens[i:end])], end


def _is_half(text: str) -> bool:
    return folded(text) in ("demi", "demie")
