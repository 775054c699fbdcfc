"""The practice's own words and what corrections teach."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import lexicons, vocabulary
from dictation.errors import InputError
from dictation.lexicon import Lexicon, Term

KNOWN = Lexicon([Term("apixaban", "substance"), Term("édoxaban", "substance"), Term("Eliquis", "drug")])


def test_words_are_added_once_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "cabinet" / "termes.tsv"
    vocabulary.add(path, "Montfavet")
    vocabulary.add(path, "montfavet", spoken=["mon favet"])
    assert list(lexicons.load_practice(path)) == [Term("montfavet", "practice", spoken=("mon favet",))]
    assert vocabulary.remove(path, "MONTFAVET")
    assert not vocabulary.remove(path, "Montfavet")
    assert len(lexicons.load_practice(path)) == 0


@pytest.mark.parametrize("word", ["", "  ", "…", "a" * 90, "a|b"])
def test_what_is_not_a_word_is_refused(tmp_path: Path, word: str) -> None:
    with pytest.raises(InputError) as caught:
        vocabulary.add(tmp_path / "termes.tsv", word)
    assert caught.value.code == "vocabulary.word"


def test_a_correction_becomes_a_spoken_form(tmp_path: Path) -> None:
    path = tmp_path / "termes.tsv"
    learnt = vocabulary.learn("apic sabons,", "apixaban", path=path, lexicon=KNOWN)
    assert learnt == Term("apixaban", "substance", spoken=("apic sabons",))
    assert lexicons.merge(lexicons.load_practice(path), KNOWN).find("apic sabons") == learnt


@pytest.mark.parametrize(
    ("heard", "wanted"),
    [
        ("édoxaban", "apixaban"),  # one existing drug never turns into another
        ("Apixabân", "apixaban"),
        ("douleur", "apixaban"),  # an ordinary word stays what it is
        ("apic 5", "apixaban 5"),
        ("un deux trois quatre cinq", "apixaban"),
        ("sans doute", "apixaban"),
        ("vasse heure", "Vasseur"),  # perhaps a patient: not into a clear file
        ("", "apixaban"),
    ],
)
def test_corrections_that_teach_nothing(tmp_path: Path, heard: str, wanted: str) -> None:
    assert vocabulary.learn(heard, wanted, path=tmp_path / "termes.tsv", lexicon=KNOWN) is None
    assert not (tmp_path / "termes.tsv").exists()


def test_import_tells_registers_from_practice_words(tmp_path: Path) -> None:
    practice, official = tmp_path / "termes.tsv", tmp_path / "officiel.lex"
    mine = tmp_path / "mots.txt"
    mine.write_text("Montfavet\n", "utf-8")
    vocabulary.import_file(mine, practice=practice, official=official)
    assert "Montfavet" in lexicons.load_practice(practice)
    assert not official.exists()
    packaged = tmp_path / "drugs.json"
    packaged.write_text(json.dumps({"B01AF02": ["ELIQUIS", "apixaban"]}), "utf-8")
    vocabulary.import_file(packaged, practice=practice, official=official)
    assert "apixaban" in lexicons.load_cache(official)


def test_a_declared_name_and_a_new_clinical_word_are_learnt(tmp_path: Path) -> None:
    path = tmp_path / "termes.tsv"
    now = vocabulary.Practice(path)
    assert len(now()) == 0
    vocabulary.add(path, "Vasseur", kind="person")
    learnt = vocabulary.learn("vasse heure", "vasseur.", path=path, lexicon=KNOWN)
    assert learnt == Term("Vasseur", "person", spoken=("vasse heure",))
    assert vocabulary.learn("les picondillite", "épicondylite", path=path, lexicon=KNOWN) is not None
    assert now().find("vasse heure") == learnt
    assert now() is now()
    path.write_text("a\tb\tgenre inconnu\n", "utf-8")
    assert now().find("vasse heure") == learnt
    path.unlink()
    assert len(now()) == 0
