"""Which corrections may teach a word, and where a « texte type » asked for by voice goes."""

from __future__ import annotations

import datetime as dt

import pytest

from app.learning import lessons
from app.snippets import CONFIRM, UNKNOWN, Asked, insert, named
from dictation.consultation import Patient
from dictation.draft import Draft, Origin
from dictation.evidence import Severity
from dictation.review import Decision, Review, Verdict
from dictation.transcript import transcript_of_text
from drafting import compose
from drafting.spoken_french import write
from tests.ui import kit

FORM = kit.forms().get(kit.FORM)
NOW = dt.datetime(2026, 3, 12, tzinfo=dt.UTC)


def draft_of(text: str) -> Draft:
    return compose(transcript_of_text(text), FORM, lexicon=kit.LEXICON)


def edited(text: str, before: str, after: str) -> tuple[Review, str]:
    draft = draft_of(text)
    section = next(s for s in draft.sections if before in s.text)
    changed = section.text.replace(before, after)
    return Review(draft).decide(Decision(f"section:{section.key}", Verdict.EDITED, changed, "dr", NOW)), section.key


@pytest.mark.parametrize(
    ("before", "after", "heard", "wanted"),
    [
        ("doliplane", "Doliprane", "doliplane", "Doliprane"),
        ("doliplane,", "doliprane,", "doliplane", "doliprane"),
    ],
)
def test_a_word_written_instead_of_the_heard_one(before: str, after: str, heard: str, wanted: str) -> None:
    review, key = edited("motif deux points prise de doliplane virgule sans effet point", before, after)
    found = lessons(review, key)
    assert [(x.heard, x.wanted) for x in found] == [(heard, wanted)]
    assert found[0].name == f"mot:{heard}>{wanted.lower()}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("grasse", "sèche"),  # another word, not the same one heard wrong
        ("8", "9"),  # a figure
        ("huit jours", "8 jours"),
        ("Toux", "toux"),
        ("Toux grasse", "Le patient vient pour une bronchite avec une toux grasse"),
    ],
)
def test_what_teaches_nothing(before: str, after: str) -> None:
    draft = draft_of("motif deux points toux grasse depuis huit jours point")
    section = next(s for s in draft.sections if "oux" in s.text)
    text = section.text.replace(before, after)
    review = Review(draft).decide(Decision(f"section:{section.key}", Verdict.EDITED, text, "dr", NOW))
    assert lessons(review, section.key) == ()


def test_the_patients_name_is_never_offered() -> None:
    review, key = edited("motif deux points le père de benmalek tousse point", "benmalek", "Benmalik")
    assert lessons(review, key)
    assert lessons(review, key, Patient(last_name="BENMALIK")) == ()


def test_an_untouched_section_teaches_nothing() -> None:
    draft = draft_of("motif deux points prise de doliplane point")
    assert lessons(Review(draft), "motif") == ()


# -- textes types ------------------------------------------------------------------------------------------

STOCK = {
    "examen normal": "Examen clinique sans particularité.",
    "conseils lombalgie": "Éviter le port de charges.\nMarcher chaque jour.",
    "formule": "Je reste à votre disposition.",
}


def with_stock(text: str, stock: dict[str, str] = STOCK) -> Draft:
    transcript = transcript_of_text(text)
    asked = [Asked(a.text, a.span) for a in write(transcript.words).asides if a.kind == "snippet"]
    return insert(draft_of(text), asked, stock, FORM)


def test_names_as_they_are_said() -> None:
    assert named("Examen normal", STOCK) == "examen normal"
    assert named("examens normal", STOCK) == "examen normal"
    assert named("conseil lombalgie", STOCK) == "conseils lombalgie"
    assert named("examen normal et le patient tousse", STOCK) == "examen normal"
    assert named("cardiologie", STOCK) is None
    assert named("", STOCK) is None
    assert named("examen", {"examen cardiaque": "a", "examen pulmonaire": "b"}) is None


def test_under_the_title_that_was_dictated() -> None:
    draft = with_stock(
        "motif deux points toux point à la ligne examen clinique deux points insérer texte type examen normal point"
    )
    section = next(s for s in draft.sections if "sans particularité" in s.text)
    assert section.key == next(s.key for s in FORM.sections if "examen" in s.title.lower())
    assert section.origin is Origin.PROFILE
    assert section.evidence
    assert "texte" in draft.transcript.quote(section.evidence[0])
    assert Review(draft).blockers()[-1].field_id == f"finding:{len(draft.findings) - 1}"
    assert draft.findings[-1].code == CONFIRM
    assert draft.findings[-1].severity is Severity.BLOCKER


def test_after_the_sentence_where_the_doctor_was() -> None:
    draft = with_stock(
        "conduite à tenir deux points antalgiques au besoin point insérer texte type conseils lombalgie point "
        "revoir dans un mois point"
    )
    section = next(s for s in draft.sections if "port de charges" in s.text)
    assert section.text.index("ntalgiques") < section.text.index("port de charges") < section.text.index("evoir")
    assert section.origin is not Origin.PROFILE


def test_a_name_nobody_gave_is_asked_about_and_inserts_nothing() -> None:
    draft = with_stock("motif deux points toux point insérer texte type cardiologie point")
    assert draft.findings[-1].code == UNKNOWN
    assert not any("cardiologie" in s.text for s in draft.sections)
