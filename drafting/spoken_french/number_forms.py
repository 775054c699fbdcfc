"""Numbers that are no quantities: ordinals, telephones, post codes, figures run together with their unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drafting.spoken_french import numerals
from drafting.spoken_french.figures import number
from drafting.spoken_french.scan import folded, rows, span_of
from drafting.spoken_french.token import Kind, Token

ORDINALS = {row["word"]: int(row["value"]) for row in rows("ordinals.tsv")}
_ORDINAL_WRITTEN = re.compile(r"^(\d+)(?:ème|eme|ième|ieme|è)(s?)$")
_HEIGHT = re.compile(r"^(\d+)(m|kg|g|L|l)(\d{1,3})$")
_DEGREES = re.compile(r"^(3\d|4[0-3])°(\d)$")
_RATIO_UNIT = re.compile(r"^(\d+/\d+)(mmHg|mg|µg)$")
_FIRST = frozenset(folded(row["noun"]) for row in rows("first.tsv"))
_FRACTIONS = frozenset({"dixiemes", "centiemes", "cinquiemes", "quarts"})


def compact(tokens: Sequence[Token], text: str, i: int) -> list[Token] | None:
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


def ordinal(
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
        if last in ORDINALS:
            head, stem = atoms[:-1], ORDINALS[last]
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
    paired = low[i + 1] in ("et", "ou", "a") and i + 2 < len(low) and low[i + 2].removesuffix("s") in ORDINALS
    if low[i + 1].removesuffix("s") not in _FIRST and not paired:
        return None
    text = "1er" if low[i] == "premier" else "1re"
    return [Token(text, tokens[i].span, Kind.NUMBER, value=None, glued=tokens[i].glued)], i + 1


def postal(tokens: Sequence[Token], texts: Sequence[str], low: Sequence[str], i: int) -> tuple[list[Token], int] | None:
    """After « code postal », figures said in groups make one code of five: « soixante-quinze zéro quinze » 75015."""
    if list(low[max(0, i - 2) : i]) != ["code", "postal"]:
        return _before_town(tokens, texts, low, i)
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


#: of a post code: departments 01 to 98
_LOWEST, _HIGHEST = 1000, 98999


def _before_town(
    tokens: Sequence[Token], texts: Sequence[str], low: Sequence[str], i: int
) -> tuple[list[Token], int] | None:
    """« soixante-neuf mille trois Lyon » is 69003 Lyon: a number of thousands right before a capitalised name."""
    from drafting.spoken_french.labels import TABLE

    zero = low[i] == "zero" or bool(re.match(r"^0\d{4}$", texts[i]))
    found = numerals.readings(texts, i + 1 if low[i] == "zero" else i)
    if re.match(r"^\d{5}$", texts[i]):
        value, end = int(texts[i]), i + 1
    elif found and "mille" in low[i : found[0][1]]:
        value, end = found[0]
    else:
        return None
    town = texts[end] if end < len(texts) else ""
    named = len(town) > 2 and town[0].isupper() and town[1:].replace("-", "").isalpha() and not town.isupper()
    if not named or not _LOWEST <= value <= _HIGHEST or zero != (value < 10_000):
        return None
    if any(TABLE.at(low, k) is not None for k in range(max(0, i - 4), i)) or low[max(0, i - 1)] == "en":
        return None
    return [Token(f"{value:05d}", span_of(tokens[i:end]), Kind.NUMBER, value=f"cp:{value:05d}")], end


def phone(tokens: Sequence[Token], texts: Sequence[str], low: Sequence[str], i: int) -> tuple[list[Token], int] | None:
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
