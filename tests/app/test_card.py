"""The card says what was measured here, word for word, and nothing else."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from app import card, transparency
from app.cli import main
from app.verbs import bench as verb
from drafting.model import Abilities
from templates.page import page_text

DAY = dt.date(2026, 3, 12)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALAME_DATA", str(tmp_path / "donnees"))
    monkeypatch.setenv("CALAME_CACHE", str(tmp_path / "cache"))


def _card() -> card.Card:
    return card.card_of_this_machine(DAY)


def _keep(name: str, module: str, data: Any, *options: str, own_set: bool = False) -> None:
    result = {"text": "table\n  mot dicté", "data": [{"bench": module, "options": list(options), "data": data}]}
    transparency.keep(name, result, at="2026-03-10", own_set=own_set)


VOICES = {
    "voices": [{"voice": "femme, débit rapide", "words": 112, "wer": 13.7, "drug": 83, "dose": 60, "neg": None}],
    "groups": [{"direction": "sex", "group": "femme", "words": 112, "wer": 13.7, "drug": 83, "dose": 60, "neg": None}],
    "worst_voice": "femme, débit rapide",
    "worst_groups": {"sex": "femme"},
    "misses": [{"voice": "femme, débit rapide", "kind": "drug", "term": "metformine", "heard": "mette forme"}],
}
GOLDENS = {
    "set": "golden",
    "model": None,
    "dictations": 12,
    "facts": 200,
    "found": 187,
    "traps": 40,
    "fired": ["T3"],
    "invented_percent": 0.5,
    "omitted_percent": 1.25,
    "examples": {"missing": [], "fired": ["d3, côté inversé"], "invented": [], "omitted": []},
}


def test_without_a_measurement_there_is_no_figure_but_the_command() -> None:
    text = page_text(card.page(_card()))
    measured = text[text.index("Reconnaissance, voix par voix") : len(text)]
    assert measured.count("Non mesuré sur cette machine") == 9
    for bench in ("voices", "stt", "draft", "write", "latency", "anonymise"):
        assert f"calame bench {bench}" in measured
        assert bench in verb.BENCHES
    assert not re.search(r"\d", measured)


def test_every_figure_of_a_measurement_is_on_the_page() -> None:
    _keep("voices", "bench.voices", VOICES)
    _keep("draft", "bench.goldens", GOLDENS)
    text = page_text(card.page(_card()))
    assert re.search(r"femme, débit rapide +112 +13,7\u00a0% +83\u00a0% +60\u00a0% +–", text)
    assert "Voix la moins bien comprise\u00a0: femme, débit rapide." in text
    assert "médicament «\u00a0metformine\u00a0», entendu «\u00a0mette forme\u00a0»" in text
    assert re.search(
        r"dictées de référence de Calame \(12\), règles seules +187/200 +1/40 +0,5\u00a0% +1,2\u00a0%", text
    )
    assert "d3, côté inversé" in text
    assert "Mesuré le 10/03/2026" in text


def test_speed_sections_delays_and_copies_are_read() -> None:
    result = {
        "text": "",
        "data": [
            {"bench": "bench.draft", "options": ["sections"], "data": [["rules", "set", 41, 50]]},
            {"bench": "bench.draft", "options": ["speed"], "data": [["rules", 3.0, 450, 40, 0.42, 0.61]]},
        ],
    }
    transparency.keep("draft", result, at="2026-03-10")
    _keep("latency", "bench.latency", {"rows": [{"measure": "x", "p50": 0.5, "p90": 1, "p95": 1.25, "max": 2}]})
    _keep("anonymise", "bench.anonymise", {"letters": 10, "recall_percent": {"name": 99.5}, "kept_percent": 98})
    _keep("write", "bench.write", {"lines": 200, "calame": {"exact": 190, "close": 195}})
    row = {"engine": "vocabulary", "sound": "pink20", "voice": "all", "wer": 9.1, "drug": 80, "dose": 70, "neg": 95}
    _keep("stt", "bench.stt", [{**row, "invented": 2}, {**row, "voice": "siwis", "wer": 77, "invented": 0}])
    text = page_text(card.page(_card()))
    for wanted in (
        r"règles +41/50 +82\u00a0%",
        r"règles +3 +450 +0,42\u00a0s +0,61\u00a0s",
        r"x +0,5\u00a0s +1\u00a0s +1,25\u00a0s +2\u00a0s",
        r"noms +99,5\u00a0%",
        r"calame +190/200 +95\u00a0%",
        r"Calame, avec le vocabulaire, bruit à 20 dB +9,1\u00a0% +80\u00a0% +70\u00a0% +95\u00a0% +2",
    ):
        assert re.search(wanted, text), wanted
    assert "77" not in text


def test_a_measurement_of_other_models_is_said_to_be_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    then = {**transparency.circumstances(), "models": {"whisper-base": "autre"}}
    monkeypatch.setattr(transparency, "circumstances", lambda: then)
    _keep("voices", "bench.voices", VOICES)
    monkeypatch.undo()
    made = card.Card(DAY, {**then, "models": {"whisper-base": "d01c"}}, (), None, {"voices": _entry(then)})
    assert "whisper-base" in page_text(card.page(made))
    assert "refaites-la" in page_text(card.page(made))
    assert card.card_json(made)["measures"]["voices"]["changed_since"] == ["whisper-base"]


def _entry(ran: dict[str, Any]) -> dict[str, Any]:
    data = [{"bench": "bench.voices", "options": [], "data": VOICES}]
    return {"at": "2026-03-10", "with": ran, "result": {"data": data}}


def test_a_practice_s_own_dictations_leave_no_word_behind() -> None:
    _keep("voices", "bench.voices", VOICES, own_set=True)
    kept = transparency.measures_file().read_text("utf-8")
    assert "metformine" not in kept
    assert "mot dicté" not in kept
    text = page_text(card.page(_card()))
    assert "13,7" in text
    assert "les exemples, qui citeraient des dictées, ne sont pas gardés" in text


def test_the_self_test_is_told_task_by_task() -> None:
    able = Abilities(("label",), (("label", 9, 9), ("reword", 2, 6)))
    text = page_text(card.page(card.Card(DAY, _card().circumstances, (), able, {})))
    assert re.search(r"proposer la rubrique d'une phrase +9/9 +oui", text)
    assert re.search(r"mettre une phrase en style écrit +2/6 +non", text)
    assert "Pas encore passé" in page_text(card.page(_card()))


def test_the_command_writes_text_json_and_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _keep("voices", "bench.voices", VOICES)
    files = tmp_path / "fiche.json", tmp_path / "fiche.docx"
    assert main(["card", "--json", str(files[0]), "--docx", str(files[1])]) == 0
    assert "Fiche de transparence" in capsys.readouterr().out
    data = json.loads(files[0].read_text("utf-8"))
    assert data["schema"] == "calame-fiche/1"
    assert data["measures"]["voices"]["data"][0]["data"]["worst_voice"] == "femme, débit rapide"
    whisper = next(m for m in data["models"] if m["name"] == "whisper-base")
    assert all(len(h) == 64 for h in whisper["sha256"].values())
    assert whisper["licence"] == "MIT"
    assert files[1].read_bytes()[:2] == b"PK"


def test_a_bench_keeps_what_it_printed_and_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    def fake(command: list[str]) -> tuple[int, str]:
        Path(command[command.index("--json") + 1]).write_text('{"worst_voice": "x"}', "utf-8")
        return 0, "| table |\n"

    monkeypatch.setattr(verb, "_run", fake)
    got = verb.measured([("bench.voices", ["--model", "/un/dossier", "sections"])])
    assert got["text"] == "| table |\n"
    assert got["data"] == [{"bench": "bench.voices", "options": ["--model", "sections"], "data": {"worst_voice": "x"}}]
    assert got["failed"] == []


def test_a_bench_that_dies_or_lasts_is_told_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verb._run([sys.executable, "-c", "print('é'); raise SystemExit(3)"]) == (3, "é\n")
    monkeypatch.setattr(verb, "LIMIT_S", 0.3)
    assert verb._run([sys.executable, "-c", "import time; time.sleep(30)"])[0] == 124
    monkeypatch.setattr(verb, "_run", lambda command: (int("write" in command[2]), "rien\n"))
    monkeypatch.setattr(verb, "BENCHES", {"write": verb._write, "anonymise": verb._copy})
    assert main(["bench", "all", "--quick"]) == 4
    assert transparency.measures() == {}, "a short run is not kept"
    assert main(["bench", "all"]) == 4
    assert "incomplet\u00a0: write/write" in capsys.readouterr().err
    assert set(transparency.measures()) == {"anonymise"}


def test_a_damaged_file_of_measurements_counts_as_none() -> None:
    transparency.measures_file().parent.mkdir(parents=True, exist_ok=True)
    for text in ("{", "[]", '{"schema": "calame-mesures/1", "benchs": []}'):
        transparency.measures_file().write_text(text, "utf-8")
        assert transparency.measures() == {}
        assert "Non mesuré" in page_text(card.page(_card()))


def test_every_delay_that_is_measured_has_a_french_name() -> None:
    from app.strings import table
    from bench import latency

    assert set(latency.BINS) <= set(table("card")["delays"])
