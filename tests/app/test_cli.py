"""The command line as a contract: codes, exit statuses, French, nothing half-written."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from app.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def _sound(path: Path, *, seconds: float = 1.0, rate: int = 16_000, codec: str = "pcm_s16le", format: str = "s16",
           layout: str = "mono") -> Path:  # fmt: skip
    channels = 2 if layout == "stereo" else 1
    kind = np.float32 if format.startswith("flt") else np.int16
    planar = format.endswith("p")
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        left = int(seconds * rate)
        while left > 0:
            size = min(left, 1024)
            shape = (channels, size) if planar else (1, size * channels)
            frame = av.AudioFrame.from_ndarray(np.zeros(shape, kind), format=format, layout=layout)
            frame.sample_rate = rate
            for packet in stream.encode(frame):
                container.mux(packet)
            left -= size
        for packet in stream.encode(None):
            container.mux(packet)
    return path


def _refused(capsys: pytest.CaptureFixture[str], status: int, code: str, *argv: str) -> str:
    assert main(list(argv)) == status
    said = capsys.readouterr()
    line = said.err.strip().splitlines()[-1] if "\n  -" not in said.err else said.err.strip()
    assert f"[{code}" in line, said.err
    assert said.out == ""
    return line


def test_help_needs_nothing_heavy() -> None:
    heavy = ("numpy", "flet", "faster_whisper", "llama_cpp", "sqlalchemy", "docx", "av", "onnxruntime", "hypothesis")
    code = (
        "import sys; from app.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"sys.exit(any(name in sys.modules for name in {heavy!r}))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("argv", [["inconnu"], ["draft"], ["run", "x.wav"], ["models", "pull"], ["app", "--port", "x"]])
def test_wrong_use_is_said_in_french(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert capsys.readouterr().err.startswith("[usage]")


class DescribeBadText:
    def it_refuses_an_unknown_form(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "d.txt"
        path.write_text("motif toux", encoding="utf-8")
        assert "ordonnance" in _refused(capsys, 3, "form.unknown", "draft", str(path), "--form", "ordonance")

    def it_refuses_text_that_is_not_utf8(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "d.txt"
        path.write_bytes("fièvre à 38,2".encode("latin-1"))
        _refused(capsys, 3, "text.encoding", "draft", str(path), "--form", "ordonnance", "--no-model")
        _refused(capsys, 3, "text.encoding", "write", str(path))

    def it_refuses_an_unreadable_path(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        _refused(capsys, 3, "text.unreadable", "draft", str(tmp_path / "non.txt"), "--form", "ordonnance", "--no-model")

    def it_refuses_a_json_that_is_no_transcript(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "t.json"
        for content in ('{"a": 1}', "{", '{"schema": "calame-transcript/1", "words": [1]}'):
            path.write_text(content, encoding="utf-8")
            _refused(capsys, 3, "json.", "draft", str(path), "--form", "ordonnance", "--no-model")

    def it_refuses_a_patient_file_of_another_shape(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text, patient = tmp_path / "d.txt", tmp_path / "p.json"
        text.write_text("motif toux", encoding="utf-8")
        for content in ("[]", '{"date_consultation": "hier"}', '{"patient": {"date_naissance": 3}}', "non"):
            patient.write_text(content, encoding="utf-8")
            _refused(capsys, 3, "json.", "draft", str(text), "--form", "ordonnance", "--patient", str(patient))

    def it_writes_nothing_when_the_folder_cannot_be_written(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = tmp_path / "d.txt"
        text.write_text("motif toux", encoding="utf-8")
        target = tmp_path / "d.txt" / "x.json"
        argv = ["draft", str(text), "--form", "ordonnance", "--no-model", "--json", str(target)]
        assert main(argv) == 3
        assert "[output.unwritable]" in capsys.readouterr().err


class DescribeBadSound:
    @pytest.mark.parametrize("content", [b"", b"Bonjour docteur, ceci est un texte.\n" * 30])
    def it_refuses_what_is_no_sound(self, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "faux.wav"
        path.write_bytes(content)
        _refused(capsys, 3, "audio.", "transcribe", str(path))

    def it_refuses_a_path_that_is_not_there(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        _refused(capsys, 3, "audio.", "run", str(tmp_path / "absent.wav"), "--form", "ordonnance")

    def it_says_which_model_is_missing(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CALAME_MODELS", str(tmp_path / "rien"))
        path = _sound(tmp_path / "s.wav")
        assert "calame models pull" in _refused(capsys, 4, "model.missing", "transcribe", str(path))

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("name", "rate", "codec", "format", "layout"),
        [
            ("stereo.wav", 48_000, "pcm_f32le", "flt", "stereo"),
            ("telephone.wav", 8_000, "pcm_s16le", "s16", "mono"),
            ("a.mp3", 44_100, "mp3", "fltp", "mono"),
            ("a.m4a", 44_100, "aac", "fltp", "mono"),
            ("a.ogg", 48_000, "libopus", "flt", "stereo"),
            ("a.flac", 16_000, "flac", "s16", "mono"),
        ],
    )
    def it_hears_nothing_in_silence_of_any_format(
        self, name: str, rate: int, codec: str, format: str, layout: str, tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        path = _sound(tmp_path / name, seconds=3, rate=rate, codec=codec, format=format, layout=layout)
        out = tmp_path / "t.json"
        assert main(["transcribe", str(path), "--json", str(out)]) == 0
        assert json.loads(out.read_text(encoding="utf-8"))["words"] == []
        assert capsys.readouterr().out.strip() == ""


@pytest.mark.slow
def test_a_full_disk_loses_nothing_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A tmpfs of 64 kB filled to the brim; needs root, which CI has."""
    place = tmp_path / "petit"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)], check=False).returncode:
        pytest.skip("no right to mount a tmpfs here")
    try:
        (place / "ancien.json").write_text("{}", encoding="utf-8")
        (place / "plein").write_bytes(b"x" * 56_000)
        text = tmp_path / "d.txt"
        text.write_text("motif toux point " * 400, encoding="utf-8")
        argv = ["draft", str(text), "--form", "compte_rendu_consultation", "--no-model"]
        assert main([*argv, "--json", str(place / "ancien.json")]) == 3
        assert "[output.disk_full]" in capsys.readouterr().err
        assert (place / "ancien.json").read_text(encoding="utf-8") == "{}"
        assert sorted(p.name for p in place.iterdir()) == ["ancien.json", "plein"]
    finally:
        subprocess.run(["umount", str(place)], check=False)


def test_write_line_in_line_out(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("température trente-huit deux\n\nfréquence cardiaque à soixante-douze\n")
    )
    assert main(["write", "-"]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert len(lines) == 4
    assert "38,2" in lines[0]
    assert lines[1] == ""
    assert "72" in lines[2]


def test_forms_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms"]) == 0
    assert capsys.readouterr().out.count("\n") == 21
    assert main(["forms", "show", "arret_travail"]) == 0
    assert "sorties" in capsys.readouterr().out
