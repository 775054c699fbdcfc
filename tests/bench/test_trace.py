"""The witness itself: it must catch what it is there to catch."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bench.trace import numbers_from, numbers_in, trace
from dictation.codec import draft_to_json
from tests.golden.dictated import drafted

WORDS = (
    "Monsieur Paul Durand vient pour une gonalgie droite. Pas de fièvre. Tension à cent trente-huit sur quatre-vingt-deux. "
    "Je débute du paracétamol un gramme trois fois par jour pendant six jours. Je le revois le douze mai."
)


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("quatre-vingt-dix-sept", "97"),
        ("mille neuf cent soixante-huit", "1968"),
        ("trente-huit deux", "38,2"),
        ("sept virgule zéro cinq", "7,05"),
        ("six kilos huit cent cinquante", "6,850"),
        ("un mètre soixante-trois", "1,63"),
        ("treize huit", "130"),
        ("soixante et onze", "71"),
        ("le douze mai", "5"),
        ("deux cent quatre-vingt mille", "280000"),
    ],
)
def test_what_raw_words_may_give(spoken: str, written: str) -> None:
    assert written in numbers_from(spoken.split())


def test_numbers_of_a_written_text() -> None:
    assert numbers_in("TA 138/82, leucocytes 14\u202f500/mm³, SpO2 97 %, 7,5 mg") == ["138", "82", "14500", "97", "7,5"]


def test_an_honest_draft_passes() -> None:
    draft, document = drafted(WORDS, "compte_rendu_consultation", {"date_consultation": "2026-05-02"})
    report = trace(draft_to_json(draft), document)
    assert report.invented == []
    assert report.omitted == []
    assert report.items > 20


@pytest.mark.parametrize(
    ("said", "corrupted"),
    [
        ("138", "148"),
        ("1 g", "2 g"),
        ("droite", "gauche"),
        ("Pas de fièvre", "Pas de fièvre, pas de frissons"),
        ("gonalgie", "gonarthrose"),
        ("12 mai", "22 mai"),
        ("6 jours", "8 jours"),
        ("paracétamol", "ibuprofène"),
    ],
)
def test_every_corruption_is_caught(said: str, corrupted: str) -> None:
    draft, _ = drafted(WORDS, "compte_rendu_consultation", {"date_consultation": "2026-05-02"})
    data: dict[str, Any] = copy.deepcopy(draft_to_json(draft))
    touched = False
    for section in data["sections"]:
        plain = section["text"].replace("\u00a0", " ").replace("\u202f", " ")
        if said in plain:
            section["text"], touched = plain.replace(said, corrupted), True
    assert touched
    assert trace(data).invented


def test_a_lost_sentence_is_caught() -> None:
    draft, _ = drafted(WORDS, "compte_rendu_consultation", {"date_consultation": "2026-05-02"})
    data: dict[str, Any] = copy.deepcopy(draft_to_json(draft))
    data["sections"] = [s for s in data["sections"] if "fièvre" not in s["text"]]
    assert trace(data).omitted
