"""Pass: figures with their units, signs and operators.

« six kilos huit cent cinquante » is one quantity (6,850 kg), « quatre centimètres sur trois » a size
(4 × 3 cm), « inférieure à cinq » an operator (< 5). A lone « un » becomes a figure only before a unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from drafting.spoken_french import forms, ratios, units
from drafting.spoken_french.figures import figures, is_figure, measure, number
from drafting.spoken_french.scan import Phrases, folds, rows, span_of
from drafting.spoken_french.token import Kind, Measure, State, Token
from drafting.spoken_french.units import Unit

_OPERATORS: Phrases[str] = Phrases((row["spoken"], row["sign"]) for row in rows("operators.tsv"))


def run(state: State) -> State:
    """Quantities of ``state``."""
    tokens, low = state.tokens, folds(state.tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        found = _step(tokens, low, i, out)
        if found is None:
            out.append(tokens[i])
            i += 1
        else:
            made, i = found
            out += made
    return state.with_tokens(out)


Made = tuple[list[Token], int]


def _step(tokens: Sequence[Token], low: Sequence[str], i: int, out: list[Token]) -> Made | None:
    if not is_figure(tokens[i]):
        return _operator(tokens, low, i) or _sign(tokens, low, i, out) or ratios.slashed(tokens, low, i)
    return (
        ratios.round_the_clock(tokens, low, i, out)
        or ratios.power(tokens, low, i)
        or ratios.fraction(tokens, low, i)
        or ratios.size(tokens, low, i)
        or _measure(tokens, low, i, out)
    )


# --- one quantity -------------------------------------------------------------------------------


def _measure(tokens: Sequence[Token], low: Sequence[str], i: int, out: list[Token]) -> Made | None:
    zero = _zero_point(tokens, low, i)
    if zero is not None:
        return zero
    found = units.unit_at(low, i + 1)
    if found is None:
        return ratios.double_written(tokens, low, i) or _against(tokens, low, i, out)
    if tokens[i + 1].text.endswith("'"):
        return None  # « 2 l'après-midi » is no volume
    unit, end = found
    if unit.symbol == "°C" and low[i + 1] == "c" and not _WARM[0] <= (tokens[i].value or 0) <= _WARM[1]:  # type: ignore[operator]
        return None  # « T un c » is a stage, not a temperature
    if tokens[i].kind is Kind.WORD and unit.kind == "angle":
        return None  # « à un degré moindre »
    if unit.symbol == "°" and unit.kind == "angle" and (celsius := _celsius(tokens, low, i, end)) is not None:
        unit = celsius
    written, end = _continued(tokens, low, figures(tokens[i]), unit, end)
    if end > found[1] and (tail := units.tail_at(low, end)) is not None:
        unit, end = Unit(unit.symbol + tail[0], unit.kind), tail[1]
    return [measure(written, unit, tokens[i:end])], end


def _zero_point(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    """« zéro cinq milligramme » is 0,5 mg: a zero said before a figure and its unit."""
    if tokens[i].text != "0" or i + 1 >= len(tokens) or not is_figure(tokens[i + 1]):
        return None
    part, unit = figures(tokens[i + 1]), units.unit_at(low, i + 2)
    two = part.isdigit() and len(part) == 2 and part[0] != "0"
    if unit is None and (part in _COMMON_PARTS or two) and (i == 0 or tokens[i - 1].kind is not Kind.NUMBER):
        following = tokens[i + 2].kind if i + 2 < len(tokens) else None
        if following is not Kind.NUMBER and not _counted(low, i + 2):
            return [number(f"0,{part}", tokens[i : i + 2])], i + 2  # « un quart de zéro vingt-cinq »
    if unit is None or not part.isdigit() or len(part) > 3:
        return None
    return [measure(f"0,{part}", unit[0], tokens[i : unit[1]])], unit[1]


#: temperatures a bare « c » may stand after
_WARM = (Decimal(30), Decimal(43))
#: decimals said after a bare zero, with no unit
_COMMON_PARTS = frozenset(("25", "75", "125"))


def _against(tokens: Sequence[Token], low: Sequence[str], i: int, out: Sequence[Token]) -> Made | None:
    """« 110° contre cent trente à gauche »: the second figure has the unit of the first."""
    if (
        len(out) < 2
        or low[i - 1] != "contre"
        or tokens[i].kind is not Kind.NUMBER
        or low[i + 1 : i + 2] in (["fois"], ["jours"])
    ):
        return None
    first = out[-2].value
    if not isinstance(first, Measure) or first.unit not in ("°", "%", "mm", "cm", "kg"):
        return None
    return [measure(tokens[i].text, units.of_symbol(first.unit), [tokens[i]], origin="rule")], i + 1


def _celsius(tokens: Sequence[Token], low: Sequence[str], i: int, end: int) -> Unit | None:
    value = tokens[i].value
    near = set(low[max(0, i - 6) : i]) & {
        "temperature",
        "fievre",
        "febrile",
        "t",
        "thermique",
        "apyretique",
        "febricule",
    }
    return units.of_symbol("°C") if near and isinstance(value, Decimal) and 30 <= value <= 44 else None


def _continued(tokens: Sequence[Token], low: Sequence[str], written: str, unit: Unit, end: int) -> tuple[str, int]:
    """« un mètre soixante-douze », « six kilos huit cent cinquante », « trois kilos et demi »."""
    if "," in written or "/" in unit.symbol:
        return written, end
    if low[end : end + 2] in (["et", "demi"], ["et", "demie"]):
        return f"{written},5", end + 2
    if low[end : end + 1] == ["virgule"] and end + 1 < len(tokens) and tokens[end + 1].text.isdigit():
        return f"{written},{tokens[end + 1].text}", end + 2  # « deux milligrammes virgule cinq »
    if end >= len(tokens) or tokens[end].kind is not Kind.NUMBER or not isinstance(tokens[end].value, Decimal):
        return written, end
    more, after = tokens[end], end + 1
    if not more.text.isdigit():
        return written, end
    n = int(more.text)
    if n == 0 and unit.symbol in ("g", "L", "kg", "m", "mmol", "µmol", "mg") and after < len(tokens):
        part = tokens[after]  # « un gramme zéro huit »
        if part.kind is Kind.NUMBER and part.text.isdigit() and int(part.text) <= 9 and not _counted(low, after + 1):
            return f"{written},0{part.text}", after + 1
    smaller = units.unit_at(low, after)
    if smaller is not None:
        sizes = {("kg", "g"): 3, ("m", "cm"): 2, ("g", "mg"): 3, ("cm", "mm"): 1, ("L", "mL"): 3, ("L", "cL"): 2}
        places = sizes.get((unit.symbol, smaller[0].symbol))
        if places and n < 10**places:
            return _trim(f"{written},{n:0{places}d}", unit), smaller[1]
        if "/" in smaller[0].symbol or smaller[0].symbol in ("%",) or not _same(unit, smaller[0]):
            return written, end
        return written, end
    again = low[after : after + 1] == ["a"] and after + 2 < len(tokens) and is_figure(tokens[after + 1])
    ranged = again and (upper := units.unit_at(low, after + 2)) is not None and upper[0].symbol == unit.symbol
    if _counted(low, after) and not ranged:  # « un litre cinq à deux litres » goes on
        return written, end
    match unit.symbol:
        case "m" if n < 100:
            return f"{written},{n:02d}", after
        case "kg" | "L" if 100 <= n <= 999:
            return _trim(f"{written},{n}", unit), after
        case "kg" if n <= 9:
            return f"{written},{n}", after
        case "kg" if n <= 99 and int(written) < _INFANT_KG:
            return f"{written},0{n}", after  # « quatre kilos cinquante »: an infant's grams
        case "L" | "g" if n <= 99 and n > 0:
            return f"{written},{n}", after
        case "cm" | "mm" | "°C" | "°" | "mmol" | "µmol" if 0 < n <= 9:
            return f"{written},{n}", after
    return written, end


#: a weight below this is an infant's: what follows the kilos are grams
_INFANT_KG = 10


def _same(unit: Unit, other: Unit) -> bool:
    return unit.kind == other.kind


def _trim(written: str, unit: Unit) -> str:
    """Grams of an adult's weight lose their empty decimals: 78,5 kg, but 6,850 kg for an infant."""
    whole = int(written.split(",")[0])
    return written.rstrip("0").rstrip(",") if unit.symbol == "kg" and whole >= 20 else written


