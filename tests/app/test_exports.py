"""Ways out of a signed document, from a real encrypted store; nothing unsigned, nothing once erased."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from app.cli import main
from app.exports import Exports, Way, oid_of
from app.office import Office
from dictation.consultation import Author, Consultation, Patient
from dictation.errors import EngineError, RefusedError
from drafting import compose
from records import Actor
from templates.fhir import read
from tests.ui import kit

WHO = Consultation(author=Author(rpps="10001234567"), patient=Patient("Durand", "Paul"))


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str, Actor]]:
    """A practice where a document was signed by its doctor, with real pages where LibreOffice is installed."""
    made = kit.office(tmp_path_factory.mktemp("cabinet"))
    store, form = made.store, kit.forms().get(kit.FORM)
    by = store.accounts.login("jmartin", kit.PASSWORD)
    one = store.dictations.create(by=by, form_id=kit.FORM, consultation=WHO)
    sound = store.audio.record(one.id, by=by)
    sound.write(kit.silence())
    sound.stop()
    heard = kit.transcript()
    known = store.dictations.save_transcript(one.id, heard, by=by, version=store.dictations.get(one.id, by=by).version)
    known = store.dictations.save_draft(one.id, compose(heard, form, WHO, lexicon=kit.LEXICON), by=by,
                                        version=known.version)  # fmt: skip
    kit.sign(made, by, one.id)
    yield made, one.id, by
    made.close()


def _exports(office: Office) -> Exports:
    return Exports(office.store, office.form)


def test_a_bundle_says_who_signed_and_both_libraries_accept_it(practice: tuple[Office, str, Actor]) -> None:
    from fhir.resources.R4B.bundle import Bundle as B4
    from fhirclient.models.bundle import Bundle

    office, one, by = practice
    file = _exports(office).make(one, Way.FHIR, by=by)
    assert file.name == f"{kit.FORM}-{one[:8]}.fhir.json"
    data = json.loads(file.content)
    assert Bundle(data, strict=True).as_json()
    assert B4.model_validate(data)
    assert read(data).signed_by == "Dr Jeanne Martin"
    taken = office.store.journal.entries(action="document.taken")[-1]
    assert (taken.subject, taken.details["kind"]) == (one, "fhir")


def test_words_are_those_of_the_signed_document(practice: tuple[Office, str, Actor]) -> None:
    office, one, by = practice
    text = _exports(office).make(one, Way.TEXT, by=by).content.decode("utf-8")
    assert "BROUILLON" not in text
    assert "relu et validé par Dr Jeanne Martin" in text
    assert "isoprolol 5\u00a0mg" in text
    assert _exports(office).make(one, Way.WORD, by=by).content[:2] == b"PK"


@pytest.mark.slow
def test_a_cda_carries_the_pdf_and_numbers_of_its_own(practice: tuple[Office, str, Actor]) -> None:
    office, one, by = practice
    root = etree.fromstring(_exports(office).make(one, Way.CDA, by=by).content)
    body = root.find(".//{urn:hl7-org:v3}nonXMLBody/{urn:hl7-org:v3}text")
    assert body is not None
    assert base64.b64decode(body.text or "").startswith(b"%PDF")
    number = root.find("{urn:hl7-org:v3}id")
    assert number is not None
    assert number.get("root") == oid_of(by.account_id)


def test_without_libreoffice_the_reason_is_said(
    practice: tuple[Office, str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, one, by = practice
    monkeypatch.setattr("templates.pdf.shutil.which", lambda name: None)
    for way in (Way.PDF, Way.CDA):
        with pytest.raises(EngineError, match="LibreOffice n'est pas installé"):
            _exports(office).make(one, way, by=by)


def test_nothing_unsigned_leaves(practice: tuple[Office, str, Actor]) -> None:
    office, _, by = practice
    draft = office.store.dictations.create(by=by, form_id=kit.FORM)
    for way in Way:
        with pytest.raises(RefusedError, match="pas signé"):
            _exports(office).make(draft.id, way, by=by)


def test_numbers_are_stable_and_different() -> None:
    assert oid_of("a") == oid_of("a") != oid_of("b")
    assert oid_of("a").startswith("2.25.")
    assert len(oid_of("a")) < 64


def test_the_command_line_gives_the_same_files(
    practice: tuple[Office, str, Actor],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    office, one, by = practice
    monkeypatch.setattr("app.unlock.store_folder", lambda: office.parts.folder)
    monkeypatch.setenv("CALAME_PASSPHRASE", kit.PASSPHRASE)
    assert main(["export"]) == 0
    assert one in capsys.readouterr().out
    made = {"fhir": "a.json", "txt": "a.txt", "docx": "a.docx"}
    words = [w for name, file in made.items() for w in (f"--{name}", str(tmp_path / file))]
    assert main(["export", one, *words]) == 0
    assert (tmp_path / "a.json").read_bytes() == _exports(office).make(one, Way.FHIR, by=by).content
    assert (tmp_path / "a.txt").read_bytes() == _exports(office).make(one, Way.TEXT, by=by).content
    assert main(["export", one]) == 0
    assert "relu et validé" in capsys.readouterr().out
    assert main(["export", "absent", "--txt", str(tmp_path / "b.txt")]) != 0


def test_once_filed_only_the_kept_documents_leave(practice: tuple[Office, str, Actor]) -> None:
    office, one, by = practice
    store = office.store.dictations
    store.mark_exported(one, by=by, version=store.get(one, by=by).version)
    assert _exports(office).make(one, Way.WORD, by=by).content[:2] == b"PK"
    for way in (Way.FHIR, Way.TEXT):
        with pytest.raises(RefusedError, match="versé au dossier"):
            _exports(office).make(one, way, by=by)
