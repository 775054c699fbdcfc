"""A scripted language model: shipped, so that anyone can run drafting without weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dictation.errors import EngineError, InputError
from drafting.language_model import Completion


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as received."""

    job: str
    prompt: str
    grammar: str | None = None
    choices: tuple[str, ...] = ()


class ScriptedModel:
    """Answers from functions of the prompt; keeps every call in :attr:`calls`. Not thread-safe.

    ``answer`` gives the text of a completion, ``scores`` the log-probabilities of choices (equal ones
    when absent). ``room`` is how many words a prompt may hold.
    """

    name = "scripted"
    revision = "1"

    def __init__(
        self,
        answer: Callable[[str], str] = lambda prompt: "",
        scores: Callable[[str, Sequence[str]], Sequence[float]] | None = None,
        *,
        room: int = 100_000,
    ) -> None:
        self._answer = answer
        self._scores = scores
        self._room = room
        self.calls: list[Call] = []

    def complete(
        self,
        prompt: str,
        *,
        schema: Mapping[str, Any] | None = None,
        grammar: str | None = None,
        seed: int = 0,
        max_tokens: int = 256,
    ) -> Completion:
        """See :class:`~drafting.language_model.LanguageModel`; a word counts as one token."""
        self._check(prompt)
        self.calls.append(Call("complete", prompt, grammar))
        words = self._answer(prompt).split(" ")
        cut = len(words) > max_tokens
        return Completion(" ".join(words[:max_tokens]), "length" if cut else "stop", len(prompt.split()), len(words))

    def choose(self, prompt: str, choices: Sequence[str]) -> tuple[float, ...]:
        """See :class:`~drafting.language_model.LanguageModel`."""
        self._check(prompt)
        self.calls.append(Call("choose", prompt, choices=tuple(choices)))
        if any(not choice for choice in choices):
            raise InputError("model.choices", "Un choix proposé au modèle est vide.")
        return tuple(self._scores(prompt, choices)) if self._scores else tuple(-1.0 for _ in choices)

    def feed(self, prompt: str) -> None:
        """See :class:`~drafting.language_model.LanguageModel`."""
        self._check(prompt)
        self.calls.append(Call("feed", prompt))

    def _check(self, prompt: str) -> None:
        if len(prompt.split()) > self._room:
            raise EngineError(
                "model.too_long",
                "Cette dictée dépasse ce que le modèle peut lire : elle est rédigée avec les règles seules.",
            )