def _counted(low: Sequence[str], i: int) -> bool:
    """True when the number before ``i`` counts something else (« 1 g trois fois par jour »)."""
    if i >= len(low):
        return False
    return (
        low[i] in units.TIME_WORDS
        or low[i] in ("fois", "a", "prises", "sur", "cp", "cps")
        or low[i : i + 2] == ["par", "jour"]
        or low[i : i + 2] == ["par", "semaine"]
        or forms.form_at(low, i) is not None
    )


# --- operators and signs ------------------------------------------------------------------------


def _operator(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    """« inférieure à cinq » is « < 5 », only in front of a figure."""
    found = _OPERATORS.at(low, i)
    if found is None:
        return None
    sign, end = found
    if end >= len(tokens) or tokens[end].kind is not Kind.NUMBER:
        return None
    return [Token(sign, span_of(tokens[i:end]), Kind.WORD, value=sign)], end


def _sign(tokens: Sequence[Token], low: Sequence[str], i: int, out: list[Token]) -> Made | None:
    """« T-score à moins deux virgule cinq » is −2,5; « au moins deux », « dix moins deux » are not."""
    if low[i] == "plus" and i + 1 < len(tokens) and tokens[i + 1].kind is Kind.NUMBER:
        unit = units.unit_at(low, i + 2)
        if out and out[-1].kind is Kind.NUMBER and unit is None and "e" not in tokens[i + 1].text:
            return [Token("+", tokens[i].span, Kind.WORD), tokens[i + 1]], i + 2  # « Gleason 3 + 4 »
        if unit is not None and unit[0].symbol in ("DS", "D"):
            return [measure(f"+{tokens[i + 1].text}", unit[0], tokens[i : unit[1]])], unit[1]
        return None
    if low[i] != "moins" or i + 1 >= len(tokens) or not is_figure(tokens[i + 1]):
        return None
    if tokens[i + 1].kind is Kind.WORD:
        unit = units.unit_at(low, i + 2)
        if unit is None or unit[0].symbol not in ("DS", "D"):
            return None
        return [measure("−1", unit[0], tokens[i : unit[1]])], unit[1]
    before = out[-1] if out else None
    if before is not None and (
        before.text.lower() in ("au", "du", "le", "de", "en", "plus", "ou") or before.kind in (Kind.NUMBER, Kind.TIME)
    ):
        return None
    number = tokens[i + 1]
    if not isinstance(number.value, Decimal):
        return None
    text = f"−{number.text}"
    signed = Token(text, span_of(tokens[i : i + 2]), Kind.NUMBER, value=-number.value)
    unit = units.unit_at(low, i + 2)
    if unit is None:
        return [signed], i + 2
    return [measure(text, unit[0], tokens[i : unit[1]])], unit[1]
