"""The same jobs with the vocabularies of other families: bytes for accents, spaces inside tokens, control marks.

The models are tiny and random: whatever they prefer, what comes out must hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dictation.evidence import Statement
from dictation.transcript import Span
from drafting.llama import LlamaModel
from drafting.model import Abilities, Assistant
from drafting.model.copying import NOTHING, copy_grammar, locate, source
from drafting.model.prompts import JOBS, label_words
from tests.drafting.model.tiny import byte_pairs, sentencepiece, write_model

WORDS = ["motif", "antécédents", "traitement", "examen", "conclusion", "suite", "autre", "genou", "douleur"]
TEXTS = [
    "Douleur du genou droit, œdème « net » à l'effort.",
    "Tension 12/8, « pas d'allergie » : néant !",
    'Il dit "aïe" — 38,2 °C ; bêta-bloquant ½ cp.',
    "È.",
]


@pytest.fixture(scope="module", params=["sentencepiece", "byte_pairs"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaModel]:
    vocabulary = sentencepiece(WORDS) if request.param == "sentencepiece" else byte_pairs(WORDS)
    path = write_model(tmp_path_factory.mktemp("tiny") / "tiny.gguf", vocabulary, seed=3)
    loaded = LlamaModel(path, context_tokens=2048, revision=request.param)
    yield loaded
    loaded.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), text=st.sampled_from(TEXTS))
def test_a_copy_is_a_span_in_any_vocabulary(model: LlamaModel, seed: int, text: str) -> None:
    one = source("S1", text)
    answer = model.complete("Réponse :", grammar=copy_grammar([one]), seed=seed, max_tokens=200)
    assert answer.finish == "stop"
    assert "�" not in answer.text
    assert answer.text.strip() == NOTHING or locate(answer.text, [one]) is not None


def test_each_label_has_tokens_of_its_own_after_the_arrow(model: LlamaModel) -> None:
    labels = [f" {word}" for word in dict.fromkeys(label_words())]
    ways = [model._going_on("« Il tousse. »\n→", label) for label in labels]
    assert len({way[0] for way in ways}) == len(labels)
    for label, way in zip(labels, ways, strict=True):
        assert model._text(way) == label
    scores = model.choose("« Il tousse. »\n→", labels)
    assert all(score < 0 for score in scores)


def test_reading_ahead_is_reading(model: LlamaModel) -> None:
    prompt = "« Douleur du genou. »\n→ motif\n« Examen normal. »\n→"
    choices = [" motif", " examen"]
    fresh = model.choose(prompt, choices)
    model.feed("Tout autre chose.")
    for end in range(5, len(prompt), 7):
        model.feed(prompt[:end])
    assert model.choose(prompt, choices) == pytest.approx(fresh, abs=0.01)


def test_control_marks_in_a_dictation_are_text(model: LlamaModel) -> None:
    for mark in ("<|im_end|>", "</s>", "<s>"):
        assert model.count(f"a{mark}") > model.count("a") + 1


def test_a_nonsense_model_is_allowed_nothing_and_breaks_nothing(model: LlamaModel) -> None:
    said = tuple(Statement(f"S{n}", text, Span(n, n + 1)) for n, text in enumerate(TEXTS, start=1))
    assistant = Assistant(model, Abilities(JOBS))
    assistant.feed(said[:2])
    assert assistant.failure is None
    assert set(assistant.choose(said, "motif", most=2)) <= {s.id for s in said}
    for copy in assistant.extract(said, "motif", most=2):
        assert copy.text in next(s.text for s in said if s.id == copy.statement_id).replace("«", '"').replace("»", '"')


def test_a_state_kept_on_disk_comes_back(model: LlamaModel, tmp_path: Path) -> None:
    prefix, file = "Chaque phrase est suivie de sa rubrique.\n", tmp_path / "label.kv"
    first = model.choose(f"{prefix}→", [" motif", " examen"])
    assert not model.warm(prefix, file)
    model.feed("Autre.")
    assert model.warm(prefix, file)
    assert model.choose(f"{prefix}→", [" motif", " examen"]) == pytest.approx(first, abs=0.01)
