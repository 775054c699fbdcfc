"""Models as a product: a bundled catalogue, pull on request, verify by SHA-256.

Nothing is downloaded unless :func:`pull` is called. A file that is missing, partial or altered is
refused by :func:`locate` with a :class:`~dictation.errors.ModelError`; it is never half-loaded.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app import paths
from dictation.errors import InputError, ModelError

#: called with (what is done, bytes or items done, total)
Progress = Callable[[str, int, int], None]

_CATALOGUE = Path(__file__).parent / "models.toml"
_STAMP = ".verifie.json"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model."""

    #: relative to the model's folder
    path: str
    bytes: int
    sha256: str
    #: members of the wheels, joined in order
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of the catalogue."""

    name: str
    #: "speech", "drafting", "embeddings", "lexicon"
    task: str
    title: str
    licence: str
    revision: str
    #: least memory to run it, megabytes
    ram_mb: int
    default: bool
    note: str
    kind: str
    packages: tuple[str, ...]
    repository: str | None
    pattern: str | None
    folder: str | None
    files: tuple[ModelFile, ...]
    #: speech and drafting: work relative to the default model of the task; 0 elsewhere
    work: float = 0.0

    @property
    def bytes(self) -> int:
        """Size on disk when known, else 0."""
        return sum(f.bytes for f in self.files)


def _expand(text: str) -> list[str]:
    """``a{1..3}b`` -> a1b, a2b, a3b; several braces run together; ``{01..03}`` keeps the zeros."""
    braces = re.findall(r"\{(\d+)\.\.(\d+)\}", text)
    if not braces:
        return [text]
    first, last = int(braces[0][0]), int(braces[0][1])
    out = []
    for n in range(first, last + 1):
        item = text
        for low, high in braces:
            width = len(low) if low.startswith("0") else 0
            item = item.replace(f"{{{low}..{high}}}", str(n).zfill(width), 1)
        out.append(item)
    return out


@cache
def catalogue() -> tuple[Model, ...]:
    """The bundled catalogue."""
    data = tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))
    return tuple(_entry(m) for m in data["model"])


def _entry(m: dict[str, Any]) -> Model:
    source = m["source"]
    return Model(
        name=m["name"],
        task=m["task"],
        title=m["title"],
        licence=m["licence"],
        revision=m["revision"],
        ram_mb=m["ram_mb"],
        default=m.get("default", False),
        note=m.get("note", ""),
        kind=source["kind"],
        packages=tuple(x for p in source.get("packages", ()) for x in _expand(p)),
        repository=source.get("repository"),
        pattern=source.get("pattern"),
        folder=source.get("folder"),
        files=tuple(
            ModelFile(f["path"], f["bytes"], f["sha256"], tuple(x for p in f.get("parts", ()) for x in _expand(p)))
            for f in m.get("file", ())
        ),
        work=float(m.get("work", 0.0)),
    )


def find(name: str) -> Model:
    """The entry of that name; raises :class:`InputError` when the catalogue has none."""
    import difflib

    for model in catalogue():
        if model.name == name:
            return model
    near = difflib.get_close_matches(name, [m.name for m in catalogue()], n=1)
    hint = f" Vouliez-vous «\u00a0{near[0]}\u00a0»\u00a0?" if near else ""
    raise InputError(
        "model.unknown", f"Aucun modèle «\u00a0{name}\u00a0» au catalogue.{hint} La liste\u00a0: calame models list."
    )


def folder_of(model: Model) -> Path:
    """Where the files of ``model`` are or would be."""
    if model.kind == "package":
        import importlib.util

        spec = importlib.util.find_spec(model.packages[0])
        if spec is None or spec.origin is None:
            return paths.models_dir() / model.name
        return Path(spec.origin).parent
    return paths.models_dir() / model.name


def installed(model: Model) -> bool:
    """True when every file is there with its size (hash not read)."""
    folder = folder_of(model)
    files = _files(model, folder)
    return bool(files) and all((folder / f.path).is_file() and _size(folder / f.path) == f.bytes for f in files)


def _size(path: Path) -> int:
    return path.stat().st_size


def _files(model: Model, folder: Path) -> tuple[ModelFile, ...]:
    """Files of the catalogue, or those pinned on this machine when the model came from a hub."""
    if model.files:
        return model.files
    try:
        pinned = json.loads((folder / "epingle.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(ModelFile(f["path"], f["bytes"], f["sha256"]) for f in pinned["files"])


def _missing(model: Model) -> ModelError:
    return ModelError(
        "model.missing",
        f"Le modèle «\u00a0{model.name}\u00a0» n'est pas installé. Pour l'obtenir\u00a0: calame models pull {model.name}",
    )


def locate(name_or_path: str) -> Path:
    """Folder (speech) or file (GGUF, lexicon) of a usable model.

    ``name_or_path`` is a catalogue name, a local folder or a ``.gguf`` file. Files of the catalogue
    are checked by size and SHA-256, once per change of the file. Raises :class:`ModelError` when
    something is missing or altered.
    """
    local = Path(name_or_path).expanduser()
    if local.suffix == ".gguf" or "/" in name_or_path or local.is_dir():
        return _locate_local(local)
    model = find(name_or_path)
    folder = folder_of(model)
    files = _files(model, folder)
    if not files or not all((folder / f.path).exists() for f in files):
        raise _missing(model)
    _check(model, folder, files)
    single = [f for f in files if f.path.endswith((".gguf", ".json", ".bin"))]
    return folder / single[0].path if len(files) == 1 else folder


def digest(name: str) -> str | None:
    """SHA-256 of a single-file model of the catalogue, ``None`` for a local file."""
    for model in catalogue():
        if model.name == name:
            files = _files(model, folder_of(model))
            return files[0].sha256 if len(files) == 1 else None
    return None


def _locate_local(local: Path) -> Path:
    if not local.exists():
        raise ModelError("model.missing", f"Aucun modèle à l'emplacement {local}. Vérifiez le chemin.")
    if local.suffix == ".gguf":
        with local.open("rb") as stream:
            if stream.read(4) != b"GGUF":
                raise ModelError("model.corrupt", f"{local.name} n'est pas un fichier GGUF. Téléchargez-le de nouveau.")
    elif local.is_dir() and not any((local / n).exists() for n in ("model.bin", "drugs.json")):
        raise ModelError("model.corrupt", f"Le dossier {local.name} ne contient pas de modèle (model.bin attendu).")
    return local


def _hash(path: Path, progress: Progress | None = None, title: str = "") -> str:
    digest, done, total = hashlib.sha256(), 0, _size(path)
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            done += len(block)
            if progress:
                progress(title, done, total)
    return digest.hexdigest()


def _check(model: Model, folder: Path, files: tuple[ModelFile, ...], *, force: bool = False) -> None:
    stamp_path = (paths.models_dir() / model.name / _STAMP) if model.kind == "package" else folder / _STAMP
    try:
        stamp = json.loads(stamp_path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stamp = {}
    changed = False
    for f in files:
        path = folder / f.path
        state = path.stat()
        key = [state.st_size, state.st_mtime_ns, f.sha256]
        if not force and stamp.get(f.path) == key:
            continue
        if state.st_size != f.bytes or _hash(path) != f.sha256:
            raise ModelError(
                "model.corrupt",
                f"Le fichier {f.path} du modèle «\u00a0{model.name}\u00a0» est incomplet ou altéré\u00a0: il ne sera pas "
                f"chargé. Pour le reprendre\u00a0: calame models pull {model.name}",
            )
        stamp[f.path], changed = key, True
    if changed:
        try:
            stamp_path.parent.mkdir(parents=True, exist_ok=True)
            stamp_path.write_text(json.dumps(stamp), encoding="utf-8")
        except OSError:
            return  # read-only installation: checked again next time


def verify(name: str) -> None:
    """Reads every byte of a model; raises :class:`ModelError` when one is missing or altered."""
    model = find(name)
    folder = folder_of(model)
    files = _files(model, folder)
    if not files or not all((folder / f.path).exists() for f in files):
        raise _missing(model)
    _check(model, folder, files, force=True)


def defaults() -> Iterator[Model]:
    """Models the set-up assembles."""
    return (m for m in catalogue() if m.default)
