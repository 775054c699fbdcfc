"""Pauses of the voice end sentences nobody punctuated, and only where a sentence can end."""

from __future__ import annotations

import pytest

from dictation.transcript import Word
from drafting.spoken_french import write


def spoken(text: str) -> list[Word]:
    """Words of 0.3 s; « / » is a silence of 0.9 s, « // » one of 1.6 s."""
    words: list[Word] = []
    now = 0.0
    for piece in text.split():
        if set(piece) == {"/"}:
            now += 0.9 if piece == "/" else 1.6
            continue
        words.append(Word(piece, now, now + 0.3))
        now += 0.35
    return words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "il tousse beaucoup / pas de fièvre / auscultation libre",
            "Il tousse beaucoup. Pas de fièvre. Auscultation libre.",
        ),
        ("il tousse beaucoup la nuit / traitement inchangé", "Il tousse beaucoup la nuit. Traitement inchangé."),
        ("il présente une / toux grasse", "il présente une toux grasse"),
        ("on note / à l'examen une matité", "on note à l'examen une matité"),
        ("il a été vu par le docteur / il tousse", "il a été vu par le docteur il tousse"),
        ("il tousse beaucoup virgule / pas de fièvre", "il tousse beaucoup, pas de fièvre"),
        ("il tousse beaucoup point / pas de fièvre", "Il tousse beaucoup. Pas de fièvre"),
        ("le genou droit / est gonflé", "le genou droit est gonflé"),
        ("douleur du genou / avec épanchement", "douleur du genou avec épanchement"),
        (
            "le patient va bien depuis la dernière consultation cardiologique de contrôle semestrielle // douleurs rares",
            "Le patient va bien depuis la dernière consultation cardiologique de contrôle semestrielle. Douleurs rares.",
        ),
    ],
)
def test_pause(text: str, expected: str) -> None:
    assert write(spoken(text)).text.replace("\u00a0", " ") == expected


def test_a_mark_added_by_rule_says_so() -> None:
    done = write(spoken("il tousse beaucoup / pas de fièvre / auscultation libre"))
    assert [t.origin for t in done.tokens if t.text == "."] == ["rule", "rule", "rule"]
