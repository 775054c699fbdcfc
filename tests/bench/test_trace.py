"""The witness itself: it must catch what it is there to catch."""

from __future__ import annotations

import copy
import random
from functools import cache
from typing import Any

import pytest

from bench.said import _spelled, _values, numbers_from, numbers_in
from bench.trace import Report, trace
from dictation.codec import draft_to_json
from dictation.draft import Draft
from tests.bench.seeded import INVENTING, LOSING, Fault
from tests.golden.dictated import drafted, goldens, of_gold

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
        ("tension treize huit", "130"),
        ("quatorze sur huit", "140"),
        ("quarante un comprimé", "40"),
        ("soixante et onze", "71"),
        ("le douze mai", "5"),
        ("deux cent quatre-vingt mille", "280000"),
    ],
)
def test_what_raw_words_may_give(spoken: str, written: str) -> None:
    assert written in numbers_from(spoken.split())


@pytest.mark.parametrize(
    ("spoken", "never"),
    [
        ("cinq milligrammes le matin", "50"),
        ("trente-six ans", "6"),
        ("treize huit", "21"),
        ("mille, un comprimé", "1001"),
        ("cinq milligrammes deux fois", "5,2"),
        ("cent vingt", "0"),
    ],
)
def test_what_raw_words_may_never_give(spoken: str, never: str) -> None:
    assert never not in numbers_from(spoken.split())


@pytest.mark.parametrize("value", [*range(0, 1000, 7), 71, 77, 80, 81, 91, 99, 1000, 1968, 2026, 4000, 14_500, 280_000])
def test_a_number_spelled_is_one_number(value: int) -> None:
    assert numbers_from(_spelled(value).split()) >= {str(value)}
    assert _values(_spelled(value).split()) >= {str(value)}
    if value not in range(1, 2) and "un" not in _spelled(value).split()[1:]:
        assert _values(_spelled(value).split()) == {str(value)}


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


@pytest.mark.parametrize("fault", [*INVENTING, *LOSING], ids=lambda f: f.__name__)
def test_faults_seeded_in_every_golden_are_caught(fault: Fault) -> None:
    """What escapes, one in seventy in all: an article taken for a figure (« soit 1 jours, pour une lombalgie »), two
    figures crossed that were said side by side, a repaired sentence."""
    caught = seeded = 0
    for gold in goldens():
        changed = fault(draft_to_json(_draft(gold.name)), random.Random(gold.name))
        if changed is not None:
            report = trace(changed)
            seeded += 1
            caught += bool(report.omitted if fault in LOSING else report.invented)
    assert seeded >= 10
    assert caught / seeded >= 0.9, f"{caught}/{seeded}"


@cache
def _draft(gold_name: str) -> Draft:
    return of_gold(next(g for g in goldens() if g.name == gold_name))[0]


def test_the_table_counts_each_kind() -> None:
    total = Report()
    for gold in goldens()[:3]:
        draft, document = of_gold(gold)
        total.add(trace(draft_to_json(draft), document))
    rows = {row.split("|")[1].strip(): row for row in total.table().splitlines()[2:]}
    assert {"nombre", "négation", "mot", "champ", "phrases imprimées"} <= set(rows)
    assert rows["nombre"].split("|")[3].strip() == "0"
