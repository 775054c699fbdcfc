"""Pass: two turns of phrase the field writes otherwise than it says them.

« le patient dit avoir été frappé » is « déclare » (reported speech of certificates), « il n'est pas exclu
que ce soit une X » is « une X n'est pas exclue » (neither affirmed nor denied). Meaning and negation stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from drafting.spoken_french.scan import Phrases, folded, folds, rows
from drafting.spoken_french.token import Kind, State, Token

_PHRASES: Phrases[tuple[str, str]] = Phrases((r["spoken"], (r["written"], r["kind"])) for r in rows("phrasing.tsv"))
#: words that end the noun phrase that is moved
_ENDS = frozenset("mais et ou car donc qui que dont si avec devant chez pour parce puisque".split())
#: longest noun phrase that is moved, in tokens
_LONGEST = 8


#: what may stand between « d'après » and who tells, and who is told of
_OWNERS = frozenset("sa son ses la le les l leur leurs notre votre".split())
_TOLD = frozenset("il elle ils elles on c ca".split())
#: « d'après la belle-fille de la patiente, elle … »
_TELLER = 6


def _teller(tokens: Sequence[Token], low: Sequence[str], i: int) -> int | None:
    """« d'après sa fille il oublie »: where the comma goes after the one who tells."""
    if low[i] == "selon":
        at = i + 1
    elif low[i : i + 2] == ["d", "apres"]:
        at = i + 2
    else:
        return None
    if low[at : at + 1] == [] or low[at] not in _OWNERS:
        return None
    for end in range(at + 2, min(len(tokens) - 1, at + _TELLER)):
        if tokens[end].kind is not Kind.WORD or low[end] in _ENDS:
            return None
        if low[end] in _TOLD:
            return end
    return None


def run(state: State) -> State:
    """Turns of phrase of ``state``."""
    tokens, low = state.tokens, folds(state.tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        found = _PHRASES.at(low, i)
        if found is None and (told := _teller(tokens, low, i)) is not None:
            out += [*tokens[i:told], Token(",", tokens[told - 1].span, Kind.PUNCT, origin="rule", glued=True)]
            i = told
            continue
        if found is None:
            out.append(tokens[i])
            i += 1
            continue
        (written, kind), end = found
        if kind == "reported":
            verb = next(n for n in range(i, end) if low[n] == "dit")
            out += [t if n != verb else replace(t, text=written, origin="rule") for n, t in enumerate(tokens[i:end], i)]
            i = end
            continue
        stop = end
        while stop < len(tokens) and tokens[stop].kind not in (Kind.PUNCT, Kind.BREAK) and low[stop] not in _ENDS:
            stop += 1
        negation = next(n for n in range(i, end) if low[n] == "n")
        if stop == end or stop - end > _LONGEST:
            out += tokens[i:end]
            i = end
            continue
        article = replace(tokens[end - 1], text=folded(tokens[end - 1].text), glued=False)
        verdict = [*tokens[negation : negation + 3], replace(tokens[negation + 3], text=written)]
        out += [article, *tokens[end:stop], *verdict]
        i = stop
    return state.with_tokens(out)
