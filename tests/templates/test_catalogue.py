"""Definitions of documents: the shipped ones are sound, a faulty one is refused whole and explained."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dictation.errors import InputError
from dictation.form import ROLES, FieldType
from templates.catalogue import FORMS, bundled, check, load

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "templates.json"
SOUND = """
id = "certificat_cantine"
title = "Certificat pour la cantine"
revision = 1
genre = "letter"
[[section]]
key = "constatations"
title = "Constatations"
takes = ["examen"]
[[section.field]]
key = "jusquau"
label = "Jusqu’au"
type = "date"
"""


def test_all_21_kinds_are_there() -> None:
    assert len(bundled().forms) == 21


@pytest.mark.skipif(not REFERENCE.exists(), reason="shared reference absent")
def test_they_carry_every_section_and_field_of_the_reference() -> None:
    for kind in json.loads(REFERENCE.read_text(encoding="utf-8"))["modeles"]:
        form = bundled().get(kind["cle"])
        assert [s.key for s in form.sections] == [s["cle"] for s in kind["sections"]]
        for section, wanted in zip(form.sections, kind["sections"], strict=True):
            assert section.required == wanted["obligatoire"]
            assert section.loinc == wanted.get("loinc")
            assert [f.key for f in section.fields] == [f["cle"] for f in wanted.get("champs", [])]


@pytest.mark.parametrize("form", bundled().forms, ids=lambda f: f.id)
def test_every_form_can_hold_a_dictation(form) -> None:  # type: ignore[no-untyped-def]
    assert form.spoken
    assert any(s.takes for s in form.sections) or any(s.type is FieldType.FIELDS for s in form.sections)
    assert all(role in ROLES for s in form.sections for role in s.takes)


@pytest.mark.parametrize(
    "key", ["ordonnance", "arret_travail", "protocole_ald", "bon_transport", "certificat_atmp", "certificat_mdph"]
)
def test_what_the_law_wants_elsewhere_is_a_preparation(key: str) -> None:
    preparation = bundled().get(key).preparation
    assert preparation is not None
    assert "non valable comme" in preparation


def test_a_practice_adds_its_own(tmp_path: Path) -> None:
    (tmp_path / "cantine.toml").write_text(SOUND, encoding="utf-8")
    assert load(FORMS, tmp_path).get("certificat_cantine").sections[0].fields[0].type is FieldType.DATE


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("genre =", "genere ="), "genre"),
        (('genre = "letter"', 'genre = "lettre"'), "letter"),
        (("revision = 1", 'revision = "un"'), "nombre entier"),
        (('takes = ["examen"]', 'takes = ["examens"]'), "examen"),
        (('type = "date"', 'type = "jour"'), "type"),
        (('key = "jusquau"\n', ""), "il manque"),
        (('title = "Constatations"', 'title = ""'), "vide"),
        (("id = ", "id: "), "TOML"),
        (('id = "certificat_cantine"', 'id = "Certificat Cantine"'), "minuscules"),
        (("[[section]]", "[[sections]]"), "section"),
        (('takes = ["examen"]', 'never = ["("]'), "illisible"),
    ],
)
def test_every_fault_is_explained_in_french(tmp_path: Path, change: tuple[str, str], expected: str) -> None:
    path = tmp_path / "f.toml"
    path.write_text(SOUND.replace(*change), encoding="utf-8")
    form, problems = check(path)
    assert form is None
    assert any(expected in str(p) for p in problems), [str(p) for p in problems]


def test_a_form_that_is_not_utf8_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    path.write_bytes(SOUND.encode("utf-16"))
    assert "UTF-8" in str(check(path)[1][0])


def test_unknown_form_suggests_the_nearest() -> None:
    with pytest.raises(InputError, match="ordonnance"):
        bundled().get("ordonance")


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("courrier pour le docteur Le Gall", "courrier_adressage"),
        ("certificat médical initial descriptif", "certificat_medical_descriptif"),
        ("prolongation d'arrêt", "arret_travail"),
        ("compte rendu de téléconsultation", "cr_teleconsultation"),
    ],
)
def test_a_kind_is_found_by_its_spoken_name(said: str, form: str) -> None:
    assert bundled().spoken(said)[0].id == form
