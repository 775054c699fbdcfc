"""Pass: vital signs. « treize huit » after « tension » is 130/80 mmHg, « sous deux litres » a flow of oxygen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from drafting.spoken_french import labels, units
from drafting.spoken_french.figures import measure
from drafting.spoken_french.scan import Phrases, folded, folds, rows, span_of
from drafting.spoken_french.token import Kind, Measure, Ratio, State, Token

_PRESSURE: Phrases[str] = Phrases((row["spoken"], row["kind"]) for row in rows("pressure.tsv"))
_GROUPS = frozenset({"vital", "prose", "obstetric"})
_TEN = Decimal(10)
#: « 13-8 » as a recogniser may write it
_DASHED = re.compile(r"^(\d{1,3}(?:,\d)?)[-–](\d{1,3})$")
#: how far after one pressure a second one may stand, in tokens
_REACH = 8


def run(state: State) -> State:
    """Vital signs of ``state``."""
    state = _weighs(_oxygen(_pressures(state)))
    return _listed(labels.run_groups(state, _GROUPS))


def _listed(state: State) -> State:
    """A comma between weight and height said in a row (« 1,75 m, 78 kg »)."""
    out: list[Token] = []
    for token in state.tokens:
        if out and _body(out[-1]) and _body(token) and _body(out[-1]) != _body(token):
            out.append(Token(",", out[-1].span, Kind.PUNCT, origin="rule", glued=True))
        out.append(token)
    return state.with_tokens(out)


def _body(token: Token) -> str:
    """« weight » or « height » of a quantity, else ""."""
    unit = token.value.unit if token.kind is Kind.QUANTITY and isinstance(token.value, Measure) else ""
    return {"kg": "weight", "m": "height", "cm": "height"}.get(unit, "")


# --- blood pressure -----------------------------------------------------------------------------


def _pressures(state: State) -> State:
    tokens, low = state.tokens, folds(state.tokens)
    out: list[Token] = []
    last = -_REACH - 1
    i = 0
    while i < len(tokens):
        found = (
            _labelled(tokens, low, i, out)
            or (_second(tokens, low, i) if i - last <= _REACH else None)
            or _postured(tokens, low, i)
        )
        if found is None:
            out.append(tokens[i])
            i += 1
        else:
            made, i = found
            out += made
            last = i
    return state.with_tokens(out)


def _labelled(
    tokens: Sequence[Token], low: Sequence[str], i: int, out: Sequence[Token]
) -> tuple[list[Token], int] | None:
    if tokens[i].kind not in (Kind.WORD, Kind.ACRONYM) or tokens[i].text.endswith("'"):
        return _inverted(tokens, low, i, out)
    found = _PRESSURE.at(low, i)
    if found is None or found[0] not in ("name", "source"):
        return None
    end = at = found[1]
    while at < len(low) and (more := _PRESSURE.at(low, at)) is not None and more[0] in ("place", "link", "verb"):
        at = more[1]
        if more[0] == "link" and pair(tokens, at) is not None:
            break
    sign: list[Token] = []
    if at < len(tokens) and tokens[at].text in ("<", ">", "≤", "≥"):
        sign, at = [tokens[at]], at + 1
    value = pair(tokens, at) or _merged(tokens, at)
    if value is None:
        return None
    prose = found[0] == "source" or (bool(out) and folded(out[-1].text) in labels.DETERMINERS)
    name = tokens[i:end] if prose else [Token("TA", span_of(tokens[i:end]), Kind.ACRONYM, glued=tokens[i].glued)]
    middle = list(tokens[end : at - len(sign)])
    if not prose and middle and _PRESSURE.get(folded(middle[-1].text)) == "link":
        middle.pop()
    comma = [] if prose else labels.separator(out, "vital")
    return [*comma, *name, *middle, *sign, value[0]], value[1]


def _second(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[list[Token], int] | None:
    """« … au bras droit et seize huit au bras gauche »: a pressure after a pressure."""
    value = pair(tokens, i) if i else None
    if value is None:
        return None
    after = _PRESSURE.at(low, value[1])
    linked = low[i - 1] in ("et", "puis", ",", "contre", "a")
    if (linked and after is not None and after[0] == "place") or _place_before(low, i):
        return [value[0]], value[1]
    return None


_POSTURES = frozenset("couchee couche debout assise assis allongee allonge".split())


def _postured(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[list[Token], int] | None:
    """« treize sept couchée et dix cinq debout »: a posture tells that two figures are a pressure."""
    value = pair(tokens, i)
    after = low[value[1]] if value is not None and value[1] < len(low) else ""
    return ([value[0]], value[1]) if value is not None and after in _POSTURES else None


def _place_before(low: Sequence[str], i: int) -> bool:
    """True when a place or posture ends just before ``i`` (« debout douze six », « à gauche à seize huit »)."""
    if low[i - 1] == "a":
        i -= 1
    return any(
        (found := _PRESSURE.at(low, start)) is not None and found == ("place", i) for start in range(max(0, i - 4), i)
    )


def _inverted(
    tokens: Sequence[Token], low: Sequence[str], i: int, out: Sequence[Token]
) -> tuple[list[Token], int] | None:
    """« treize huit de tension »."""
    value = pair(tokens, i)
    if value is None or value[1] + 1 >= len(low) or low[value[1]] != "de":
        return None
    found = _PRESSURE.at(low, value[1] + 1)
    if found is None or found[0] != "name":
        return None
    name = Token("TA", span_of(tokens[value[1] + 1 : found[1]]), Kind.ACRONYM)
    return [*labels.separator(out, "vital"), name, value[0]], found[1]


def pair(tokens: Sequence[Token], i: int) -> tuple[Token, int] | None:
    """Two figures that can only be a blood pressure, written in mmHg, and the index after them."""
    if i >= len(tokens):
        return None
    token = tokens[i]
    said = isinstance(token.value, Ratio)
    dashed = _DASHED.match(token.text) if token.kind is Kind.WORD else None
    if dashed is not None:
        over, under, end = Decimal(dashed[1].replace(",", ".")), Decimal(dashed[2]), i + 1
    elif isinstance(token.value, Ratio):
        over, under, end = token.value.over, token.value.under, i + 1
        if token.value.unit not in ("", "mmHg"):
            return None
    elif token.kind is Kind.NUMBER and isinstance(token.value, Decimal) and i + 1 < len(tokens):
        second = i + 1
        if tokens[second].text in ("/", "-") and second + 1 < len(tokens):
            second += 1
        number = tokens[second]
        if number.kind is Kind.QUANTITY and isinstance(number.value, Measure) and number.value.unit == "mmHg":
            over, under, end = token.value, number.value.value, second + 1
        elif number.kind is Kind.NUMBER and isinstance(number.value, Decimal):
            over, under, end = token.value, number.value, second + 1
        else:
            return None
    else:
        return None
    plain = f"{_figures(over)}/{_figures(under)}"
    high, low_ = over * _TEN if over < 30 else over, under * _TEN if under < 20 else under
    if not (50 <= high <= 300 and 20 <= low_ <= 200 and low_ < high):
        return None
    text = f"{_figures(high)}/{_figures(low_)}"
    unit = units.of_symbol("mmHg")
    told = text == plain and said and isinstance(token.value, Ratio) and token.value.unit == "mmHg"
    made = Token(
        unit.after(text),
        span_of(tokens[i:end]),
        Kind.QUANTITY,
        "dictated" if told else "rule",
        Ratio(high, low_, "mmHg"),
    )
    after = tokens[end] if end < len(tokens) else None
    if after is not None and folded(after.text) == "mmhg":
        end += 1
    return made, end


def _merged(tokens: Sequence[Token], i: int) -> tuple[Token, int] | None:
    """« 14,8 » after « tension »: two figures a recogniser took for a decimal, 140/80 mmHg."""
    if i >= len(tokens) or tokens[i].kind is not Kind.NUMBER:
        return None
    match = re.match(r"^(\d{1,2}),([6-9]|1[0-2])$", tokens[i].text)
    if match is None or int(match[1]) - int(match[2]) < 3:
        return None
    pressure = Ratio(Decimal(match[1]) * _TEN, Decimal(match[2]) * _TEN, "mmHg")
    text = units.of_symbol("mmHg").after(f"{_figures(pressure.over)}/{_figures(pressure.under)}")
    return Token(text, tokens[i].span, Kind.QUANTITY, "rule", pressure), i + 1


def _figures(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


# --- oxygen, weight and height ------------------------------------------------------------------


#: how far after its name a second saturation may stand: « 88 % en air ambiant et 94 % sous 2 litres »
_SECOND_SATURATION = 16


#: and a third one, which says itself what it is by its flow
_THIRD_SATURATION = 24


def _saturates(tokens: Sequence[Token], i: int) -> bool:
    """True for a bare figure from 60 to 100, that only a saturation can be before « sous deux litres »."""
    value = tokens[i].value if i >= 0 and tokens[i].kind is Kind.NUMBER else None
    return isinstance(value, Decimal) and 60 <= value <= 100


def _oxygen(state: State) -> State:
    """« saturation … sous deux litres » and « deux litres d'oxygène » are flows in L/min."""
    tokens, low = list(state.tokens), folds(state.tokens)
    out: list[Token] = []
    saturation = -100
    for i, token in enumerate(tokens):
        if (
            low[i] in ("saturation", "sat", "spo2", "sao2", "sature", "oxygene", "o2", "desature")
            or low[i] == "oxygenotherapie"
        ):
            saturation = i
        value = token.value
        flow = token.kind is Kind.QUANTITY and isinstance(value, Measure) and value.unit in ("L", "L/min")
        if not flow or not isinstance(value, Measure) or value.value > 80:
            out.append(token)
            continue
        after = low[i + 1 : i + 3]
        gas = len(after) == 2 and after[0] in ("d", "de") and after[1] in ("oxygene", "o2")
        under = i > 0 and low[i - 1] in ("sous", "a", "avec")
        if under and low[i - 1] == "sous" and 0 < i - saturation <= _THIRD_SATURATION and _saturates(tokens, i - 2):
            percent = tokens[i - 2]
            at = len(out) - 2
            out[at] = measure(percent.text, units.of_symbol("%"), [percent], origin="rule")
            saturation = i  # « remontée à quatre-vingt-treize sous deux litres »
        if under and i > 1 and isinstance(tokens[i - 2].value, Measure) and tokens[i - 2].text.endswith("%"):
            saturation = i if i - saturation <= _SECOND_SATURATION else saturation
        minute = value.unit == "L/min" or not ("par" in low[i + 1 : i + 4] and "minute" in low[i + 1 : i + 5])
        if minute and (gas or (under and i - saturation <= 8)):
            figures_ = token.text[: -len(value.unit)].rstrip()
            made = Token(
                units.of_symbol("L/min").after(figures_),
                token.span,
                Kind.QUANTITY,
                token.origin,
                Measure(value.value, "L/min"),
            )
            if value.unit == "L":
                made = replace(made, origin="rule")
            out.append(made)
            if gas and after[1] == "oxygene" and i - saturation <= _SECOND_SATURATION:
                tokens[i + 2] = replace(tokens[i + 2], text="O2", kind=Kind.ACRONYM)  # beside SpO2, as it is charted
            if not gas and low[i - 1] == "sous":
                out += [
                    Token("d'", token.span, origin="rule"),
                    Token("O2", token.span, Kind.ACRONYM, "rule", glued=True),
                ]
        else:
            out.append(token)
    return state.with_tokens(out)


