"""Settings and the corrections memory."""

from __future__ import annotations

import pytest

from dictation.consultation import Patient
from dictation.errors import ConflictError, InputError
from records import PatientChoice


def test_own_settings_fall_back_on_the_practice(house):
    settings = house.store.settings
    assert settings.get("entete", by=house.doctor) is None
    assert settings.get("entete", {"x": 1}, by=house.doctor) == {"x": 1}
    settings.set("entete", {"nom": "Cabinet des Tilleuls", "lignes": ["a", "b"]}, by=house.administrator, practice=True)
    settings.set("entete", "à moi", by=house.doctor)
    assert settings.get("entete", by=house.doctor) == "à moi"
    assert settings.get("entete", by=house.doctor, practice=True)["nom"] == "Cabinet des Tilleuls"
    assert settings.get("entete", by=house.colleague)["lignes"] == ["a", "b"]
    settings.set("texte.angine", "…", by=house.doctor)
    settings.set("texte.bilan", "…", by=house.doctor)
    assert settings.keys("texte.", by=house.doctor) == ("texte.angine", "texte.bilan")
    assert settings.keys("texte_", by=house.doctor) == ()
    assert settings.keys(by=house.colleague) == ()
    settings.delete("entete", by=house.doctor)
    settings.delete("entete", by=house.doctor)
    assert settings.get("entete", by=house.doctor)["nom"] == "Cabinet des Tilleuls"


def test_two_windows_do_not_overwrite_each_other(house):
    settings = house.store.settings
    version = settings.version("carnet", by=house.doctor, practice=True)
    version = settings.set("carnet", ["Dr A"], by=house.doctor, practice=True, version=version)
    with pytest.raises(ConflictError) as error:
        settings.set("carnet", ["Dr B"], by=house.administrator, practice=True, version=version - 1)
    assert error.value.code == "setting.conflict"
    assert settings.get("carnet", by=house.doctor, practice=True) == ["Dr A"]
    with pytest.raises(InputError):
        settings.set("carnet", {1, 2}, by=house.doctor)


def test_corrections_are_counted_exported_and_erased(house):
    memory = house.store.corrections
    memory.add("gonalgie ", " gonarthrose", by=house.doctor)
    memory.add("gonalgie", "gonarthrose", by=house.doctor)
    memory.add("méto prolol", "métoprolol", by=house.doctor)
    memory.add("à moi", "au confrère", by=house.colleague)
    assert [(c.heard, c.wanted, c.count) for c in memory.list(by=house.doctor)] == [
        ("gonalgie", "gonarthrose", 2),
        ("méto prolol", "métoprolol", 1),
    ]
    assert len(memory.list(by=house.doctor, at_least=2)) == 1
    exported = memory.export(by=house.doctor)
    assert memory.erase(by=house.doctor) == 2
    assert memory.list(by=house.doctor) == ()
    assert len(memory.list(by=house.colleague)) == 1
    assert memory.load(exported, by=house.doctor) == 2
    assert memory.list(by=house.doctor)[0].count == 2
    memory.forget("gonalgie", "gonarthrose", by=house.doctor)
    assert len(memory.list(by=house.doctor)) == 1
    for heard, wanted in (("", "x"), ("x", " "), ("x" * 201, "y")):
        with pytest.raises(InputError):
            memory.add(heard, wanted, by=house.doctor)
    with pytest.raises(InputError):
        memory.load({"schema": "autre"}, by=house.doctor)


def test_what_a_patient_was_told_is_kept_without_a_name(house):
    patients, someone = house.store.patients, Patient("Quévauvillers", "Zoé")
    assert patients.choice(someone, by=house.secretary) == PatientChoice()
    patients.inform(someone, by=house.secretary, notice="2026-01")
    patients.set_opposed(someone, True, by=house.secretary)
    choice = patients.choice(Patient("QUEVAUVILLERS", "zoe"), by=house.doctor)
    assert (choice.informed, choice.opposed, choice.notice) == (True, True, "2026-01")
    with house.store._db.raw() as raw:
        rows = raw.execute("SELECT * FROM patient_choices").fetchall()
    assert "vauvillers" not in str(rows).lower()
    assert patients.set_opposed(Patient(), True, by=house.secretary) == PatientChoice()
