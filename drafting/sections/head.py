"""The small head: from cues, titles, place and sentence vectors to a score per role.

Weights are plain arrays in ``weights.npz`` (no pickle), made by ``drafting.sections.train`` from the
labelled sentences of ``sentences.tsv``; inference needs numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np

from dictation.errors import EngineError
from dictation.form import ROLES
from drafting.sections.sequence import Array, Chain

#: cues, titles and place; the sentence vector follows
PLACE_FEATURES = 4


def features(cues: Array, opened: Array, vectors: Array | None) -> Array:
    """One row per statement: cue scores, open titles, place in the dictation, vector if any.

    ``cues`` and ``opened`` have shape ``(statements, roles)``, ``vectors`` ``(statements, 384)``.
    """
    count = len(cues)
    place = np.zeros((count, PLACE_FEATURES))
    place[:, 0] = np.linspace(0.0, 1.0, count) if count > 1 else 0.5
    place[:, 1] = place[:, 0] ** 2
    place[0, 2] = 1.0
    place[-1, 3] = 1.0
    return np.hstack([cues, opened, place, *([] if vectors is None else [vectors])])


@dataclass(frozen=True, slots=True)
class Head:
    """A linear head and the chain that goes with it."""

    #: shape (features, roles)
    weights: Array
    #: shape (roles,)
    bias: Array
    chain: Chain
    #: how much a language model's log-probabilities count beside it
    opinion_weight: float

    def scores(self, cues: Array, opened: Array, vectors: Array | None) -> Array:
        """Log-scores, shape ``(statements, roles)``."""
        raw = features(cues, opened, vectors) @ self.weights + self.bias
        top = raw.max(axis=1, keepdims=True)
        out: Array = raw - top - np.log(np.exp(raw - top).sum(axis=1, keepdims=True))
        return out


def load_head(*, embedded: bool) -> Head:
    """The head shipped with Calame: with sentence vectors or without.

    Raises :class:`~dictation.errors.EngineError` when the weights are missing or of another version.
    """
    kind = "both" if embedded else "rules"
    try:
        with as_file(files(__package__) / "weights.npz") as path, np.load(path, allow_pickle=False) as data:
            if tuple(data["roles"]) != ROLES:
                raise ValueError("roles")
            return Head(
                data[f"{kind}_weights"].astype(np.float64),
                data[f"{kind}_bias"].astype(np.float64),
                Chain(data[f"{kind}_start"].astype(np.float64), data[f"{kind}_transitions"].astype(np.float64)),
                float(data["opinion_weight"]),
            )
    except (OSError, KeyError, ValueError) as error:
        raise EngineError(
            "sections.weights", "Les poids du classement par rubriques sont illisibles : réinstallez Calame."
        ) from error
