"""What every language model promises: the scripted one always, llama.cpp when the model is there (slow)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dictation.errors import EngineError, InputError, ModelError
from drafting.fakes import ScriptedModel
from drafting.language_model import LanguageModel

PROMPT = "La capitale de la France est"
GRAMMAR = 'root ::= " Paris" | " Lyon"'


def model_file() -> Path:
    """The default model's weights; CI pulls them before the slow tests."""
    folder = Path(os.environ.get("CALAME_MODELS", Path.home() / ".local/share/calame/models"))
    return folder / "qwen2.5-coder-1.5b-instruct-q4_k_m" / "model.gguf"


@pytest.fixture(scope="module")
def llama() -> Iterator[LanguageModel]:
    from drafting.llama import LlamaModel

    model = LlamaModel(model_file(), context_tokens=1024, revision="contract")
    yield model
    model.close()


@pytest.fixture
def scripted() -> LanguageModel:
    return ScriptedModel(
        lambda prompt: " Paris",
        lambda prompt, choices: [-0.1 if c.strip() == "Paris" else -4.0 for c in choices],
        room=1000,
    )


@pytest.fixture(params=["scripted", pytest.param("llama", marks=pytest.mark.slow)])
def model(request: pytest.FixtureRequest) -> LanguageModel:
    found: LanguageModel = request.getfixturevalue(request.param)
    return found


def test_it_is_the_seam(model: LanguageModel) -> None:
    assert isinstance(model, LanguageModel)
    assert model.name
    assert model.revision


def test_a_grammar_binds_the_answer_and_ends_it(model: LanguageModel) -> None:
    answer = model.complete(PROMPT, grammar=GRAMMAR, max_tokens=8)
    assert answer.text == " Paris"
    assert answer.finish == "stop"
    assert answer.prompt_tokens > 0
    assert answer.completion_tokens > 0


def test_the_same_question_has_the_same_answer(model: LanguageModel) -> None:
    assert model.complete(PROMPT, max_tokens=4) == model.complete(PROMPT, max_tokens=4)


def test_choices_are_scored_in_order(model: LanguageModel) -> None:
    paris, lyon = model.choose(PROMPT, [" Paris", " Lyon"])
    assert lyon < paris <= 0
    assert model.choose(PROMPT, []) == ()


def test_an_empty_choice_is_refused(model: LanguageModel) -> None:
    with pytest.raises(InputError):
        model.choose(PROMPT, [" Paris", ""])


def test_feeding_ahead_changes_no_answer(model: LanguageModel) -> None:
    before = model.choose(PROMPT, [" Paris", " Lyon"])
    model.feed(PROMPT.rsplit(" ", 2)[0])
    assert model.choose(PROMPT, [" Paris", " Lyon"]) == pytest.approx(before, abs=0.2)


@pytest.mark.parametrize("job", ["complete", "choose", "feed"])
def test_it_never_truncates(model: LanguageModel, job: str) -> None:
    long = "mot " * 3000
    calls: dict[str, Callable[[], object]] = {
        "complete": lambda: model.complete(long, max_tokens=4),
        "choose": lambda: model.choose(long, [" a"]),
        "feed": lambda: model.feed(long),
    }
    with pytest.raises(EngineError) as error:
        calls[job]()
    assert error.value.code == "model.too_long"
    assert model.complete(PROMPT, grammar=GRAMMAR, max_tokens=8).text == " Paris"


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    from drafting.llama import LlamaModel

    with pytest.raises(ModelError) as error:
        LlamaModel(tmp_path / "rien.gguf")
    assert "calame models pull" in error.value.message


@pytest.mark.slow
def test_a_file_that_is_no_model_is_said_so(tmp_path: Path) -> None:
    from drafting.llama import LlamaModel

    (tmp_path / "faux.gguf").write_bytes(b"GGUF but not really" * 10)
    with pytest.raises(ModelError):
        LlamaModel(tmp_path / "faux.gguf")


@pytest.mark.slow
def test_llama_refuses_a_broken_grammar(llama: LanguageModel) -> None:
    with pytest.raises(InputError):
        llama.complete(PROMPT, grammar="root ::= (", max_tokens=2)


@pytest.mark.slow
def test_llama_writes_french_as_it_is_spelled(llama: LanguageModel) -> None:
    text = " l'œdème a diminué de ½ à 38,2 °C"
    assert llama.complete("Recopie :", grammar=f'root ::= "{text}"', max_tokens=40).text == text


@pytest.mark.slow
def test_llama_keeps_a_prefix_on_disk(llama: LanguageModel, tmp_path: Path) -> None:
    from drafting.llama import LlamaModel

    assert isinstance(llama, LlamaModel)
    prefix, file = "Un début qui ne change jamais. " * 3, tmp_path / "debut.kv"
    assert llama.warm(prefix, file) is False
    before = llama.choose(prefix + "Un début", [" qui", " rouge"])
    llama.feed("Autre chose.")
    assert llama.warm(prefix, file) is True
    assert llama.choose(prefix + "Un début", [" qui", " rouge"]) == pytest.approx(before, abs=0.2)
    file.write_bytes(b"cut")
    assert llama.warm(prefix, file) is False


@pytest.mark.slow
def test_llama_can_be_cancelled_and_goes_on() -> None:
    from drafting.llama import LlamaModel

    stop = True
    model = LlamaModel(model_file(), context_tokens=512, revision="cancel", cancelled=lambda: stop)
    with pytest.raises(EngineError) as error:
        model.complete(PROMPT, max_tokens=4)
    assert error.value.code == "model.cancelled"
    stop = False
    assert model.complete(PROMPT, grammar=GRAMMAR, max_tokens=8).text == " Paris"
    model.close()
