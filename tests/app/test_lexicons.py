"""Lexicons from files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from app import lexicons
from app.drug_names import accented, brand, substance, without_salt
from dictation.errors import InputError
from dictation.lexicon import Lexicon, Term

REGISTER = Path(__file__).parents[3] / "shared" / "reference" / "drug_lexicon.tsv"

EDSNLP = {
    "A12CD01": ["FLUODONTYL", "sodium fluorure"],
    "B03BB01": ["SPECIAFOLDINE", "folique acide"],
    "C03CA01": ["LASILIX", "LASILIX FAIBLE", "furosemide"],
    "A10BD15": ["metformine et dapagliflozine"],
    "C09BA04": ["PERINDOPRIL INDAPAMIDE", "perindopril", "indapamide"],
    "A07": ["autres antidiarrheiques", "ampicilline et inhibiteur d'enzyme"],
}
OFFICIAL = "\n".join(
    [
        "60000001\tVERIXOL 40 mg, comprimé sécable\tcomprimé sécable\torale\tAutorisation active\tProcédure nationale"
        "\tCommercialisée\t01/01/2000\t\t\t LABO UN\tNon",
        "60000002\tFUROSEMIDE LABO DEUX 40 mg, comprimé\tcomprimé\torale\tAutorisation active\tProcédure nationale"
        "\tCommercialisée\t01/01/2000\t\t\t LABO DEUX\tNon",
        "60000003\tARNICA PLANTE 4CH, degré de dilution compris entre 2CH et 30CH\tgranules\torale\t\t\t\t\t\t\t BOIRON\tNon",
        "60000004\tÉZETROXAN 10 mg/20 mg, comprimé\tcomprimé\torale\t\t\t\t\t\t\t LABO UN\tNon",
    ]
)
COMPOSITION = "\n".join(
    [
        "60000001\tcomprimé\t1\tCHLORHYDRATE DE VÉRIXOLAMINE\t40 mg\tun comprimé\tSA\t1\t",
        "60000002\tcomprimé\t2\tFUROSÉMIDE\t40 mg\tun comprimé\tSA\t1\t",
        "60000004\tcomprimé\t3\tÉZÉTIMIBE\t10 mg\tun comprimé\tSA\t1\t",
        "60000004\tcomprimé\t4\tSIMVASTATINE\t20 mg\tun comprimé\tSA\t2\t",
    ]
)


def _edsnlp(folder: Path) -> Lexicon:
    path = folder / "drugs.json"
    path.write_text(json.dumps(EDSNLP), "utf-8")
    return lexicons.load_edsnlp(path)


def test_packaged_list_is_written_in_french(tmp_path: Path) -> None:
    found = _edsnlp(tmp_path)
    assert found.find("LASILIX") == Term("Lasilix", "drug", "C03CA01")
    assert {"furosémide", "acide folique", "fluorure de sodium", "dapagliflozine", "metformine"} <= set(
        found.names("substance")
    )
    assert found.find("sodium fluorure") == found.find("fluorure de sodium")
    assert "ampicilline et inhibiteur d'enzyme" not in found
    assert "autres antidiarrheiques" not in found


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_official_register(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "CIS_bdpm.txt"
    path.write_bytes(OFFICIAL.encode(encoding))
    (tmp_path / "CIS_COMPO_bdpm.txt").write_bytes(COMPOSITION.encode(encoding))
    found = lexicons.load_bdpm(path)
    brand_name = found.find("verixol")
    assert brand_name is not None
    assert (brand_name.text, brand_name.kind, brand_name.strengths) == ("Verixol", "drug", ("40 mg",))
    generic = found.find("furosemide")
    assert generic is not None
    assert (generic.text, generic.kind) == ("furosémide", "substance")
    assert "vérixolamine" in found
    assert "ézétimibe" in found
    assert "simvastatine" in found
    assert found.find("Ezetroxan") is not None
    assert not any("arnica" in name.lower() for name in found.names())


def test_official_register_without_composition(tmp_path: Path) -> None:
    path = tmp_path / "CIS_bdpm.txt"
    path.write_text(OFFICIAL, "utf-8")
    assert "verixol" in lexicons.load_bdpm(path)


@pytest.mark.skipif(not REGISTER.exists(), reason="the reference register is not beside this checkout")
def test_reference_register() -> None:
    found = lexicons.load_bdpm(REGISTER)
    assert len(found) > 4000
    for name in ("bisoprolol", "apixaban", "lévothyroxine", "Doliprane", "dulaglutide", "oxazépam", "rivaroxaban"):
        assert name in found, name
    strengths = found.find("apixaban")
    assert strengths is not None
    assert "5 mg" in strengths.strengths
    assert not [n for n in found.names("substance") if n.lower() != n and "B12" not in n][:5]


@pytest.mark.parametrize(
    ("capitals", "french"),
    [
        ("furosemide", "furosémide"),
        ("levothyroxine", "lévothyroxine"),
        ("metformine", "metformine"),
        ("sertraline", "sertraline"),
        ("ketoprofene", "kétoprofène"),
        ("dexamethasone", "dexaméthasone"),
        ("lidocaine", "lidocaïne"),
        ("phenytoine", "phénytoïne"),
        ("codeine", "codéine"),
        ("clopidogrel", "clopidogrel"),
        ("zolpidem", "zolpidem"),
        ("esomeprazole", "ésoméprazole"),
        ("perindopril", "périndopril"),
        ("déjà", "déjà"),
    ],
)
def test_accents_follow_the_syllables(capitals: str, french: str) -> None:
    assert accented(capitals) == french


@pytest.mark.parametrize(
    ("register", "french"),
    [
        ("CHLORHYDRATE DE METFORMINE", "metformine"),
        ("SULFATE D'ABACAVIR", "abacavir"),
        ("BÉSILATE D'AMLODIPINE MONOHYDRATÉ", "amlodipine"),
        ("LÉVOTHYROXINE SODIQUE ANHYDRE", "lévothyroxine"),
        ("SULFATE DE MAGNÉSIUM", "sulfate de magnésium"),
        ("ABACAVIR (SULFATE D')", "abacavir"),
    ],
)
def test_salts_are_left_out(register: str, french: str) -> None:
    assert without_salt(register) == french


def test_brands_are_written_in_title_case() -> None:
    assert [brand(n) for n in ("KARDEGIC", "DIFFU K", "BI-PROFENID LP")] == ["Kardegic", "Diffu K", "Bi-Profenid LP"]
    assert substance("strontium ranelate") == "ranélate de strontium"


def test_practice_words_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "termes.tsv"
    path.write_text("# nos mots\nMontfavet\tmon favet | mont favé\nDr Azincourt\t\tperson\n\n", "utf-8")
    found = lexicons.load_practice(path)
    assert found.find("mont favé") == Term("Montfavet", "practice", spoken=("mon favet", "mont favé"))
    assert list(Lexicon(lexicons.practice_terms(lexicons.practice_text(found)))) == list(found)
    assert len(lexicons.load_practice(tmp_path / "absent.tsv")) == 0


@pytest.mark.parametrize("line", ["mot\t\tsorcier", "\tforme"])
def test_practice_line_that_cannot_be_read_names_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "termes.tsv"
    path.write_text(f"bon\n{line}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        lexicons.load_practice(path)
    assert caught.value.code == "lexicon.line"
    assert "Ligne 2" in caught.value.message


def test_merge_prefers_the_first_and_adds_spoken_forms() -> None:
    first = Lexicon([Term("Kardégic", "drug", spoken=("car des gites",))], revision="a")
    second = Lexicon([Term("KARDEGIC", "drug", "B01AC06", ("75 mg",)), Term("x1", "drug")], revision="b")
    merged = lexicons.merge(first, second)
    assert merged.find("kardegic") == Term("Kardégic", "drug", "B01AC06", ("75 mg",), ("car des gites",))
    assert merged.revision == "a+b"


def test_cache_gives_the_same_lexicon(tmp_path: Path) -> None:
    found = _edsnlp(tmp_path)
    path = tmp_path / "cache" / "officiel.lex"
    lexicons.save_cache(found, path)
    again = lexicons.load_cache(path)
    assert (list(again), again.revision) == (list(found), found.revision)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not gzip",
        gzip.compress(b"{}"),
        gzip.compress(b'{"schema":"calame-lexicon/1","revision":"x"}\n[1]'),
        b"\x1f\x8b\x08cut",
    ],
)
def test_broken_cache_is_an_input_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "officiel.lex"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        lexicons.load_cache(path)
    assert caught.value.code == "lexicon.shape"


def test_files_that_are_something_else(tmp_path: Path) -> None:
    other = tmp_path / "lettre.txt"
    other.write_text("Cher confrère,\n", "utf-8")
    with pytest.raises(InputError) as caught:
        lexicons.load_bdpm(other)
    assert caught.value.code == "lexicon.shape"
    with pytest.raises(InputError) as caught:
        lexicons.load_edsnlp(other)
    assert caught.value.code == "lexicon.shape"
    with pytest.raises(InputError) as caught:
        lexicons.load_bdpm(tmp_path / "absent.txt")
    assert caught.value.code == "lexicon.unreadable"
