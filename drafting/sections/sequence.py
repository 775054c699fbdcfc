"""A chain over the roles of a dictation: the best path and how sure each step is.

Emissions and transitions are log-scores (natural logarithm, any offset); shapes are
``(statements, roles)`` and ``(roles, roles)``, ``transitions[before, after]``.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chain:
    """Where a dictation starts and how it goes on."""

    start: Array
    transitions: Array

    def best(self, emissions: Array) -> list[int]:
        """Viterbi path, one role per statement; ``[]`` for no statement. Ties go to the first role."""
        count, _ = emissions.shape
        if not count:
            return []
        score = self.start + emissions[0]
        back = np.zeros(emissions.shape, dtype=np.int64)
        for step in range(1, count):
            ways = score[:, None] + self.transitions
            back[step] = ways.argmax(axis=0)
            score = ways.max(axis=0) + emissions[step]
        path = [int(score.argmax())]
        for step in range(count - 1, 0, -1):
            path.append(int(back[step, path[-1]]))
        return path[::-1]

    def beliefs(self, emissions: Array) -> Array:
        """Probability of each role at each statement (forward-backward); rows sum to 1."""
        count, roles = emissions.shape
        ahead = np.zeros((count, roles))
        behind = np.zeros((count, roles))
        for step in range(count):
            before = self.start if step == 0 else _log_sum(ahead[step - 1][:, None] + self.transitions, 0)
            ahead[step] = before + emissions[step]
        for step in range(count - 2, -1, -1):
            behind[step] = _log_sum(self.transitions + (emissions[step + 1] + behind[step + 1])[None, :], 1)
        both = ahead + behind
        both -= both.max(axis=1, keepdims=True) if count else 0.0
        shares = np.exp(both)
        out: Array = shares / shares.sum(axis=1, keepdims=True)
        return out


def _log_sum(values: Array, axis: int) -> Array:
    top = values.max(axis=axis, keepdims=True)
    out: Array = np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
    return out


def chain_of(paths: list[list[int]], roles: int, smoothing: float = 0.5) -> Chain:
    """Chain counted from labelled documents, ``smoothing`` added to every count."""
    start = np.full(roles, smoothing)
    moves = np.full((roles, roles), smoothing)
    for path in paths:
        if path:
            start[path[0]] += 1
        for before, after in itertools.pairwise(path):
            moves[before, after] += 1
    return Chain(np.log(start / start.sum()), np.log(moves / moves.sum(axis=1, keepdims=True)))
