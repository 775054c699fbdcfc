"""The check-list names what is wrong with an installation, and only that."""

from __future__ import annotations

import datetime as dt
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import records
from app import audit, models, third_party
from app.audit import Scene, Status
from dictation.errors import CalameError
from records import Role, Store
from templates.catalogue import FORMS, bundled, load

COMPLIANCE = Path(audit.__file__).parents[2] / "templates" / "compliance"
PASSPHRASE = "une phrase pour les essais"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made, _ = records.create(tmp_path / "donnees" / "store", passphrase=PASSPHRASE)
    chief = made.accounts.create(
        "anne.exemple", "mot-de-passe-1!", [Role.DOCTOR, Role.ADMINISTRATOR], name="Dr Exemple"
    )
    del chief
    yield made
    made.close()


@pytest.fixture
def scene(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A sound installation."""
    monkeypatch.setattr(models, "verify", lambda name: None)
    pages = tmp_path / "conformite"
    pages.mkdir()
    for page in COMPLIANCE.glob("*.md"):
        (pages / page.name).write_text(page.read_text(encoding="utf-8").replace("_", "x"), encoding="utf-8")
    lock = tmp_path / "lock"
    lock.write_text("pytest==" + pytest.__version__ + " \\\n    --hash=x\n", encoding="utf-8")
    store.backup(tmp_path / "sauvegarde.calame")
    return Scene(store.folder, store, dt.datetime.now(dt.UTC), lambda: bundled().forms, lock, pages)


def _found(scene: Scene) -> dict[str, Status]:
    return {line.code: line.outcome.status for line in audit.audit(scene)}


def test_a_sound_installation_has_nothing_to_correct(scene: Scene) -> None:
    faults = {c: s for c, s in _found(scene).items() if s is not Status.OK}
    assert faults == {}


def test_a_closed_store_is_said_not_guessed(scene: Scene) -> None:
    found = _found(replace(scene, store=None))
    assert {c for c, s in found.items() if s is Status.UNKNOWN} == {
        "comptes",
        "roles",
        "conservation",
        "sauvegarde",
        "journal",
    }


def test_a_broken_installation_is_named_fault_by_fault(
    scene: Scene, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifteen faults made on purpose; every one is on the list."""
    admin = store.accounts.login("anne.exemple", "mot-de-passe-1!")
    store.accounts.create("secretariat", "mot-de-passe-2!", [Role.SECRETARY], name="Accueil", by=admin)
    store.accounts.create("lea.exemple", "mot-de-passe-3!", [Role.DOCTOR, Role.SECRETARY], name="Léa", by=admin)
    policy = replace(store.retention.policy(), audio_after_signature_h=24 * 30)
    monkeypatch.setattr(store.retention, "policy", lambda: policy)
    anchor = store.folder / "journal.anchor"
    anchor.write_text(anchor.read_text(encoding="utf-8").replace("a", "b").replace("1", "2"), encoding="utf-8")
    (store.folder / "key.json").chmod(0o644)
    (store.folder.parent / "export.docx").write_bytes(b"clair")
    for page in ("notice_patient.md", "aipd.md"):
        (scene.compliance / page).unlink()
    (scene.compliance / "registre.md").write_text("Responsable : ____", encoding="utf-8")
    scene.lock.write_text("pytest==0.0.1 \\\n", encoding="utf-8")
    own = tmp_path / "formulaires"
    own.mkdir()
    (own / "faux.toml").write_text('id = "x"\ninconnu = 1\n', encoding="utf-8")
    paper = tmp_path / "papier.docx"
    paper.write_bytes(b"ceci n'est pas un document Word")

    def refuse(name: str) -> None:
        raise CalameError("model.corrupt", "Le fichier model.bin est altéré.")

    monkeypatch.setattr(models, "verify", refuse)
    monkeypatch.setattr(shutil, "disk_usage", lambda p: shutil._ntuple_diskusage(1, 1, 10))  # type: ignore[attr-defined]
    monkeypatch.setattr(audit.machine, "sockets", lambda: (audit_socket(True), audit_socket(False)))
    broken = replace(
        scene, now=scene.now + dt.timedelta(days=30), forms=lambda: load(FORMS, own).forms, letterheads=(paper,)
    )
    faults = {c for c, s in _found(broken).items() if s is Status.FAULT}
    expected = {
        "comptes", "roles", "conservation", "sauvegarde", "journal", "droits", "clair", "notice", "aipd", "registre",
        "versions", "formulaires", "papier", "modeles", "disque", "ecoute", "sortie",
    }  # fmt: skip
    assert faults == expected


def audit_socket(listening: bool) -> object:
    from app.sockets import Held

    return Held("0.0.0.0:8550", "203.0.113.7:443", listening, False, False)


def test_a_clear_database_is_a_fault(scene: Scene, tmp_path: Path) -> None:
    folder = tmp_path / "clair"
    folder.mkdir()
    (folder / "calame.db").write_bytes(audit.store.SQLITE + b"\0" * 100)
    found = _found(replace(scene, folder=folder, store=None))
    assert found["chiffrement"] is Status.FAULT
    assert found["cle"] is Status.FAULT


def test_a_real_listening_socket_is_seen() -> None:
    from app.sockets import sockets

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        held = sockets()
        assert held is not None
        mine = [h for h in held if h.local == f"127.0.0.1:{port}"]
        assert mine
        assert mine[0].listening
        assert mine[0].local_loopback


def test_the_list_is_written_as_word(scene: Scene) -> None:
    import io

    from docx import Document

    from templates.checklist import checklist_docx

    rows = [(x.title, x.outcome.status.value, x.outcome.detail, x.rule) for x in audit.audit(scene)]
    content = checklist_docx("Liste", dt.date(2026, 3, 1), ("a", "b", "c", "d"), rows)
    assert len(Document(io.BytesIO(content)).tables[0].rows) == len(audit.CHECKS) + 1


def test_what_is_carried_of_others_is_there_with_its_licence_and_said() -> None:
    readme = (third_party.ROOT / "README.md").read_text("utf-8")
    said = readme[readme.index("## Licences") :]
    listed = {file for part in third_party.bundled() for file in part.files}
    for part in third_party.bundled():
        assert part.missing == ()
        assert part.name in said
        assert part.licence in said
    fonts = (third_party.ROOT / "ui" / "assets" / "fonts").iterdir()
    unlisted = {f"ui/assets/fonts/{f.name}" for f in fonts if f.suffix in (".ttf", ".otf")} - listed
    assert unlisted == set(), "a font nobody names"


def test_a_lost_licence_text_is_a_fault(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = replace(third_party.bundled()[1], text="ui/assets/fonts/absent.txt")
    monkeypatch.setattr(third_party, "bundled", lambda: (lost,))
    assert _found(scene)["licences"] is Status.FAULT
