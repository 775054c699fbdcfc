"""Models as a product: a catalogue that can be trusted, files that are whole or refused."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from app import models, pull
from app.cli import main
from app.models import Model, ModelFile
from dictation.errors import CalameError, InputError, ModelError

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CALAME_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("CALAME_CACHE", str(tmp_path / "cache"))
    return tmp_path


def _model(content: bytes = b"abcdef", *, sha256: str | None = None) -> Model:
    file = ModelFile("model.bin", len(content), sha256 or hashlib.sha256(content).hexdigest(), ("p1/a", "p2/b"))
    return Model(
        "essai", "speech", "Essai", "MIT", "1", 1, False, "", "wheels", ("p1==1", "p2==1"), None, None, None, (file,)
    )


@pytest.fixture
def wheels(home: Path) -> Path:
    folder = home / "cache" / "paquets"
    folder.mkdir(parents=True)
    for name, member, content in (("p1", "p1/a", b"abc"), ("p2", "p2/b", b"def")):
        with zipfile.ZipFile(folder / f"{name}-1-py3-none-any.whl", "w") as archive:
            archive.writestr(member, content)
    return folder


@pytest.fixture
def catalogued(monkeypatch: pytest.MonkeyPatch) -> Model:
    model = _model()
    monkeypatch.setattr(models, "catalogue", lambda: (model,))
    return model


def test_every_entry_says_what_a_practice_must_know() -> None:
    for model in models.catalogue():
        assert model.task in ("speech", "drafting", "embeddings", "lexicon")
        assert model.licence
        assert model.revision
        assert model.ram_mb > 0
        assert model.kind in ("wheels", "hub", "package")
        if model.default:
            assert model.files
            assert all(len(f.sha256) == 64 and f.bytes > 0 for f in model.files)


def test_braces_run_together() -> None:
    assert models._expand("p{1..3}/d{01..03}") == ["p1/d01", "p2/d02", "p3/d03"]


def test_pull_joins_the_parts_of_cached_wheels_and_verifies(wheels: Path, catalogued: Model) -> None:
    folder = pull.pull(catalogued, lambda *_: None)
    assert (folder / "model.bin").read_bytes() == b"abcdef"
    assert models.locate("essai") == folder / "model.bin"
    assert not list(wheels.glob("*.whl")), "the parts are not kept twice"
    pull.pull(catalogued, lambda *_: None)


def test_a_wrong_hash_installs_nothing(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = _model(sha256="0" * 64)
    monkeypatch.setattr(models, "catalogue", lambda: (model,))
    with pytest.raises(ModelError) as caught:
        pull.pull(model, lambda *_: None)
    assert caught.value.code == "model.corrupt"
    assert not models.folder_of(model).exists()


@pytest.mark.parametrize("damage", [b"abcdeX", b"abc", b""])
def test_a_damaged_file_is_refused_before_it_is_loaded(wheels: Path, catalogued: Model, damage: bytes) -> None:
    folder = pull.pull(catalogued, lambda *_: None)
    models.locate("essai")
    (folder / "model.bin").write_bytes(damage)
    with pytest.raises(ModelError) as caught:
        models.locate("essai")
    assert caught.value.code == "model.corrupt"
    assert "calame models pull essai" in caught.value.message


def test_verify_reads_every_byte_even_when_the_clock_was_turned_back(wheels: Path, catalogued: Model) -> None:
    import os

    folder = pull.pull(catalogued, lambda *_: None)
    path = folder / "model.bin"
    state = path.stat()
    path.write_bytes(b"abcdeX")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    with pytest.raises(ModelError):
        models.verify("essai")


def test_a_download_that_fails_says_what_to_do(monkeypatch: pytest.MonkeyPatch, catalogued: Model) -> None:
    class Refused:
        returncode = 1

    monkeypatch.setattr(pull.subprocess, "run", lambda *a, **k: Refused())
    with pytest.raises(ModelError) as caught:
        pull.pull(catalogued, lambda *_: None)
    assert caught.value.code == "model.download"
    assert "paquets" in caught.value.message


def test_unknown_names_suggest_the_nearest() -> None:
    with pytest.raises(InputError, match="whisper-base"):
        models.find("whisper-bas")


def test_a_local_file_that_is_no_gguf_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / "faux.gguf"
    fake.write_bytes(b"PK\x03\x04")
    with pytest.raises(ModelError) as caught:
        models.locate(str(fake))
    assert caught.value.code == "model.corrupt"


def test_a_hub_model_is_pinned_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    model = next(m for m in models.catalogue() if m.kind == "hub")
    folder = models.folder_of(model)
    folder.mkdir(parents=True)
    (folder / "model.gguf").write_bytes(b"GGUFxyz")
    digest = hashlib.sha256(b"GGUFxyz").hexdigest()
    pinned = {"revision": "r", "files": [{"path": "model.gguf", "bytes": 7, "sha256": digest}]}
    (folder / "epingle.json").write_text(json.dumps(pinned))
    assert models.locate(model.name) == folder / "model.gguf"
    (folder / "model.gguf").write_bytes(b"GGUFxyZ")
    with pytest.raises(ModelError):
        models.locate(model.name)


def test_list_and_verify_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    assert "whisper-base" in capsys.readouterr().out
    assert main(["models", "verify", "whisper-base"]) == 4
    assert "[model.missing]" in capsys.readouterr().err


def test_locate_raises_only_house_errors(tmp_path: Path) -> None:
    for name in ("", "absent", str(tmp_path), "/nulle/part"):
        with pytest.raises(CalameError):
            models.locate(name)
