"""The whole path, real engines, on the shipped sample, in a network namespace with no way out."""

from __future__ import annotations

import io
import itertools
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
pytestmark = pytest.mark.slow


def _isolated() -> list[str]:
    """A command prefix that leaves no network at all, loopback included."""
    for prefix in (["unshare", "-n"], ["unshare", "-rn"]):
        if (
            shutil.which("unshare")
            and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
        ):
            return prefix
    pytest.fail("no network namespace can be made here: law 3 cannot be shown")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """Folder where ``calame demo`` wrote, run without any network."""
    place = tmp_path_factory.mktemp("demo")
    env = {**environment, "CALAME_DATA": str(place / "donnees")}
    done = subprocess.run(
        [*_isolated(), sys.executable, "-m", "app.cli", "demo"],
        cwd=place, env=env, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return place / "out"


def _json(path: Path) -> dict:  # type: ignore[type-arg]
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_the_transcript_has_times_and_confidences(demo: Path) -> None:
    transcript = _json(demo / "transcription.json")
    words = transcript["words"]
    assert len(words) > 120
    assert all(
        0 <= w["confidence"] <= 1 and 0 <= w["start_s"] <= w["end_s"] <= transcript["duration_s"] + 0.5 for w in words
    )
    assert all(a["start_s"] <= b["start_s"] + 0.01 for a, b in itertools.pairwise(words))
    assert transcript["engine"]["name"]
    assert transcript["engine"]["model"]


def test_every_value_cites_words_of_the_transcript(demo: Path) -> None:
    draft = _json(demo / "brouillon.json")
    count = len(draft["transcript"]["words"])
    cited = [s for s in draft["sections"] if s["text"] and s["origin"] != "profile"] + draft["fields"]
    assert len(cited) > 6
    for item in cited:
        assert item["evidence"], item
        assert all(0 <= a < b <= count for a, b in item["evidence"])


def test_no_figure_that_was_not_spoken(demo: Path) -> None:
    from dictation.codec import draft_from_json
    from drafting.spoken_french import write

    draft = draft_from_json(_json(demo / "brouillon.json"))
    written = write(draft.transcript.words).text
    spoken = set(re.findall(r"\d+", written)) | set(re.findall(r"\d+", draft.transcript.text))
    for section in draft.sections:
        for figure in re.findall(r"\d+", section.text):
            assert figure in spoken, (section.key, figure)


def test_the_document_opens_and_says_draft(demo: Path) -> None:
    from docx import Document

    content = (demo / "compte_rendu.docx").read_bytes()
    text = "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)
    assert "hypertension" in text.lower()
    headers = [n for n in zipfile.ZipFile(io.BytesIO(content)).namelist() if n.startswith("word/header")]
    assert any('string="BROUILLON"' in zipfile.ZipFile(io.BytesIO(content)).read(n).decode() for n in headers)
    assert "BROUILLON" in (demo / "compte_rendu.txt").read_text(encoding="utf-8")


def test_the_note_to_the_secretary_is_a_task_and_never_printed(demo: Path) -> None:
    assert _json(demo / "brouillon.json")["secretary_note"]
    assert "secrétaire" not in (demo / "compte_rendu.txt").read_text(encoding="utf-8").lower()


def test_the_text_of_the_sample_gives_what_is_expected(tmp_path: Path) -> None:
    from app.cli import main

    expected = _json(SAMPLES / "consultation.expected.json")
    out = tmp_path / "d.txt"
    argv = ["draft", str(SAMPLES / "consultation.txt"), "--form", expected["form"], "--no-model", "--txt", str(out)]
    assert main([*argv, "--patient", str(SAMPLES / "patient.json")]) == 0
    text = re.sub(r"[ \u00a0\u202f]+", " ", out.read_text(encoding="utf-8")).replace("’", "'")
    assert not [r for r in expected["doit_contenir"] if not re.search(r, text, re.IGNORECASE)], text
    assert not [r for r in expected["ne_doit_pas"] if re.search(r, text, re.IGNORECASE)], text


@pytest.mark.parametrize("damage", ["truncate", "flip"])
def test_a_corrupt_model_is_refused_never_half_loaded(damage: str, tmp_path: Path, environment: dict[str, str]) -> None:
    from app import models

    folder = tmp_path / "models" / "whisper-base"
    shutil.copytree(models.folder_of(models.find("whisper-base")), folder)
    weights = folder / "model.bin"
    with weights.open("r+b") as stream:
        if damage == "truncate":
            stream.truncate(weights.stat().st_size // 2)
        else:
            stream.seek(1_000_000)
            stream.write(b"\xff" * 64)
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "transcribe", str(SAMPLES / "consultation.flac")],
        env={**environment, "CALAME_MODELS": str(tmp_path / "models")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 4
    assert "[model.corrupt]" in done.stderr
    assert done.stdout == ""
