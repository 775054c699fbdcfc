"""Pass: laboratory, blood gas, heart and lung figures by name, with implied units and decimals."""

from __future__ import annotations

from dataclasses import replace

from drafting.spoken_french import labels
from drafting.spoken_french.token import Kind, Measure, State, Token

_GROUPS = frozenset({"lab", "gas", "heart", "pft", "bone", "eye"})


def run(state: State) -> State:
    """Results of ``state``; the table is ``measures.tsv``."""
    return _of_predicted(labels.run_groups(state, _GROUPS))


def _of_predicted(state: State) -> State:
    """« VEMS deux litres vingt soixante-dix-huit pour cent » is 2,20 L (78 %)."""
    out: list[Token] = []
    for token in state.tokens:
        if out and _unit(token) == "%" and _unit(out[-1]) == "L":
            span = token.span
            out += [
                Token("(", span, Kind.PUNCT, "rule"),
                replace(token, glued=True),
                Token(")", span, Kind.PUNCT, "rule", glued=True),
            ]
        else:
            out.append(token)
    return state.with_tokens(out)


def _unit(token: Token) -> str:
    return token.value.unit if token.kind is Kind.QUANTITY and isinstance(token.value, Measure) else ""
