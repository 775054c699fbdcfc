"""The anonymised copy: nothing that identifies survives, what is clinical does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.anonymise import measure
from dictation.lexicon import Lexicon, Term
from templates.anonymise import anonymise, leftovers, preview

LEXICON = Lexicon([Term("Kardégic", "drug"), Term("Entresto", "drug")])


def _copy(text: str, *known: str) -> str:
    return anonymise(text, secret="essai", known=known, lexicon=LEXICON).text


def test_recall_on_generated_letters() -> None:
    score = measure(400)
    assert score.recall("name", "contact") >= 0.99, score.misses[:10]
    assert score.precision >= 0.99, score.lost[:10]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Merci de m'avoir adressé monsieur Yves Le Goff.", ["Yves", "Goff"]),
        ("J'ai vu Mme Petit avec le Dr Roy.", ["Petit", "Roy"]),
        ("Je vois monsieur petit ce jour.", ["petit"]),
        ("Sa fille Camille DURAND-N'DIAYE est là.", ["Camille", "DURAND"]),
        ("Adressé par Kervella pour avis.", ["Kervella"]),
        ("Madame de La Tour consulte.", ["Tour"]),
        ("Joignable au 06 12 34 56 78 ou +33 6 12 34 56 78.", ["34 56"]),
        ("Écrire à p.nom@exemple.fr, voir www.exemple.fr/x.", ["exemple"]),
        ("NIR 2 69 05 49 588 157 80, RPPS 10001234567, IPP : 44512.", ["588", "10001234567", "44512"]),
        ("Domicilié 12 bis rue des Lilas, 29200 Brest cedex 2.", ["Lilas", "Brest", "29200"]),
        ("Hospitalisé à la clinique Sainte-Barbe de Fougères.", ["Barbe", "Fougères"]),
        ("Âgé de 97 ans.", ["97"]),
    ],
)
def test_what_identifies_goes(text: str, gone: list[str]) -> None:
    copy = _copy(text)
    assert not [word for word in gone if word in copy], copy


@pytest.mark.parametrize(
    "text",
    [
        "Maladie de Parkinson, signe de Babinski à droite, score de Glasgow à 15.",
        "Petit nodule de 6 mm. Rose des sables. Grand axe de 12 mm.",
        "Kardégic 75 mg le matin, Entresto 49/51 mg. TA 148/86 mmHg, SpO2 93 %, HbA1c 7,2 %.",
        "Âgé de 67 ans. IRM et ECG normaux. L'examen est sans particularité.",
        "Nodule pierreux ; calcul de 12345 µm.",
    ],
)
def test_what_is_clinical_stays(text: str) -> None:
    assert _copy(text) == text


def test_the_same_name_is_the_same_label_all_through() -> None:
    copy = _copy("Madame Rose consulte. Mme ROSE va bien. Rose est suivie.")
    assert copy.count("[Nom 1]") == 3


def test_dates_move_together_and_keep_their_weekday() -> None:
    copy = _copy("Le lundi 13 juillet 2026, puis le 14/07/2026 et le 2026-07-15.")
    import datetime as dt

    from templates.french import MONTHS

    long = re.search(r"lundi (\d+|1er) (\w+) (\d{4})", copy)
    assert long is not None
    first = dt.date(int(long[3]), MONTHS.index(long[2]) + 1, int(long[1].removesuffix("er")))
    assert first.weekday() == 0
    assert first != dt.date(2026, 7, 13)
    assert (first + dt.timedelta(1)).strftime("%d/%m/%Y") in copy
    assert (first + dt.timedelta(2)).isoformat() in copy


def test_known_identities_go_even_in_odd_places() -> None:
    original = "KERVELLA Anne : va bien. Anne a vu kervella."
    copy = anonymise(original, secret="x", known=["Anne Kervella"], lexicon=None)
    assert leftovers(copy, ["Kervella"]) == ()


@given(st.text(max_size=200), st.text(min_size=1, max_size=5))
def test_never_crashes_and_says_exactly_what_it_replaced(text: str, secret: str) -> None:
    copy = anonymise(text, secret=secret)
    at, rebuilt = 0, []
    for r in copy.replacements:
        assert text[r.start : r.end] == r.original
        rebuilt += [text[at : r.start], r.substitute]
        at = r.end
    assert "".join(rebuilt) + text[at:] == copy.text
    assert preview(text, copy)


@pytest.mark.parametrize(
    ("heard", "gone", "label"),
    [
        ("contrôle le douze mars deux mille vingt-six point", "douze mars", "[Date 1]"),
        ("né le premier janvier mille neuf cent cinquante-cinq à", "janvier", "[Date 1]"),
        ("depuis mars deux mille vingt il tousse", "mars deux", "[Date 1]"),
        (
            "appeler le zéro six douze trente-quatre cinquante-six soixante-dix-huit demain",
            "trente-quatre",
            "[Téléphone 1]",
        ),
        ("un soixante-deux zéro un trente-trois zéro six trois cent dix quarante-deux", "soixante-deux", "[Numéro 1]"),
        ("elle a quatre-vingt-douze ans", "douze", "90\u00a0ans ou plus"),
    ],
)
def test_words_as_spoken_identify_too(heard: str, gone: str, label: str) -> None:
    copy = _copy(heard)
    assert gone not in copy
    assert label in copy


@pytest.mark.parametrize(
    "heard",
    [
        "tension cent trente-huit sur soixante-dix-neuf fréquence quatre-vingt-douze",
        "bisoprolol cinq milligrammes un comprimé le matin pendant trois mois",
        "elle a quatre-vingt-deux ans",
        "opéré en mille neuf cent quatre-vingt-dix-huit",
        "vitamine d cent mille unités une ampoule tous les trois mois",
    ],
)
def test_doses_and_measures_in_words_stay(heard: str) -> None:
    assert _copy(heard) == heard
