"""The self-test decides what a model may do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from dictation.errors import EngineError
from dictation.form import ROLES
from drafting.fakes import ScriptedModel
from drafting.model import self_test
from drafting.model.prompts import label_words
from drafting.model.selftest import _cases


def knowing() -> ScriptedModel:
    """Knows the answers of every case."""
    cases = _cases()
    words = dict(zip(ROLES, label_words(), strict=True))
    labels = {text: words[roles[0]] for text, roles in cases["label"]["cases"]}
    wordings = [
        "Plus de douleur du ventre.",
        "Mauvais sommeil, dort mal.",
        "Prescription de 2 comprimés le soir.",
        "Ne prend plus rien pour dormir.",
        "Vous m'avez adressé sa fille : toux.",
        "Moins bien à gauche que du côté droit.",
    ]

    def scores(prompt: str, choices: Sequence[str]) -> list[float]:
        last = prompt.splitlines()[-2].strip("« »")
        return [-0.1 if c.strip() == labels[last] else -5.0 for c in choices]

    def answer(prompt: str) -> str:
        if "Dictée" in prompt:
            done = [w for w, case in zip(wordings, cases["reword"]["cases"], strict=True) if case[0] in prompt]
            return done[-1]
        for text, question, wanted in cases["extract"]["cases"]:
            if f"Texte : « {text} »\nQuestion : {question}" in prompt:
                return str(wanted[0] or "néant")
        for texts, question, wanted in cases["choose"]["cases"]:
            asked = prompt.rsplit("Phrases", 1)[1]
            if f"S1 « {texts[0]} »" in asked and f"Question : {question}\n" in asked:
                return ", ".join(wanted) or "aucun"
        raise AssertionError(prompt)

    return ScriptedModel(answer, scores)


def test_a_model_that_knows_may_do_everything() -> None:
    abilities = self_test(knowing())
    assert abilities.jobs == ("label", "choose", "extract", "reword")
    assert all(right == total for _, right, total in abilities.results)


def test_a_model_that_answers_anything_may_do_nothing() -> None:
    assert self_test(ScriptedModel(lambda prompt: "oui")).jobs == ()


def test_an_engine_that_fails_may_do_nothing() -> None:
    assert self_test(ScriptedModel(room=3)).jobs == ()


def test_the_result_is_remembered_for_that_model(tmp_path: Path) -> None:
    memory = tmp_path / "deep" / "abilities.json"
    first = self_test(knowing(), memory=memory)
    silent = ScriptedModel()
    assert self_test(silent, memory=memory) == first
    assert silent.calls == []
    silent.revision = "2"
    assert self_test(silent, memory=memory).jobs == ()
    memory.write_text("{", "utf-8")
    assert self_test(knowing(), memory=memory) == first


def test_cancelling_is_not_a_failure_of_the_model() -> None:
    def stop(prompt: str) -> str:
        raise EngineError("model.cancelled", "interrompu")

    def scores(prompt: str, choices: Sequence[str]) -> list[float]:
        raise EngineError("model.cancelled", "interrompu")

    with pytest.raises(EngineError):
        self_test(ScriptedModel(stop, scores))
