"""A doctor at work in a real browser: dictate, review, sign."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from dictation.review import Verdict
from tests.e2e.screen import Screen
from tests.ui import kit

#: Flet 1.0.5 renames properties release by release; what it announces for 1.3 is not an error here
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
Open = Callable[..., Screen]
KEEP = "Enregistrer la valeur"


def test_a_recording_to_a_signed_document(open_screen: Open, recording: Path) -> None:
    """From a file to every way out: Word, PDF or print, the whole text, one section, « versé au dossier »."""
    doctor = open_screen()
    doctor.hear(recording)
    expect(doctor.part("document")).to_be_visible()
    doctor.append("motif", " Cœur régulier.")
    doctor.press("Control+Enter")
    expect(doctor.part("blockers")).to_be_visible()
    doctor.confirm_all()
    doctor.press("Control+Enter")
    expect(doctor.part("signed-bar")).to_be_visible()
    expect(doctor.button("Word .docx")).to_be_enabled()
    text = doctor.download()
    assert "Cœur régulier." in text
    assert "BROUILLON" not in text
    doctor.button("Copier tout").click()
    doctor.says("Document copié", "notices")
    assert "Cœur régulier." in doctor.clipboard()
    doctor.part("pages").get_by_role("button", name=re.compile("Motif", re.IGNORECASE)).first.click()
    doctor.says("Rubrique copiée", "notices")
    assert doctor.clipboard().rstrip().endswith("Cœur régulier.")
    if doctor.button("Imprimer").count():
        doctor.button("Imprimer").click()
        doctor.until("window.printed === 1")
    doctor.button("Versé au dossier").click()
    doctor.button("Versé au dossier", exact=True).click()
    expect(doctor.part("big-record")).to_be_visible()


def test_the_microphone_to_a_signed_document(open_screen: Open, practice: Any) -> None:
    """The engine is killed and the page reloaded while the doctor speaks; nothing said is lost."""
    doctor = open_screen()
    doctor.press("F2")
    doctor.says("compte rendu", "live-text")
    os.kill(practice.office.engine.pid, signal.SIGKILL)
    doctor.says("redémarr")
    doctor.says("Le moteur est reparti", "notices")
    heard = doctor.words_heard()
    doctor.page.reload()
    doctor.ready()
    doctor.says("compte rendu", "live-text")
    doctor.page.wait_for_timeout(2500)
    assert doctor.words_heard() > heard, "the page that came back takes the microphone up again"
    doctor.press("Escape")
    expect(doctor.part("dialog")).to_be_visible()
    doctor.press("Escape")
    doctor.press("Control+Enter")
    expect(doctor.part("document")).to_be_visible()
    expect(doctor.part("transcript")).to_be_visible()
    if doctor.part("walk").get_by_role("button").count():
        doctor.confirm_all()
    doctor.press("Control+Enter")
    expect(doctor.part("signed-bar")).to_be_visible()
    expect(doctor.button("Word .docx")).to_be_enabled()
    text = doctor.download()
    assert "toux" in text.lower()
    assert "BROUILLON" not in text
    doctor.to_list()


def test_evidence_words_and_their_sound(open_screen: Open, practice: Any, doctor_account: Any) -> None:
    """The focus shows the words, a word plays from where it was said, a fact plays its own words."""
    made = kit.drafted(practice.office, doctor_account, seconds=20)
    doctor = open_screen()
    doctor.open(made)
    doctor.box("motif").click()
    doctor.says(r"\[preuve\] compte\s+rendu", "transcript")
    at = doctor.part("transcript").bounding_box()
    doctor.page.mouse.click(at["x"] + 40, at["y"] + 70)
    expect(doctor.part("chosen-word")).to_be_visible()
    doctor.until("window.played && window.played.length === 1")
    chosen = doctor.part("chosen-word").get_by_role("textbox")
    chosen.click()
    words = kit.SPOKEN.split()
    starts = [n * kit.WORD_S for n, word in enumerate(words) if word == chosen.input_value()]
    played = doctor.page.evaluate("window.played[0]")
    assert any(abs(start - 0.15 - played) < 0.06 or start == played == 0 for start in starts), (starts, played)
    review = practice.office.store.dictations.review(made, by=doctor_account)
    drug = next(f for f in review.draft.fields if f.type == "drug")
    doctor.part(f"fact-{drug.id}").click()
    doctor.until("window.played.length === 2")
    assert abs(doctor.page.evaluate("window.played[1]") - (drug.evidence[0].first * kit.WORD_S - 0.15)) < 0.06
    doctor.says(rf"\[preuve\] {words[drug.evidence[0].first]}", "transcript")
    doctor.to_list()


def test_the_walk_is_ranked_and_kept(open_screen: Open, practice: Any, doctor_account: Any) -> None:
    """F8 goes to the most dangerous first; F9 confirms, and each confirmation is kept with its author."""
    store = practice.office.store
    made = kit.drafted(practice.office, doctor_account)
    doctor = open_screen()
    doctor.open(made)
    doctor.press("F8")
    doctor.says("Médicament", "walk")
    seen = doctor.confirm_all()
    ranks = ["Médicament", "Côté", "Négation", "Chiffre", "Date", "Nom"]
    order = [ranks.index(kind) for kind in seen if kind in ranks]
    assert order == sorted(order), seen
    assert order[0] == 0
    doctor.to_list()
    decisions = store.dictations.review(made, by=doctor_account).decisions
    assert {d.by for d in decisions} == {doctor_account.account_id}
    assert all(d.verdict in (Verdict.CONFIRMED, Verdict.DISMISSED) for d in decisions)
    assert not store.dictations.review(made, by=doctor_account).blockers()


#: what the fact shows, its identifier, the input, what is typed, what is kept
TYPED: tuple[tuple[str, str, str, str, str], ...] = (
    ("bisoprolol", "traitements.1", "Dose", "10 mg", "10 mg"),
    ("12/03/2026", "dates.1", "Date", "13/03/2026", "2026-03-13"),
)


def test_typed_inputs_are_kept(open_screen: Open, practice: Any, doctor_account: Any) -> None:
    """A drug line, a quantity, a date and a side corrected in their own inputs."""
    store = practice.office.store
    made = kit.drafted(practice.office, doctor_account)
    doctor = open_screen()
    doctor.open(made)
    for shown, field_id, caption, given, kept in TYPED:
        doctor.correct(shown)
        doctor.write(doctor.page.get_by_role("textbox", name=caption).first, given)
        doctor.button(KEEP).click()
        expect(doctor.button(KEEP)).to_have_count(0)
        kit.until(
            lambda i=field_id, k=kept: k in (_latest(store, made, doctor_account, i) or ""),  # type: ignore[misc]
            f"{caption} {kept}",
        )
    doctor.write(doctor.page.get_by_role("textbox", name=re.compile("^FC")), "88")
    doctor.press("Enter")
    kit.until(lambda: "88" in (_latest(store, made, doctor_account, "constantes.2") or ""), "FC 88")
    doctor.correct("douleur de l'épaule droite")
    doctor.button(re.compile("^Côté")).click()
    doctor.page.get_by_role("menuitem", name="gauche").or_(doctor.button("gauche", exact=True)).first.click()
    doctor.button(KEEP).click()
    kit.until(lambda: "gauche" in (_latest(store, made, doctor_account, "cotes.1") or ""), "the side")
    doctor.to_list()


def _latest(store: Any, made: str, by: Any, field_id: str) -> str | None:
    decision = store.dictations.review(made, by=by).latest(field_id)
    return None if decision is None else decision.value


def test_another_draft_is_taken_by_section(open_screen: Open, practice: Any, doctor_account: Any) -> None:
    """« Redessiner » shows what would change; what is refused stays, what is accepted comes."""
    before = {"motif": "Toux depuis hier.", "antecedents": "Aucun."}
    made = kit.drafted(practice.office, doctor_account, otherwise=before)
    doctor = open_screen()
    doctor.open(made)
    doctor.press("F4")
    expect(doctor.part("redrawn")).to_be_visible()
    doctor.says("8 jours", "redrawn")
    doctor.button("Garder la mienne").click()
    doctor.button(re.compile("^Prendre la nouvelle$")).click()
    expect(doctor.part("section-motif")).to_be_visible()
    doctor.box("motif").click()
    expect(doctor.box("motif")).to_have_value(before["motif"])
    doctor.box("antecedents").click()
    expect(doctor.box("antecedents")).to_have_value(re.compile("ypertension"))
    doctor.press("F4")
    doctor.says("identique", "notices")
    doctor.to_list()


def test_five_thousand_words_stay_usable(open_screen: Open, practice: Any, doctor_account: Any) -> None:
    """Every key of a fast typist arrives, is on the screen, is kept, survives a reload, and can be taken back."""
    office = practice.office
    spoken = " ".join(kit.SPOKEN.split() * (5000 // len(kit.SPOKEN.split()) + 1))
    made = kit.drafted(office, doctor_account, words=spoken)
    typed = " Sommeil correct, appétit conservé, pas de frisson ; revoir si la fièvre dure plus de trois jours."
    doctor = open_screen()
    doctor.open(made)
    motif = doctor.box("motif")
    doctor.append("motif", typed)
    doctor.page.reload()
    doctor.ready()
    motif.click()
    expect(motif).to_have_value(re.compile(re.escape(typed) + "$"))
    kit.until(
        lambda: office.store.dictations.review(made, by=doctor_account).text("motif").endswith(typed), "the last key"
    )
    doctor.says(r"\[preuve\]", "transcript")
    doctor.press("Alt+z")
    expect(motif).not_to_have_value(re.compile("trois jours.$"))
    doctor.press("Alt+y")
    expect(motif).to_have_value(re.compile(re.escape(typed) + "$"))
    doctor.to_list()
