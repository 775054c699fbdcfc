"""Blanks of forms: filled by what was said of them, never by what somebody asked for and the doctor declined."""

from __future__ import annotations

from dictation.draft import Draft
from dictation.transcript import transcript_of_text
from dictation.values import DateValue
from drafting import compose
from templates.catalogue import bundled
from tests.golden.dictated import lexicon


def drafted(words: str, form_id: str) -> Draft:
    return compose(transcript_of_text(words), bundled().get(form_id), lexicon=lexicon())


def filled(words: str, form_id: str) -> dict[str, object]:
    return {f.key: f.value for f in drafted(words, form_id).fields}


def test_what_is_asked_for_and_declined_fills_nothing() -> None:
    asked = "il demande à être mis en accident du travail, mais non, c'est arrivé chez lui point"
    assert "donnees.nature" not in filled(f"arrêt de travail pour lumbago point {asked}", "arret_travail")
    assert (
        filled("arrêt de travail point il s'agit d'un accident du travail point", "arret_travail")["donnees.nature"]
        == "AT"
    )


def test_the_first_day_of_a_range_takes_the_year_of_the_last() -> None:
    found = filled("arrêt de travail du trois au dix novembre deux mille vingt-six point", "arret_travail")
    assert found["donnees.debut"] == DateValue("2026-11-03", "debut")
    assert found["donnees.fin"] == DateValue("2026-11-10", "fin")
