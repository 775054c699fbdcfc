"""The self-test at load: what a model may do is measured, not guessed from its size.

A handful of invented cases per job (``selftest.json``); a job is allowed when enough answers are
right. The result can be remembered in a file, keyed by the model and by the prompts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from dictation.errors import CalameError
from dictation.evidence import Statement
from dictation.transcript import Span
from drafting.language_model import LanguageModel
from drafting.model.assistant import Abilities, Assistant
from drafting.model.prompts import JOBS, beginning, label_words

_ALL = Abilities(JOBS)


def self_test(model: LanguageModel, *, memory: Path | None = None) -> Abilities:
    """Runs the cases (seconds), or reads their result from ``memory`` when model and prompts are the same.

    A job during which the engine fails is not allowed; nothing is raised, except what cancels.
    """
    known = remembered(model.revision, memory) if memory else None
    if known is not None:
        return known
    results, failed = [], False
    for job in JOBS:
        cases = _cases()[job]["cases"]
        try:
            right = _JOBS[job](Assistant(model, _ALL), cases)
        except CalameError as error:
            if error.code == "model.cancelled":
                raise
            right, failed = 0, True
        results.append((job, right, len(cases)))
    jobs = tuple(job for job, right, _ in results if right >= _cases()[job]["need"])
    abilities = Abilities(jobs, tuple(results))
    if memory is not None and not failed:
        _remember(memory, _key(model.revision), abilities)
    return abilities


def remembered(revision: str, memory: Path) -> Abilities | None:
    """Result kept in ``memory`` for the model of that revision and the prompts of today; ``None`` without one."""
    return _remembered(memory, _key(revision))


def _key(revision: str) -> str:
    parts = [revision, _text(), *map(beginning, JOBS), *label_words()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@lru_cache(maxsize=1)
def _text() -> str:
    return (files(__package__) / "selftest.json").read_text("utf-8")


@lru_cache(maxsize=1)
def _cases() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_text())
    return data


def _statements(texts: list[str]) -> tuple[Statement, ...]:
    return tuple(Statement(f"S{n}", text, Span(n, n + 1)) for n, text in enumerate(texts, start=1))


def _raised(assistant: Assistant) -> None:
    if assistant.failure is not None:
        raise assistant.failure


def _label(assistant: Assistant, cases: list[Any]) -> int:
    statements = _statements([case[0] for case in cases])
    opinions = assistant.opinions(statements) or {}
    _raised(assistant)
    return sum(_best(opinions[s.id], case[1]) for s, case in zip(statements, cases, strict=True))


def _best(scores: Mapping[str, float], wanted: list[str]) -> bool:
    """True when a wanted role is at the top and something stands below."""
    top = max(scores.values())
    return any(scores[role] == top for role in wanted) and min(scores.values()) < top


def _choose(assistant: Assistant, cases: list[Any]) -> int:
    right: int = sum(
        list(assistant.choose(_statements(texts), question)) == wanted for texts, question, wanted in cases
    )
    _raised(assistant)
    return right


def _extract(assistant: Assistant, cases: list[Any]) -> int:
    right = 0
    for text, question, wanted in cases:
        found = assistant.extract(_statements([text]), question)
        right += (found[0].text if found else "") in wanted
    _raised(assistant)
    return right


def _reword(assistant: Assistant, cases: list[Any]) -> int:
    right = 0
    for text, keep, avoid, one_of in cases:
        wording = assistant.reword(_statements([text])[0])
        right += bool(
            wording is not None
            and all(re.search(pattern, wording, re.I) for pattern in [*keep, one_of])
            and not any(re.search(pattern, wording, re.I) for pattern in avoid)
        )
    _raised(assistant)
    return right


_JOBS: dict[str, Callable[[Assistant, list[Any]], int]] = {
    "label": _label,
    "choose": _choose,
    "extract": _extract,
    "reword": _reword,
}


def _remembered(memory: Path, key: str) -> Abilities | None:
    try:
        data = json.loads(memory.read_text("utf-8"))
        if data["key"] != key:
            return None
        return Abilities(
            tuple(job for job in data["jobs"] if job in JOBS),
            tuple((str(job), int(right), int(total)) for job, right, total in data["results"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(memory: Path, key: str, abilities: Abilities) -> None:
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(json.dumps({"key": key, "jobs": abilities.jobs, "results": abilities.results}), "utf-8")
    except OSError:
        return
