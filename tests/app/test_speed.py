"""How fast the speech models are here, and which one is advised."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import models, speed
from app.cli import main
from dictation.errors import InputError, ModelError
from dictation.lexicon import Lexicon

SPEECH = [m for m in models.catalogue() if m.task == "speech"]


def test_every_speech_model_says_its_work() -> None:
    assert {m.name: m.work for m in SPEECH}["whisper-base"] == 1.0
    assert all(m.work > 0 for m in SPEECH)


def test_estimates_follow_the_nearest_measured_model() -> None:
    assert speed.estimated({}, SPEECH) == ()
    found = {s.name: s for s in speed.estimated({"whisper-base": 0.1, "whisper-medium": 2.0}, SPEECH)}
    assert (found["whisper-base"].factor, found["whisper-base"].measured) == (0.1, True)
    assert found["whisper-small"].factor == pytest.approx(0.38)
    assert not found["whisper-small"].measured
    assert found["whisper-large-v3-turbo"].factor == pytest.approx(2.0 * 20.6 / 13.0)


@pytest.mark.parametrize(("base", "advice"), [(0.1, "whisper-small"), (0.3, "whisper-base"), (0.9, None)])
def test_the_largest_that_keeps_up_is_advised(base: float, advice: str | None) -> None:
    best = speed.advised(speed.estimated({"whisper-base": base}, SPEECH))
    assert (best.name if best else None) == advice


def test_a_measurement_is_kept_for_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CALAME_CACHE", str(tmp_path))
    assert speed.speeds() == ()
    heard: list[int] = []
    found = speed.measure("whisper-base", lambda _, sound: heard.append(len(sound)))
    assert found.measured
    assert heard[1] == speed.SAMPLE_S * 32_000
    assert speed.speeds()[0] == found
    assert main(["models", "list"]) == 0
    assert "Conseil\u00a0:" in capsys.readouterr().out
    monkeypatch.setattr(speed, "machine", lambda: "another")
    assert speed.speeds() == ()
    (tmp_path / "vitesse.json").write_text("broken", "utf-8")
    assert speed.speeds() == ()


def test_what_cannot_be_measured_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALAME_CACHE", str(tmp_path))
    with pytest.raises(ModelError) as caught:
        speed.measure("whisper-medium")
    assert caught.value.code == "model.missing"
    monkeypatch.setattr(speed, "SAMPLE", tmp_path / "absent.flac")
    with pytest.raises(InputError) as lost:
        speed.measure("whisper-base")
    assert lost.value.code == "sample.missing"


def test_drafting_models_are_judged_by_the_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CALAME_CACHE", str(tmp_path))
    assert speed.drafting_speeds() == ()
    speed.keep_drafting("qwen2.5-coder-1.5b-instruct-q4_k_m", 0.6)
    speed.keep_drafting("/modeles/autre.gguf", 9.0)
    found = {s.name: s for s in speed.drafting_speeds()}
    assert found["qwen2.5-coder-1.5b-instruct-q4_k_m"].keeps_up
    assert found["qwen3-4b"].factor == pytest.approx(1.56)
    assert not found["qwen3-4b"].measured
    assert not found["ministral-8b"].keeps_up
    assert not found["/modeles/autre.gguf"].keeps_up
    assert main(["models", "list"]) == 0
    assert "Conseil\u00a0: qwen3-4b" in capsys.readouterr().out


def test_a_drafting_model_is_measured_as_it_is_fed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app import wiring
    from drafting.fakes import ScriptedModel
    from drafting.model import Abilities, Assistant

    monkeypatch.setenv("CALAME_CACHE", str(tmp_path))
    monkeypatch.setattr(wiring, "lexicon", Lexicon)
    model = ScriptedModel()
    monkeypatch.setattr(wiring, "assistant", lambda name: Assistant(model, Abilities(("label",))))
    found = speed.measure_drafting("qwen2.5-1.5b-instruct")
    assert len(model.calls) == len(wiring.sample_statements())
    assert speed.drafting() == {"qwen2.5-1.5b-instruct": found.factor}
