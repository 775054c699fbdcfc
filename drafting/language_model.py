"""The seam of the language model: it proposes, checks dispose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model answered."""

    text: str
    #: "stop" when complete, "length" when cut: a cut answer is never used
    finish: str
    prompt_tokens: int
    completion_tokens: int


@runtime_checkable
class LanguageModel(Protocol):
    """A loaded language model. Deterministic for a seed; not thread-safe."""

    @property
    def name(self) -> str:
        """Catalogue name or file name."""
        ...

    @property
    def revision(self) -> str:
        """SHA-256 of the weights, shortened."""
        ...

    def complete(
        self,
        prompt: str,
        *,
        schema: Mapping[str, Any] | None = None,
        grammar: str | None = None,
        seed: int = 0,
        max_tokens: int = 256,
    ) -> Completion:
        """Completes ``prompt`` under a JSON schema or a GBNF grammar.

        Raises :class:`~dictation.errors.EngineError` when the prompt does not fit: never truncates.
        """
        ...

    def choose(self, prompt: str, choices: Sequence[str]) -> tuple[float, ...]:
        """Log-probability of each choice right after ``prompt``; same length as ``choices``."""
        ...

    def feed(self, prompt: str) -> None:
        """Reads ``prompt`` ahead, while the doctor still speaks: a later prompt that begins with it
        only pays for the rest. Raises as :meth:`complete` does."""
        ...
