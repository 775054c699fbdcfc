"""Pass: laboratory, blood gas, heart and lung figures by name, with implied units and decimals."""

from __future__ import annotations

from drafting.spoken_french import labels
from drafting.spoken_french.token import State

_GROUPS = frozenset({"lab", "gas", "heart", "pft", "bone", "eye"})


def run(state: State) -> State:
    """Results of ``state``; the table is ``measures.tsv``."""
    return labels.run_groups(state, _GROUPS)
