"""The engine behind vitals, labs and scores: a name, an optional « à », a figure, its implied unit.

« kaliémie à quatre virgule deux » is « kaliémie 4,2 mmol/L ». After an article the sentence is kept
(« la kaliémie est à 4,2 mmol/L »). A unit nobody said is added only inside the range where the
convention is certain, and its token has ``origin`` "rule".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from drafting.spoken_french import forms, units
from drafting.spoken_french.figures import group, measure, value_of
from drafting.spoken_french.scan import Phrases, folded, folds, rows, span_of
from drafting.spoken_french.token import Kind, Measure, Ratio, State, Token

#: an article before the name: the sentence is prose and keeps its words
DETERMINERS = frozenset(
    "la le l les une un des sa son ses cette ce cet ces leur notre votre ma mon du chaque derniere dernier".split()
)
#: what may stand between a name and its figure and is dropped outside prose
_LINKS: Phrases[str] = Phrases((form, "drop") for form in ("à", "est à", "était à", "=", "égal à", "égale à"))
#: what may stand between a name and its figure and is kept
_KEPT: Phrases[str] = Phrases((row["spoken"], row["note"]) for row in rows("measure_links.tsv"))
_OPERATOR_SIGNS = frozenset("<>≤≥±")
#: said of a result, these are operators; elsewhere (« moins de cinq jours ») they are words
_BOUNDS: Phrases[str] = Phrases(
    [(form, "<") for form in ("moins de", "à moins de", "au-dessous de", "en dessous de", "sous les")]
    + [(form, ">") for form in ("plus de", "à plus de", "au-dessus de")]
)
_BOUNDED = frozenset(("lab", "gas"))
#: « si la créatinine remonte au-dessus de 110 »: a verb of its own keeps the words
_MOVING = frozenset(
    "remonte monte remontee montee redescend descend culmine atteint reste passe repasse baisse chute montait restait".split()
)


@dataclass(frozen=True, slots=True)
class Implied:
    """Unit understood for figures from ``low`` to ``high``."""

    symbol: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Label:
    """One row of ``measures.tsv``."""

    written: str
    units: tuple[Implied, ...]
    decimals: int
    group: str
    #: unit said short and what it stands for (« un gramme vingt » of glucose is g/L)
    short: tuple[tuple[str, str], ...] = ()


def _label(row: dict[str, str]) -> Label:
    implied: list[Implied] = []
    short: list[tuple[str, str]] = []
    for part in row["units"].split():
        if "=" in part and part != "=":
            said, full = part.split("=")
            short.append((said, full))
            continue
        if part in ("-", "=") or part.startswith("m²/"):
            continue
        if "@" not in part:  # « mL/min/1,73 m² » holds a space
            implied.append(Implied(part, Decimal(0), Decimal(0)))
            continue
        symbol, bounds = part.split("@")
        if implied and implied[-1].high == 0 and implied[-1].low == 0:
            symbol = f"{implied.pop().symbol} {symbol}"
        negative = bounds.startswith("-")
        low, high = bounds.lstrip("-").split("-", 1)
        implied.append(Implied(symbol, -Decimal(low) if negative else Decimal(low), Decimal(high)))
    return Label(row["written"], tuple(implied), int(row["decimals"]), row["group"], tuple(short))


TABLE: Phrases[Label] = Phrases((row["spoken"], _label(row)) for row in rows("measures.tsv"))


def run_groups(state: State, groups: frozenset[str]) -> State:
    """Measures of ``groups`` in ``state``."""
    tokens, low = list(state.tokens), folds(state.tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        found = _at(tokens, low, i, groups, out)
        if found is None:
            out.append(tokens[i])
            i += 1
        else:
            made, i = found
            out += made
    return state.with_tokens(out)


def _at(
    tokens: Sequence[Token], low: Sequence[str], i: int, groups: frozenset[str], out: Sequence[Token]
) -> tuple[list[Token], int] | None:
    if tokens[i].kind not in (Kind.WORD, Kind.ACRONYM) or tokens[i].text.endswith("'"):
        return _inverted(tokens, low, i, groups, out)
    found = TABLE.at(low, i)
    if found is None or found[0].group not in groups:
        return None
    label, end = found
    prose = label.group == "prose" or (bool(out) and folded(out[-1].text) in DETERMINERS)
    value_at, kept = _link(tokens, low, end, label)
    value = _value(tokens, low, value_at, label)
    if value is None:
        return None
    written, after = value
    name = tokens[i:end] if prose else [_name(label, tokens[i:end])]
    middle = list(tokens[end:value_at]) if prose or kept else []
    if middle and written[0].text in _OPERATOR_SIGNS and folded(middle[-1].text) == "a":
        written = [replace(written[0], span=span_of([middle.pop(), written[0]])), *written[1:]]  # « est à moins de »
    comma = [] if prose else separator(out, label.group)
    other, after = _other_side(tokens, low, after, label)
    later, after = _later(tokens, low, after, label)
    other += later
    return [*comma, *name, *middle, *written, *other], after


def _later(tokens: Sequence[Token], low: Sequence[str], i: int, label: Label) -> tuple[list[Token], int]:
    """« CRP à cinquante puis douze », « contre cinquante-deux »: the same measure at another time."""
    if i + 1 >= len(tokens) or not label.units:
        return [], i
    if low[i] not in ("puis", "contre"):
        return _further(tokens, low, i, label)
    value = _value(tokens, low, i + 1, label)
    if value is None or value[0][-1].kind is not Kind.QUANTITY:
        return [], i
    return [tokens[i], *value[0]], value[1]


#: how far the same measure at another time may stand: « 8,9 g/dL le 15 à l'arrivée, puis 9,6 »
_FURTHER = 6


def _further(tokens: Sequence[Token], low: Sequence[str], i: int, label: Label) -> tuple[list[Token], int]:
    """« … à neuf deux au diagnostic, huit un ce mois-ci »: a second value, said as two figures, after a comma or « puis »."""
    if not label.decimals:
        return [], i
    for at in range(i, min(i + _FURTHER, len(tokens) - 2)):
        if tokens[at].kind is Kind.BREAK or tokens[at].text in ".?!;:" or TABLE.at(low, at) is not None:
            return [], i
        if tokens[at].text != "," and low[at] not in ("puis", "contre"):
            continue
        number = tokens[at + 1]
        if number.kind is not Kind.NUMBER or not isinstance(number.value, Decimal):
            continue
        token, end = _implied_decimal(tokens, low, at + 1, number, label)
        unit = _implied(label, _decimal(token)) if end > at + 2 else None
        if unit is not None and not _counts_other(low, end):
            return [*tokens[i : at + 1], _with_unit(token, unit, tokens[at + 1 : end])], end
    return [], i


def _other_side(tokens: Sequence[Token], low: Sequence[str], i: int, label: Label) -> tuple[list[Token], int]:
    """« … à droite et dix-huit à gauche »: the same measure on the other side."""
    first = _SIDES.at(low, i)
    if first is None:
        return [], i
    at = first[1]
    joined = at < len(low) and low[at] in ("et", ",", "puis", "contre")
    at += joined
    before = _SIDES.at(low, at)
    side: list[Token] = []
    if before is not None:
        side, at = list(tokens[at : before[1]]), before[1]
    value = _value(tokens, low, at, label)
    if value is None or (before is None and _SIDES.at(low, value[1]) is None):
        return [], i
    link = list(tokens[first[1] : first[1] + 1]) if joined else []
    if not joined:
        link = [Token(",", tokens[first[1] - 1].span, Kind.PUNCT, origin="rule", glued=True)]
    return [*tokens[i : first[1]], *link, *side, *value[0]], value[1]


_SIDES: Phrases[str] = Phrases(
    (side, "side")
    for side in "à droite|à gauche|od|og|o d|o g|droite|gauche|à l'œil droit|à l'œil gauche|droit|gauche|œil droit|"
    "œil gauche|au bras droit|au bras gauche|du côté droit|du côté gauche|avant|après|au repos|à l'effort".split("|")
)


def _name(label: Label, source: Sequence[Token]) -> Token:
    said = " ".join(t.text for t in source)
    if folded(said) == folded(label.written):
        return replace(
            source[0], text=label.written if said != label.written.capitalize() else said, span=span_of(source)
        )
    text = label.written
    if said[:1].isupper() and source[0].text[1:].islower() and text[:1].islower():
        text = text[:1].upper() + text[1:]
    return Token(text, span_of(source), Kind.ACRONYM if text.isupper() else Kind.WORD, glued=source[0].glued)


def separator(out: Sequence[Token], group_: str) -> list[Token]:
    """Comma (semicolon between blood gases) when a measure follows another with nothing between."""
    if not out or out[-1].kind is not Kind.QUANTITY:
        return []
    mark = ";" if group_ == "gas" else ","
    return [Token(mark, out[-1].span, Kind.PUNCT, origin="rule", glued=mark == ",")]


def _link(tokens: Sequence[Token], low: Sequence[str], i: int, label: Label) -> tuple[int, bool]:
    """Index of the value after the name, and whether the words between must stay."""
    kept = _KEPT.at(low, i)
    if kept is not None:
        link = _LINKS.at(low, kept[1])
        return (link[1] if link is not None else kept[1]), True
    link = _LINKS.at(low, i)
    if link is not None:
        return link[1], False
    if low[i : i + 1] == [","] and label.decimals and _two_figures(tokens, i + 1):
        return i + 1, True  # « elle a pris sa température, trente-six huit »
    return i, False


def _two_figures(tokens: Sequence[Token], i: int) -> bool:
    """True for « trente-six huit » before a mark: a figure and its decimal, which can count nothing."""
    row = tokens[i : i + 2]
    return (
        len(row) == 2
        and all(t.kind is Kind.NUMBER and t.text.isdigit() for t in row)
        and len(row[0].text) == 2
        and len(row[1].text) == 1
        and (i + 2 >= len(tokens) or tokens[i + 2].kind in (Kind.PUNCT, Kind.BREAK))
    )


def _value(tokens: Sequence[Token], low: Sequence[str], i: int, label: Label) -> tuple[list[Token], int] | None:
    sign: list[Token] = []
    if i < len(tokens) and tokens[i].text in _OPERATOR_SIGNS:
        sign, i = [tokens[i]], i + 1
    elif label.group in _BOUNDED and low[i - 1] not in _MOVING and (bound := _BOUNDS.at(low, i)) is not None:
        sign, i = [Token(bound[0], span_of(tokens[i : bound[1]]), value=bound[0])], bound[1]
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind is Kind.QUANTITY:
        if _foreign(token, label):
            return None
        if isinstance(token.value, Ratio) and label.written in ("PIO", "TO") and not token.value.unit:
            text = units.of_symbol("mmHg").after(token.text)
            token = replace(token, text=text, origin="rule", value=replace(token.value, unit="mmHg"))
        return [*sign, _completed(token, label)], i + 1
    if not isinstance(token.value, Decimal) or (token.kind is Kind.WORD and not (sign or label.group == "score")):
        return None
    if token.kind is Kind.WORD:
        token = Token(group(str(token.value)), token.span, Kind.NUMBER, value=token.value)
    token, end = _implied_decimal(tokens, low, i, token, label)
    if end < len(low) and low[end] in ("a", "et", "-", "–") and end + 1 < len(tokens) and low[end] == "a":
        second = tokens[end + 1]
        if second.kind is Kind.NUMBER and isinstance(second.value, Decimal) and not _counts_other(low, end + 2):
            unit = _implied(label, second.value)
            if unit is not None and _implied(label, _decimal(token)) == unit:
                return [*sign, token, tokens[end], _with_unit(second, unit, [second])], end + 2
    if _counts_other(low, end) or (end < len(tokens) and tokens[end].text in ("/", "×")):
        return None
    token = _hundreds(token, label)
    unit = _implied(label, _decimal(token))
    if unit is None:
        return [*sign, replace(token, kind=Kind.QUANTITY, value=Measure(_decimal(token), ""))], end
    return [*sign, _with_unit(token, unit, tokens[i:end])], end


_AMOUNTS = {"mmol": "mmol/L", "µmol": "µmol/L", "nmol": "nmol/L", "pmol": "pmol/L", "mEq": "mEq/L", "mUI": "mUI/L"}


def _completed(token: Token, label: Label) -> Token:
    """The quantity with its « par litre », left unsaid where only one is possible."""
    value = token.value
    if not isinstance(value, Measure) or label.group != "lab":
        return token
    full = dict(label.short).get(value.unit) or _AMOUNTS.get(value.unit)
    if full is None:
        return token
    figures_ = token.text.removesuffix(value.unit).rstrip()
    return measure(figures_, units.of_symbol(full), [token], origin="rule")


def _decimal(token: Token) -> Decimal:
    assert isinstance(token.value, Decimal)
    return token.value


def _with_unit(token: Token, symbol: str, source: Sequence[Token]) -> Token:
    unit = units.of_symbol(symbol)
    if symbol.startswith("/"):
        unit = replace(unit, tight=True)
    return measure(token.text, unit, source, origin="rule")


def _implied(label: Label, value: Decimal) -> str | None:
    for implied in label.units:
        if implied.low <= value <= implied.high:
            return implied.symbol
    return None


def _foreign(token: Token, label: Label) -> bool:
    """True for « potassium 600 mg »: a dose, not a result."""
    if isinstance(token.value, Ratio):
        return label.group not in ("score", "pft", "eye") and label.written not in ("PIO", "TO")
    return (
        label.group in ("lab", "gas")
        and isinstance(token.value, Measure)
        and token.value.unit in ("mg", "µg", "g", "UI", "mL", "kg")
        and token.value.unit not in dict(label.short)
    )


def _implied_decimal(
    tokens: Sequence[Token], low: Sequence[str], i: int, token: Token, label: Label
) -> tuple[Token, int]:
    """« onze deux » is 11,2; « sept quarante et un » is 7,41; « zéro quatre » is 0,4."""
    end = i + 1
    if not label.decimals or not token.text.isdigit() or end >= len(tokens):
        return token, end
    figures_, at = "", end
    while at < len(tokens) and tokens[at].kind is Kind.NUMBER and low[at] in ("zero", "0") and len(figures_) < 2:
        figures_, at = figures_ + "0", at + 1
    if at < len(tokens) and tokens[at].kind is Kind.NUMBER and tokens[at].text.isdigit():
        more = tokens[at].text
        if len(figures_ + more) <= max(label.decimals, len(figures_) + 1) and not (figures_ and len(more) > 1):
            figures_, at = figures_ + more, at + 1
    elif at < len(tokens) and low[at] == "un" and tokens[at].value == 1 and _closes(tokens, low, at + 1):
        figures_, at = figures_ + "1", at + 1
    if not figures_ or _counts_other(low, at) or len(figures_) > label.decimals + (figures_[0] == "0"):
        return token, end
    text = f"{token.text},{figures_}"
    return Token(text, span_of(tokens[i:at]), Kind.NUMBER, value=value_of(text)), at


def _hundreds(token: Token, label: Label) -> Token:
    """« huit mille cinq » of leucocytes is 8500: nobody counts them to the unit."""
    value = _decimal(token)
    if not any(u.symbol in ("/mm³", "g") for u in label.units) or value != value.to_integral_value():
        return token
    whole = int(value)
    if whole < 1000 or not 1 <= whole % 1000 <= 9 or len(token.span) < _HUNDREDS_WORDS:
        return token
    value = Decimal(whole // 1000 * 1000 + whole % 1000 * 100)
    return replace(token, text=group(str(value)), value=value, origin="rule")


#: said in at least two words (« mille deux »); figures a recogniser wrote are exact
_HUNDREDS_WORDS = 2


def _closes(tokens: Sequence[Token], low: Sequence[str], i: int) -> bool:
    """True when « un » before ``i`` can only be a decimal: the end, a mark or another measure follows."""
    if i >= len(tokens) or tokens[i].kind in (Kind.PUNCT, Kind.BREAK):
        return True
    return (
        TABLE.at(low, i) is not None
        or units.unit_at(low, i) is not None
        or low[i] in ("et", "puis", "en", "pour", "ce", "au", "hier", "aujourd'hui", "actuellement")
    )


def _counts_other(low: Sequence[str], i: int) -> bool:
    """True when the number before ``i`` counts days, tablets, times…"""
    if i >= len(low):
        return False
    return low[i] in units.TIME_WORDS or low[i] in ("fois", "croix") or forms.form_at(low, i) is not None


def _inverted(
    tokens: Sequence[Token], low: Sequence[str], i: int, groups: frozenset[str], out: Sequence[Token]
) -> tuple[list[Token], int] | None:
    """« nonante de tour de taille » is « tour de taille 90 cm »; « onze d'hémoglobine » is « Hb 11 g/dL »."""
    token = tokens[i]
    if i + 2 >= len(tokens) or low[i + 1] not in ("de", "d") or token.kind not in (Kind.NUMBER, Kind.QUANTITY):
        return None
    found = TABLE.at(low, i + 2)
    if found is None or found[0].group not in groups:
        return None
    label, end = found
    if token.kind is Kind.QUANTITY:
        if not isinstance(token.value, Measure) or token.value.unit not in {u.symbol for u in label.units}:
            return None
        value = token
    else:
        if not isinstance(token.value, Decimal):
            return None
        unit = _implied(label, token.value)
        if unit is None:
            return None
        value = _with_unit(token, unit, [token])
    return [*separator(out, label.group), _name(label, tokens[i + 2 : end]), value], end
