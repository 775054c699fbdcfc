"""Pass: number words and figures to NUMBER tokens with an exact machine value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from drafting.spoken_french import forms, numerals, units
from drafting.spoken_french.layout import NNBSP
from drafting.spoken_french.scan import Phrases, folded, folds, rows, span_of
from drafting.spoken_french.token import Kind, State, Token

_FIGURES = re.compile(r"^([-−]?\d+)(?:[.,](\d+))?$")
_GROUP = re.compile(r"^(\d{3})(\D.*)?$")
_WITH_UNIT = re.compile(r"^([-−]?\d+(?:[.,]\d+)?)((?:[a-zA-Zµμ°%‰/²³].*))$")
_ORDINALS = {row["word"]: int(row["value"]) for row in rows("ordinals.tsv")}
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
    guarded = _guarded(low, i)
    if guarded is not None:
        return list(tokens[i:guarded]), guarded
    return (
        _phone(tokens, texts, low, i)
        or _postal(tokens, texts, low, i)
        or _ordinal(tokens, texts, low, i)
        or _written(tokens, texts, i)
        or _spoken(tokens, texts, low, i)
    )


_STARTS = frozenset(
    {"premier", "premiere"}
    | {row["word"] for row in rows("numerals.tsv")}
    | set(_ORDINALS)
    | {row["phrase"].split()[0] for row in rows("number_guards.tsv")}
    | {folded(row["phrase"]).split(" ")[0] for row in rows("number_guards.tsv")}
)


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


def group(figures: str) -> str:
    """Thousands apart from five figures on: « 4000 », « 280 000 »."""
    whole, comma, part = figures.partition(",")
    sign = "−" if whole[:1] in "-−" else ""
    whole = whole.lstrip("-−")
    if len(whole) >= 5 and not whole.startswith("0"):
        whole = NNBSP.join(re.findall(r"\d{1,3}", whole[::-1]))[::-1]
    return sign + whole + comma + part


def value_of(figures: str) -> Decimal:
    """Exact value of written figures."""
    return Decimal(figures.replace(",", ".").replace("−", "-").replace(NNBSP, "").replace(" ", ""))


def number(figures: str, source: Sequence[Token]) -> Token:
    """NUMBER token of ``figures`` made from ``source``."""
    return Token(group(figures), span_of(source), Kind.NUMBER, value=value_of(figures), glued=source[0].glued)


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
    compact = _compact(tokens, texts[i], i)
    if compact is not None:
        return compact, i + 1
    match = _WITH_UNIT.match(texts[i])
    if match and units.unit_at([folded(match.group(2))], 0) is not None and match.group(2) not in ("m", "M"):
        figures = match.group(1).replace(".", ",")
        return [number(figures, tokens[i : i + 1]), Token(match.group(2), tokens[i].span)], i + 1
    return None


_ORDINAL_WRITTEN = re.compile(r"^(\d+)(?:ème|eme|ième|ieme|è)(s?)$")
_HEIGHT = re.compile(r"^(\d+)(m|kg|g|L|l)(\d{1,3})$")
_DEGREES = re.compile(r"^(3\d|4[0-3])°(\d)$")
_RATIO_UNIT = re.compile(r"^(\d+/\d+)(mmHg|mg|µg)$")


def _compact(tokens: Sequence[Token], text: str, i: int) -> list[Token] | None:
    """Figures and units that recognisers run together: « 1m72 », « 38°5 », « 2ème », « 130/80mmHg »."""
    source = tokens[i : i + 1]
    if match := _ORDINAL_WRITTEN.match(text):
        return [Token(f"{match[1]}e{match[2]}", source[0].span, Kind.NUMBER, glued=source[0].glued)]
    if text == "1ère":
        return [Token("1re", source[0].span, Kind.NUMBER, glued=source[0].glued)]
    if match := _HEIGHT.match(text):
        return [number(match[1], source), Token(match[2], source[0].span), number(match[3], source)]
    if match := _DEGREES.match(text):
        return [number(f"{match[1]},{match[2]}", source), Token("°C", source[0].span)]
    if match := _RATIO_UNIT.match(text):
        return [Token(match[1], source[0].span), Token(match[2], source[0].span)]
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
        (form is not None and not form[0].plural) or (value > 100 and _scheduled(low, end))
    )
    counts_few = last in _FEW and (
        (form is not None and form[0].plural and form[0].few and value > 20)
        or (value > 24 and end < len(low) and low[end] == "fois")
        or (value > 100 and _scheduled(low, end))
    )
    tenths = value > 20 and end < len(low) and low[end] in ("dixieme", "dixiemes")
    if counts_one or counts_few or tenths:
        for shorter in found[1:]:
            if shorter[1] == end - 1:
                return shorter
    return found[0]


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


def _ordinal(
    tokens: Sequence[Token], texts: Sequence[str], low: Sequence[str], i: int
) -> tuple[list[Token], int] | None:
    """« deuxième » is « 2e », « vingt et unième » is « 21e »."""
    first = _first(tokens, low, i)
    if first is not None:
        return first
    atoms: list[str] = []
    end = i
    while end < len(low) and end - i < 6:
        atoms += low[end].split(" ")
        end += 1
        last = atoms[-1].removesuffix("s")
        if last in _ORDINALS:
            head, stem = atoms[:-1], _ORDINALS[last]
            if end - i > 1 and head and not numerals.cardinals(head[: -1 if head[-1] == "et" else None], 0):
                return None
            base = numerals.cardinals(head[:-1] if head and head[-1] == "et" else head, 0) if head else [(0, 0)]
            if not base or (head and (base[0][0] % 10 or base[0][1] < len(head) - (head[-1] == "et"))):
                return None
            if atoms[-1] in _FRACTIONS and end - i == 1 and i and (tokens[i - 1].kind is Kind.NUMBER):
                return None
            if head and atoms[-1].endswith("s") and stem >= 10:
                return None  # « dix dixièmes »
            value = base[0][0] + stem
            text = f"{value}e{'s' if atoms[-1].endswith('s') else ''}"
            return [Token(text, span_of(tokens[i:end]), Kind.NUMBER, value=None, glued=tokens[i].glued)], end
        if atoms[-1] != "et" and numerals.atoms_of(low[end - 1]) is None:
            return None
    return None


def _first(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[list[Token], int] | None:
    """« première pare » is « 1re pare », « premier et deuxième rayons » « 1er et 2e rayons »; « en premier lieu » stays."""
    if low[i] not in ("premier", "premiere") or i + 1 >= len(low):
        return None
    paired = low[i + 1] in ("et", "ou", "a") and i + 2 < len(low) and low[i + 2].removesuffix("s") in _ORDINALS
    if low[i + 1].removesuffix("s") not in _FIRST and not paired:
        return None
    text = "1er" if low[i] == "premier" else "1re"
    return [Token(text, tokens[i].span, Kind.NUMBER, value=None, glued=tokens[i].glued)], i + 1


_FIRST = frozenset(folded(row["noun"]) for row in rows("first.tsv"))
_FRACTIONS = frozenset({"dixiemes", "centiemes", "cinquiemes", "quarts"})


def _postal(
    tokens: Sequence[Token], texts: Sequence[str], low: Sequence[str], i: int
) -> tuple[list[Token], int] | None:
    """After « code postal », figures said in groups make one code of five: « soixante-quinze zéro quinze » 75015."""
    if list(low[max(0, i - 2) : i]) != ["code", "postal"]:
        return None
    code, at = "", i
    while at < len(low) and len(code) < 5:
        found = numerals.readings(texts, at)
        if texts[at].isdigit():
            found = [(int(texts[at]), at + 1)]
        if low[at] == "zero":
            code, at = code + "0", at + 1
        elif found:
            code, at = code + (texts[at] if texts[at].isdigit() else str(found[0][0])), found[0][1]
        else:
            break
    if len(code) != 5:
        return None
    return [Token(code, span_of(tokens[i:at]), Kind.NUMBER, value="cp:" + code)], at


def _phone(tokens: Sequence[Token], texts: Sequence[str], low: Sequence[str], i: int) -> tuple[list[Token], int] | None:
    """« zéro six douze trente-quatre cinquante-six soixante-dix-huit »: ten figures by pairs."""
    if low[i] != "zero":
        return None
    pairs: list[str] = []
    at = i
    while at < len(low) and len(pairs) < 5:
        zero = low[at] == "zero"
        found = numerals.readings(texts, at + 1 if zero else at)
        if not found:
            return None
        value, end = found[0]
        if zero != (value < 10) or value > 99:
            return None
        pairs.append(f"{value:02d}")
        at = end
    if len(pairs) < 5 or pairs[0] == "00" or not "01" <= pairs[0] <= "09":
        return None
    text = " ".join(pairs).replace(" ", "\u00a0")
    return [Token(text, span_of(tokens[i:at]), Kind.NUMBER, value="tel:" + "".join(pairs))], at
