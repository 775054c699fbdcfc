"""FHIR R4: both libraries accept every bundle; nothing is lost on the way and back."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictation import values as v
from dictation.codec import consultation_from_json, draft_from_json
from dictation.consultation import Author, Patient
from dictation.errors import InputError
from templates.catalogue import bundled
from templates.fhir import VITALS, Part, Record, bundle, read, record
from tests.templates.paper import PAGES

text = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u00ad"), min_size=1, max_size=30).map(str.strip).filter(bool)  # fmt: skip
maybe = st.none() | text
number = st.decimals(0, 400, places=1).map(lambda d: Decimal(str(int(d) if d == int(d) else float(d))))
vitals = st.one_of(
    st.builds(v.Vital, st.sampled_from(sorted(VITALS)), number, st.sampled_from(["kg", "%", "/min", None]), site=maybe),
    st.builds(v.Vital, st.just("TA"), unit=st.just("mmHg"), sys=number, dia=number, site=maybe),
)
drugs = st.builds(v.Drug, text, maybe, maybe, maybe, st.sampled_from(v.DrugStatus), maybe, maybe)
allergies = st.builds(v.Allergy, text, maybe, st.booleans())
patients = st.builds(
    Patient, maybe, maybe, st.sampled_from(["F", "M", "I", None]), st.none() | st.dates(dt.date(1900, 1, 1)), maybe
)
authors = st.builds(Author, maybe, maybe, st.none() | st.just("10001234567"), maybe, maybe, maybe, maybe)


@st.composite
def records(draw: st.DrawFn) -> Record:
    form = draw(st.sampled_from(bundled().forms))
    signed = draw(st.booleans())
    return Record(
        form.id,
        form.title,
        form.loinc,
        form.tre_a05,
        draw(st.dates(dt.date(2000, 1, 1))),
        draw(patients),
        draw(authors),
        tuple(Part(s.key, s.title, s.loinc, draw(text)) for s in form.sections[:4]),
        tuple(draw(st.lists(vitals, max_size=3))),
        tuple(draw(st.lists(drugs, max_size=3))),
        tuple(draw(st.lists(allergies, max_size=2))),
        "modèle",
        draw(text) if signed else None,
        dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC) if signed else None,
    )


@given(records())
def test_bundle_to_values_to_bundle_is_identical(one: Record) -> None:
    made = json.loads(json.dumps(bundle(one)))
    again = read(made)
    assert again == one
    assert bundle(again) == made


@pytest.mark.parametrize("form", bundled().forms, ids=lambda f: f.id)
@pytest.mark.parametrize("signed", [False, True])
def test_both_libraries_accept_it(form, signed: bool) -> None:  # type: ignore[no-untyped-def]
    from fhir.resources.R4B.bundle import Bundle as B4
    from fhirclient.models.bundle import Bundle

    one = Record(
        form.id, form.title, form.loinc, form.tre_a05, dt.date(2026, 3, 1),
        Patient("DURAND", "Paul", "M", dt.date(1960, 2, 1), "M."),
        Author("Dr Anne Exemple", "Cardiologie", "10001234567", "1 rue A", "0102030405", "a@b.example", "Paris"),
        tuple(Part(s.key, s.title, s.loinc, "Texte & « dicté » < 5") for s in form.sections),
        (v.Vital("TA", unit="mmHg", sys=Decimal(148), dia=Decimal(86), site="bras gauche"),
         v.Vital("SpO2", Decimal(93), "%", condition="air ambiant"), v.Vital("EVA", Decimal(4))),
        tuple(v.Drug("amlodipine", "5 mg", "le matin", None, status) for status in v.DrugStatus),
        (v.Allergy("pénicilline", "urticaire"), v.Allergy("latex", negated=True)),
        "règles", "Dr Anne Exemple" if signed else None,
        dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC) if signed else None,
    )  # fmt: skip
    made = json.loads(json.dumps(bundle(one)))
    assert Bundle(made, strict=True).as_json()
    assert B4.model_validate(made)


@pytest.mark.parametrize("form", bundled().forms, ids=lambda f: f.id)
def test_every_kind_drafted_from_words_is_accepted_and_comes_back(form) -> None:  # type: ignore[no-untyped-def]
    """The drafts kept for the reference pages: real sections, fields and gaps, not a made-up record."""
    from fhir.resources.R4B.bundle import Bundle as B4
    from fhirclient.models.bundle import Bundle

    data = json.loads((PAGES / f"{form.id}.json").read_text(encoding="utf-8"))
    made = record(draft_from_json(data["draft"]), form, consultation_from_json(data["context"]), dt.date(2026, 3, 1))
    told = json.loads(json.dumps(bundle(made)))
    assert Bundle(told, strict=True).as_json()
    assert B4.model_validate(told)
    assert bundle(read(told)) == told
    assert made.parts


def test_the_ins_only_leaves_with_a_qualified_identity() -> None:
    form = bundled().forms[1]
    for status, expected in (("provisoire", False), ("validée", False), ("qualifiée", True)):
        patient = Patient("D", "P", identity_status=status, ins="269054958815780")
        one = Record(form.id, form.title, None, None, dt.date(2026, 1, 1), patient, Author(), (), (), (), (), "r")
        assert ("269054958815780" in json.dumps(bundle(one))) is expected


@pytest.mark.parametrize("data", [{}, {"entry": []}, {"entry": [{"resource": {"resourceType": "Composition"}}]}])
def test_a_foreign_bundle_is_refused(data: dict) -> None:  # type: ignore[type-arg]
    with pytest.raises(InputError):
        read(data)
