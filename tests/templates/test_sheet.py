"""What a sheet says and does not say: signature, watermark, fixed formulas, gaps, apostrophes."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from docx import Document

from dictation.codec import consultation_from_json, draft_from_json
from dictation.consultation import Author, Consultation
from dictation.draft import NOT_STATED, Draft, DraftEngine, FieldValue
from dictation.form import Form
from dictation.review import Decision, Review, SignedDraft, Verdict, sign
from dictation.transcript import Span, Transcript, transcript_of_text
from dictation.values import DateValue, Drug
from templates import render
from templates.catalogue import bundled
from templates.fhir import record
from templates.french import curly
from templates.sheet import PREPARATION, WATERMARK, sheet
from templates.text import document_text
from tests.templates.paper import PAGES

AT = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
WHO = Consultation(dt.date(2026, 3, 1), Author("Dr Anne Exemple", "Médecine générale"))
WAITED = [f for f in bundled().forms if f.preparation]


def _written(form: Form, key: str, text: str) -> Review:
    draft = Draft(Transcript("t", ()), form.id, 1, DraftEngine(None, "1"), (), (), (), ())
    return Review(draft).decide(Decision(f"section:{key}", Verdict.EDITED, text, "a", AT))


def _signed(form: Form) -> SignedDraft:
    return sign(_written(form, form.sections[0].key, "Un texte."), by="Dr Anne Exemple", at=AT)


def _words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.mark.parametrize("form", WAITED, ids=lambda f: f.id)
def test_a_signed_preparation_cannot_pass_for_the_document(form: Form) -> None:
    made = sheet(_signed(form), form, WHO)
    assert made.signature == ()
    assert made.watermark == PREPARATION
    assert "relu et validé" in made.mentions[0]
    content = render(_signed(form), form, WHO).content
    assert Document(io.BytesIO(content)).core_properties.content_status == "signé"


def test_only_a_signed_letter_has_a_signature_and_no_watermark() -> None:
    form = bundled().get("courrier_adressage")
    assert sheet(_signed(form), form, WHO).watermark is None
    assert sheet(_signed(form), form, WHO).signature == ("Dr Anne Exemple", "Médecine générale")
    draft = sheet(_written(form, "motif", "Un texte."), form, WHO)
    assert (draft.watermark, draft.signature) == (WATERMARK, ())


@pytest.mark.parametrize(
    ("said", "times"),
    [("Certificat établi à la demande de l'intéressé et remis en main propre.", 1), ("Repos trois jours.", 1)],
)
def test_a_formula_that_was_dictated_is_not_printed_twice(said: str, times: int) -> None:
    form = bundled().get("certificat_medical")
    text = document_text(sheet(_written(form, "conclusion", said), form, WHO))
    assert text.count("main propre") == times


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("l'index d'Anne", "l’index d’Anne"), ("aujourd'hui", "aujourd’hui"), ("12' d'effort", "12' d’effort")],
)
def test_apostrophes_as_a_printer_sets_them(typed: str, printed: str) -> None:
    assert curly(typed) == printed
    assert curly(printed) == printed


def test_what_was_not_said_is_set_apart_from_what_was() -> None:
    data = json.loads((PAGES / "arret_travail.json").read_text(encoding="utf-8"))
    content = render(draft_from_json(data["draft"]), bundled().get("arret_travail"),
                     consultation_from_json(data["context"])).content  # fmt: skip
    runs = [
        run
        for table in Document(io.BytesIO(content)).tables
        for row in table.rows
        for p in row.cells[-1].paragraphs
        for run in p.runs
    ]
    missing = [run for run in runs if run.text == NOT_STATED]
    assert missing
    assert all(run.italic for run in missing)
    assert any(run.text == "sans restriction" and not run.italic for run in runs)


@pytest.mark.parametrize("form", bundled().forms, ids=lambda f: f.id)
def test_no_place_is_left_open_and_no_heading_is_left_alone(form: Form) -> None:
    data = json.loads((PAGES / f"{form.id}.json").read_text(encoding="utf-8"))
    content = render(draft_from_json(data["draft"]), form, consultation_from_json(data["context"])).content
    assert not set("{}") & set(_words(content))
    styles = [(p.style.name if p.style else "", p.text) for p in Document(io.BytesIO(content)).paragraphs]
    assert all(text for style, text in styles if style.startswith(("Heading", "Title")))


def test_a_sheet_of_two_zones_names_both_in_full() -> None:
    data = json.loads((PAGES / "bizone.json").read_text(encoding="utf-8"))
    made = sheet(draft_from_json(data["draft"]), bundled().get("ordonnance"))
    titles = {b.key: b.title for b in made.blocks}
    assert "affection de longue durée reconnue" in titles["zone_ald"]
    assert "SANS RAPPORT" in titles["zone_hors_ald"]


def test_a_typed_field_edited_in_review_is_printed_as_a_value() -> None:
    form = bundled().get("arret_travail")
    field = FieldValue("f1", "donnees.debut", "date", DateValue("2026-11-03", "debut"), (Span(0, 1),), 1.0)
    drug = FieldValue("f2", "traitements", "drug", Drug("bisoprolol", "5 mg", "le matin"), (Span(1, 2),), 1.0)
    draft = Draft(transcript_of_text("trois bisoprolol"), form.id, 1, DraftEngine(None, "1"), (), (), (field, drug), ())
    review = Review(draft)
    review = review.decide(Decision("f1", Verdict.EDITED, '{"iso": "2026-11-04", "role": "debut"}', "a", AT))
    new = '{"name": "bisoprolol", "dose": "10 mg", "schedule": "le matin", "duration": null, "status": "ongoing"}'
    review = review.decide(Decision("f2", Verdict.EDITED, new, "a", AT))
    text = document_text(sheet(review, form, WHO))
    assert "04/11/2026" in text or "4 novembre 2026" in text
    assert "iso" not in text
    assert record(review, form, WHO, dt.date(2026, 3, 1)).drugs == (Drug("bisoprolol", "10 mg", "le matin"),)
    out = review.decide(Decision("f1", Verdict.REJECTED, None, "a", AT))
    assert "novembre" not in document_text(sheet(out, form, WHO))