_SUBJECTS: Phrases[str] = Phrases((row["spoken"], row["spoken"]) for row in rows("weighed.tsv"))


def _weighs(state: State) -> State:
    """« le petit pèse six kilos » is « poids 6 kg »; « et mesure soixante-quatre centimètres » its height."""
    tokens, low = list(state.tokens), folds(state.tokens)
    out: list[Token] = []
    weighed = -100
    i = 0
    while i < len(tokens):
        subject = _SUBJECTS.at(low, i)
        opens = not out or out[-1].kind in (Kind.PUNCT, Kind.BREAK)
        verb = subject[1] if subject is not None and opens else None
        if verb is not None and (name := _names(tokens, low, verb)) is not None:
            out.append(Token(name, span_of(tokens[i : verb + 1])))
            i, weighed = verb + 1, i
            continue
        if low[i] == "et" and i - weighed <= 6 and (name := _names(tokens, low, i + 1)) is not None:
            out += [Token(",", tokens[i].span, Kind.PUNCT, origin="rule", glued=True), Token(name, tokens[i + 1].span)]
            i += 2
            continue
        out.append(tokens[i])
        i += 1
    return state.with_tokens(out)


def _names(tokens: Sequence[Token], low: Sequence[str], verb: int) -> str | None:
    """« poids » or « taille » when a verb of measure stands at ``verb`` before its quantity."""
    if verb + 1 >= len(tokens) or not isinstance(tokens[verb + 1].value, Measure):
        return None
    value = tokens[verb + 1].value
    assert isinstance(value, Measure)
    if low[verb] == "pese" and value.unit in ("kg", "g"):
        return "poids"
    tall = value.unit == "m" or (value.unit == "cm" and value.value >= 40)
    return "taille" if low[verb] == "mesure" and tall else None
