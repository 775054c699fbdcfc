"""Pass: refraction and acuity. « œil gauche moins trois vingt-cinq moins un à quinze degrés dix dixièmes »
is « OG −3,25 (−1,00 à 15°) 10/10 »: sphere, cylinder and axis, acuity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from drafting.spoken_french.figures import is_figure
from drafting.spoken_french.scan import Phrases, folded, folds, span_of
from drafting.spoken_french.token import Kind, Ratio, State, Token

_EYES: Phrases[str] = Phrases(
    (
        ("œil droit|od|o d|à l'œil droit|pour l'œil droit|l'œil droit", "OD"),
        ("œil gauche|og|o g|à l'œil gauche|pour l'œil gauche|l'œil gauche", "OG"),
        ("les deux yeux|des deux yeux|odg|o d g|aux deux yeux|yeux droit et gauche", "ODG"),
    )
)
_SIGNS = {"moins": "−", "plus": "+", "-": "−", "−": "−", "+": "+"}
_SPHERE = re.compile(r"^([-−+])(\d{1,2})(?:[.,](\d{1,2}))?$")
_DEGREES = frozenset(("degre", "degres", "°"))
#: what may follow whole dioptres as their decimals
_DECIMALS = {"25": "25", "50": "50", "75": "75", "0": "00", "00": "00", "5": "50"}
_COUNTED = frozenset(("degre", "degres", "°", "dixieme", "dixiemes"))
#: dioptres a lens can have
_LIMIT = Decimal(30)


def run(state: State) -> State:
    """Refractions of ``state``."""
    tokens = _without_commas(state.tokens)
    low = folds(tokens)
    out: list[Token] = []
    i = 0
    near = -100
    while i < len(tokens):
        found = _eye(tokens, low, i)
        if found is not None:
            if (out and out[-1].kind is Kind.QUANTITY) or (out and re.match(r"^P\d", out[-1].text)):
                out.append(Token(",", out[-1].span, Kind.PUNCT, origin="rule", glued=True))
            out.append(found[0])
            near, i = len(out), found[1]
            continue
        bracketed = bool(out) and out[-1].text == "("
        lens = _lens(tokens, low, i, after_eye=len(out) - near <= 1, bracketed=bracketed)
        if lens is not None:
            out += lens[0]
            near, i = len(out), lens[1]
            continue
        acuity = _tenths(tokens, low, i)
        if acuity is not None:
            out.append(acuity[0])
            near, i = len(out), acuity[1]
            continue
        reading = _reading(
            tokens, low, i, close=len(out) - near <= 4 or (bool(out) and isinstance(out[-1].value, Ratio))
        )
        if reading is not None:
            out.append(reading[0])
            i = reading[1]
            continue
        out.append(tokens[i])
        i += 1
    return state.with_tokens(out)


def _without_commas(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """« œil droit, moins deux cinquante, moins un à dix degrés, dix dixièmes »: commas inside one refraction."""
    low = folds(tokens)
    dropped: set[int] = set()
    for i in range(len(tokens)):
        found = _EYES.at(low, i)
        if found is None:
            continue
        at = found[1]
        while at < len(tokens):
            if tokens[at].text == ",":
                if _power(tokens, low, at + 1) is None and not _acuity(tokens, low, at + 1):
                    break
                dropped.add(at)
            elif low[at] not in _INSIDE and not is_figure(tokens[at]):
                break
            at += 1
    return tuple(t for n, t in enumerate(tokens) if n not in dropped) if dropped else tuple(tokens)


_INSIDE = frozenset(("moins", "plus", "a", "axe", "degre", "degres", "°", "dixieme", "dixiemes", "plan", ":"))


def _eye(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[Token, int] | None:
    """An eye directly before its refraction or acuity; elsewhere the words stay."""
    found = _EYES.at(low, i)
    if found is None:
        return None
    name, end = found
    at = end + 1 if low[end : end + 1] in ([":"], ["a"]) else end
    if _power(tokens, low, at) is None and not _acuity(tokens, low, at) and low[at : at + 1] != ["plan"]:
        return None
    return Token(name, span_of(tokens[i:end]), Kind.ACRONYM, glued=tokens[i].glued), end


def _acuity(tokens: Sequence[Token], low: Sequence[str], i: int) -> bool:
    if i >= len(tokens):
        return False
    return (is_figure(tokens[i]) and low[i + 1 : i + 2] in (["dixieme"], ["dixiemes"])) or bool(
        re.match(r"^\d{1,2}/10$", tokens[i].text)
    )


def _tenths(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[Token, int] | None:
    """« huit dixièmes » is 8/10."""
    if not is_figure(tokens[i]) or low[i + 1 : i + 2] not in (["dixieme"], ["dixiemes"]):
        return None
    value = tokens[i].value
    assert isinstance(value, Decimal)
    text = f"{value.normalize():f}".replace(".", ",") + "/10"
    return Token(text, span_of(tokens[i : i + 2]), Kind.QUANTITY, value=Ratio(value, Decimal(10))), i + 2


def _power(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[str, int] | None:
    """Signed dioptres with two decimals at ``i``: « moins trois vingt-cinq » is −3,25."""
    if i >= len(tokens):
        return None
    written = _SPHERE.match(tokens[i].text)
    if written:
        return f"{_SIGNS[written[1]]}{written[2]},{(written[3] or '').ljust(2, '0')}", i + 1
    if isinstance(tokens[i].value, Decimal) and tokens[i].text[:1] == "−":
        return f"−{_two(abs(tokens[i].value))}", i + 1  # type: ignore[arg-type]
    if low[i] not in _SIGNS or i + 1 >= len(tokens) or not is_figure(tokens[i + 1]):
        return None
    value = tokens[i + 1].value
    assert isinstance(value, Decimal)
    if abs(value) > _LIMIT:
        return None
    end = i + 2
    part = _DECIMALS.get(tokens[end].text) if end < len(tokens) and value == value.to_integral_value() else None
    if part is not None and (end + 1 >= len(low) or low[end + 1] not in _COUNTED):
        return f"{_SIGNS[low[i]]}{int(value)},{part}", end + 1
    return f"{_SIGNS[low[i]]}{_two(value)}", end


def _two(value: Decimal) -> str:
    return f"{value:.2f}".replace(".", ",")


def _axis(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[str, int] | None:
    """« à quinze degrés », « axe quinze »."""
    at = i
    if low[at : at + 1] == ["a"]:
        at += 1
    named = low[at : at + 1] == ["axe"]
    at += named
    if low[at : at + 1] == ["a"]:
        at += 1
    if at == i or at >= len(tokens) or not is_figure(tokens[at]):
        return None
    value = tokens[at].value
    assert isinstance(value, Decimal)
    if not 0 <= value <= 180:
        return None
    end = at + 1
    if end < len(low) and low[end] in _DEGREES:
        return f"{int(value)}°", end + 1
    return (f"{int(value)}°", end) if named else None


def _lens(
    tokens: Sequence[Token], low: Sequence[str], i: int, *, after_eye: bool, bracketed: bool
) -> tuple[list[Token], int] | None:
    sphere: tuple[str, int] | None = None
    if low[i] == "plan" and after_eye:
        sphere = ("plan", i + 1)
    elif low[i] in ("add", "addition"):
        at = i + 1 if low[i + 1 : i + 2] != ["a"] else i + 2
        plus = _power(tokens, low, at) or _unsigned(tokens, at)
        if plus is None:
            return None
        word = Token("add", tokens[i].span) if low[i] == "addition" and after_eye else tokens[i]
        return [word, Token(plus[0], span_of(tokens[i + 1 : plus[1]]), Kind.QUANTITY)], plus[1]
    else:
        sphere = _power(tokens, low, i)
    if sphere is None:
        return None
    alone = _axis(tokens, low, sphere[1])
    if alone is not None and sphere[0] != "plan" and not (after_eye and _power(tokens, low, alone[1]) is not None):
        text = f"{sphere[0]} à {alone[0]}" if bracketed else f"({sphere[0]} à {alone[0]})"
        return [Token(text.replace(" ", "\u00a0"), span_of(tokens[i : alone[1]]), Kind.QUANTITY)], alone[1]
    at = sphere[1]
    if at < len(tokens) and tokens[at].text == "(":
        at += 1
    cylinder = _power(tokens, low, at)
    axis = _axis(tokens, low, cylinder[1]) if cylinder is not None else None
    if cylinder is None or axis is None:
        if not after_eye:
            return None
        return [Token(sphere[0], span_of(tokens[i : sphere[1]]), Kind.QUANTITY)], sphere[1]
    end = axis[1]
    if at > sphere[1] and end < len(tokens) and tokens[end].text == ")":
        end += 1
    made = [
        Token(sphere[0], span_of(tokens[i : sphere[1]]), Kind.QUANTITY),
        Token(f"({cylinder[0]} à {axis[0]})".replace(" ", "\u00a0"), span_of(tokens[sphere[1] : end]), Kind.QUANTITY),
    ]
    return made, end


def _unsigned(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    if i >= len(tokens) or not is_figure(tokens[i]):
        return None
    value = tokens[i].value
    assert isinstance(value, Decimal)
    if i + 1 < len(tokens) and tokens[i + 1].text in ("25", "50", "75") and value < 5:
        return f"+{int(value)},{tokens[i + 1].text}", i + 2
    return (f"+{_two(value)}", i + 1) if value <= 4 else None


def _reading(tokens: Sequence[Token], low: Sequence[str], i: int, *, close: bool) -> tuple[Token, int] | None:
    """« Parinaud deux » after an acuity is P2."""
    if low[i] not in ("parinaud", "p") or i + 1 >= len(tokens) or not is_figure(tokens[i + 1]):
        return None
    value = tokens[i + 1].value
    assert isinstance(value, Decimal)
    if (not close and folded(tokens[i].text) != "parinaud") or not 1 <= value <= 28:
        return None
    figure = f"{value.normalize():f}".replace(".", ",")
    return Token(f"P{figure}", span_of(tokens[i : i + 2]), Kind.ACRONYM), i + 2
