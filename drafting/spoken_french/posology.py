"""Pass: a drug, its strength, its count. « Doliprane mille un comprimé » is « Doliprane 1000 mg : 1 comprimé ».

A unit nobody said is added only for a known drug and marked ``origin`` "rule". A strength is never
computed; a prefilled syringe named by its volume is written with its marketed units and flagged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from dictation.evidence import Finding, Severity
from drafting.spoken_french import forms, units
from drafting.spoken_french.drugs import DrugName, drug_at, is_known
from drafting.spoken_french.figures import figures, group, is_figure, value_of
from drafting.spoken_french.layout import NBSP
from drafting.spoken_french.scan import Phrases, folded, folds, rows, span_of
from drafting.spoken_french.token import Kind, Measure, Ratio, State, Token

_DOSE_KINDS = frozenset({"mass", "volume", "activity", "amount", "percent", "concentration"})
_SYRINGES = {(folded(r["name"]), value_of(r["volume"])): (r["substance"], r["units"]) for r in rows("syringes.tsv")}
#: what opens a schedule: a count before one of these is a dose
_SCHEDULE: Phrases[str] = Phrases((row["spoken"], row["kind"]) for row in rows("schedule.tsv"))
_PLURALS = {row["singular"]: row["plural"] for row in rows("forms.tsv")}
_FRACTIONS = {Decimal("0.5"): "½", Decimal("0.25"): "¼", Decimal("0.75"): "¾"}
_PARTS = {"demi": Decimal("0.5"), "demie": Decimal("0.5"), "quart": Decimal("0.25")}
#: up to this a bare figure before a schedule is a count, above it a strength
_COUNT_MAX = 3
Made = tuple[list[Token], int]


def run(state: State) -> State:
    """Prescriptions of ``state``."""
    tokens, low, texts = state.tokens, folds(state.tokens), [t.text for t in state.tokens]
    out: list[Token] = []
    findings: list[Finding] = []
    dosed = False
    listing = lists_drugs(tokens, low)
    i = 0
    while i < len(tokens):
        if tokens[i].kind in (Kind.PUNCT, Kind.BREAK):
            dosed = False
        found = drug_at(texts, low, i, state.lexicon) if tokens[i].kind in (Kind.WORD, Kind.NAME) else None
        if found is not None and found[1] < len(tokens):
            drug, end = found
            if listing and _opens_line(out) and is_known(texts, low, i, state.lexicon):
                out.append(Token(".", out[-1].span, Kind.PUNCT, origin="rule", glued=True))
            elif dosed and (drug.unit or drug.strengths) and _ends_line(out):
                out.append(Token(",", out[-1].span, Kind.PUNCT, origin="rule", glued=True))
            out += tokens[i:end]
            after = _prescription(tokens, low, end, drug, texts[i], out, findings)
            dosed, i = after > end and bool(drug.unit or drug.strengths), after
            continue
        counted = _count(tokens, low, i)
        if counted is not None and _is_prescribed(tokens, low, i, counted[1], out):
            out += counted[0]
            i = counted[1]
            continue
        out.append(tokens[i])
        i += 1
    return state.with_tokens(out, *findings)


#: « ordonnance de biologie »: its lines are no drugs
_OTHER_ORDERS = frozenset(
    "biologie bilan kinesitherapie kine soins transport examens radiologie imagerie sanguin".split()
)
#: a text with a mark every so many tokens is punctuated: nothing is cut that was not said
_MARKED = 20


def lists_drugs(tokens: Sequence[Token], low: Sequence[str]) -> bool:
    """True for a prescription said without any punctuation, where every drug opens a line."""
    if "ordonnance" not in low[:4] or _OTHER_ORDERS & set(low[:7]):
        return False
    said = sum(t.kind is Kind.BREAK or (t.kind is Kind.PUNCT and t.origin != "rule") for t in tokens)
    return said * _MARKED < len(tokens)


def _ends_line(out: Sequence[Token]) -> bool:
    """True when the prescription before is complete: a strength or a moment, and no link word, stands last."""
    return bool(out) and (out[-1].kind is Kind.QUANTITY or folded(out[-1].text) in _LINE_ENDS)


#: a drug after one of these goes on with the sentence
_JOINED = frozenset(
    "a au aux avec contre d de des du en et l la le les ou par pas pour que sans si sous un une plus relais renouveler"
    " renouvellement arret arreter stop poursuivre puis ajouter debuter prendre ordonnance".split()
)
#: fewest tokens of a line of prescription
_LINE = 3


def _opens_line(out: Sequence[Token]) -> bool:
    """True when the next drug of a prescription said without marks opens a line of its own."""
    line = 0
    for token in reversed(out):
        if token.kind is Kind.BREAK or (token.kind is Kind.PUNCT and token.text != ","):
            break
        line += 1
    return line >= _LINE and out[-1].kind is not Kind.PUNCT and folded(out[-1].text).rstrip("'") not in _JOINED


_LINE_ENDS = frozenset("jour soir matin midi coucher repas semaine demande jours mois".split())


def _prescription(
    tokens: Sequence[Token],
    low: Sequence[str],
    i: int,
    drug: DrugName,
    said: str,
    out: list[Token],
    findings: list[Finding],
) -> int:
    """Writes strength and count after a drug name that ends before ``i``; index after them."""
    dose = _syringe(tokens, low, i, said, findings) or _dose(tokens, low, i, drug)
    if dose is not None:
        out += dose[0]
        i = dose[1]
    known = bool(drug.unit or drug.strengths) or dose is not None
    count = _count(tokens, low, i) or (_bare_count(tokens, low, i, drug) if known else None)
    if count is not None and (known or _SCHEDULE.at(low, count[1]) is not None or count[1] >= len(tokens)):
        out.append(Token(":", tokens[i].span, Kind.PUNCT, origin="rule"))
        out += count[0]
        i = count[1]
    return i


# --- strengths ----------------------------------------------------------------------------------


def _dose(tokens: Sequence[Token], low: Sequence[str], i: int, drug: DrugName) -> Made | None:
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind is Kind.QUANTITY:
        return _said_dose(tokens, low, i, drug)
    if token.kind is not Kind.NUMBER or not isinstance(token.value, Decimal):
        return None
    if _count(tokens, low, i) is not None:
        return None
    decimal = _decimal_dose(tokens, low, i, drug)
    if decimal is not None:
        return decimal
    halves = _pair_in(token.value, drug)
    if halves is not None and not _counts(low, i + 1):
        return [_double(halves, drug.unit, tokens[i : i + 1], "rule")], i + 1
    pair = _pair(tokens, low, i, drug)
    if pair is not None:
        return pair
    end = i + 1
    if _counts(low, end):
        return None
    known = any(number == token.value for number, _ in drug.strengths)
    if token.value <= _COUNT_MAX and _SCHEDULE.at(low, end) is not None and not known and "," not in token.text:
        return None
    unit = drug.unit_of(token.value)
    if not unit:
        return None
    written = units.of_symbol(unit).after(token.text)
    return [Token(written, token.span, Kind.QUANTITY, "rule", Measure(token.value, unit))], end


def _decimal_dose(tokens: Sequence[Token], low: Sequence[str], i: int, drug: DrugName) -> Made | None:
    """« alprazolam zéro vingt-cinq » is 0,25 mg, « bisoprolol deux cinq » 2,5 mg: a decimal said without its comma.

    After a zero any figure is one; after another figure only a half or quarter, or a marketed strength.
    """
    first, second = tokens[i], tokens[i + 1] if i + 1 < len(tokens) else None
    if second is None or second.kind is not Kind.NUMBER or not (first.text.isdigit() and second.text.isdigit()):
        return None
    if _counts(low, i + 2) or len(first.text) > 2 or len(second.text) > 3:
        return None
    text = f"{first.text},{second.text}"
    value = value_of(text)
    marketed = any(number == value for number, _ in drug.strengths)
    pair = any(plain[:2] == (first.text, second.text) for plain in drug.pairs)
    if pair or not (marketed or first.text == "0" or (second.text in ("5", "25", "75") and int(first.text) < 20)):
        return None
    source = tokens[i : i + 2]
    unit = drug.unit_of(value)
    if not unit:
        return [Token(text, span_of(source), Kind.NUMBER, "rule", value)], i + 2
    return [
        Token(units.of_symbol(unit).after(text), span_of(source), Kind.QUANTITY, "rule", Measure(value, unit))
    ], i + 2


def _said_dose(tokens: Sequence[Token], low: Sequence[str], i: int, drug: DrugName) -> Made | None:
    token = tokens[i]
    if isinstance(token.value, Ratio):
        if low[i + 1 : i + 2] == ["de"]:
            return None  # « trois quarts de comprimé » is a count
        if token.value.unit or not drug.unit:
            return [token], i + 1
        text = units.of_symbol(drug.unit).after(token.text)
        return [replace(token, text=text, origin="rule", value=replace(token.value, unit=drug.unit))], i + 1
    if not isinstance(token.value, Measure) or not _is_dose(token.value.unit):
        return None
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if (
        token.value.unit == "g"
        and after is not None
        and after.kind is Kind.NUMBER
        and isinstance(after.value, Decimal)
        and after.value >= 10
        and not _counts(low, i + 2)
    ):
        text = f"{token.text}/{units.of_symbol('mg').after(after.text)}"
        return [
            Token(
                text, span_of(tokens[i : i + 2]), Kind.QUANTITY, "rule", Ratio(token.value.value, after.value, "g/mg")
            )
        ], i + 2
    return [token], i + 1


def _is_dose(symbol: str) -> bool:
    """True for the units drugs are given in (« 2 cm » after a word is no dose)."""
    return units.of_symbol(symbol).kind in _DOSE_KINDS or symbol.split("/")[0] in ("mg", "µg", "g", "UI", "mL", "mmol")


def _pair(tokens: Sequence[Token], low: Sequence[str], i: int, drug: DrugName) -> Made | None:
    """« quarante-neuf cinquante et un » is 49/51."""
    parts = [tokens[i].text]
    end = i + 1
    unit = ""
    while end < len(tokens) and len(parts) < 3:
        token = tokens[end]
        if low[end] in ("sur", "/") and end + 1 < len(tokens) and tokens[end + 1].kind is Kind.NUMBER:
            end += 1
            continue
        if token.kind is Kind.QUANTITY and isinstance(token.value, Measure) and token.value.unit in ("mg", "µg"):
            unit = token.value.unit
            parts.append(f"{token.value.value.normalize():f}".replace(".", ","))
            end += 1
            break
        if token.kind is not Kind.NUMBER or not isinstance(token.value, Decimal) or _counts(low, end + 1):
            break
        parts.append(token.text)
        end += 1
    plain = tuple(p.replace("\u202f", "") for p in parts)
    while len(plain) > 1 and drug.pairs and plain not in drug.pairs:
        plain = plain[:-1]
        unit = ""
    if len(plain) < 2 or (not drug.pairs and not drug.text[:1].isupper()):
        return None
    taken = i + len(plain) if "sur" not in low[i:end] and "/" not in low[i:end] else end
    if (
        not drug.pairs
        and not unit
        and "," not in plain[1]  # « cinq un virgule vingt-cinq »: nobody takes 1,25 tablets
        and (value_of(plain[1]) <= _COUNT_MAX or (drug.unit and _SCHEDULE.at(low, taken) is None))
    ):
        return None
    return [_double(plain, unit or drug.unit, tokens[i:taken], "dictated" if unit else "rule")], taken


def _double(parts: Sequence[str], unit: str, source: Sequence[Token], origin: str) -> Token:
    """Double strength: « 49/51 mg »; a gram and its milligrams are « 1 g/125 mg »."""
    text = "/".join(parts)
    if unit:
        text = units.of_symbol(unit).after(text)
    value = Ratio(value_of(parts[0]), value_of(parts[1]), unit)
    return Token(text, span_of(source), Kind.QUANTITY, origin, value)


def _pair_in(value: Decimal, drug: DrugName) -> tuple[str, ...] | None:
    """Known double strength that was heard as one number: « trois cents douze virgule cinq » is 300/12,5."""
    for pair in drug.pairs:
        if len(pair) != 2:
            continue
        first, second = value_of(pair[0]), value_of(pair[1])
        if value in (first + second if first > second else None, first * second if second >= 100 else None):
            return pair
    return None


def _syringe(tokens: Sequence[Token], low: Sequence[str], i: int, said: str, findings: list[Finding]) -> Made | None:
    """« Clexane zéro quatre » is the 0,4 mL syringe of 4000 UI: written so, and flagged."""
    read = _volume(tokens, low, i)
    if read is None:
        return None
    volume, end = read
    known = _SYRINGES.get((folded(said), volume))
    if known is None or (volume == 1 and end == i + 1):
        return None
    substance, strength = known
    span = span_of(tokens[i:end])
    written = f"{volume.normalize():f}".replace(".", ",")
    text = f"{units.of_symbol('UI').after(group(strength))}/{units.of_symbol('mL').after(written)}"
    message = f"« {said} {written} » est écrit {text.replace(NBSP, ' ')} : vérifiez la seringue prescrite."
    findings.append(Finding("posology.syringe", Severity.CHECK, message, span))
    made = [Token(f"({substance})", span, origin="rule")] if substance else []
    return [*made, Token(text, span, Kind.QUANTITY, "rule", Measure(volume, "mL"))], end


def _volume(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[Decimal, int] | None:
    if i >= len(tokens):
        return None
    value = tokens[i].value
    if isinstance(value, Measure) and value.unit == "mL":
        return value.value, i + 1
    if tokens[i].kind is not Kind.NUMBER or not isinstance(value, Decimal):
        return None
    if value == 0 and i + 1 < len(tokens) and tokens[i + 1].kind is Kind.NUMBER and tokens[i + 1].text.isdigit():
        return Decimal(f"0.{tokens[i + 1].text}"), i + 2
    return (value, i + 1) if "," in tokens[i].text else None


def _counts(low: Sequence[str], i: int) -> bool:
    """True when the number before ``i`` counts forms, times or days."""
    if i >= len(low):
        return False
    return (
        low[i] in units.TIME_WORDS
        or low[i] in ("fois", "prises", "injections")
        or low[i].startswith("demi ")
        or forms.form_at(low, i) is not None
    )


# --- counts -------------------------------------------------------------------------------------


def _count(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    """« un comprimé », « un demi-comprimé », « un comprimé et demi », « un quart de comprimé »."""
    if i >= len(tokens):
        return None
    half = _half(tokens, low, i)
    if half is not None:
        return half
    token = tokens[i]
    if (
        isinstance(token.value, Ratio)
        and token.value.under
        and low[i + 1 : i + 2] == ["de"]
        and forms.form_at(low, i + 2) is not None
    ):
        part = _FRACTIONS.get(token.value.over / token.value.under)
        return (
            ([Token(part, token.span, Kind.NUMBER, value=token.value.over / token.value.under)], i + 1)
            if part
            else None
        )
    if not is_figure(token):
        return None
    found = forms.form_at(low, i + 1)
    if found is None and low[i + 1 : i + 2] == ["a"] and i + 2 < len(tokens) and tokens[i + 2].kind is Kind.NUMBER:
        found = forms.form_at(low, i + 3)  # « un à deux comprimés »
    if found is None:
        return None
    end = found[1]
    made = [Token(figures(token), token.span, Kind.NUMBER, value=token.value, glued=token.glued), *tokens[i + 1 : end]]
    if low[end : end + 2] in (["et", "demi"], ["et", "demie"]):
        made += tokens[end : end + 2]
        end += 2
    return made, end


def _half(tokens: Sequence[Token], low: Sequence[str], i: int) -> Made | None:
    at = i + 1 if low[i] in ("un", "une", "1") and i + 1 < len(low) else i
    first = low[at] if at < len(low) else ""
    if first.startswith("demi ") and forms.form_at([first[5:]], 0) is not None:
        span = span_of(tokens[i : at + 1])
        word = tokens[at].text.split("-", 1)[-1].split(" ", 1)[-1]
        return [Token("½", span, Kind.NUMBER, value=Decimal("0.5")), Token(word, tokens[at].span)], at + 1
    if first in ("demi", "demie"):
        found = forms.form_at(low, at + 1)
        if found is not None:
            return [
                Token("½", span_of(tokens[i : at + 1]), Kind.NUMBER, value=Decimal("0.5")),
                *tokens[at + 1 : found[1]],
            ], found[1]
        if low[at + 1 : at + 2] == ["a"] and at + 3 < len(tokens) and is_figure(tokens[at + 2]):
            found = forms.form_at(low, at + 3)  # « un demi à un comprimé »
            if found is not None:
                most = Token(figures(tokens[at + 2]), tokens[at + 2].span, Kind.NUMBER, value=tokens[at + 2].value)
                least = Token("½", span_of(tokens[i : at + 1]), Kind.NUMBER, value=Decimal("0.5"))
                return [least, tokens[at + 1], most, *tokens[at + 3 : found[1]]], found[1]
        if at > i and _SCHEDULE.at(low, at + 1) is not None:
            return [Token("½", span_of(tokens[i : at + 1]), Kind.NUMBER, value=Decimal("0.5"))], at + 1
    if at > i and first == "quart" and low[at + 1 : at + 2] == ["de"] and forms.form_at(low, at + 2) is not None:
        return [Token("¼", span_of(tokens[i : at + 1]), Kind.NUMBER, value=Decimal("0.25"))], at + 1
    return None


def _bare_count(tokens: Sequence[Token], low: Sequence[str], i: int, drug: DrugName) -> Made | None:
    """« un par jour » after a drug: its usual form is understood when it has only one."""
    part = _PARTS.get(low[i + 1]) if i + 1 < len(low) and low[i] in ("un", "une") else None
    if part is not None and (i + 2 >= len(low) or _SCHEDULE.at(low, i + 2) is not None):
        half = [Token(_FRACTIONS[part], span_of(tokens[i : i + 2]), Kind.NUMBER, value=part)]
        if drug.form and part == Decimal("0.25"):
            half.append(Token("de", tokens[i + 1].span, origin="rule"))
        return half + ([Token(drug.form, tokens[i + 1].span, origin="rule")] if drug.form else []), i + 2
    if i >= len(tokens) or not is_figure(tokens[i]) or _SCHEDULE.at(low, i + 1) is None:
        return None
    token = tokens[i]
    value = token.value
    if not isinstance(value, Decimal) or value > 12:
        return None
    made = [Token(figures(token), token.span, Kind.NUMBER, value=value)]
    if drug.form:
        word = drug.form if value < 2 else _PLURALS.get(drug.form, drug.form)
        made.append(Token(word, token.span, origin="rule"))
    return made, i + 1


def _is_prescribed(tokens: Sequence[Token], low: Sequence[str], i: int, end: int, out: Sequence[Token]) -> bool:
    """True when a count away from a drug is still a dose and not prose (« une injection de toxine »)."""
    if tokens[i].kind is Kind.NUMBER or low[i] not in ("un", "une") or low[i + 1] in ("demi", "demie", "quart"):
        return True
    if low[i + 1].startswith("demi "):
        return True
    if not out or (out[-1].kind in (Kind.PUNCT, Kind.BREAK, Kind.QUANTITY) and out[-1].text not in ("«", "(")):
        return end >= len(low) or _SCHEDULE.at(low, end) is not None or (bool(out) and out[-1].text == ":")
    return _SCHEDULE.at(low, end) is not None
