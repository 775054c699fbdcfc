"""Pass: scores, stages and classes. « stade deux de la N Y H A » is stade II, GOLD and kidney stages stay arabic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from importlib import resources

from drafting.spoken_french import labels
from drafting.spoken_french.figures import is_figure
from drafting.spoken_french.roman import roman_of
from drafting.spoken_french.scan import Phrases, folded, folds, rows, span_of
from drafting.spoken_french.token import Kind, State, Token

_SCALES: Phrases[tuple[str, int]] = Phrases(
    (row["spoken"], (row["numeral"], int(row["top"]))) for row in rows("scales.tsv")
)
_ARABIC = frozenset(
    folded(line.strip())
    for line in resources.files(__package__).joinpath("scale_contexts.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
)
_SUFFIX = frozenset("a b c A B C".split())
#: how far back a context counts, in tokens
_REACH = 8
_GROUPS = frozenset({"score"})


def run(state: State) -> State:
    """Scores and stages of ``state``."""
    tokens, low = state.tokens, folds(state.tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        found = _scale(tokens, low, i) or _gleason(tokens, low, i)
        if found is None:
            out.append(tokens[i])
            i += 1
        else:
            made, i = found
            out += made
    return labels.run_groups(state.with_tokens(out), _GROUPS)


def _scale(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[list[Token], int] | None:
    found = _SCALES.at(low, i) if tokens[i].kind in (Kind.WORD, Kind.ACRONYM, Kind.NAME) else None
    if found is None:
        return None
    (numeral, top), end = found
    at = end
    kept: list[Token] = []
    if at < len(low) and low[at] in ("a", ":"):
        at += 1
    elif at < len(low) and low[at] == "de":
        return None
    first = _figure(tokens, at, top)
    if first is None:
        return None
    if numeral == "roman" and set(low[max(0, i - _REACH) : i]) & _ARABIC and low[i] == "stade":
        numeral = "arabic"
    if low[i] == "stade" and set(low[at + 1 : at + 4]) & _ARABIC:
        numeral = "arabic"
    if at + 1 < len(low) and low[at + 1] == "fois":
        return None
    made = [*tokens[i:end], *kept]
    written, at = _numeral(tokens, low, at, first, numeral)
    made.append(written)
    second = _figure(tokens, at, top)
    if second == first + 1 and _figure(tokens, at + 1, 99) is None:
        # « deux trois » is an interval
        written, end = _numeral(tokens, low, at, second, numeral)
        dash = replace(written, text=f"{made[-1].text}-{written.text}", span=span_of([made[-1], written]))
        made[-1], at = dash, end
    if at + 1 < len(tokens) and low[at] in ("a", "ou", "-") and _figure(tokens, at + 1, top) is not None:
        second = _figure(tokens, at + 1, top)
        assert second is not None
        link = tokens[at]
        written, at = _numeral(tokens, low, at + 1, second, numeral)
        made += [link, written]
    if (
        low[i] in ("gold", "stade")
        and at + 1 < len(low)
        and low[at] == "groupe"
        and tokens[at + 1].text in tuple("ABCDE")
    ):
        made.append(Token(",", tokens[at - 1].span, Kind.PUNCT, origin="rule", glued=True))
    return made, at


def _gleason(tokens: Sequence[Token], low: Sequence[str], i: int) -> tuple[list[Token], int] | None:
    """« Gleason sept trois plus quatre » is « Gleason 7 (3+4) », when the sum is right; else the words stay."""
    if low[i] != "gleason":
        return None
    at = i + 2 if low[i + 1 : i + 2] in (["a"], [":"], ["de"]) else i + 1
    total, first = _figure(tokens, at, 10), at + 1
    if low[first : first + 1] in (["("], [","], ["soit"]):
        first += 1
    if low[first + 1 : first + 2] not in (["plus"], ["+"]):
        return None
    parts = (_figure(tokens, first, 5), _figure(tokens, first + 2, 5))
    end = first + 4 if low[first + 3 : first + 4] == [")"] else first + 3
    if total is None or parts[0] is None or parts[1] is None or sum(p or 0 for p in parts) != total:
        return None
    text = f"{total} ({parts[0]}+{parts[1]})"
    return [tokens[i], Token(text, span_of(tokens[i + 1 : end]), Kind.QUANTITY, value=Decimal(total))], end


def _figure(tokens: Sequence[Token], i: int, top: int) -> int | None:
    if i >= len(tokens) or not is_figure(tokens[i]):
        return None
    value = tokens[i].value
    if (
        isinstance(value, Decimal)
        and value == value.to_integral_value()
        and 0 <= value <= top
        and tokens[i].text != "une"
    ):
        return int(value)
    return None


def _numeral(tokens: Sequence[Token], low: Sequence[str], i: int, value: int, numeral: str) -> tuple[Token, int]:
    text = (roman_of(str(value)) or str(value)) if numeral == "roman" else str(value)
    end = i + 1
    if end < len(tokens) and tokens[end].text in _SUFFIX and tokens[end].kind is Kind.WORD:
        letter = tokens[end].text
        text += letter.upper() if numeral == "roman" and letter.isupper() else letter.lower()
        end += 1
    span = span_of(tokens[i:end])
    return replace(tokens[i], text=text, span=span, kind=Kind.NUMBER, value=Decimal(value)), end
